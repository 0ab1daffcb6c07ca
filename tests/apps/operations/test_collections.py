"""Collections and images, through every implementation of ``Operations``: in memory, on disk, over a real server."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from entrepot.settings import MEMORY, Settings
from entrepot.wiring import connect
from entrepot_core import errors
from entrepot_core.changes import DatasetChanges
from entrepot_core.collection import CollectionPage, ImageQuery
from entrepot_core.dialect import ImportOptions, no_report
from entrepot_core.job import Job
from entrepot_core.names import DatasetName, DatasetRef
from entrepot_core.ports.operations import ImageUpload, Operations, Source
from entrepot_core.rows.query import RowQuery
from entrepot_core.selection import DatasetQuery
from entrepot_core.source import Label, Link, NewDataset
from entrepot_core.views import DatasetView
from tests.contracts.operations import ref
from tests.painting import painted
from tests.serving import served
from tests.sources import Sources, sources

HERE = "127.0.0.9/32"
FRONT, SIDE, BACK = painted(0), painted(1), painted(2)
CARS = "id,make,photo\n377,Ada,/front.jpg\n378,Bo,none.jpg\n379,Cy,\n380,Di,not a url\n"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that may fetch from one address of this machine."""
    with served(tmp_path_factory.mktemp("served"), FETCH_ALLOW=HERE) as found:
        yield found


@pytest.fixture(params=["memory", "disk", "remote"])
def operations(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Operations]:
    place = {"memory": MEMORY, "disk": str(tmp_path / "home"), "remote": None}[request.param]
    with connect(place or request.getfixturevalue("url"), Settings(fetch_allow=HERE)) as connection:
        yield connection.operations
        for dataset in connection.operations.list_datasets(DatasetQuery(limit=100)).items:
            connection.operations.remove_dataset(ref(dataset))


@pytest.fixture
def source() -> Iterator[Sources]:
    with sources("127.0.0.9") as found:
        found.gives("/cars.csv", CARS.encode())
        found.gives("/front.jpg", FRONT.content)
        yield found


@pytest.fixture
def cars(operations: Operations, source: Sources) -> DatasetView:
    """Four cars, one of which has its picture."""
    new = NewDataset(name=DatasetName("cars"), published=True, images=("photo",))
    return operations.add_dataset(Source(Link(f"{source.url}/cars.csv")), new, ImportOptions(), no_report)


def upload(row: int, content: bytes, column: str | None = None) -> ImageUpload:
    return ImageUpload(row, Source([content[:100], content[100:]], Label("photo.jpg"), len(content)), column)


def counts(dataset: DatasetView) -> tuple[int, int, int]:
    report = dataset.import_report.images
    assert report is not None
    return report.stored, report.failed, report.pending


def items(page: CollectionPage) -> list[dict[str, Any]]:
    return [{name: json.loads(bytes(value)) for name, value in item.items()} for item in page.items]


def ids(operations: Operations, **query: Any) -> list[int]:  # noqa: ANN401 - of any type
    return [item["id"] for item in items(operations.read_collection("cars", RowQuery(**query)))]


def shown(operations: Operations, where: str) -> bytes:
    """The bytes that are where an item says."""
    digest, rendition = where.split("/")[-2:]
    with operations.open_image(digest, rendition, "webp") as download:
        return download.read()


def ended(operations: Operations, job: Job) -> Job:
    *_, last = operations.watch_job(job.id)
    return last


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


def test_a_collection_has_images_in_place_of_what_names_them(operations: Operations, cars: DatasetView) -> None:
    page = operations.read_collection(cars.name, RowQuery())
    assert ([column.name for column in page.columns], page.images, page.total) == (
        ["id", "make", "photo"],
        ("photo",),
        4,
    )
    assert [column.type for column in page.columns] == ["integer", "string", "string"]
    found = items(page)
    assert [item["photo"] is None for item in found] == [False, True, True, True]
    assert shown(operations, found[0]["photo"]) == FRONT.content
    on_mobile = items(operations.read_collection(cars.name, RowQuery(), "mobile"))
    assert on_mobile[0]["photo"] == found[0]["photo"].replace("/original", "/mobile")
    with Image.open(io.BytesIO(shown(operations, on_mobile[0]["photo"]))) as small:
        assert (small.format, small.size) == ("WEBP", (FRONT.width, FRONT.height))


