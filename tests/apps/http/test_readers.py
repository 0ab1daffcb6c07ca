"""What other tools make of a plain URL of a server."""

import http.client
from collections.abc import Iterator
from urllib.parse import urlsplit

import duckdb
import httpx
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest

from tests.serving import served

LINES = 200_000


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dataset of many rows in several parts, on a server of two processes."""
    lines = "".join(f"{number},city {number % 100},{number / 8}\n" for number in range(LINES))
    with served(tmp_path_factory.mktemp("readers"), WORKERS="2") as server:
        document = httpx.post(f"{server}/datasets/?name=many", content=f"n,city,x\n{lines}", timeout=60).json()
        here = f"{server}{document['_links']['self']['href']}"
        httpx.patch(f"{here}rows/1", json={"x": -1}, timeout=60).raise_for_status()
        httpx.post(f"{here}rows/", json=[{"n": LINES, "city": "Þórshöfn"}], timeout=60).raise_for_status()
        yield here


def test_pandas_reads_rows_as_csv(url: str) -> None:
    frame = pd.read_csv(f"{url}rows/?format=csv")
    assert (len(frame), list(frame.columns)) == (LINES + 1, ["n", "city", "x"])
    assert (frame["n"].sum(), frame["x"][0], frame["city"][LINES]) == (LINES * (LINES + 1) // 2, -1, "Þórshöfn")
    assert len(pd.read_csv(f"{url}rows/?format=csv&city=city 7&n__lt=1000".replace(" ", "%20"))) == 10


def test_polars_reads_the_table_as_parquet(url: str) -> None:
    frame = pl.read_parquet(f"{url}export/?format=parquet")
    assert (frame.height, frame.columns) == (LINES + 1, ["n", "city", "x"])
    assert frame["n"].to_list() == list(range(LINES + 1))


def test_polars_reads_a_selection_as_parquet_once_it_is_downloaded(url: str) -> None:
    """By its URL polars would ask for ranges, which only the whole table has."""
    answer = httpx.get(f"{url}export/?format=parquet&n__gte={LINES}")
    assert pl.read_parquet(answer.content).to_dicts() == [{"n": LINES, "city": "Þórshöfn", "x": None}]


def test_duckdb_reads_the_table_by_ranges(url: str) -> None:
    try:
        duckdb.sql("LOAD httpfs")
    except duckdb.Error:
        pytest.skip("this duckdb has no httpfs here, and it is not fetched for a test")
    table = duckdb.read_parquet(f"{url}export/?format=parquet")
    assert table.filter(f"n > {LINES - 2}").aggregate("count(*), sum(n)").fetchall() == [(2, 2 * LINES - 1)]


def test_a_reader_that_asks_for_ranges_reads_little_of_a_large_table(url: str) -> None:
    """As duckdb, fsspec and others do: its end first, then what the footer says."""
    file = Ranged(f"{url}export/?format=parquet")
    table = pq.ParquetFile(file)
    assert table.metadata.num_rows == LINES + 1
    last = table.read_row_group(table.num_row_groups - 1, columns=["n"])
    assert last.column("n").to_pylist()[-1] == LINES
    assert file.received < file.total / 2


def test_every_process_of_a_server_gives_the_same_bytes(url: str) -> None:
    contents = set()
    for _ in range(8):
        with httpx.Client() as client:  # a connection of its own, which another process may take
            contents.add(client.get(f"{url}export/?format=parquet").content)
    assert len(contents) == 1


def test_head_of_a_large_table_is_quick_and_has_no_body(url: str) -> None:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port)
    connection.request("HEAD", f"{parts.path}export/?format=parquet")
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (200, b"")
    size = len(httpx.get(f"{url}export/?format=parquet").content)
    assert answer.headers["content-length"] == str(size)
    connection.close()


class Ranged:
    """A file that is read by ``Range`` requests, as pyarrow wants one."""

    def __init__(self, url: str) -> None:
        self._url, self._at, self.received, self.closed = url, 0, 0, False
        self.total = int(httpx.head(url).headers["content-length"])

    def read(self, size: int = -1) -> bytes:
        """Read some bytes from where it stands."""
        stop = self.total if size < 0 else min(self._at + size, self.total)
        if stop <= self._at:
            return b""
        answer = httpx.get(self._url, headers={"range": f"bytes={self._at}-{stop - 1}"}).raise_for_status()
        assert answer.status_code == 206
        self._at, self.received = stop, self.received + len(answer.content)
        return answer.content

    def seek(self, offset: int, whence: int = 0) -> int:
        """Stand elsewhere."""
        self._at = offset + (0, self._at, self.total)[whence]
        return self._at

    def tell(self) -> int:
        """Where it stands."""
        return self._at

    def seekable(self) -> bool:
        """Whether it can stand elsewhere."""
        return True

    def readable(self) -> bool:
        """Whether it can be read."""
        return True

    def writable(self) -> bool:
        """Whether it can be written."""
        return False

    def flush(self) -> None:
        """Nothing is written."""

    def close(self) -> None:
        """End it."""
        self.closed = True
