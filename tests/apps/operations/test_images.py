"""A list whose pictures are fetched, with all that is wrong with such lists: in memory, on disk, by a server."""

import io
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from entrepot.settings import MEMORY, Settings
from entrepot.wiring import connect
from entrepot_core.collection import ImageQuery
from entrepot_core.dialect import ImportOptions, no_report
from entrepot_core.errors import FetchFailed, MalformedInput
from entrepot_core.image import RenditionFormat
from entrepot_core.names import DatasetName, DatasetRef
from entrepot_core.ports.operations import Operations, Source
from entrepot_core.rows.query import RowQuery
from entrepot_core.selection import DatasetQuery
from entrepot_core.source import Link, NewDataset
from entrepot_core.views import DatasetView
from tests.pictures import FAILING, FIRST, LAST, SHOWN, Pictures, Row, number_of, pictures
from tests.serving import served

CARS = DatasetRef("cars")
PUBLISHED = NewDataset(name=DatasetName("cars"), published=True)
ALL = RowQuery(limit=1_000)


@pytest.fixture
def slow_source() -> Iterator[Pictures]:
    """A source with every fault."""
    with pictures() as found:
        yield found


@pytest.fixture
def source(slow_source: Pictures) -> Pictures:
    """The same, but for the fault that takes all the seconds which an image may take, each time it is asked for."""
    slow_source.speak()
    return slow_source


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("served")
    with served(home, FETCH_ALLOW="127.0.0.1/32", IMAGE_SECONDS="3", MAX_IMAGE_BYTES="2.5MB") as found:
        yield found


@pytest.fixture(params=["memory", "disk", "remote"])
def operations(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Operations]:
    place = {"memory": MEMORY, "disk": str(tmp_path / "home"), "remote": None}[request.param]
    settings = Settings(fetch_allow="127.0.0.1/32", image_seconds=3, max_image_bytes=2_500_000)
    with connect(place or request.getfixturevalue("url"), settings) as connection:
        yield connection.operations
        for dataset in connection.operations.list_datasets(DatasetQuery(limit=100)).items:
            connection.operations.remove_dataset(DatasetRef(dataset.id))


def land(operations: Operations, source: Pictures, details: NewDataset = PUBLISHED) -> DatasetView:
    """The list, fetched with its pictures."""
    return operations.add_dataset(Source(Link(source.list_url)), details, ImportOptions(), no_report)


def items(operations: Operations, platform: str | None = None) -> dict[int, dict[str, object]]:
    """The collection's items by their id."""
    page = operations.read_collection("cars", ALL, platform)
    rows = [msgspec.json.decode(msgspec.json.encode(item)) for item in page.items]
    return {row["id"]: row for row in rows}


def picture(operations: Operations, path: object, format: RenditionFormat = "webp") -> "Image.Image":
    """An image by the path or URL that a collection gives."""
    digest, rendition = str(path).rsplit("/", 2)[-2:]
    with operations.open_image(digest, rendition, format) as download:
        return Image.open(io.BytesIO(download.read()))


def test_good_rows_have_three_pictures_and_bad_ones_null_and_a_reason(
    operations: Operations, slow_source: Pictures
) -> None:
    made = land(operations, slow_source)
    assert made.images == ("image",)
    report = made.import_report.images
    assert report is not None
    assert (report.stored, report.failed, report.pending) == (len(SHOWN), len(FAILING), 0)
    assert [flaw.row for flaw in report.failures] == sorted(map(number_of, FAILING))
    assert {flaw.column for flaw in report.failures} == {"image"}
    reasons = {(flaw.row or 0) + FIRST - 1: flaw.detail for flaw in report.failures}
    assert "404 Not Found" in reasons[Row.MISSING]
    assert "web page" in reasons[Row.LOGIN]
    assert "ENTREPOT_MAX_IMAGE_BYTES" in reasons[Row.LARGE]
    assert "ENTREPOT_MAX_IMAGE_PIXELS" in reasons[Row.BOMB]
    assert "ENTREPOT_IMAGE_SECONDS" in reasons[Row.NEVER]
    found = {platform: items(operations, platform) for platform in (None, "web", "mobile")}
    assert list(found[None]) == list(range(FIRST, LAST + 1))
    assert list(found[None][Row.MISSING].items()) == [
        ("id", Row.MISSING),
        ("title", f"Car {Row.MISSING}"),
        ("description", f"Made for a test, as number {Row.MISSING}"),
        ("image", None),
    ]
    for rows in found.values():
        assert {row for row, item in rows.items() if item["image"]} == set(SHOWN)
    for row in (min(SHOWN), Row.REDIRECTED, Row.RELATIVE, Row.HEALING):
        original = picture(operations, found[None][row]["image"])
        web, mobile = (picture(operations, found[platform][row]["image"]) for platform in ("web", "mobile"))
        painting = slow_source.painting(row)
        assert original.format is not None
        assert original.format.lower() == painting.kind.replace("jpg", "jpeg")
        assert (web.format, mobile.format) == ("WEBP", "WEBP")
        assert web.width <= 1280
        assert mobile.width <= 480


