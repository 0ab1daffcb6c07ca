"""What a dataset at one of its versions refuses."""

import pytest

import entrepot


def test_an_older_version_is_read_and_not_written(cars: entrepot.Dataset) -> None:
    cars.append([{"make": "Di"}])
    older = cars.at(1)
    for write in (
        lambda: older.append([{"make": "Ed"}]),
        lambda: older.update({1: {"price": 1}}),
        lambda: older.drop_rows([1]),
        lambda: older.put_image(1, b"", "make"),
        lambda: older.replace(b"make\nEd\n", progress=False),
        lambda: older.replace(b"make\nEd\n", progress=False, wait=False),
        lambda: older.retype({"doors": "string"}, progress=False),
        lambda: older.edit(title="Old cars"),
        lambda: older.retry_images(progress=False),
        lambda: older.retry_images(wait=False),
        lambda: older.refresh(progress=False),
        lambda: older.refresh(wait=False),
    ):
        with pytest.raises(entrepot.InvalidOption, match=r"version='1': of 'cars' the newest is 2, .* reload\(\)"):
            write()
    assert (older.version, cars.reload().version) == (1, 2)
    assert older.restore(1).version == 3
    assert older.append([{"make": "Ed"}]) == [8]
    assert cars.at(1).reload().append([{"make": "Fi"}]) == [9]


def test_the_newest_version_is_written_however_it_was_asked_for(cars: entrepot.Dataset) -> None:
    newest = cars.at(cars.version)
    assert newest.append([{"make": "Di"}]) == [7]
    cars.append([{"make": "Ed"}])
    assert newest.append([{"make": "Fi"}]) == [9]  # it has moved on, as any other object does
    assert cars.at(4).edit(title="Used cars").title == "Used cars"


def test_all_versions_are_not_deleted_where_one_was_asked_for(store: entrepot.Store, cars: entrepot.Dataset) -> None:
    cars.append([{"make": "Di"}])
    for version in (1, 2):
        way = rf"version='{version}': 'cars' .* store\['cars'\]\.delete\(\)"
        with pytest.raises(entrepot.InvalidOption, match=way):
            cars.at(version).delete()
    assert "cars" in store
    cars.at(1).reload().delete()
    assert "cars" not in store
