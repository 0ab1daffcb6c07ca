"""Ways to ask the server to fetch: in the query, in a form; and files that come packed."""

import gzip
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.apps.http.conftest import CARS, END, FORM, Client, part
from tests.sources import Sources, sources

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

FIELDS = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def source() -> Iterator[Sources]:
    with sources("127.0.0.9") as found:
        found.gives("/cars.csv", CARS.encode())
        yield found


def sent(client: Client, source: Sources, way: str) -> Any:  # noqa: ANN401 - httpx's own class goes by two names
    url = f"{source.url}/cars.csv"
    match way:
        case "query":
            return client.post("/datasets/", params={"url": url, "title": "Cars"})
        case "query, with a type":
            return client.post("/datasets/", params={"url": url, "title": "Cars"}, headers=FIELDS)
        case "fields":
            return client.post("/datasets/", data={"url": url, "title": "Cars"})
        case "fields and query":
            return client.post("/datasets/?title=Cars", data={"url": url})
        case _:
            form = part("url", url) + part("title", "Cars") + part("file", "", "") + END
            return client.post("/datasets/", content=form.encode(), headers=FORM)


@pytest.mark.parametrize("way", ["query", "query, with a type", "fields", "fields and query", "form"])
def test_a_url_may_stand_in_the_query_or_a_form(client: Client, source: Sources, way: str) -> None:
    answer = sent(client, source, way)
    assert answer.status_code == 201, answer.text
    document = answer.json()
    assert (document["name"], document["title"], document["rows"]) == ("cars", "Cars", 3)
    assert document["import_report"]["source_url"] == f"{source.url}/cars.csv"


def test_fields_that_are_no_utf_8_are_refused(client: Client, source: Sources) -> None:
    fields = f"url={source.url}/cars.csv&title=M%FCnchen".encode()
    answer = client.post("/datasets/", content=fields, headers=FIELDS)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")
    assert "The form is not UTF-8: it has %FC" in answer.json()["detail"]


def test_a_url_replaces_a_dataset_too(client: Client, source: Sources, cars: dict[str, Any]) -> None:
    answer = client.put(f"/datasets/{cars['id']}/", params={"url": f"{source.url}/cars.csv"})
    assert (answer.status_code, answer.json()["version"]) == (200, 2)


def test_a_batch_takes_files_and_urls_in_the_order_given(client: Client, source: Sources) -> None:
    bad = part("url", f"{source.url}/none.csv") + part("url", "file:///etc/passwd")
    form = part("file", CARS, "a.csv") + part("url", f"{source.url}/cars.csv") + bad + part("file", CARS, "b.csv") + END
    results = client.post("/datasets/batch", content=form.encode(), headers=FORM).json()["results"]
    assert [one["status"] for one in results] == [201, 201, 422, 400, 201]
    assert [one["dataset"]["name"] for one in results if "dataset" in one] == ["a", "cars", "b"]
    assert [one["problem"]["code"] for one in results if "problem" in one] == ["fetch_failed", "invalid_option"]


def test_a_file_and_a_url_are_too_much(client: Client, source: Sources) -> None:
    url = f"{source.url}/cars.csv"
    form = part("url", url) + part("file", CARS, "cars.csv") + END
    for answer in (
        client.post("/datasets/", params={"url": url}, content=CARS, headers={"content-type": "text/csv"}),
        client.post("/datasets/", content=form.encode(), headers=FORM),
    ):
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    ("url", "status", "code"),
    [
        ("file:///etc/passwd", 400, "invalid_option"),
        ("", 400, "invalid_option"),
        ("cars.csv", 400, "invalid_option"),
        ("http://127.0.0.1:1/cars.csv", 422, "address_refused"),
        ("http://127.0.0.9:1/cars.csv", 422, "fetch_failed"),
    ],
)
def test_a_url_that_leads_nowhere_is_a_problem(client: Client, url: str, status: int, code: str) -> None:
    answer = client.post("/datasets/", data={"url": url})
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert client.get("/datasets/").json()["total"] == 0


def test_json_is_always_data(client: Client, source: Sources) -> None:
    answer = client.post("/datasets/", json={"url": f"{source.url}/cars.csv"})
    assert (answer.status_code, answer.json()["schema"]["fields"][0]["name"]) == (201, "url")


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "zstd"])
def test_a_body_may_be_packed(client: Client, encoding: str) -> None:
    content = zstd.compress(CARS.encode()) if encoding == "zstd" else gzip.compress(CARS.encode())
    headers = {"content-type": "text/csv", "content-encoding": encoding}
    answer = client.post("/datasets/?file_name=cars.csv", content=content, headers=headers)
    assert answer.status_code == 201, answer.text
    document, kind = answer.json(), "zstd" if encoding == "zstd" else "gzip"
    ending = {"gzip": "gz", "zstd": "zst"}[kind]
    assert (document["name"], document["file_name"], document["size"]) == ("cars", f"cars.csv.{ending}", len(content))
    assert (document["media_type"], document["import_report"]["compression"]) == (f"application/{kind}", kind)
    file = client.get(document["_links"]["file"]["href"])
    assert (file.content, file.headers["content-type"]) == (content, f"application/{kind}")


def test_a_packed_body_without_a_name_is_given_one(client: Client) -> None:
    answer = client.post("/datasets/", content=gzip.compress(b'[{"a": 1}]'), headers={"content-encoding": "gzip"})
    assert answer.json()["file_name"] == "dataset.json.gz"


def test_a_packed_file_may_stand_in_a_form_but_no_form_may_be_packed(client: Client) -> None:
    packed = gzip.compress(CARS.encode())
    answer = client.post("/datasets/", files={"file": ("cars.csv.gz", packed, "application/gzip")})
    assert (answer.status_code, answer.json()["name"], answer.json()["rows"]) == (201, "cars", 3)
    form = gzip.compress((part("file", CARS, "cars.csv") + END).encode())
    answer = client.post("/datasets/", content=form, headers={**FORM, "content-encoding": "gzip"})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


def test_a_bomb_is_a_problem_that_names_the_limit(client: Client) -> None:
    bomb = gzip.compress(b"a\n" + bytes(50_000_000))
    assert len(bomb) < 100_000
    answer = client.post("/datasets/", content=bomb, headers={"content-encoding": "gzip"})
    problem = answer.json()
    assert (answer.status_code, problem["limit"]) == (422, "ENTREPOT_MAX_DECOMPRESSED_BYTES")
    assert client.get("/datasets/").json()["total"] == 0
