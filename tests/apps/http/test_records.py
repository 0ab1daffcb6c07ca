"""The metadata registry over HTTP: each endpoint with each of its status codes."""

import json
import os
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import httpx
import pytest
from httpx import Response

from tests.apps.http.conftest import Client

METADATA = "/api/v1/metadata"
NOBODY = "019aa5c0-8a11-7d0e-b2c4-1f2e3d4c5b6a"
PAYLOAD = {"sourceName": "flights", "jobCluster": {"min_workers": 2}, "partitioning": "day", "more": [1, None]}
JSON = {"content-type": "application/json"}


@pytest.fixture
def registry(request: pytest.FixtureRequest) -> Iterator[httpx.Client]:
    """The app, or the server that ``ENTREPOT_TEST_SERVER`` names, as a container; its registry is empty in the end."""
    server = os.environ.get("ENTREPOT_TEST_SERVER")
    with nullcontext(request.getfixturevalue("client")) if server is None else httpx.Client(base_url=server) as client:
        yield client
        listed = client.get(METADATA, params={"limit": 10_000})
        for one in listed.json().get("items", []):
            assert client.delete(f"{METADATA}/{one['id']}").status_code == 200


def register(client: httpx.Client, name: str = "flights", payload: object = PAYLOAD) -> dict[str, Any]:
    answer = client.post(METADATA, json={"name": name, "payload": payload})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def told(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_record_is_registered_and_shown(registry: httpx.Client) -> None:
    text = json.dumps(PAYLOAD, indent=2)
    answer = registry.post(METADATA, json={"name": "flights", "payload": text})
    record = answer.json()
    assert answer.status_code == 200
    assert record.keys() == {"id", "registered_on", "name", "payload", "_links"}
    assert (record["name"], record["payload"]) == ("flights", text)
    assert answer.headers["location"] == f"{METADATA}/{record['id']}"
    shown = registry.get(answer.headers["location"])
    assert (shown.status_code, shown.json(), shown.headers["etag"]) == (200, record, answer.headers["etag"])
    assert registry.get(f"/metadata/{record['id']}/").json() == record
    assert registry.get(shown.request.url, headers={"if-none-match": shown.headers["etag"]}).status_code == 304
    assert registry.head(shown.request.url).headers["etag"] == shown.headers["etag"]


def test_a_payload_may_be_an_object_and_is_stored_as_text(registry: httpx.Client) -> None:
    body = b'{"name": "x", "payload": {"sourceName":  "a", "n": 1.0}}'
    assert registry.post(METADATA, content=body, headers=JSON).json()["payload"] == '{"sourceName":  "a", "n": 1.0}'


@pytest.mark.parametrize(
    ("payload", "pointer"),
    [
        ("{", ""),
        ("", ""),
        ("5", ""),
        ('["a"]', ""),
        ({}, ""),
        ({"sourceName": 5}, "/sourceName"),
        ({"sourceName": "x", "jobCluster": {"min_workers": -1}}, "/jobCluster/min_workers"),
        ('{"sourceName": "x", "partitioning": []}', "/partitioning"),
    ],
)
def test_a_payload_that_does_not_fit_is_refused_with_its_place(
    registry: httpx.Client, payload: object, pointer: str
) -> None:
    before = register(registry)
    for method, path in (("POST", METADATA), ("PUT", f"{METADATA}/{before['id']}")):
        answer = registry.request(method, path, json={"name": "x", "payload": payload})
        assert told(answer) == (422, "invalid_payload")
        assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert registry.get(METADATA).json()["items"] == [before]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", (400, "invalid_request")),
        ("[]", (400, "invalid_request")),
        ('{"name": "x"}', (400, "invalid_request")),
        ('{"payload": {}}', (400, "invalid_request")),
        ('{"name": "x", "payload": {}, "id": "y"}', (400, "invalid_request")),
        ('{"name": 5, "payload": {}}', (400, "invalid_request")),
        ('{"name": "", "payload": {"sourceName": "x"}}', (422, "invalid_record")),
        ('{"name": "\\u0000", "payload": {"sourceName": "x"}}', (422, "invalid_record")),
        ('{"name": "x", "payload": 5}', (422, "invalid_payload")),
    ],
)
def test_what_is_no_record_is_refused(registry: httpx.Client, body: str, expected: tuple[int, str]) -> None:
    assert told(registry.post(METADATA, content=body, headers=JSON)) == expected
    assert told(registry.get(METADATA)) == (404, "no_records")


def test_a_body_that_is_no_json_or_too_large_is_refused(registry: httpx.Client) -> None:
    assert told(registry.post(METADATA, content="x", headers={"content-type": "text/csv"}))[0] == 415
    large = json.dumps({"name": "x", "payload": {"sourceName": "x" * 1_000_001}})
    assert told(registry.post(METADATA, content=large, headers=JSON)) == (422, "invalid_payload")
    huge = json.dumps({"name": "x", "payload": "x" * 20_000_000})
    assert told(registry.post(METADATA, content=huge, headers=JSON)) == (413, "body_too_large")


