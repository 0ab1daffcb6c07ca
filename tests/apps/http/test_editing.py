"""Edits of rows by HTTP: bodies, preconditions, answers and refusals."""

import io
import json
from typing import Any

import polars as pl
import pytest

from tests.apps.http.conftest import Client, Post

JSON = {"content-type": "application/json"}


def rows(client: Client) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/datasets/cars/rows/").json()["rows"]
    return found


def delete(client: Client, url: str, body: str) -> Any:  # noqa: ANN401 - an answer
    return client.request("DELETE", url, content=body, headers=JSON)


def test_one_row_is_added_and_answered_with_its_place(client: Client, cars: dict[str, Any]) -> None:
    answer = client.post("/datasets/cars/rows/", json={"make": "Opel", "price": 9})
    assert (answer.status_code, answer.json()) == (201, {"version": 2, "ids": [4]})
    assert answer.headers["location"] == f"/api/v1/datasets/{cars['id']}/rows/4"
    assert answer.headers["etag"] == f'"{cars["id"]}-2-2"' == client.get("/datasets/cars").headers["etag"]
    assert client.get(answer.headers["location"]).json() == {"_id": 4, "make": "Opel", "price": 9.0, "city": None}


def test_several_rows_are_added_together(client: Client, cars: dict[str, Any]) -> None:
    del cars
    answer = client.post("/datasets/cars/rows", json=[{"make": "Opel"}, {}])
    assert (answer.status_code, answer.json()) == (201, {"version": 2, "ids": [4, 5]})
    assert "location" not in answer.headers
    assert client.post("/datasets/cars/rows/", json=[]).json() == {"version": 2, "ids": []}


def test_a_row_is_flat_and_pinned_by_a_version(client: Client, cars: dict[str, Any]) -> None:
    here = f"/datasets/{cars['id']}/rows/1"
    client.patch(here, json={"price": 1})
    assert client.get(here).json() == {"_id": 1, "make": "Fiat", "price": 1.0, "city": "Torino"}
    old = client.get(f"{here}?version=1")
    assert old.json() == {"_id": 1, "make": "Fiat", "price": 10.5, "city": "Torino"}
    assert "immutable" in old.headers["cache-control"]
    assert client.get(here, headers={"if-none-match": client.get(here).headers["etag"]}).status_code == 304
    assert client.head(here).headers["content-length"] == str(len(client.get(here).content))
    for missing in ("0", "7", "-1", str(2**70)):
        answer = client.get(f"/datasets/cars/rows/{missing}")
        assert (answer.status_code, answer.json()["code"]) == (404, "row_not_found"), missing
    assert client.get("/datasets/cars/rows/x").json()["code"] == "invalid_request"


def test_patch_keeps_what_put_empties(client: Client, cars: dict[str, Any]) -> None:
    patched = client.patch("/datasets/cars/rows/1", json={"price": 12})
    assert (patched.status_code, patched.json()) == (200, {"_id": 1, "make": "Fiat", "price": 12.0, "city": "Torino"})
    put = client.put("/datasets/cars/rows/1/", json={"_id": 1, "make": "Kia"})
    assert (put.status_code, put.json()) == (200, {"_id": 1, "make": "Kia", "price": None, "city": None})
    assert put.headers["etag"] == f'"{cars["id"]}-3-3"'


def test_a_row_read_can_be_put_back(client: Client, cars: dict[str, Any]) -> None:
    del cars
    row = client.get("/datasets/cars/rows/2").json()
    assert client.put("/datasets/cars/rows/2", json=row).json() == row
    assert client.get("/datasets/cars").json()["version"] == 1
    answer = client.put("/datasets/cars/rows/3", json=row)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_rows")
    assert answer.json()["errors"][0]["column"] == "_id"


def test_a_row_is_removed_for_good(client: Client, cars: dict[str, Any]) -> None:
    answer = client.delete("/datasets/cars/rows/3")
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["etag"] == f'"{cars["id"]}-2-2"'
    assert client.delete("/datasets/cars/rows/3").json()["code"] == "row_not_found"
    assert client.post("/datasets/cars/rows/", json={}).json()["ids"] == [4]