def test_an_unchanged_source_is_not_downloaded_again_and_one_picture_is(
    operations: Operations, source: Pictures
) -> None:
    first = land(operations, source)
    sent = dict(source.sent)
    again = operations.refresh_dataset(CARS, no_report)
    assert again.version == first.version
    good = [source.path(row) for row in SHOWN]
    assert {path: source.sent[path] for path in good} == {path: sent[path] for path in good}
    assert source.sent["/lists/cars.csv"] == sent["/lists/cars.csv"]
    row = min(SHOWN)
    before = items(operations)[row]["image"]
    source.repaint(row)
    changed = operations.refresh_dataset(CARS, no_report)
    assert changed.version == first.version
    assert changed.refresh is not None
    assert changed.refresh.problem is None
    assert [path for path in good if source.sent[path] != sent[path]] == [source.path(row)]
    assert items(operations)[row]["image"] != before


def test_a_changed_list_makes_a_version_and_only_new_pictures_come(operations: Operations, source: Pictures) -> None:
    first = land(operations, source)
    sent = dict(source.sent)
    source.edit(Row.EMPTY, image=source.url + source.path(min(SHOWN)) + "?another")
    source.edit(LAST + 1, title="New", description="", image=source.url + source.path(max(SHOWN)))
    again = operations.refresh_dataset(CARS, no_report)
    assert (again.version, again.rows) == (first.version + 1, first.rows + 1)
    assert items(operations)[LAST + 1]["image"] == items(operations)[max(SHOWN)]["image"]
    new = {path for path in source.sent if source.sent[path] != sent.get(path, 0)}
    assert source.path(max(SHOWN)) not in new


def test_what_failed_is_tried_again_when_somebody_wishes(operations: Operations, source: Pictures) -> None:
    land(operations, source)
    asked = dict(source.asked)
    tried = operations.fetch_images(CARS, no_report)
    assert tried.import_report.images is not None
    assert tried.import_report.images.failed == len(FAILING)
    assert source.asked["/missing.jpg"] > asked["/missing.jpg"]
    assert source.asked[source.path(min(SHOWN))] == asked[source.path(min(SHOWN))]
    page = operations.list_images(CARS, ImageQuery(state="failed", limit=3, offset=1))
    assert (page.total, page.failed, page.stored, page.pending) == (len(FAILING), len(FAILING), len(SHOWN), 0)
    assert [item.row for item in page.items] == sorted(map(number_of, FAILING))[1:4]
    assert all(item.problem and item.path is None for item in page.items)


def test_what_has_none_of_the_columns_does_not_take_the_place_of_the_list(
    operations: Operations, source: Pictures
) -> None:
    first = land(operations, source)
    source.give("garbage<html>\n")
    with pytest.raises(MalformedInput, match="none of the dataset's columns"):
        operations.refresh_dataset(CARS, no_report)
    after = operations.get_dataset(CARS)
    assert (after.version, after.rows) == (first.version, first.rows)
    assert after.refresh is not None
    assert "none of the dataset's columns" in (after.refresh.problem or "")
    source.give("title,wheels\nAda,4\n")
    assert operations.refresh_dataset(CARS, no_report).rows == 1


def test_a_source_that_is_gone_is_told_and_nothing_changes(operations: Operations, source: Pictures) -> None:
    first = land(operations, source)
    before = items(operations)
    source.go()
    with pytest.raises(FetchFailed):
        operations.refresh_dataset(CARS, no_report)
    after = operations.get_dataset(CARS)
    assert after.version == first.version
    assert after.refresh is not None
    assert after.refresh.problem
    assert items(operations) == before
