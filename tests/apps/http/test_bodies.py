"""JSON bodies that no route can take: each is refused with a reason, by every route that takes JSON at all."""

import json
from typing import Any

import pytest

from tests.apps.http.conftest import Client, Post

LEVELS = 100_000
DEEP_LIST = "[" * LEVELS + "]" * LEVELS
DEEP_OBJECT = '{"a":' * LEVELS + "1" + "}" * LEVELS

WHOLE = {
    "deep list": DEEP_LIST,
    "deep object": DEEP_OBJECT,
    "deep list in a list": f"[{DEEP_LIST}]",
    "list of a thousand levels": "[" * 1000 + "]" * 1000,
    "nothing": "",
    "blank": " \n",
    "cut off": '{"name": "a", ',
    "half a character": '"\\ud800"',
    "number of 100,000 digits": "9" * 100_000,
}
PLACED = {"deep": DEEP_LIST, "half a character": '"\\ud800"', "long number": "9" * 100_000}
"""What is put in the place of each value of a route's example."""


def routes(client: Client) -> list[tuple[str, str, str, object]]:
    """Of each operation that takes JSON: its method and path, the body's media type and its example."""
    found: list[tuple[str, str, str, object]] = []
    for path, item in client.get("/openapi.json").json()["paths"].items():
        for method, one in item.items():
            contents = one.get("requestBody", {}).get("content", {})
            media_types = [name for name in contents if name.endswith("json")]
            found += [(method.upper(), path, name, contents[name]["example"]) for name in media_types]
    return found


def spoilt(example: object) -> list[str]:
    """The example, with each value in turn replaced by what is no value."""
    if isinstance(example, list):
        return [f"[{one}]" for one in spoilt(example[0])]
    if not isinstance(example, dict):
        return list(PLACED.values())
    bodies: list[str] = []
    for name in example:
        marked = json.dumps({**example, name: "MARK"})
        bodies += [marked.replace('"MARK"', text) for text in PLACED.values()]
    return bodies


def send(
    client: Client, route: tuple[str, str, str, object], place: dict[str, str], body: str
) -> tuple[int, dict[str, Any]]:
    method, path, media_type, _ = route
    answer = client.request(method, path.format(**place), content=body.encode(), headers={"content-type": media_type})
    said = answer.json() if answer.content else {}
    return answer.status_code, said


@pytest.fixture
def place(client: Client, cars: dict[str, Any]) -> dict[str, str]:
    """What the parameters of paths are, so that all of them lead somewhere."""
    record = client.post("/metadata", json={"name": "x", "payload": {"sourceName": "x"}}).json()["id"]
    return {"ds": cars["name"], "record": record, "row": "1", "version": "1"}


def refused(status: int, said: dict[str, Any]) -> bool:
    """Whether an answer says what is wrong with what was sent, be it of each item."""
    if status == 207:
        return all(400 <= one["status"] < 500 for one in said["results"])
    return 400 <= status < 500 and bool(said["detail"])


def test_every_json_body_is_read_so_that_nothing_in_it_is_unforeseen(client: Client, place: dict[str, str]) -> None:
    known = routes(client)
    assert {("POST", "/metadata"), ("PATCH", "/datasets/batch/")} <= {route[:2] for route in known}
    for route in known:
        for name, body in WHOLE.items():
            answer = send(client, route, place, body)
            assert refused(*answer), (route[:2], name, answer)


def test_every_value_in_a_json_body_is_read_so_that_nothing_is_unforeseen(
    client: Client, place: dict[str, str]
) -> None:
    for route in routes(client):
        for body in spoilt(route[-1]):
            status, said = send(client, route, place, body)
            assert status < 500, (route[:2], body[:100], said)
            assert all(one["status"] < 500 for one in said.get("results", [])), (route[:2], body[:100], said)