def test_several_rows_are_changed_or_replaced(client: Client, cars: dict[str, Any]) -> None:
    del cars
    changes = [{"_id": 1, "price": 1}, {"_id": 3, "price": None}]
    assert client.patch("/datasets/cars/rows/", json=changes).json() == {"version": 2, "ids": [1, 3]}
    assert [row["price"] for row in rows(client)] == [1.0, None, None]
    assert client.put("/datasets/cars/rows/", json=[{"_id": 1, "make": "x"}]).json() == {"version": 3, "ids": [1]}
    assert rows(client)[0] == {"_id": 1, "make": "x", "price": None, "city": None}


def test_several_rows_are_removed_by_numbers_or_by_filters(client: Client, cars: dict[str, Any]) -> None:
    del cars
    assert delete(client, "/datasets/cars/rows/", "[2]").json() == {"version": 2, "ids": [2]}
    assert client.delete("/datasets/cars/rows/?price__gt=20").json() == {"version": 3, "ids": [3]}
    assert client.delete("/datasets/cars/rows/?or=(make.nobody)").json() == {"version": 3, "ids": []}
    assert client.delete("/datasets/cars/rows/?q=fiat").json() == {"version": 4, "ids": [1]}
    assert client.get("/datasets/cars/rows/").json()["total"] == 0


@pytest.mark.parametrize(
    ("query", "body", "status", "code"),
    [
        ("", "", 400, "no_filter"),
        ("?q=", "", 400, "no_filter"),
        ("?price__gt=1", "[1]", 400, "invalid_request"),
        ("?limit=5", "", 400, "unknown_parameter"),
        ("?prize=1", "", 400, "unknown_column"),
        ("?price=x", "", 400, "invalid_filter"),
        ("", '["1"]', 400, "invalid_request"),
        ("", "{}", 400, "invalid_request"),
        ("", "[1, 9]", 404, "row_not_found"),
        ("", "[-1]", 404, "row_not_found"),
        ("", f"[{2**70}]", 404, "row_not_found"),
    ],
)
def test_nothing_is_removed_by_mistake(
    client: Client, cars: dict[str, Any], query: str, body: str, status: int, code: str
) -> None:
    del cars
    answer = delete(client, f"/datasets/cars/rows/{query}", body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert client.get("/datasets/cars").json()["version"] == 1


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("", 400, "invalid_request"),
        ("[", 400, "invalid_request"),
        ("1", 400, "invalid_request"),
        ("[1]", 400, "invalid_request"),
        ('{"make": NaN}', 400, "invalid_request"),
        ('{"price": 1e99999999999999999999}', 400, "invalid_request"),
        ('{"price": 1e-99999999999999999999}', 400, "invalid_request"),
        ('{"make": "a", "make": "b"}', 400, "invalid_request"),
        ('{"make": "\\ud800"}', 400, "invalid_request"),
        ('{"make": "\udcff"}', 400, "invalid_request"),
        ('{"make": ' + "[" * 100 + "]" * 100 + "}", 422, "malformed_input"),
        ('{"make": ' + "[" * 100_000, 422, "malformed_input"),
        ('{"make": "\\u0000"}', 422, "invalid_rows"),
        ('{"make": 1}', 422, "invalid_rows"),
        ('{"make": ["a"]}', 422, "invalid_rows"),
        ('{"price": "1"}', 422, "invalid_rows"),
        ('{"price": 1e400}', 422, "invalid_rows"),
        ('{"price": ' + "9" * 5000 + "}", 422, "invalid_rows"),
        ('{"bogus": 1}', 422, "invalid_rows"),
        ('{"_id": 9}', 422, "invalid_rows"),
        ("[" + "{}," * 100_000 + "{}]", 413, "body_too_large"),
    ],
)
def test_a_body_that_can_not_be_taken_is_refused(
    client: Client, cars: dict[str, Any], body: str, status: int, code: str
) -> None:
    del cars
    sent = body.encode("utf-8", "surrogateescape")
    for method, url in (("POST", "/datasets/cars/rows/"), ("PATCH", "/datasets/cars/rows/1")):
        if method == "PATCH" and "_id" in body:
            continue
        answer = client.request(method, url, content=sent, headers=JSON)
        assert (answer.status_code, answer.json()["code"]) == (status, code), method
    assert client.get("/datasets/cars").json()["version"] == 1