def test_a_collection_is_filtered_sorted_and_paged(operations: Operations, cars: DatasetView) -> None:
    assert ids(operations, where=(("id__gt", "377"), ("make__not", "Cy")), sort=("-id",)) == [380, 378]
    assert ids(operations, any_of=("(id.377,make.Di)",)) == [377, 380]
    assert ids(operations, q="bo") == [378]
    first = operations.read_collection(cars.name, RowQuery(columns=("make", "id"), sort=("-make",), limit=3))
    assert items(first)[0] == {"make": "Di", "id": 380}
    assert ([column.name for column in first.columns], first.images, first.offset, first.limit) == (
        ["make", "id"],
        (),
        0,
        3,
    )
    query = RowQuery(columns=("make", "id"), sort=("-make",), limit=3, cursor=first.next)
    second = operations.read_collection(cars.name, query)
    assert (items(second), second.offset, second.next) == ([{"make": "Ada", "id": 377}], 3, None)
    assert operations.read_collection(cars.name, RowQuery(count="none", offset=3)).total is None


def test_items_of_a_table_without_ids_are_called_by_their_numbers(operations: Operations) -> None:
    new = NewDataset(name=DatasetName("plain"), published=True)
    operations.add_dataset(Source([b"a,b\n5,x\n6,y\n"], Label("plain.csv")), new, ImportOptions(), no_report)
    page = operations.read_collection("plain", RowQuery(where=(("id__gte", "2"),), sort=("-id",)))
    assert (items(page), page.total) == ([{"id": 2, "a": 6, "b": "y"}], 1)
    assert [(column.name, column.type) for column in page.columns] == [
        ("id", "integer"),
        ("a", "integer"),
        ("b", "string"),
    ]
    some = operations.read_collection("plain", RowQuery(columns=("b", "id")))
    assert ([column.name for column in some.columns], items(some)[0]) == (["b", "id"], {"b": "x", "id": 1})
    assert json.loads(bytes(operations.get_item("plain", "2").item["a"])) == 6


@pytest.mark.parametrize("item", ["x/y", "web", ".", "..", "ä b", "a%2Fb", "1"])
def test_an_item_may_be_called_anything(operations: Operations, item: str) -> None:
    new = NewDataset(name=DatasetName("odd"), published=True)
    content = f'id,n\n"{item}",7\nother,8\n'.encode()
    types = ImportOptions(types={"*": "string"})  # type: ignore[dict-item]  # a FieldType is a text
    operations.add_dataset(Source([content], Label("odd.csv")), new, types, no_report)
    assert json.loads(bytes(operations.get_item("odd", item).item["n"])) == "7"
    assert json.loads(bytes(operations.get_item("odd", item, "mobile").item["n"])) == "7"


def test_an_item_is_found_by_its_id(operations: Operations, cars: DatasetView) -> None:
    found = operations.get_item(cars.name, "377", "web")
    assert (json.loads(bytes(found.item["make"])), found.images) == ("Ada", ("photo",))
    assert json.loads(bytes(found.item["photo"])).endswith("/web")


@pytest.mark.parametrize(
    ("item", "platform"), [("381", None), ("tv", None), ("web", None), ("377", "tv"), ("a/b", None)]
)
def test_what_is_no_item_is_not_found(
    operations: Operations, cars: DatasetView, item: str, platform: str | None
) -> None:
    with pytest.raises(errors.ItemNotFound) as refused:
        operations.get_item(cars.name, item, platform)
    assert (refused.value.item, refused.value.platforms) == (platform or item, ["web", "mobile"])


