"""Batches: several datasets at once, where one bad item harms no other."""

from typing import Any

import pytest
from httpx import Response

from tests.apps.http.conftest import CARS, END, FORM, MOST_BYTES, Client, Post, part

BATCH = "/api/v1/datasets/batch"
JSON = {"content-type": "application/json"}


def results(answer: Response) -> list[dict[str, Any]]:
    assert answer.status_code == 207, answer.text
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


def told(answer: Response) -> list[tuple[int, str]]:
    """The status of each result, and the dataset's name or the problem's code."""
    return [
        (one["status"], one["dataset"]["name"] if "dataset" in one else one.get("problem", {}).get("code", ""))
        for one in results(answer)
    ]


def test_several_files_become_datasets_each_with_a_result(client: Client) -> None:
    files = [("file", (name, text, "text/csv")) for name, text in (("b.csv", CARS), ("a.csv", "x\n1\n"))]
    answer = client.post(BATCH, files=files, data={"tags": "one,two", "published": "true"})
    assert told(answer) == [(201, "b"), (201, "a")]
    first = results(answer)[0]["dataset"]
    assert client.get(first["_links"]["self"]["href"]).json() == first
    assert (first["tags"], first["published"], first["rows"]) == (["one", "two"], True, 3)


def test_options_hold_for_all_wherever_they_stand_in_the_form(client: Client) -> None:
    body = part("file", "a;b\n01;2", "a.csv") + part("types", '{"*": "string"}') + part("file", "c\n3", "c.csv") + END
    answer = client.post(f"{BATCH}?delimiter=;", content=body, headers=FORM)
    types = [[field["type"] for field in one["dataset"]["schema"]["fields"]] for one in results(answer)]
    assert types == [["string", "string"], ["string"]]


def test_a_file_that_is_bad_or_too_large_harms_no_other(client: Client) -> None:
    contents = {"empty.csv": "", "large.csv": "a\n" + "1\n" * MOST_BYTES, "good.csv": CARS, "bad.json": '[{"a": 1'}
    files = [("file", (name, text, "text/csv")) for name, text in contents.items()]
    answer = client.post(BATCH, files=files)
    assert told(answer) == [
        (422, "empty_input"), (413, "upload_too_large"), (201, "good"), (422, "malformed_input"),
    ]  # fmt: skip
    problem = results(answer)[0]["problem"]
    assert (problem["status"], problem["instance"], problem["file_name"]) == (422, BATCH, "empty.csv")
    assert [one["name"] for one in client.get("/datasets/").json()["items"]] == ["good"]


def test_files_of_one_name_get_different_ones(client: Client) -> None:
    files = [("file", ("cars.csv", CARS, "text/csv"))] * 2
    assert told(client.post(BATCH, files=files)) == [(201, "cars"), (201, "cars-2")]


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (END, FORM, 400, "invalid_option"),
        (part("name", "x") + part("file", "a\n1", "a.csv") + END, FORM, 400, "unknown_parameter"),
        (part("header", "x") + part("file", "a\n1", "a.csv") + END, FORM, 400, "invalid_option"),
        (part("file", "a\n1", "a.csv") * 101 + END, FORM, 400, "invalid_request"),
        ("a\n1\n", {"content-type": "text/csv"}, 415, "unsupported_media_type"),
    ],
)
def test_a_form_that_makes_no_sense_is_refused_as_a_whole(
    client: Client, body: str, headers: dict[str, str], status: int, code: str
) -> None:
    answer = client.post(BATCH, content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert client.get("/datasets/").json()["total"] == 0


def test_several_datasets_are_changed(client: Client, post: Post) -> None:
    cars, _ = post(), post(file_name="more.csv")
    changes = [
        {"id": cars["id"], "title": "Autos", "tags": ["a"]},
        {"id": "nobody", "title": "x"},
        {"id": "more", "name": "cars"},
        {"id": "more", "nonsense": 1},
        {"title": "whose?"},
        17,
        {"id": "more", "name": "Not A Name"},
        {"id": "more", "name": "less", "description": None},
    ]
    assert told(client.patch(BATCH, json=changes)) == [
        (200, "cars"), (404, "dataset_not_found"), (409, "name_taken"), (400, "invalid_request"),
        (400, "invalid_request"), (400, "invalid_request"), (422, "invalid_name"), (200, "less"),
    ]  # fmt: skip
    assert client.get("/datasets/cars/").json()["title"] == "Autos"


def test_several_datasets_are_removed(client: Client, post: Post) -> None:
    cars, _ = post(), post(file_name="more.csv")
    answer = client.request("DELETE", BATCH, json=[cars["id"], "nobody", 3, "more", "more"])
    assert told(answer) == [
        (204, ""), (404, "dataset_not_found"), (400, "invalid_request"), (204, ""), (404, "dataset_not_found"),
    ]  # fmt: skip
    assert client.get("/datasets/").json()["total"] == 0


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_what_is_no_list_is_refused(client: Client, method: str) -> None:
    for body in ("{}", "", "[", "[" + ",".join(["1"] * 1001) + "]"):
        answer = client.request(method, BATCH, content=body, headers=JSON)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")
    assert client.request(method, BATCH, content="[]", headers={"content-type": "text/plain"}).status_code == 415
    assert results(client.request(method, BATCH, content="[]", headers=JSON)) == []


def test_other_methods_are_not_for_batches(client: Client) -> None:
    assert client.get(BATCH).status_code == 405
    assert client.get(f"{BATCH}/").json()["code"] == "method_not_allowed"
