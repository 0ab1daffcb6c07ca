"""What an upload may not be, and that nothing of it stays."""

import gzip
from typing import Any

import pytest

from tests.apps.http.conftest import CARS, END, FORM, MOST_BYTES, Client, part

FILE = part("file", CARS, "cars.csv")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (END, 400, "invalid_option"),
        (part("title", "No file") + END, 400, "invalid_option"),
        (FILE, 400, "invalid_request"),
        (FILE + FILE + END, 400, "invalid_request"),
        (part("bogus", "1") + FILE + END, 400, "unknown_parameter"),
        (FILE + part("delimiter", ",,,") + END, 400, "invalid_option"),
        (FILE + part("types", '{"price": "money"}') + END, 400, "invalid_option"),
        (FILE + part("types", "price") + END, 400, "invalid_option"),
        (FILE + part("published", "perhaps") + END, 400, "invalid_option"),
        (FILE + part("if_exists", "ignore") + END, 400, "invalid_option"),
        (FILE + part("file_name", "..") + END, 400, "invalid_option"),
        (FILE + part("title", "a") + part("title", "b") + END, 400, "invalid_option"),
        (FILE + part("name", "No Name") + END, 422, "invalid_name"),
        (FILE + part("description", "x" * 1_100_000) + END, 413, "body_too_large"),
        (part("file", "x" * (MOST_BYTES + 1), "a.csv") + END, 413, "upload_too_large"),
        (part("file", "", "a.csv") + END, 422, "empty_input"),
        ("nothing of the kind", 400, "invalid_request"),
    ],
)
def test_a_bad_form_is_refused(client: Client, body: str, status: int, code: str) -> None:
    answer = client.post("/datasets/", content=body.encode(), headers=FORM)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert client.get("/datasets/").json()["total"] == 0


@pytest.mark.parametrize(
    ("media_type", "status", "code"),
    [
        ("multipart/form-data", 400, "invalid_request"),
        ("application/x-www-form-urlencoded", 415, "unsupported_media_type"),
        ("application/merge-patch+json", 415, "unsupported_media_type"),
    ],
)
def test_a_body_that_is_no_file_is_refused(client: Client, media_type: str, status: int, code: str) -> None:
    answer = client.post("/datasets/", content=CARS, headers={"content-type": media_type})
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize(
    "content", [gzip.compress(CARS.encode()), b"x" * (1 << 20) + b"\n", b"&" * 90_000], ids=["packed", "large", "odd"]
)
def test_a_file_that_is_called_a_form_is_refused_with_what_to_do(client: Client, content: bytes) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}  # as curl --data-binary says of anything
    answer = client.post("/datasets/", content=iter([content]), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")
    assert "with its own Content-Type" in answer.json()["detail"]


def test_an_encoded_body_is_refused(client: Client) -> None:
    answer = client.post("/datasets/", content=CARS, headers={"content-encoding": "br", "content-type": "text/csv"})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


def test_a_field_may_stand_in_the_query_or_the_form_but_not_in_both(client: Client) -> None:
    answer = client.post("/datasets/?title=a", content=(FILE + part("title", "b") + END).encode(), headers=FORM)
    assert (answer.status_code, answer.json()["option"]) == (400, "title")


def test_a_body_too_large_is_refused_by_its_announced_length(client: Client) -> None:
    answer = client.post("/datasets/", content=b"x" * (MOST_BYTES + 1), headers={"content-type": "text/csv"})
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["allowed"]) == (413, "upload_too_large", MOST_BYTES)
    assert problem["limit"] == "ENTREPOT_MAX_UPLOAD_BYTES"


def test_a_body_of_unknown_length_is_refused_while_it_comes(client: Client) -> None:
    def chunks() -> Any:  # noqa: ANN401 - httpx wants an iterable of bytes and no more
        yield from [b"x" * 50_000] * 3

    answer = client.post("/datasets/", content=chunks(), headers={"content-type": "text/csv"})
    assert (answer.status_code, answer.json()["code"]) == (413, "upload_too_large")


def test_an_upload_to_no_dataset_is_refused_before_it_is_read(client: Client) -> None:
    answer = client.put("/datasets/nobody/", content=b"x" * (MOST_BYTES + 1))
    assert (answer.status_code, answer.json()["code"]) == (404, "dataset_not_found")
