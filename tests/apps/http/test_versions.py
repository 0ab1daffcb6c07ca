"""Versions by HTTP: the history, one version, the difference of two, restoring; and the search over datasets."""

from typing import Any

import pytest

from tests.apps.http.conftest import Client, Post


def test_a_history_is_a_list_with_links(client: Client, cars: dict[str, Any]) -> None:
    client.post("/datasets/cars/rows/", json=[{}, {}])
    client.delete("/datasets/cars/rows/1")
    page = client.get("/datasets/cars/versions/?limit=2")
    found = page.json()
    assert [(one["version"], one["rows"], one["cause"]) for one in found["items"]] == [
        (3, 4, {"kind": "edit", "added": 0, "changed": 0, "removed": 1, "restored": None}),
        (2, 5, {"kind": "edit", "added": 2, "changed": 0, "removed": 0, "restored": None}),
    ]  # fmt: skip
    assert (found["total"], found["limit"], found["offset"]) == (3, 2, 0)
    assert f'<{found["next_url"]}>; rel="next"' in page.headers["link"]
    last = client.get(found["next_url"]).json()
    assert [one["version"] for one in last["items"]] == [1]
    assert last["next"] is None
    assert last["_links"]["dataset"]["href"] == f"/api/v1/datasets/{cars['id']}/"
    for link in last["items"][0]["_links"].values():
        assert client.get(link["href"]).status_code == 200
    assert client.get(last["items"][0]["_links"]["rows"]["href"]).json()["rows"][0]["make"] == "Fiat"
    fresh = client.get("/datasets/cars/versions/?limit=2", headers={"if-none-match": page.headers["etag"]})
    assert fresh.status_code == 304


def test_a_version_is_the_document_as_it_was(client: Client, cars: dict[str, Any]) -> None:
    client.post("/datasets/cars/rows/", json=[{}])
    old = client.get("/datasets/cars/versions/1/")
    assert old.json() == client.get("/datasets/cars/?version=1").json()
    assert (old.json()["rows"], old.json()["version"], old.json()["file_name"]) == (3, 1, "cars.csv")
    assert old.json()["_links"]["rows"]["href"] == f"/api/v1/datasets/{cars['id']}/rows/?version=1"
    assert client.get("/datasets/cars/versions/2").json()["file_name"] is None
    for missing in ("0", "9", "-1", str(2**70)):
        answer = client.get(f"/datasets/cars/versions/{missing}")
        assert (answer.status_code, answer.json()["code"]) == (404, "version_not_found"), missing


