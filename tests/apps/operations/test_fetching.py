"""By URL, through every implementation of ``Operations``: in memory, on disk, and over a real server."""

import gzip
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import httpx
import pytest

import entrepot
from entrepot.settings import MEMORY, Settings
from entrepot.wiring import connect
from entrepot_core.changes import DatasetChanges
from entrepot_core.dialect import ImportOptions, no_report
from entrepot_core.errors import AddressRefused, FetchFailed, MalformedInput, NameTaken, UnreadableInput
from entrepot_core.names import DatasetName
from entrepot_core.ports.operations import Operations, Source
from entrepot_core.selection import DatasetQuery
from entrepot_core.source import Label, Link, NewDataset
from entrepot_core.views import DatasetView
from tests.contracts.operations import CARS, count, ref
from tests.serving import served
from tests.sources import Canary, Handler, Sources, canary, dripping, giving, sources

HERE = "127.0.0.9/32"
LOCAL = Settings(fetch_allow=HERE)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("served")


@pytest.fixture(scope="module")
def url(home: Path) -> Iterator[str]:
    """A server that may fetch from one address of this machine."""
    with served(home, FETCH_ALLOW=HERE, FETCH_SECONDS="60", FETCH_BYTES="1MB", LOG_LEVEL="debug") as found:
        yield found


@pytest.fixture(scope="module")
def source() -> Iterator[Sources]:
    with sources("127.0.0.9") as found:
        found.gives("/cars.csv", CARS.encode(), Content_Type="text/plain")
        found.gives("/cars.csv.gz", gzip.compress(CARS.encode()))
        found.gives("/page", b"<!doctype html><title>Sign in</title>", Content_Type="text/html")
        found.gives("/broken.json", b'[{"a": 1}, {"a"', Content_Type="application/json")
        found.redirects("/latest", "/cars.csv")
        yield found


@pytest.fixture(params=["memory", "disk", "remote"])
def operations(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Operations]:
    place = {"memory": MEMORY, "disk": str(tmp_path / "home"), "remote": None}[request.param]
    with connect(place or request.getfixturevalue("url"), LOCAL) as connection:
        yield connection.operations
        for dataset in connection.operations.list_datasets(DatasetQuery(limit=100)).items:
            connection.operations.remove_dataset(ref(dataset))


def add(operations: Operations, url: str, file_name: str | None = None, **details: str) -> DatasetView:
    new = NewDataset(name=DatasetName(details["name"]) if "name" in details else None)
    return operations.add_dataset(Source(Link(url), Label(file_name)), new, ImportOptions(), no_report)


def test_what_a_url_names_becomes_a_dataset(operations: Operations, source: Sources) -> None:
    added = add(operations, f"{source.url}/latest?token=hidden&year=2024#top")
    assert (added.name, added.title, added.rows, added.file_name) == ("cars", "cars", 3, "cars.csv")
    assert added.import_report.source_url == f"{source.url}/latest?year=2024"
    assert (added.media_type, added.size) == ("text/csv", len(CARS.encode()))
    with operations.open_file(ref(added)) as file:
        assert b"".join(file.chunks) == CARS.encode()


def test_a_packed_file_stays_packed_and_is_read(operations: Operations, source: Sources) -> None:
    added = add(operations, f"{source.url}/cars.csv.gz")
    assert (added.name, added.rows, added.file_name, added.media_type) == ("cars", 3, "cars.csv.gz", "application/gzip")
    assert added.import_report.compression == "gzip"
    with operations.open_file(ref(added)) as file:
        assert gzip.decompress(b"".join(file.chunks)) == CARS.encode()


def test_the_caller_may_name_it(operations: Operations, source: Sources) -> None:
    added = add(operations, f"{source.url}/cars.csv", "trucks.csv")
    assert (added.name, added.file_name) == ("trucks", "trucks.csv")


def test_a_dataset_is_replaced_by_what_a_url_names(operations: Operations, source: Sources) -> None:
    added = add(operations, f"{source.url}/cars.csv")
    where = Source(Link(f"{source.url}/cars.csv.gz"))
    after = operations.replace_dataset(ref(added), where, DatasetChanges(), ImportOptions(), no_report)
    assert (after.version, after.import_report.source_url) == (2, f"{source.url}/cars.csv.gz")


@pytest.mark.parametrize(
    ("path", "error", "said"),
    [
        ("/none.csv", FetchFailed, "it answers 404 Not Found"),
        ("/page", UnreadableInput, "it is a web page"),
        ("/broken.json", MalformedInput, "this is no JSON"),
    ],
)
def test_what_can_not_be_fetched_or_read_changes_nothing(
    operations: Operations, source: Sources, path: str, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        add(operations, source.url + path)
    assert count(operations) == 0


def test_a_taken_name_is_told_before_anything_is_fetched(operations: Operations, source: Sources) -> None:
    add(operations, f"{source.url}/cars.csv", name="cars")
    source.asked.clear()
    with pytest.raises(NameTaken):
        add(operations, f"{source.url}/cars.csv", name="cars")
    assert not source.asked


@pytest.fixture
def trap() -> Iterator[Canary]:
    with canary() as found:
        yield found
        assert not found.was_reached


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"])
def test_nothing_of_this_machine_is_fetched_unless_it_is_allowed(
    operations: Operations, source: Sources, trap: Canary, host: str
) -> None:
    canary_url = f"http://{host}:{trap.port}/x.csv"
    for url in (canary_url, source.redirects("/away", canary_url)):
        with pytest.raises(AddressRefused, match="ENTREPOT_FETCH_ALLOW"):
            add(operations, url)


def test_the_library_raises_the_same(trap: Canary) -> None:
    with entrepot.connect(MEMORY) as store, pytest.raises(entrepot.AddressRefused):
        store.add(f"http://127.0.0.1:{trap.port}/x.csv", progress=False)


def test_slow_and_endless_sources_hold_up_nothing_and_leave_nothing(url: str, source: Sources, home: Path) -> None:
    """As many as are fetched at once, and more, which wait."""
    released = Event()

    def hold(handler: Handler) -> None:
        released.wait(50)
        giving(b"", 503)(handler)

    source.at["/held"] = hold
    source.at["/endless"] = dripping(b"HTTP/1.1 200 OK\r\n\r\n", b"a" * 500_000)
    paths = ["/held"] * 8 + ["/endless"] * 2
    with httpx.Client(base_url=url, timeout=60) as client, ThreadPoolExecutor(len(paths)) as pool:
        waiting = [pool.submit(client.post, "/datasets/", params={"url": source.url + path}) for path in paths]
        try:
            sent = client.post("/datasets/?name=meanwhile", content=CARS, headers={"content-type": "text/csv"})
            assert sent.status_code == 201
            assert client.delete("/datasets/meanwhile/").status_code == 204
            assert not any(one.done() for one in waiting[:8])
        finally:
            released.set()
        problems = [one.result().json() for one in waiting]
    assert {problem["status"] for problem in problems} == {422}
    assert [problem.get("answered") for problem in problems] == [503] * 8 + [None] * 2
    assert [problem.get("limit") for problem in problems] == [None] * 8 + ["ENTREPOT_FETCH_BYTES"] * 2
    assert [path.name for path in (home / "tmp").iterdir() if path.is_file() and path.name != "lock"] == []


def test_no_password_is_logged(url: str, source: Sources, home: Path) -> None:
    with connect(url, LOCAL) as remote, pytest.raises(FetchFailed):
        add(remote.operations, source.url.replace("//", "//ada:s3cret@") + "/none.csv?sig=s3cret")
    assert "s3cret" not in home.with_name(f"{home.name}.log").read_text()