def test_a_body_of_many_megabytes_is_too_large(client: Client, cars: dict[str, Any]) -> None:
    del cars
    answer = client.post("/datasets/cars/rows/", content=b'{"make": "' + b"x" * (33 << 20) + b'"}', headers=JSON)
    assert (answer.status_code, answer.json()["code"], answer.json()["allowed"]) == (413, "body_too_large", 32 << 20)
    many = b'{"make": [' + b"[]," * 2_000_000 + b"[]]}"
    answer = client.post("/datasets/cars/rows/", content=many, headers=JSON)
    assert (answer.status_code, answer.json()["unit"]) == (413, "objects and lists")


def test_wrong_cells_are_named_with_row_column_and_value(client: Client, cars: dict[str, Any]) -> None:
    del cars
    answer = client.post("/datasets/cars/rows/", json=[{"price": 1}, {"price": "cheap", "colour": "red"}])
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.json()["errors"] == [
        {"row": 2, "column": "price", "value": "cheap",
         "detail": "give a number, as 10.5 or 1e-3: the column is of type number"},
        {"row": 2, "column": "colour", "value": "red", "detail": "there is no such column"},
    ]  # fmt: skip
    assert "row 2, column price" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("given", "value", "found"),
    [
        ("true", True, "(found true)"),
        ("5", 5, "(found 5)"),
        ("1e300", 1e300, "(found 1e+300)"),
        ('{"a": [null, "é"]}', '{"a": [null, "é"]}', """(found '{"a": [null, "é"]}')"""),
        ("1" + "0" * 30, "1" + "0" * 30, "(found '1000000000000000000000000000000')"),
        ("0.12345678901234567890123", "0.12345678901234567890123", "(found '0.12345678901234567890123')"),
        ("-1e400", "-1E+400", "(found '-1E+400')"),
        ("[1e400]", '["1E+400"]', """(found '["1E+400"]')"""),
        ("9" * 5000, "9" * 200, "9999')"),
    ],
)
def test_a_wrong_value_is_told_as_json_has_it(
    client: Client, cars: dict[str, Any], given: str, value: object, found: str
) -> None:
    del cars
    problem = client.post("/datasets/cars/rows/", content=f'{{"make": {given}}}', headers=JSON).json()
    assert problem["errors"][0]["value"] == value
    assert found in problem["detail"]


@pytest.mark.parametrize("kind", ["text/csv", "application/x-ndjson", "multipart/form-data; boundary=x", "text/plain"])
@pytest.mark.parametrize(("method", "row"), [("POST", ""), ("PATCH", ""), ("PUT", "1"), ("DELETE", "")])
def test_another_media_type_is_told_what_to_send(
    client: Client, cars: dict[str, Any], kind: str, method: str, row: str
) -> None:
    del cars
    answer = client.request(method, f"/datasets/cars/rows/{row}", content="make\nx\n", headers={"content-type": kind})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")
    assert "application/json" in answer.json()["detail"]


EDITS = [
    ("POST", "rows/", {"make": "x"}),
    ("PATCH", "rows/", [{"_id": 1, "make": "x"}]),
    ("PUT", "rows/", [{"_id": 1, "make": "x"}]),
    ("DELETE", "rows/", [1]),
    ("DELETE", "rows/?make=Fiat", None),
    ("PATCH", "rows/1", {"make": "x"}),
    ("PUT", "rows/1", {"make": "x"}),
    ("DELETE", "rows/1", None),
    ("POST", "restore/", {"version": 1}),
]


@pytest.mark.parametrize(("method", "part", "body"), EDITS)
def test_an_edit_applies_only_to_what_its_sender_saw(
    client: Client, cars: dict[str, Any], method: str, part: str, body: object
) -> None:
    stale = client.get("/datasets/cars").headers["etag"]
    tag = client.patch("/datasets/cars", json={"title": "New"}).headers["etag"]
    content = "" if body is None else json.dumps(body)

    def edit(seen: str) -> Any:  # noqa: ANN401 - an answer
        headers = {**JSON, "if-match": seen}
        return client.request(method, f"/datasets/cars/{part}", content=content, headers=headers)

    for refused in (stale, '"x"', f"W/{tag}"):
        answer = edit(refused)
        assert (answer.status_code, answer.json()["code"]) == (412, "stale"), refused
    answer = edit(tag)
    assert answer.status_code in {200, 201, 204}
    assert answer.headers["etag"] == f'"{cars["id"]}-3-2"' == client.get("/datasets/cars").headers["etag"]


