"""Entity tags, preconditions, caching, and HEAD."""

from datetime import UTC, datetime
from typing import Any

import pytest

from entrepot_adapters.clock import SystemClock
from tests.apps.http.conftest import CARS, Client

PARTS = ["", "file/", "schema/", "stats/", "statistics/", "plot/", "excel/", "export/", "rows/", "rows/1"]
TITLED = ["plot/", "excel/", "export/?format=xlsx", "rows/?format=xlsx"]
"""What shows the dataset's title, which may change while the version stays."""
CONTENTS = [part for part in PARTS[1:] if part not in TITLED]


def test_the_tag_of_a_document_names_id_revision_and_version(client: Client, cars: dict[str, Any]) -> None:
    assert client.get("/datasets/cars").headers["etag"] == f'"{cars["id"]}-1-1"'


@pytest.mark.parametrize("part", PARTS)
def test_a_copy_that_is_fresh_is_not_sent_again(client: Client, cars: dict[str, Any], part: str) -> None:
    del cars
    url = f"/datasets/cars/{part}"
    tag = client.get(url).headers["etag"]
    assert client.get(url, headers={"if-none-match": "*"}).status_code == 304
    for header in (tag, f'"other", {tag}', f"W/{tag}"):
        answer = client.get(url, headers={"if-none-match": header})
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag), header
    assert client.get(url, headers={"if-none-match": '"other"'}).status_code == 200
    client.patch("/datasets/cars", json={"title": "Changed"})
    assert client.get(url, headers={"if-none-match": tag}).status_code == 200


@pytest.mark.parametrize("url", ["/", "/version", "/datasets/", "/problems/", "/openapi.json", "/docs"])
def test_other_reads_have_a_tag_of_their_bytes(client: Client, url: str) -> None:
    answer = client.get(url)
    assert client.get(url, headers={"if-none-match": answer.headers["etag"]}).status_code == 304