@pytest.mark.parametrize("platform", ["tv", "377", "original"])
def test_what_is_no_platform_is_not_found(operations: Operations, cars: DatasetView, platform: str) -> None:
    with pytest.raises(errors.ItemNotFound) as refused:
        operations.read_collection(cars.name, RowQuery(limit=5), platform)
    assert refused.value.platforms == ["web", "mobile"]


def test_only_what_is_published_is_a_collection(operations: Operations, cars: DatasetView) -> None:
    operations.edit_dataset(ref(cars), DatasetChanges(published=False))
    for read in (operations.read_collection, lambda name, _: operations.get_item(name, "377")):
        with pytest.raises(errors.CollectionNotFound):
            read(cars.name, RowQuery())
        with pytest.raises(errors.CollectionNotFound):
            read("trucks", RowQuery())


@pytest.mark.parametrize(
    ("query", "refused"),
    [
        ({"where": (("wheels", "3"),)}, errors.UnknownColumn),
        ({"where": (("id", "many"),)}, errors.InvalidFilter),
        ({"cursor": "nonsense"}, errors.InvalidCursor),
    ],
)
def test_what_is_wrong_with_a_query_is_told(
    operations: Operations, cars: DatasetView, query: dict[str, Any], refused: type[Exception]
) -> None:
    with pytest.raises(refused):
        operations.read_collection(cars.name, RowQuery(**query))


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


def test_an_image_makes_its_column_one_of_images(operations: Operations, cars: DatasetView) -> None:
    operations.put_images(ref(cars), [upload(1, SIDE.content, "make")])
    assert set(operations.get_dataset(ref(cars)).images) == {"make", "photo"}


@pytest.mark.parametrize(
    ("image", "refused"),
    [
        (upload(1, b"<!doctype html>"), errors.InvalidImage),
        (upload(9, FRONT.content), errors.RowNotFound),
        (upload(1, FRONT.content, "wheels"), errors.UnknownColumn),
        (upload(1, FRONT.content, "id"), errors.InvalidOption),
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


def test_a_source_is_fetched_again(operations: Operations, cars: DatasetView, source: Sources) -> None:
    assert operations.refresh_dataset(ref(cars), no_report).version == 1
    source.gives("/cars.csv", CARS.replace("Bo", "Bob").encode())
    again = operations.refresh_dataset(ref(cars), lambda *_: None)
    assert (again.version, again.rows) == (2, 4)
    with pytest.raises(errors.Stale):
        operations.refresh_dataset(ref(cars), no_report, cars.revision)
    source.gives("/cars.csv", CARS.encode())
    done = ended(operations, operations.begin_refresh_dataset(ref(cars), again.revision))
    assert (done.kind, done.state, done.dataset, done.version) == ("refresh", "succeeded", cars.id, 3)


def test_what_came_from_no_url_is_not_fetched_again(operations: Operations) -> None:
    added = operations.add_dataset(Source([b"a\n1\n"], Label("a.csv")), NewDataset(), ImportOptions(), no_report)
    with pytest.raises(errors.NoSource):
        operations.refresh_dataset(ref(added), no_report)
    with pytest.raises(errors.DatasetNotFound):
        operations.refresh_dataset(DatasetRef("trucks"), no_report)


def test_how_a_dataset_is_shown_is_changed(operations: Operations, cars: DatasetView) -> None:
    changes = DatasetChanges(published=False, images=("make", "photo"), refresh=5_400)
    changed = operations.edit_dataset(ref(cars), changes)
    assert (changed.published, changed.images, changed.refresh and changed.refresh.every) == (
        False,
        ("make", "photo"),
        5_400,
    )
    link = Source(Link(changed.refresh.url if changed.refresh else ""))
    again = operations.replace_dataset(
        ref(cars), link, DatasetChanges(published=True, images=(), refresh=0), ImportOptions(), no_report
    )
    assert (again.published, again.images, again.refresh and again.refresh.every) == (True, (), None)