def test_nothing_in_a_body_is_called_nothing(client: Client, place: dict[str, str]) -> None:
    for method, path in [("POST", "/metadata"), ("PATCH", "/datasets/cars"), ("POST", "/datasets/cars/restore")]:
        status, said = send(client, (method, path, "application/json", None), place, "")
        assert (status, said["detail"]) == (400, "The body is empty. Send a JSON object.")
    status, said = send(client, ("POST", "/metadata/batch", "application/json", None), place, "")
    assert (status, said["detail"]) == (400, "The body is empty. Send a JSON array.")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ('{"name": "a", "payload": ', "ends before it is complete"),
        ('{"name": "a", "name": "b", "payload": {"sourceName": "x"}}', "the key 'name' stands twice"),
        ('{"name": "\\ud800", "payload": {"sourceName": "x"}}', "surrogate"),
        ('{"name": "a", "payload": {"sourceName": "\\ud800"}}', "half a character stands in a text"),
        ('{"name": "a", "payload": [' + DEEP_LIST + "]}", "nested too deeply"),
    ],
)
def test_a_record_that_cant_be_read_is_refused_with_the_reason(client: Client, body: str, reason: str) -> None:
    answer = client.post("/metadata", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")
    assert reason in answer.json()["detail"]


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        ('{"sourceName": "x", "a": "b", "a": "c"}', "the key 'a' stands twice"),
        ('{"sourceName": "x", "a": ' + "[" * 64 + "]" * 64 + "}", "more than 64 levels"),
    ],
)
def test_a_payload_that_cant_be_read_is_refused_with_the_reason(client: Client, payload: str, reason: str) -> None:
    for sent in (payload, json.dumps(payload)):
        body = f'{{"name": "a", "payload": {sent}}}'
        answer = client.post("/metadata", content=body, headers={"content-type": "application/json"})
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_payload")
        assert reason in answer.json()["errors"][0]["detail"]


def test_a_key_that_stands_twice_in_a_patch_is_refused(client: Client, cars: dict[str, Any]) -> None:
    headers = {"content-type": "application/merge-patch+json"}
    for path, body in {
        f"/datasets/{cars['name']}": '{"title": "a", "title": "b"}',
        f"/datasets/{cars['name']}/schema": '{"types": {"make": "string", "make": "integer"}}',
    }.items():
        answer = client.patch(path, content=body, headers=headers)
        assert (answer.status_code, "stands twice in one object" in answer.json()["detail"]) == (400, True)


@pytest.mark.parametrize("path", ["/datasets/cars/rows", "/datasets/", "/metadata"])
def test_json_in_a_query_is_read_so_that_nothing_in_it_is_unforeseen(client: Client, path: str, post: Post) -> None:
    post()
    for text in (
        "[" * 20_000,
        "[" * 9000 + "]" * 9000,
        '["\\ud800"]',
        "W10",
        "\ud800".encode("utf-8", "surrogatepass"),
    ):
        for name in ("cursor", "make__in", "types", "or"):
            answer = client.get(path, params={name: text})
            assert answer.status_code < 500, (path, name, text[:20], answer.text)
    answer = client.post("/datasets/", params={"types": "[" * 2000 + "]" * 2000}, files={"file": ("a.csv", b"a\n1\n")})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_option")


@pytest.mark.parametrize(
    ("method", "path", "body", "reason"),
    [
        (
            "PATCH",
            "/datasets/cars",
            {"titel": "x"},
            "there is no key 'titel'. Did you mean 'title'? The keys are: name,",
        ),
        ("PATCH", "/datasets/cars", {"xyzzy": 1}, "there is no key 'xyzzy'. The keys are: name, title, description,"),
        ("POST", "/datasets/cars/restore", {"verson": 1}, "Did you mean 'version'? The keys are: version."),
        ("POST", "/metadata", {"nam": "x", "payload": {}}, "Did you mean 'name'? The keys are: name, payload."),
    ],
)
def test_a_key_that_there_is_not_is_answered_with_those_there_are(
    client: Client, cars: dict[str, Any], method: str, path: str, body: dict[str, object], reason: str
) -> None:
    answer = client.request(method, path.replace("cars", cars["name"]), json=body)
    assert answer.status_code == 400
    assert reason in answer.json()["detail"]


def test_a_key_that_there_is_not_in_a_batch_is_answered_alike(client: Client, cars: dict[str, Any]) -> None:
    answer = client.patch("/datasets/batch", json=[{"id": cars["id"], "titel": "x"}])
    assert "Did you mean 'title'? The keys are: " in answer.json()["results"][0]["problem"]["detail"]


def test_a_column_that_there_is_not_is_answered_with_what_may_be_meant(client: Client, cars: dict[str, Any]) -> None:
    rows = [{"Make": "x", "prize": 1}, {"prize": 2, **{f"n{number}": 1 for number in range(20)}}]
    answer = client.post(f"/datasets/{cars['name']}/rows/", json=rows)
    told = [one["detail"] for one in answer.json()["errors"]]
    assert told[:2] == [f"there is no such column, did you mean {name!r}" for name in ("make", "price")]
    assert (told[2], told[3]) == (told[1], "there is no such column")


def test_a_url_that_is_none_is_shown(client: Client) -> None:
    answer = client.post("/datasets/", params={"url": "notaurl"})
    assert (answer.status_code, answer.json()["value"]) == (400, "notaurl")
