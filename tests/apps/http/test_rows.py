"""Rows by HTTP: pages, cursors and the other formats."""

from typing import Any

import pytest

from tests.apps.http.conftest import Client, Post


def test_a_page_of_rows_is_a_document(client: Client, cars: dict[str, Any]) -> None:
    page = client.get("/datasets/cars/rows/?limit=2&columns=make,price").json()
    assert page["columns"] == [{"name": "make", "type": "string"}, {"name": "price", "type": "number"}]
    assert page["rows"] == [{"_id": 1, "make": "Fiat", "price": 10.5}, {"_id": 2, "make": "Audi", "price": None}]
    assert (page["total"], page["limit"], page["offset"], page["version"]) == (3, 2, 0, 1)
    assert page["_links"]["dataset"]["href"] == f"/api/v1/datasets/{cars['id']}/"


def test_the_total_is_left_out_on_request(client: Client, cars: dict[str, Any]) -> None:
    del cars
    assert client.get("/datasets/cars/rows/?count=none").json()["total"] is None


def test_following_next_url_visits_every_row_once_and_stays_at_its_version(client: Client, post: Post) -> None:
    post("n\n" + "".join(f"{number}\n" for number in range(25)), name="numbers")
    page = client.get("/datasets/numbers/rows/?limit=10").json()
    client.put("/datasets/numbers/", content="n\n-1\n", headers={"content-type": "text/csv"})
    seen = page["rows"]
    while page["next_url"]:
        assert f"cursor={page['next']}" in page["next_url"]
        page = client.get(page["next_url"]).json()
        seen += page["rows"]
        assert page["version"] == 1
    assert [row["n"] for row in seen] == list(range(25))
    assert page["next"] is None
    assert client.get("/datasets/numbers/rows/").json()["version"] == 2


def test_a_page_behind_a_cursor_links_back_into_its_version(client: Client, post: Post) -> None:
    post("n\n1\n2\n3\n", name="numbers")
    page = client.get(client.get("/datasets/numbers/rows/?limit=2").json()["next_url"]).json()
    client.put("/datasets/numbers/", content="n\n-1\n", headers={"content-type": "text/csv"})
    for link in ("prev", "first"):
        back = client.get(page["_links"][link]["href"]).json()
        assert ([row["n"] for row in back["rows"]], back["version"]) == ([1, 2], 1)


def test_a_cursor_of_another_dataset_is_refused(client: Client, post: Post) -> None:
    for name in ("one", "two"):
        post("n\n1\n2\n3\n", name=name)
    cursor = client.get("/datasets/one/rows/?limit=2").json()["next"]
    assert [row["n"] for row in client.get(f"/datasets/one/rows/?cursor={cursor}").json()["rows"]] == [3]
    for query in (f"cursor={cursor}", f"cursor={cursor}&format=csv"):
        answer = client.get(f"/datasets/two/rows/?{query}")
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor")


def test_in_other_formats_there_is_no_default_limit(client: Client, post: Post) -> None:
    post("n\n" + "1\n" * 150, name="numbers")
    assert len(client.get("/datasets/numbers/rows/").json()["rows"]) == 100
    assert len(client.get("/datasets/numbers/rows/?format=csv").text.splitlines()) == 151
    assert len(client.get("/datasets/numbers/rows/?limit=5", headers={"accept": "text/csv"}).text.splitlines()) == 6


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("columns=bogus", "unknown_column"),
        ("limit=0", "invalid_option"),
        ("count=some", "invalid_option"),
        ("cursor=x", "invalid_cursor"),
        ("offset=2&cursor=WzEsMl0", "invalid_option"),
        ("version=0x1", "invalid_option"),
    ],
)
def test_a_bad_query_of_rows_is_refused(client: Client, cars: dict[str, Any], query: str, code: str) -> None:
    del cars
    answer = client.get(f"/datasets/cars/rows/?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_a_version_that_is_not_there_is_not_found(client: Client, cars: dict[str, Any]) -> None:
    del cars
    for part in ("", "rows/", "stats/", "schema/", "file/", "export/", "plot/"):
        answer = client.get(f"/datasets/cars/{part}?version=7")
        assert (answer.status_code, answer.json()["code"]) == (404, "version_not_found"), part
