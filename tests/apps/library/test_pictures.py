"""Collections and images in the library: the same in memory and on a server."""

import io
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from PIL import Image

import entrepot
from tests.apps.conftest import BACK, FRONT, HERE, SIDE
from tests.apps.library.test_notebook import page_of
from tests.sources import Sources

CARS = "make,photo,sold\nAda,/front.jpg,2024-01-05\nBo,none.jpg,\nCy,,\nDi,not a url,\n"


@pytest.fixture(params=["memory", "server"])
def store(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[entrepot.Store]:
    """A store that may fetch from here, and is empty again afterwards."""
    monkeypatch.setenv("ENTREPOT_FETCH_ALLOW", HERE)
    place = ":memory:" if request.param == "memory" else request.getfixturevalue("fetching_server")
    with entrepot.connect(place) as opened:
        yield opened
        for dataset in opened.list():
            dataset.delete()


@pytest.fixture
def cars(store: entrepot.Store, source: Sources) -> entrepot.Dataset:
    """Four cars, of which one has its picture."""
    source.gives("/cars.csv", CARS.encode())
    return store.add(f"{source.url}/cars.csv", images="photo", published=True, refresh="1h", progress=False)


def test_a_dataset_says_how_it_is_shown(cars: entrepot.Dataset) -> None:
    assert (cars.published, cars.image_columns) == (True, ("photo",))
    assert (cars.document.refresh and cars.document.refresh.every) == 3_600
    assert (report := cars.import_report.images) is not None
    assert (report.stored, report.failed, report.pending) == (1, 2, 0)


def test_how_it_is_shown_is_edited(cars: entrepot.Dataset, source: Sources) -> None:
    cars.edit(published=False, images=["make", "photo"], refresh=timedelta(minutes=90))
    assert (cars.published, cars.image_columns) == (False, ("make", "photo"))
    assert (cars.document.refresh and cars.document.refresh.every) == 5_400
    cars.edit(refresh=7_200)
    assert (cars.document.refresh and cars.document.refresh.every) == 7_200
    cars.edit(images=[], refresh="none")
    assert (cars.image_columns, cars.document.refresh and cars.document.refresh.every) == ((), None)
    cars.replace(f"{source.url}/cars.csv", images="photo", published=True, refresh="7d", progress=False)
    assert (cars.published, cars.image_columns, cars.version) == (True, ("photo",), 2)
    assert (cars.document.refresh and cars.document.refresh.every) == 604_800


@pytest.mark.parametrize("refresh", ["often", "5s", timedelta(seconds=0.5), timedelta(-1), 5, True, 3_600.5])
def test_what_is_no_interval_is_refused(cars: entrepot.Dataset, refresh: str) -> None:
    with pytest.raises(entrepot.InvalidOption, match="refresh"):
        cars.edit(refresh=refresh)


def test_images_are_listed_with_what_is_wrong(cars: entrepot.Dataset) -> None:
    images = cars.images()
    assert repr(images) == "<Images: 1 stored, 2 failed, 0 pending>"
    assert [(image.row, image.state) for image in images] == [(1, "stored"), (2, "failed"), (4, "failed")]
    failed = cars.images("failed", limit=1, offset=1)
    assert (len(failed), failed.total, failed.failed, failed[0].text, failed[:][0].row) == (1, 2, 2, "not a url", 4)
    frame = images.frame()
    assert frame.schema["width"] == pl.Int64
    assert frame.filter(pl.col("state") == "failed")["text"].to_list() == ["none.jpg", "not a url"]
    assert cars.images("pending").frame().height == 0
    with pytest.raises(entrepot.InvalidOption, match="give one of stored, failed, pending"):
        cars.images("bad")  # type: ignore[arg-type]  # who has no type-checker may give anything
    assert f"{FRONT.width} × {FRONT.height}" in page_of(images).text
    assert "… and 1 more image" in page_of(cars.images("failed", limit=1)).text


def test_images_are_tried_again(cars: entrepot.Dataset, source: Sources) -> None:
    source.gives("/none.jpg", SIDE.content)
    stages: list[str] = []
    cars.retry_images(progress=lambda stage, *_: stages.append(stage))
    source.gives("/none.jpg", b"", 404)
    assert (cars.images().stored, cars.version) == (2, 1)
    assert set(stages) <= {"images"}
    job = cars.retry_images(wait=False)
    assert repr(job).startswith("<Job of ")
    assert job.wait(progress=False).images().stored == 2


def test_pictures_are_given_as_paths_bytes_and_files(cars: entrepot.Dataset, tmp_path: Path) -> None:
    (tmp_path / "side.jpg").write_bytes(SIDE.content)
    assert cars.put_images({2: tmp_path / "side.jpg", 3: BACK.content, 4: io.BytesIO(FRONT.content)}) == [2, 3, 4]
    assert (cars.version, cars.images().stored) == (2, 4)
    assert [cars.image(row) for row in (1, 2, 3, 4)] == [one.content for one in (FRONT, SIDE, BACK, FRONT)]
    again = cars.put_image(1, str(tmp_path / "side.jpg"), "photo", if_unchanged=True)
    assert (again is cars, cars.version) == (True, 3)
    assert cars.image(1, "photo") == SIDE.content
    with pytest.raises(entrepot.InvalidOption, match=r"say that it does \(option images\)"):
        cars.put_image(1, SIDE.content, "make")


def test_pictures_that_are_none_change_nothing(cars: entrepot.Dataset, tmp_path: Path) -> None:
    for picture, refused in (
        (b"<!doctype html>", entrepot.InvalidImage),
        (tmp_path / "nothing.jpg", entrepot.FileMissing),
        ("https://example.org/front.jpg", entrepot.InvalidOption),
        (7, TypeError),
    ):
        with pytest.raises(refused):
            cars.put_images({3: SIDE.content, 2: picture})  # type: ignore[dict-item]  # a number is none
    other = cars.at(1)
    cars.edit(title="Changed")
    with pytest.raises(entrepot.Stale):
        other.put_image(3, SIDE.content, if_unchanged=True)
    assert (cars.reload().version, cars.images().stored) == (1, 1)


def test_a_picture_comes_out_as_it_is_wished(cars: entrepot.Dataset, tmp_path: Path) -> None:
    assert cars.image(1) == FRONT.content
    for form in ("webp", "jpeg"):
        with Image.open(io.BytesIO(cars.image(1, rendition="mobile", format=form))) as picture:
            assert (picture.format, picture.size) == (form.upper(), (FRONT.width, FRONT.height))
    assert cars.image(1, path=tmp_path / "front.jpg").read_bytes() == FRONT.content
    for row, column in ((2, None), (3, None), (9, None), (1, "make")):
        with pytest.raises(entrepot.ImageNotFound, match=f"row {row}"):
            cars.image(row, column)
    with pytest.raises(entrepot.ImageNotFound, match="original, web, mobile"):
        cars.image(1, rendition="tv")


def test_a_collection_is_what_pages_get(cars: entrepot.Dataset) -> None:
    first, *others = cars.collection()
    assert list(first) == ["id", "make", "photo", "sold"]
    assert (first["sold"], first["photo"].endswith("/original")) == (date(2024, 1, 5), True)
    assert [item["photo"] for item in others] == [None, None, None]
    assert cars.collection("web", make="Ada")[0]["photo"].endswith("/web")
    assert [item["id"] for item in cars.collection(id__gt=1, sort="-id", limit=2, offset=1)] == [3, 2]
    assert [item["make"] for item in cars.collection(where={"id__in": [1, 4]}, columns="make")] == ["Ada", "Di"]
    assert cars.item(2)["make"] == cars.item("2", "web")["make"] == "Bo"
    for name in (17, "tv"):
        with pytest.raises(entrepot.ItemNotFound):
            cars.item(name)
    with pytest.raises(entrepot.ItemNotFound):
        cars.collection("tv")
    with pytest.raises(entrepot.UnknownColumn):
        cars.collection(wheels=3)
    cars.edit(published=False)
    with pytest.raises(entrepot.CollectionNotFound):
        cars.collection()


def test_a_source_is_fetched_again(cars: entrepot.Dataset, source: Sources) -> None:
    assert cars.refresh(progress=False).version == 1
    source.gives("/cars.csv", CARS.replace("Bo", "Bob").encode())
    assert cars.refresh(progress=False, if_unchanged=True).version == 2
    source.gives("/cars.csv", CARS.encode())
    job = cars.refresh(wait=False)
    assert (job.wait(progress=False).version, job.document.kind, cars.version) == (3, "refresh", 2)
    with pytest.raises(entrepot.Stale):
        cars.refresh(if_unchanged=True)


def test_a_card_shows_small_pictures(cars: entrepot.Dataset, source: Sources) -> None:
    hostile = f"{source.url}/front.jpg?x='onerror='alert(1)"
    cars.update({1: {"photo": hostile}})
    cars.retry_images(progress=False)
    page = page_of(cars)
    assert ("alt", hostile) in page.values
    assert not {name for name in page.attributes if name.startswith("on")}
    assert page.tags.count("img") == 1
    assert [value[:23] for name, value in page.values if name == "src"] == ["data:image/webp;base64,"]
    assert "none.jpg" in page.text
    cars.drop_rows(1)
    assert "img" not in page_of(cars).tags
