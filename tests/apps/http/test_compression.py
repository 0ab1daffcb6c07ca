"""Text is packed for clients that take it, and nothing else changes by that."""

import gzip
import json
from typing import Any

import pytest

from tests.apps.http.conftest import Client, Post

LONG = "make,price\n" + "".join(f"maker {number % 7},{number}.5\n" for number in range(400))
PLAIN = {"accept-encoding": "identity"}
GZIP = {"accept-encoding": "br;q=0.9, gzip"}

TEXTS = ["rows/?limit=400", "export/?format=csv", "export/?format=tsv", "export/?format=json", "export/?format=ndjson"]


@pytest.fixture
def long(post: Post) -> dict[str, Any]:
    return post(LONG, "long.csv", published="true")


@pytest.mark.parametrize("path", [*(f"/datasets/long/{text}" for text in TEXTS), "/api/long/?limit=400"])
def test_text_comes_packed_and_is_the_same(client: Client, long: dict[str, Any], path: str) -> None:
    assert long["rows"] == 400
    plain, packed = client.get(path, headers=PLAIN), client.get(path, headers=GZIP)
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content
    assert packed.num_bytes_downloaded < len(plain.content) / 2
    for answer in (plain, packed):
        assert "Accept-Encoding" in answer.headers["vary"]
    for name in ("content-type", "cache-control", "content-disposition", "link", "x-total-count"):
        assert packed.headers.get(name) == plain.headers.get(name)


def test_a_whole_answer_says_how_long_it_is_and_is_a_gzip_file(client: Client, long: dict[str, Any]) -> None:
    with client.stream("GET", f"/datasets/{long['id']}/rows/?limit=400", headers=GZIP) as answer:
        body = b"".join(answer.iter_raw())
    assert int(answer.headers["content-length"]) == len(body)
    assert len(json.loads(gzip.decompress(body))["rows"]) == 400


@pytest.mark.parametrize("header", ["identity", "", "br", "gzip;q=0", "gzip; q=0.000", "*", "deflate, br", "gzipped"])
def test_who_does_not_take_gzip_gets_none(client: Client, long: dict[str, Any], header: str) -> None:
    answer = client.get(f"/datasets/{long['id']}/rows/?limit=400", headers={"accept-encoding": header})
    assert "content-encoding" not in answer.headers
    assert len(answer.json()["rows"]) == 400


@pytest.mark.parametrize("header", ["gzip", "GZIP", "x-gzip", "br, gzip;q=0.1", "gzip;q=1.0, identity;q=0"])
def test_who_takes_gzip_gets_it(client: Client, long: dict[str, Any], header: str) -> None:
    answer = client.get(f"/datasets/{long['id']}/rows/?limit=400", headers={"accept-encoding": header})
    assert answer.headers["content-encoding"] == "gzip"


@pytest.mark.parametrize("path", ["rows/?limit=1", "file/", "export/?format=parquet", "plot/?format=png", "excel/"])
def test_what_is_small_or_no_text_or_can_be_had_in_parts_comes_as_it_is(
    client: Client, long: dict[str, Any], path: str
) -> None:
    assert "content-encoding" not in client.get(f"/datasets/{long['id']}/{path}", headers=GZIP).headers


def test_packed_and_plain_answers_have_tags_of_their_own_and_both_are_fresh(
    client: Client, long: dict[str, Any]
) -> None:
    for path in (f"/datasets/{long['id']}/rows/?limit=400", "/datasets/long/", "/openapi.json"):
        plain, packed = (client.get(path, headers=headers).headers["etag"] for headers in (PLAIN, GZIP))
        if path != "/datasets/long/":  # which is small
            assert packed == f'{plain[:-1]}-gzip"'
        for tag in (plain, packed):
            for headers in (PLAIN, GZIP):
                again = client.get(path, headers={**headers, "if-none-match": tag})
                assert (again.status_code, again.headers["etag"], again.content) == (304, tag, b"")
        assert client.get(path, headers={**GZIP, "if-none-match": '"other-gzip"'}).status_code == 200


def test_a_change_may_depend_on_the_tag_of_a_packed_answer(client: Client, long: dict[str, Any]) -> None:
    tag = client.get("/datasets/long/rows/?limit=400", headers=GZIP).headers["etag"]
    assert client.patch("/datasets/long/", json={"title": "1"}, headers={"if-match": tag}).status_code == 200
    assert client.patch("/datasets/long/", json={"title": "2"}, headers={"if-match": tag}).status_code == 412
    assert long["title"] != "1"


def test_head_says_what_get_would(client: Client, long: dict[str, Any]) -> None:
    path = f"/datasets/{long['id']}/export/?format=csv"
    got, head = client.get(path, headers=GZIP), client.head(path, headers=GZIP)
    assert head.content == b""
    for name in ("content-encoding", "content-type", "etag", "vary"):
        assert head.headers[name] == got.headers[name]


def test_a_large_export_is_packed_as_it_is_made(client: Client, post: Post) -> None:
    text = "n\n" + "".join(f"{number}\n" for number in range(12_000))
    post(text, "wide.csv")
    for kind in ("csv", "ndjson", "json"):
        path = f"/datasets/wide/export/?format={kind}"
        assert client.get(path, headers=GZIP).content == client.get(path, headers=PLAIN).content
