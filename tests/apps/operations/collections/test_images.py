"""Images through every implementation of ``Operations``: in memory, on disk, over a real server."""

import pytest

from entrepot_core import errors
from entrepot_core.changes import DatasetChanges
from entrepot_core.collection import ImageQuery
from entrepot_core.dialect import no_report
from entrepot_core.ports.operations import ImageUpload, Operations, Source
from entrepot_core.rows.query import RowQuery
from entrepot_core.source import Link
from entrepot_core.views import DatasetView
from tests.apps.conftest import BACK, FRONT, SIDE
from tests.apps.operations.collections.conftest import counts, ended, items, shown, upload
from tests.contracts.operations import ref
from tests.sources import Sources


def test_images_are_fetched_with_the_table_and_failures_are_told(cars: DatasetView, source: Sources) -> None:
    assert (cars.published, cars.images, cars.refresh and cars.refresh.url) == (
        True,
        ("photo",),
        source.url + "/cars.csv",
    )
    assert counts(cars) == (1, 2, 0)
    report = cars.import_report.images
    assert report is not None
    assert [(flaw.row, flaw.column, flaw.value) for flaw in report.failures] == [
        (2, "photo", "none.jpg"), (4, "photo", "not a url"),
    ]  # fmt: skip


def test_images_are_listed_cell_by_cell(operations: Operations, cars: DatasetView) -> None:
    page = operations.list_images(ref(cars), ImageQuery())
    assert (page.columns, page.stored, page.failed, page.pending, page.total) == (("photo",), 1, 2, 0, 3)
    assert [(one.row, one.column, one.text, one.state) for one in page.items] == [
        (1, "photo", "/front.jpg", "stored"), (2, "photo", "none.jpg", "failed"), (4, "photo", "not a url", "failed"),
    ]  # fmt: skip
    front = page.items[0]
    assert (front.width, front.height, front.size) == (FRONT.width, FRONT.height, len(FRONT.content))
    failed = operations.list_images(ref(cars), ImageQuery(state="failed", limit=1, offset=1))
    assert ([one.row for one in failed.items], failed.total, failed.failed) == ([4], 2, 2)
    of_row = operations.list_images(ref(cars), ImageQuery(row=2))
    assert ([one.row for one in of_row.items], of_row.total, of_row.stored) == ([2], 1, 1)


@pytest.mark.parametrize(("image", "rendition"), [("0" * 64, "original"), ("nonsense", "web"), ("a/b", "web")])
def test_an_image_that_is_not_there_is_not_found(operations: Operations, image: str, rendition: str) -> None:
    with pytest.raises(errors.ImageNotFound) as refused:
        operations.open_image(image, rendition, "webp")
    assert refused.value.renditions == ["original", "web", "mobile"]


def test_a_rendition_comes_in_the_format_that_is_wished(operations: Operations, cars: DatasetView) -> None:
    path = operations.list_images(ref(cars), ImageQuery()).items[0].path or ""
    for form in ("webp", "jpeg"):
        with operations.open_image(path.split("/")[2], "web", form) as download:
            assert (download.media_type, download.size) == (f"image/{form}", len(download.read()))
    with pytest.raises(errors.ImageNotFound):
        operations.open_image(path.split("/")[2], "tv", "webp")


def test_images_that_failed_are_fetched_again(operations: Operations, cars: DatasetView, source: Sources) -> None:
    source.gives("/none.jpg", SIDE.content)
    again = operations.fetch_images(ref(cars), no_report)
    assert (counts(again), again.version) == ((2, 1, 0), 1)
    stages: list[str] = []
    source.gives("/none.jpg", b"", 404)
    assert counts(operations.fetch_images(ref(cars), lambda stage, *_: stages.append(stage))) == (2, 1, 0)
    done = ended(operations, operations.begin_fetch_images(ref(cars)))
    assert (done.kind, done.state, done.dataset) == ("images", "succeeded", cars.id)


def test_without_columns_of_images_none_is_fetched(operations: Operations, cars: DatasetView) -> None:
    assert operations.edit_dataset(ref(cars), DatasetChanges(images=())).images == ()
    for fetch in (
        lambda: operations.fetch_images(ref(cars), no_report),
        lambda: operations.begin_fetch_images(ref(cars)),
    ):
        with pytest.raises(errors.NoImages):
            fetch()


def test_images_are_stored_for_cells(operations: Operations, cars: DatasetView) -> None:
    changed = operations.put_images(
        ref(cars), [upload(3, SIDE.content), upload(2, BACK.content, "photo")], cars.revision
    )
    now = operations.get_dataset(ref(cars))
    assert (changed.version, changed.revision, sorted(changed.ids)) == (2, now.revision, [2, 3])
    found = items(operations.read_collection(cars.name, RowQuery()))
    assert [shown(operations, item["photo"]) for item in found[:3]] == [FRONT.content, BACK.content, SIDE.content]
    page = operations.list_images(ref(cars), ImageQuery())
    assert (page.stored, page.failed, page.pending) == (3, 1, 0)


@pytest.mark.parametrize(
    ("image", "refused"),
    [
        (upload(1, b"<!doctype html>"), errors.InvalidImage),
        (upload(9, FRONT.content), errors.RowNotFound),
        (upload(1, FRONT.content, "wheels"), errors.UnknownColumn),
        (upload(1, FRONT.content, "id"), errors.InvalidOption),
        (upload(1, FRONT.content, "make"), errors.InvalidOption),
        (upload(3, FRONT.content), errors.InvalidOption),
        (ImageUpload(1, Source(Link("http://127.0.0.9/front.jpg"))), errors.EntrepotError),
    ],
)
def test_of_images_that_cannot_be_stored_none_is(
    operations: Operations, cars: DatasetView, image: ImageUpload, refused: type[Exception]
) -> None:
    with pytest.raises(refused):
        operations.put_images(ref(cars), [upload(3, SIDE.content), image])
    assert operations.get_dataset(ref(cars)).version == 1
    assert items(operations.read_collection(cars.name, RowQuery()))[2]["photo"] is None


def test_images_for_what_has_changed_are_refused(operations: Operations, cars: DatasetView) -> None:
    operations.edit_dataset(ref(cars), DatasetChanges(title="Changed"))
    with pytest.raises(errors.Stale):
        operations.put_images(ref(cars), [upload(3, SIDE.content)], cars.revision)


def test_no_images_change_nothing(operations: Operations, cars: DatasetView) -> None:
    changed = operations.put_images(ref(cars), [])
    assert (changed.version, changed.revision, changed.ids) == (1, cars.revision, ())
