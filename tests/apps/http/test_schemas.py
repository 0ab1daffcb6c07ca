"""A dataset's schema, and having its columns read as other types."""

from typing import Any

import pytest

from tests.apps.http.conftest import Client

CODES = "plate,doors\n007,4\nAB1,\n"


@pytest.fixture
def codes(client: Client) -> str:
    """Where a dataset's schema is."""
    added: dict[str, Any] = client.post("/datasets/", files={"file": ("codes.csv", CODES, "text/csv")}).json()
    href: str = added["_links"]["schema"]["href"]
    return href


def test_the_schema_is_told_as_json_and_as_frictionless_does(client: Client, codes: str) -> None:
    assert client.get(codes).json()["fields"] == [
        {"name": "plate", "type": "string", "nullable": False},
        {"name": "doors", "type": "integer", "nullable": True},
    ]
    assert client.get(codes, params={"format": "frictionless"}).json() == {
        "fields": [
            {"name": "plate", "type": "string", "format": "default", "constraints": {"required": True}},
            {"name": "doors", "type": "integer", "format": "default", "constraints": {"required": False}},
        ],
        "missingValues": [""],
    }


def test_a_column_is_read_as_another_type_into_the_next_version(client: Client, codes: str) -> None:
    answer = client.patch(codes, json={"types": {"doors": "string"}})
    assert answer.status_code == 200
    document = answer.json()
    assert (document["version"], document["schema"]["fields"][1]["type"]) == (2, "string")
    assert answer.headers["etag"] == client.get("/datasets/codes/").headers["etag"]
    assert client.get(f"{codes}?version=1").json()["fields"][1]["type"] == "integer"
    assert client.get("/datasets/codes/file/").text == CODES
    again = client.patch(codes, json={"types": {"doors": None}}).json()
    assert (again["version"], again["schema"]["fields"][1]["type"]) == (3, "integer")


def test_only_what_was_seen_is_changed(client: Client, codes: str) -> None:
    seen = client.get(codes).headers["etag"]
    changes = {"types": {"doors": "number"}}
    assert client.patch(codes, json=changes, headers={"if-match": seen}).json()["version"] == 2
    assert client.patch(codes, json=changes, headers={"if-match": seen}).status_code == 412


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"types": {"wheels": "string"}}, 400, "unknown_column"),
        ({"types": {"doors": "colour"}}, 400, "invalid_option"),
        ({"types": {}}, 400, "invalid_option"),
        ({"fields": []}, 400, "invalid_request"),
        ([], 400, "invalid_request"),
    ],
)
def test_what_can_not_be_is_refused(client: Client, codes: str, body: object, status: int, code: str) -> None:
    answer = client.patch(codes, json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert client.get("/datasets/codes/").json()["version"] == 1


def test_a_value_that_does_not_fit_is_named(client: Client, codes: str) -> None:
    answer = client.patch(codes, json={"types": {"plate": "integer"}})
    problem = answer.json()
    assert (answer.status_code, problem["row"], problem["column"], problem["value"]) == (422, 2, "plate", "AB1")


def test_nothing_was_set_aside_is_told(client: Client, codes: str) -> None:
    answer = client.get(codes.replace("schema", "rejects"))
    assert (answer.status_code, answer.json()["code"]) == (404, "no_rejects")
    assert "rejects" not in client.get("/datasets/codes/").json()["_links"]
