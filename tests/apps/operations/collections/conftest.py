"""Four cars, one of which has its picture, in every kind of store."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from entrepot.settings import MEMORY, Settings
from entrepot.wiring import connect
from entrepot_core.collection import CollectionPage
from entrepot_core.dialect import ImportOptions, no_report
from entrepot_core.job import Job
from entrepot_core.names import DatasetName
from entrepot_core.ports.operations import ImageUpload, Operations, Source
from entrepot_core.rows.query import RowQuery
from entrepot_core.selection import DatasetQuery
from entrepot_core.source import Label, Link, NewDataset
from entrepot_core.views import DatasetView
from tests.apps.conftest import FRONT, HERE
from tests.contracts.operations import ref
from tests.sources import Sources

STORES = ["memory", "disk", "remote"]
ALLOWED = Settings(fetch_allow=HERE)
CARS = "id,make,photo\n377,Ada,/front.jpg\n378,Bo,none.jpg\n379,Cy,\n380,Di,not a url\n"


@pytest.fixture(scope="package")
def memory() -> Iterator[Operations]:
    with connect(MEMORY, ALLOWED) as connection:
        yield connection.operations


@pytest.fixture(scope="package")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operations]:
    with connect(tmp_path_factory.mktemp("disk") / "home", ALLOWED) as connection:
        yield connection.operations


@pytest.fixture(scope="package")
def remote(fetching_server: str) -> Iterator[Operations]:
    with connect(fetching_server, ALLOWED) as connection:
        yield connection.operations


@pytest.fixture(params=STORES)
def operations(request: pytest.FixtureRequest) -> Iterator[Operations]:
    """An empty store of each kind; the tests share it, as to open one takes longer than most of them."""
    found: Operations = request.getfixturevalue(request.param)
    yield found
    empty(found)


@pytest.fixture
def cars(operations: Operations, source: Sources) -> DatasetView:
    return land(operations, source)


def empty(operations: Operations) -> None:
    """Remove all that is in a store."""
    for dataset in operations.list_datasets(DatasetQuery(limit=100)).items:
        operations.remove_dataset(ref(dataset))


def land(operations: Operations, source: Sources) -> DatasetView:
    """Four cars, one of which has its picture."""
    source.gives("/cars.csv", CARS.encode())
    source.gives("/front.jpg", FRONT.content)
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