def test_where_no_record_fits_the_list_is_not_found(registry: httpx.Client) -> None:
    assert told(registry.get(METADATA)) == (404, "no_records")
    register(registry)
    assert told(registry.get(METADATA, params={"name": "trains"})) == (404, "no_records")
    assert told(registry.get(METADATA, params={"nonsense": "x"})) == (400, "unknown_parameter")
    assert told(registry.get(METADATA, params={"limit": "0"})) == (400, "invalid_option")
    assert told(registry.get(METADATA, params={"cursor": "x"})) == (400, "invalid_cursor")


def test_records_are_listed_by_filters_and_pages(registry: httpx.Client) -> None:
    records = [register(registry, name, {"sourceName": source}) for name, source in ("ax", "bx", "ay")]
    assert registry.get(METADATA).json()["items"] == records
    assert registry.get(METADATA, params={"name": "a", "source_name": "y"}).json()["items"] == records[2:]
    first = registry.get(METADATA, params={"source_name": "x", "limit": 1})
    assert (first.json()["items"], first.json()["total"]) == (records[:1], 2)
    assert f'<{first.json()["next_url"]}>; rel="next"' in first.headers["link"]
    second = registry.get(first.json()["next_url"])
    assert (second.json()["items"], second.json()["next"], second.json()["next_url"]) == (records[1:2], None, None)


def test_a_record_is_changed_and_its_history_kept(registry: httpx.Client) -> None:
    before = register(registry)
    path = f"{METADATA}/{before['id']}"
    answer = registry.put(path, json={"name": "trains", "payload": {"sourceName": "rail"}})
    after = answer.json()
    assert answer.status_code == 200
    assert after == {**before, "name": "trains", "payload": '{"sourceName":"rail"}'}
    history = registry.get(f"{path}/history")
    assert history.status_code == 200
    assert [(one["number"], one["name"]) for one in history.json()["items"]] == [(2, "trains"), (1, "flights")]
    assert history.json()["items"][1]["payload"] == before["payload"]


def test_a_record_is_removed_and_answered(registry: httpx.Client) -> None:
    record = register(registry)
    path = f"{METADATA}/{record['id']}"
    answer = registry.delete(path)
    assert (answer.status_code, answer.json()) == (200, record)
    for gone in (registry.get(path), registry.get(f"{path}/history"), registry.delete(path)):
        assert told(gone) == (404, "record_not_found")


@pytest.mark.parametrize("record", [NOBODY, "x", "%00", "a" * 10_000, "batches"])
def test_what_is_not_there_is_not_found(registry: httpx.Client, record: str) -> None:
    path, entry = f"{METADATA}/{record}", {"name": "x", "payload": {}}
    for answer in (registry.get(path), registry.get(f"{path}/history"), registry.put(path, json=entry)):
        assert told(answer) == (404, "record_not_found")


def test_other_methods_are_not_allowed(registry: httpx.Client) -> None:
    assert told(registry.patch(METADATA, json={})) == (405, "method_not_allowed")
    assert told(registry.delete(METADATA)) == (405, "method_not_allowed")


def test_a_batch_registers_what_fits_and_tells_of_the_rest(registry: httpx.Client) -> None:
    items = [{"name": "a", "payload": PAYLOAD}, {"name": "b", "payload": {}}, {"name": ""}, 5]
    answer = registry.post(f"{METADATA}/batch", json=items)
    assert answer.status_code == 207
    results = answer.json()["results"]
    assert [one["status"] for one in results] == [200, 422, 400, 400]
    assert results[1]["problem"]["errors"][0]["detail"] == "'sourceName' is a required property"
    assert registry.get(METADATA).json()["items"] == [results[0]["record"]]


def test_a_batch_removes_what_is_there_and_tells_of_the_rest(registry: httpx.Client) -> None:
    a, b = register(registry), register(registry)
    answer = registry.request("DELETE", f"{METADATA}/batch", json=[a["id"], NOBODY, 5])
    assert answer.status_code == 207
    results = [(one["status"], one.get("record")) for one in answer.json()["results"]]
    assert results == [(200, a), (404, None), (400, None)]
    assert registry.get(METADATA).json()["items"] == [b]
    assert told(registry.post(f"{METADATA}/batch", json={})) == (400, "invalid_request")


def test_what_nobody_foresaw_is_a_problem_with_the_correlation_id_and_the_log_has_the_trace(
    client: Client, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from entrepot_adapters.memory import MemoryRecords

    def fail(*_: object) -> None:
        message = "planted"
        raise ZeroDivisionError(message)

    monkeypatch.setattr(MemoryRecords, "find", fail)
    answer = client.get(f"{METADATA}/{NOBODY}", headers={"x-correlation-id": "abc-123"})
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["correlation_id"]) == (500, "internal_error", "abc-123")
    assert answer.headers["content-type"] == "application/problem+json"
    assert "planted" not in answer.text
    logged = "".join(capsys.readouterr())
    assert "ZeroDivisionError" in logged
    assert "abc-123" in logged
