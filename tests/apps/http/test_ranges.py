"""Parts of files by HTTP: of the original, and of the table as Parquet."""

import io
from typing import Any

import polars as pl
import pytest

from entrepot_core.formats import Format
from tests.apps.http.conftest import CARS, Client

FILE = CARS.encode()
PARQUET = "/datasets/cars/export/?format=parquet"


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=0-3", (0, 4)),
        ("bytes=5-", (5, len(FILE))),
        ("bytes=-7", (len(FILE) - 7, len(FILE))),
        ("bytes=-99999", (0, len(FILE))),
        ("bytes=10-99999", (10, len(FILE))),
        ("BYTES = 1-2", (1, 3)),
        (f"bytes={len(FILE) - 1}-{len(FILE) - 1}", (len(FILE) - 1, len(FILE))),
    ],
)
def test_a_range_of_the_file_is_answered(
    client: Client, cars: dict[str, Any], wanted: str, expected: tuple[int, int]
) -> None:
    del cars
    start, stop = expected
    answer = client.get("/datasets/cars/file/", headers={"range": wanted})
    assert (answer.status_code, answer.content) == (206, FILE[start:stop])
    assert answer.headers["content-range"] == f"bytes {start}-{stop - 1}/{len(FILE)}"
    assert answer.headers["content-length"] == str(stop - start)
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["etag"] == client.get("/datasets/cars/file/").headers["etag"]


@pytest.mark.parametrize("wanted", [f"bytes={len(FILE)}-", "bytes=99999-100000", "bytes=-0"])
def test_a_range_that_is_not_there_is_refused(client: Client, cars: dict[str, Any], wanted: str) -> None:
    del cars
    answer = client.get("/datasets/cars/file/", headers={"range": wanted})
    assert (answer.status_code, answer.json()["code"]) == (416, "range_not_satisfiable")
    assert answer.headers["content-range"] == f"bytes */{len(FILE)}"


@pytest.mark.parametrize(
    "wanted", ["", "bytes", "bytes=", "bytes=-", "bytes=3-1", "lines=0-3", "bytes=0-1,3-4", "bytes=a-b"]
)
def test_what_is_no_single_range_is_passed_over(client: Client, cars: dict[str, Any], wanted: str) -> None:
    del cars
    answer = client.get("/datasets/cars/file/", headers={"range": wanted})
    assert (answer.status_code, answer.content) == (200, FILE)
    assert answer.headers["accept-ranges"] == "bytes"
    assert "content-range" not in answer.headers


@pytest.mark.parametrize("url", ["/datasets/cars/file/", PARQUET])
def test_a_range_is_of_what_the_client_has_begun_with(client: Client, cars: dict[str, Any], url: str) -> None:
    del cars
    tag = client.get(url).headers["etag"]
    assert client.get(url, headers={"range": "bytes=0-3", "if-range": tag}).status_code == 206
    for other in ('"other"', f"W/{tag}", "Wed, 21 Oct 2015 07:28:00 GMT"):
        assert client.get(url, headers={"range": "bytes=0-3", "if-range": other}).status_code == 200, other
    fresh = client.get(url, headers={"range": "bytes=0-3", "if-none-match": tag})
    assert (fresh.status_code, fresh.content) == (304, b"")


@pytest.mark.parametrize("url", ["/datasets/cars/file/", PARQUET])
def test_head_tells_the_length_and_knows_no_ranges(client: Client, cars: dict[str, Any], url: str) -> None:
    del cars
    whole = client.get(url)
    for headers in ({}, {"range": "bytes=0-3"}):
        answer = client.head(url, headers=headers)
        assert (answer.status_code, answer.content) == (200, b"")
        assert answer.headers["content-length"] == str(len(whole.content)) == whole.headers["content-length"]
        assert answer.headers["accept-ranges"] == "bytes"


def test_the_table_as_parquet_can_be_had_in_ranges(client: Client, cars: dict[str, Any]) -> None:
    del cars
    client.post("/datasets/cars/rows/", json=[{"make": "Opel", "price": 1}])
    client.patch("/datasets/cars/rows/1", json={"city": "Roma"})
    whole = client.get(PARQUET)
    data, size = b"", len(whole.content)
    for start in range(0, size, 700):
        part = client.get(PARQUET, headers={"range": f"bytes={start}-{start + 699}"})
        assert part.status_code == 206
        assert part.headers["content-range"] == f"bytes {start}-{min(start + 699, size - 1)}/{size}"
        data += part.content
    assert data == whole.content
    by_accept = client.get("/datasets/cars/rows/", headers={"accept": Format.PARQUET.media_type, "range": "bytes=-8"})
    assert (by_accept.status_code, by_accept.content) == (206, data[-8:])
    found = pl.read_parquet(io.BytesIO(data))
    assert found.columns == ["make", "price", "city"]
    assert found.rows() == [
        ("Fiat", 10.5, "Roma"), ("Audi", None, "Ingolstadt"), ("BMW", 30.0, "München"), ("Opel", 1.0, None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "query", ["&price__gt=1", "&columns=make", "&sort=make", "&limit=2", "&offset=1", "&columns=_id,make,price,city"]
)
def test_a_part_of_the_table_is_made_anew_and_has_no_ranges(client: Client, cars: dict[str, Any], query: str) -> None:
    del cars
    answer = client.get(PARQUET + query, headers={"range": "bytes=0-3"})
    assert answer.status_code == 200
    assert "accept-ranges" not in answer.headers
    assert pl.read_parquet(io.BytesIO(answer.content)).height in {1, 2, 3}


def test_other_forms_have_no_ranges(client: Client, cars: dict[str, Any]) -> None:
    del cars
    for url in ("export/?format=csv", "rows/", "plot/", "excel/"):
        answer = client.get(f"/datasets/cars/{url}", headers={"range": "bytes=0-3"})
        assert answer.status_code == 200, url
        assert "accept-ranges" not in answer.headers