def test_a_tag_of_a_page_of_rows_serves_as_well(client: Client, cars: dict[str, Any]) -> None:
    del cars
    tag = client.get("/datasets/cars/rows/").headers["etag"]
    assert client.patch("/datasets/cars/rows/1", json={"price": 3}, headers={"if-match": tag}).status_code == 200
    assert client.patch("/datasets/cars/rows/1", json={"price": 4}, headers={"if-match": tag}).status_code == 412


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("rows/", "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"),
        ("rows/1", "DELETE, GET, HEAD, OPTIONS, PATCH, PUT"),
        ("facets/", "GET, HEAD, OPTIONS"),
        ("versions/1/", "GET, HEAD, OPTIONS"),
        ("restore/", "OPTIONS, POST"),
    ],
)
def test_options_tell_the_methods(client: Client, cars: dict[str, Any], url: str, allowed: str) -> None:
    del cars
    answer = client.options(f"/datasets/cars/{url}")
    assert (answer.status_code, answer.headers["allow"]) == (204, allowed)


def test_who_is_not_there_can_not_be_edited(client: Client) -> None:
    for method, part, body in EDITS:
        content = "" if body is None else json.dumps(body)
        answer = client.request(method, f"/datasets/nobody/{part}", content=content, headers=JSON)
        assert (answer.status_code, answer.json()["code"]) == (404, "dataset_not_found"), part


def test_nested_values_are_kept_whole(client: Client, post: Post) -> None:
    post('{"a": {"b": 1, "c": [1.5]}}\n{"a": {"b": 2, "c": null}}\n', file_name="nested.ndjson", name="nested")
    before = client.get("/datasets/nested/rows/1").json()
    row = {"a": {"b": 3, "c": [0.1, 2]}}
    added = client.post("/datasets/nested/rows/", json=row)
    assert added.status_code == 201, added.text
    assert client.get(added.headers["location"]).json() == {"_id": 3, **row}
    assert client.get("/datasets/nested/rows/1").json() == before


def test_a_number_past_all_floats_is_told_with_its_place(client: Client, post: Post) -> None:
    post('[{"n":1.5,"list":[1.5],"doc":{"x":1}},{"doc":[1]}]', file_name="numbers.json")
    for column, value in (("n", "1e400"), ("n", "9" * 5000), ("list", "[1, -1e400]"), ("doc", '{"x": [1e400]}')):
        refused = client.post("/datasets/numbers/rows/", content=f'[{{}}, {{"{column}": {value}}}]', headers=JSON)
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid_rows"), value
        assert (refused.json()["errors"][0]["row"], refused.json()["errors"][0]["column"]) == (2, column)
        assert "8e308" in refused.json()["detail"] or "e+308" in refused.json()["detail"]


def test_a_map_is_given_as_an_object(client: Client) -> None:
    maps = io.BytesIO()
    kind = pl.Map(pl.String, pl.Int32)
    pl.DataFrame({"m": [{"k": 1}, None]}, {"m": kind}).write_parquet(maps)
    client.post("/datasets/", files={"file": ("maps.parquet", maps.getvalue())})
    here = "/datasets/maps/rows/1"
    for value in ([1], 5, "x", {"k": "x"}, {"k": 1.5}, {"k": 99_999_999_999}):
        refused = client.patch(here, json={"m": value})
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid_rows"), value
        assert (refused.json()["errors"][0]["row"], refused.json()["errors"][0]["column"]) == (1, "m")
    for map_ in ({"k": 2}, {}, {"a": None, "": 3}, None):
        assert client.patch(here, json={"m": map_}).json() == {"_id": 1, "m": map_}
    assert client.post("/datasets/maps/rows/", json={"m": {"k": 7}}).status_code == 201
    found = client.get("/datasets/maps/rows/").json()["rows"]
    assert [row["m"] for row in found] == [None, None, {"k": 7}]
