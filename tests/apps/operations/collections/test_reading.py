"""Collections through every implementation of ``Operations``: in memory, on disk, over a real server."""

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image

from entrepot_core import errors
from entrepot_core.dialect import ImportOptions, no_report
from entrepot_core.names import DatasetName
from entrepot_core.ports.operations import Operations, Source
from entrepot_core.rows.query import RowQuery
from entrepot_core.source import Label, NewDataset
from entrepot_core.views import DatasetView
from tests.apps.conftest import FRONT
from tests.apps.operations.collections.conftest import STORES, empty, ids, items, land, shown
from tests.sources import Sources


@pytest.fixture(name="operations", scope="module", params=STORES)
def _operations(request: pytest.FixtureRequest) -> Iterator[Operations]:
    """A store of each kind, for all tests here: they read, and what some add the others do not ask for."""
    found: Operations = request.getfixturevalue(request.param)
    yield found
    empty(found)


@pytest.fixture(name="cars", scope="module")
def _cars(operations: Operations, shared_source: Sources) -> DatasetView:
    return land(operations, shared_source)


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
    new = NewDataset(name=DatasetName("odd"), published=True, if_exists="replace")
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