@pytest.mark.parametrize("part", TITLED)
def test_what_is_made_again_later_has_the_same_bytes(
    client: Client, cars: dict[str, Any], part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    del cars
    first = client.get(f"/datasets/cars/{part}")
    monkeypatch.setattr(SystemClock, "now", lambda _: datetime(2050, 1, 2, tzinfo=UTC))
    again = client.get(f"/datasets/cars/{part}")
    assert (again.headers["etag"], again.content) == (first.headers["etag"], first.content)


def test_forms_of_the_same_url_have_tags_of_their_own(client: Client, cars: dict[str, Any]) -> None:
    del cars
    accepts = ["text/csv", "application/json", "application/vnd.apache.parquet"]
    tags = {client.get("/datasets/cars/rows/", headers={"accept": one}).headers["etag"] for one in accepts}
    assert len(tags) == 3


@pytest.mark.parametrize("part", CONTENTS)
def test_content_by_id_at_a_version_may_be_kept_for_ever(client: Client, cars: dict[str, Any], part: str) -> None:
    kept = client.get(f"/datasets/{cars['id']}/{part}?version=1").headers["cache-control"]
    assert kept == "public, max-age=31536000, immutable"
    for url in (f"/datasets/cars/{part}?version=1", f"/datasets/{cars['id']}/{part}"):
        assert client.get(url).headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("part", [*TITLED, "plot/?format=svg"])
def test_what_shows_the_title_is_asked_for_again_even_at_a_version(
    client: Client, cars: dict[str, Any], part: str
) -> None:
    url = f"/datasets/{cars['id']}/{part}{'&' if '?' in part else '?'}version=1"
    before = client.get(url)
    assert before.headers["cache-control"] == "no-cache"
    client.patch("/datasets/cars", json={"title": "Changed"})
    after = client.get(url, headers={"if-none-match": before.headers["etag"]})
    assert after.status_code == 200
    assert after.content != before.content


def test_the_document_changes_even_at_a_version_and_is_asked_for_again(client: Client, cars: dict[str, Any]) -> None:
    assert client.get(f"/datasets/{cars['id']}/?version=1").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("url", ["/datasets/cars/plot/", "/datasets/cars/export/", "/datasets/cars/rows/", "/"])
def test_what_the_accept_header_decides_varies_by_it(client: Client, cars: dict[str, Any], url: str) -> None:
    del cars
    answer = client.get(url)
    assert answer.headers["vary"].split(", ")[0] == "Accept"
    fresh = client.get(url, headers={"if-none-match": answer.headers["etag"]})
    assert fresh.headers["vary"].split(", ")[0] == "Accept"


@pytest.mark.parametrize(
    "url",
    ["/", "/health", "/version", "/docs", "/docs/start.js", "/openapi.json", "/problems/", "/problems/stale", "/bogus"]
    + [f"/datasets/cars/{part}" for part in PARTS]
    + ["/datasets/", "/datasets/bogus", "/datasets/cars/rows/?format=csv", "/datasets/cars/facets/?columns=make"]
    + ["/datasets/cars/versions/", "/datasets/cars/versions/1", "/datasets/cars/diff/", "/search?q=cars"],
)
def test_head_answers_as_get_without_a_body(client: Client, cars: dict[str, Any], url: str) -> None:
    del cars
    got, headed = client.get(url), client.head(url)
    assert headed.content == b""
    assert headed.status_code == got.status_code
    own = {"x-correlation-id", "content-length"}
    assert {name: value for name, value in headed.headers.items() if name not in own} == {
        name: value for name, value in got.headers.items() if name not in own
    }
    if got.status_code == 200 and "content-encoding" not in got.headers:  # how long that is nobody knows before
        assert headed.headers.get("content-length") == got.headers.get("content-length")


def change(client: Client, method: str, headers: dict[str, str]) -> int:
    body = {"PATCH": b'{"title": "x"}', "PUT": b"a\n1\n", "DELETE": b""}[method]
    kind = {"PATCH": "application/json", "PUT": "text/csv", "DELETE": "text/plain"}[method]
    answer = client.request(method, "/datasets/cars/", content=body, headers={**headers, "content-type": kind})
    return answer.status_code


@pytest.mark.parametrize("method", ["PATCH", "PUT", "DELETE"])
def test_a_write_applies_only_to_what_its_sender_saw(client: Client, cars: dict[str, Any], method: str) -> None:
    stale = client.get("/datasets/cars").headers["etag"]
    client.patch("/datasets/cars", json={"description": "changed"})
    tag = client.get("/datasets/cars").headers["etag"]
    foreign = tag.replace(cars["id"], "00000000-0000-7000-8000-000000000000")
    for refused in (stale, foreign, "nonsense", '"x"', f"W/{tag}", '""'):
        assert change(client, method, {"if-match": refused}) == 412, refused
    before = client.get("/datasets/cars").json()
    assert before["revision"] == 2
    assert change(client, method, {"if-match": f'"x", {tag}'}) in {200, 204}


def test_the_tag_of_an_older_version_serves_as_long_as_nothing_changed(client: Client, cars: dict[str, Any]) -> None:
    del cars
    client.put("/datasets/cars", content=CARS, headers={"content-type": "text/csv"})
    tag = client.get("/datasets/cars/?version=1").headers["etag"]
    assert change(client, "PATCH", {"if-match": tag}) == 200


def test_any_state_will_do_for_a_star(client: Client, cars: dict[str, Any]) -> None:
    del cars
    assert change(client, "PATCH", {"if-match": "*"}) == 200
    assert change(client, "DELETE", {"if-match": "*"}) == 204
    assert change(client, "DELETE", {"if-match": "*"}) == 404


def test_a_write_answers_with_the_new_tag(client: Client, cars: dict[str, Any]) -> None:
    answer = client.patch("/datasets/cars", json={"title": "x"})
    assert answer.headers["etag"] == f'"{cars["id"]}-2-1"' == client.get("/datasets/cars").headers["etag"]