def test_a_version_is_restored_as_the_next(client: Client, cars: dict[str, Any]) -> None:
    client.delete("/datasets/cars/rows/?_id__gt=1")
    answer = client.post("/datasets/cars/restore/", json={"version": 1})
    assert (answer.status_code, answer.json()["version"], answer.json()["rows"]) == (201, 3, 3)
    assert answer.headers["location"] == f"/api/v1/datasets/{cars['id']}/versions/3/"
    assert client.get("/datasets/cars/file/").text == client.get("/datasets/cars/file/?version=1").text


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ('{"version": 9}', 404, "version_not_found"),
        ('{"version": 0}', 404, "version_not_found"),
        ('{"version": 1e400}', 400, "invalid_request"),
        ('{"version": "1"}', 400, "invalid_request"),
        ('{"version": 1, "more": 1}', 400, "invalid_request"),
        ("{}", 400, "invalid_request"),
        ("", 400, "invalid_request"),
    ],
)
def test_a_bad_wish_to_restore_is_refused(
    client: Client, cars: dict[str, Any], body: str, status: int, code: str
) -> None:
    del cars
    answer = client.post("/datasets/cars/restore/", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    form = client.post("/datasets/cars/restore/", data={"version": "1"})
    assert (form.status_code, form.json()["code"]) == (415, "unsupported_media_type")


def test_versions_are_compared_the_newest_with_the_one_before_by_default(client: Client, cars: dict[str, Any]) -> None:
    client.post("/datasets/cars/rows/", json=[{"make": "Opel"}])
    client.patch("/datasets/cars/rows/1", json={"price": 1})
    found = client.get("/datasets/cars/diff/").json()
    assert (found["before"], found["after"]) == (2, 3)
    assert found["rows"] == {
        "added": 0, "removed": 0, "changed": 1, "more": False,
        "items": [{
            "_id": 1,
            "before": {"_id": 1, "make": "Fiat", "price": 10.5, "city": "Torino"},
            "after": {"_id": 1, "make": "Fiat", "price": 1.0, "city": "Torino"},
        }],
    }  # fmt: skip
    wider = client.get("/datasets/cars/diff/?from=1").json()
    assert (wider["before"], wider["after"], wider["rows"]["added"]) == (1, 3, 1)
    older = client.get("/datasets/cars/diff/?to=2&limit=1").json()
    assert (older["before"], older["after"], older["rows"]["added"]) == (1, 2, 1)
    assert "immutable" in client.get(f"/datasets/{cars['id']}/diff/?from=1&to=2").headers["cache-control"]
    assert client.get(f"/datasets/{cars['id']}/diff/?from=1").headers["cache-control"] == "no-cache"


def test_a_first_version_differs_in_nothing_from_itself(client: Client, cars: dict[str, Any]) -> None:
    del cars
    assert client.get("/datasets/cars/diff/").json()["rows"]["items"] == []


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("from=1&to=9", 404, "version_not_found"),
        ("from=9&to=1", 404, "version_not_found"),
        ("from=x", 400, "invalid_option"),
        ("limit=0", 400, "invalid_option"),
        ("limit=10001", 400, "invalid_option"),
        ("version=1", 400, "unknown_parameter"),
    ],
)
def test_a_comparison_that_can_not_be_is_refused(
    client: Client, cars: dict[str, Any], query: str, status: int, code: str
) -> None:
    del cars
    answer = client.get(f"/datasets/cars/diff/?{query}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_text_is_searched_in_all_datasets(client: Client, post: Post) -> None:
    post(name="prices")
    post("a,Unit_Price\n1,2\n", name="other", title="Else")
    found = client.get("/search?q=PRICE").json()
    assert [(one["dataset"]["name"], one["columns"]) for one in found["items"]] == [
        ("prices", ["price"]), ("other", ["Unit_Price"]),
    ]  # fmt: skip
    assert found["more"] is False
    assert "_links" in found["items"][0]["dataset"]
    first = client.get("/api/v1/search/?q=price&limit=1").json()
    assert ([one["dataset"]["name"] for one in first["items"]], first["more"]) == (["prices"], True)
    for query in ("", "q=", "q=%20", "q=a&limit=0"):
        answer = client.get(f"/search?{query}")
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_option"), query
    assert client.get("/search?q=a&x=1").json()["code"] == "unknown_parameter"


def test_a_cursor_and_another_version_exclude_each_other(client: Client, cars: dict[str, Any]) -> None:
    cursor = client.get("/datasets/cars/rows/?limit=1").json()["next"]
    client.post("/datasets/cars/rows/", json={})
    here = f"/datasets/{cars['id']}/rows/?limit=1&cursor={cursor}"
    page = client.get(here)
    assert (page.json()["version"], page.headers["etag"].split("-")[-3]) == (1, "1")
    assert client.get(f"{here}&version=1").json()["rows"] == page.json()["rows"]
    for path in (f"{here}&version=2", f"{here}&version=2&format=csv", f"{here}&version=2".replace("rows", "export")):
        assert (client.get(path).status_code, client.get(path).json()["code"]) == (400, "invalid_cursor")


def test_an_edited_version_has_the_rows_that_its_report_speaks_of(client: Client, post: Post) -> None:
    imported = post("a,b\n1,2\n3\n", name="ragged", on_error="quarantine")
    assert imported["import_report"]["rejected"] == 1
    client.post("/datasets/ragged/rows/", json={"a": 1})
    edited = client.get("/datasets/ragged/").json()
    assert (
        client.get(edited["_links"]["rejects"]["href"]).text == client.get(imported["_links"]["rejects"]["href"]).text
    )


def test_a_version_that_is_not_there_is_told_with_the_datasets_name(client: Client, cars: dict[str, Any]) -> None:
    url = f"/datasets/{cars['id']}"
    answers = [
        client.get(f"{url}/?version=9"),
        client.get(f"{url}/versions/9/"),
        client.get(f"{url}/diff/?from=9&to=1"),
        client.get("/datasets/cars/diff/?from=9&to=1"),
        client.post(f"{url}/restore/", json={"version": 9}),
    ]
    for answer in answers:
        assert (answer.json()["ref"], answer.json()["detail"][:32]) == ("cars", "Dataset 'cars' has no version 9;")
