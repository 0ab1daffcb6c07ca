"""Fetching again: a dataset's source, and images that failed; and what says when that is done."""

import time
from typing import Any

import pytest

from tests.apps.http.conftest import PAINTING, Client, Gallery
from tests.painting import painted

ASYNC = {"prefer": "respond-async"}


@pytest.fixture
def client(gallery: Gallery) -> Client:
    """The client of the gallery."""
    return gallery.client


def ended(client: Client, answer: Any) -> Any:  # noqa: ANN401 - httpx's own class goes by two names, and JSON
    """The document of a job that an answer tells of, once it has ended."""
    assert answer.status_code == 202, answer.text
    assert answer.headers["preference-applied"] == "respond-async"
    assert answer.json()["_links"]["self"]["href"] == answer.headers["location"]
    until = time.monotonic() + 30
    while not (job := client.get(answer.headers["location"]).json())["ended_at"]:
        assert time.monotonic() < until
        time.sleep(0.02)
    return job


def test_images_that_failed_are_fetched_again(gallery: Gallery) -> None:
    client, source = gallery.client, gallery.source
    report = client.get("/datasets/cars/").json()["import_report"]["images"]
    assert (report["stored"], report["failed"], report["pending"]) == (1, 2, 0)
    assert [one["row"] for one in report["failures"]] == [2, 4]
    source.gives("/missing.jpg", painted(4).content)
    source.asked.clear()
    answer = client.post("/datasets/cars/images/retry")
    assert answer.status_code == 200, answer.text
    assert answer.json()["import_report"]["images"]["failed"] == 1
    assert {path for path, _ in source.asked} == {"/missing.jpg", "/not%20a%20url"}  # a path beside the table's
    assert client.get("/api/cars/378").json()["image"].endswith(f"{gallery.image(painted(4))}/original")
    assert answer.headers["etag"] == client.get("/datasets/cars/").headers["etag"]


def test_images_are_fetched_by_a_job_of_their_own_kind(gallery: Gallery) -> None:
    client = gallery.client
    gallery.source.gives("/missing.jpg", painted(4).content)
    job = ended(client, client.post("/datasets/cars/images/retry/", headers=ASYNC))
    assert (job["kind"], job["state"]) == ("images", "succeeded")
    assert client.get("/api/cars/378").json()["image"] is not None


def test_the_source_is_fetched_again_and_makes_a_version_only_where_it_changed(gallery: Gallery) -> None:
    client, source = gallery.client, gallery.source
    same = client.post("/datasets/cars/refresh/")
    assert (same.status_code, same.json()["version"]) == (200, 1)
    source.gives("/cars.csv", gallery.list.replace("Car 0", "Best").encode())
    changed = client.post("/datasets/cars/refresh")
    assert changed.json()["version"] == 2
    assert changed.headers["etag"] == client.get("/datasets/cars/").headers["etag"]
    assert client.get("/api/cars/377").json()["title"] == "Best"
    source.gives("/cars.csv", gallery.list.encode())
    job = ended(client, client.post("/datasets/cars/refresh/", headers=ASYNC))
    assert (job["kind"], job["state"], job["version"]) == ("refresh", "succeeded", 3)


def test_only_what_was_seen_is_fetched_again(gallery: Gallery) -> None:
    client = gallery.client
    seen = {"if-match": client.get("/datasets/cars/").headers["etag"]}
    client.patch("/datasets/cars/", json={"title": "New"})
    for headers in (seen, {**seen, **ASYNC}):
        assert client.post("/datasets/cars/refresh/", headers=headers).json()["code"] == "stale"
    assert client.get("/datasets/cars/").json()["version"] == 1


def test_a_source_that_fails_is_told_and_changes_nothing(gallery: Gallery) -> None:
    client = gallery.client
    gallery.source.gives("/cars.csv", b"gone", 500)
    answer = client.post("/datasets/cars/refresh/")
    assert (answer.status_code, answer.json()["code"]) == (422, "fetch_failed")
    document = client.get("/datasets/cars/").json()
    assert document["version"] == 1
    assert "500" in document["refresh"]["problem"]


@pytest.mark.parametrize(
    ("url", "status", "code"),
    [
        ("nobody/refresh/", 404, "dataset_not_found"),
        ("nobody/images/retry", 404, "dataset_not_found"),
        ("plain/refresh/", 404, "no_source"),
        ("plain/images/retry", 404, "no_images"),
        ("cars/refresh/?x=1", 400, "unknown_parameter"),
        ("cars/images/retry?x=1", 400, "unknown_parameter"),
    ],
)
@pytest.mark.parametrize("headers", [{}, ASYNC])
def test_what_cant_be_fetched_again_is_told(
    client: Client, url: str, status: int, code: str, headers: dict[str, str]
) -> None:
    client.post("/datasets/?name=plain", content="a,b\n1,2\n")
    answer = client.post(f"/datasets/{url}", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


@pytest.mark.parametrize("way", ["query", "form"])
def test_a_new_dataset_says_which_columns_hold_images_and_when_to_fetch_it_again(gallery: Gallery, way: str) -> None:
    client, source = gallery.client, gallery.source
    text = f"front,rear\n{source.url}/good.jpg,{source.url}/good.jpg\n"
    source.gives("/two.csv", text.encode())
    fields = {"url": f"{source.url}/two.csv", "name": "two", "refresh": "1h", "image": ["front", "rear"]}
    answer = client.post("/datasets/", params=fields) if way == "query" else client.post("/datasets/", data=fields)
    assert answer.status_code == 201, answer.text
    document = answer.json()
    assert document["images"] == ["front", "rear"]
    assert (document["refresh"]["every"], document["refresh"]["url"]) == (3600, f"{source.url}/two.csv")
    assert document["refresh"]["due_at"] > document["refresh"]["checked_at"]
    assert document["import_report"]["images"] == {"stored": 2, "failed": 0, "pending": 0, "failures": []}


def test_a_comma_in_the_name_of_a_column_of_images_is_none_between_two(client: Client) -> None:
    text = '"a, b",c\nhttp://127.0.0.1/x.jpg,2\n'
    answer = client.post("/datasets/?name=odd", params={"image": "a, b"}, content=text)
    assert answer.status_code == 201, answer.text
    assert answer.json()["images"] == ["a, b"]


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"refresh": "soon"}, 400, "invalid_option"),
        ({"refresh": "1s"}, 400, "invalid_option"),
        ({"refresh": "500d"}, 400, "invalid_option"),
        ({"refresh": "-1h"}, 400, "invalid_option"),
        ({"refresh": ["1h", "2h"]}, 400, "invalid_option"),
        ({"image": "nope"}, 400, "unknown_column"),
        ({"images": "image"}, 400, "unknown_parameter"),
    ],
)
def test_what_cant_be_said_of_a_new_dataset_is_refused(
    gallery: Gallery, fields: dict[str, Any], status: int, code: str
) -> None:
    given = {"url": f"{gallery.source.url}/cars.csv", "name": "other", **fields}
    answer = gallery.client.post("/datasets/", data=given)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert gallery.client.get("/datasets/other/").status_code == 404


@pytest.mark.parametrize(
    ("given", "every"), [("15m", 900), (900, 900), ("7 D", 604_800), (None, None), (0, None), ("none", None)]
)
def test_a_patch_says_when_to_fetch_again(client: Client, given: object, every: int | None) -> None:
    client.patch("/datasets/cars/", json={"refresh": "2h"}).raise_for_status()
    answer = client.patch("/datasets/cars/", json={"refresh": given})
    assert answer.status_code == 200, answer.text
    refresh = answer.json()["refresh"]
    assert refresh["every"] == every
    assert (refresh["due_at"] is None) == (every is None)


def test_a_patch_says_which_columns_hold_images(client: Client) -> None:
    for given, images in [
        (["title", "image"], ["title", "image"]),
        (None, []),
        ("image", ["image"]),
        ("", []),
        (["image"], ["image"]),
        ([], []),
    ]:
        answer = client.patch("/datasets/cars/", json={"images": given})
        assert (answer.status_code, answer.json()["images"]) == (200, images), answer.text
    shown = client.get("/api/cars/377").json()["image"]
    assert shown.endswith("/good.jpg")  # it is a text like others


@pytest.mark.parametrize(
    ("patch", "status", "code"),
    [
        ({"refresh": "soon"}, 400, "invalid_option"),
        ({"refresh": 1}, 400, "invalid_option"),
        ({"refresh": -3600}, 400, "invalid_option"),
        ({"refresh": 3600.5}, 400, "invalid_request"),
        ({"refresh": True}, 400, "invalid_request"),
        ({"images": {"image": 1}}, 400, "invalid_request"),
        ({"images": "nope"}, 400, "unknown_column"),
        ({"images": ["nope"]}, 400, "unknown_column"),
        ({"images": ["id"]}, 400, "invalid_option"),
    ],
)
def test_a_patch_that_says_nonsense_is_refused(client: Client, patch: dict[str, Any], status: int, code: str) -> None:
    before = client.get("/datasets/cars/").headers["etag"]
    answer = client.patch("/datasets/cars/", json=patch)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert client.get("/datasets/cars/").headers["etag"] == before


def test_only_what_came_from_a_url_can_be_fetched_again(client: Client) -> None:
    client.post("/datasets/?name=plain", content="a,b\n1,2\n")
    answer = client.patch("/datasets/plain/", json={"refresh": "1h"})
    assert (answer.status_code, answer.json()["code"]) == (404, "no_source")


def test_a_put_and_batches_take_these_fields_too(gallery: Gallery) -> None:
    client, source = gallery.client, gallery.source
    fields = {"url": f"{source.url}/cars.csv", "refresh": "1d", "image": "title"}
    replaced = client.put("/datasets/cars/", data=fields)
    assert replaced.status_code == 200, replaced.text
    assert (replaced.json()["images"], replaced.json()["refresh"]["every"]) == (["title"], 86_400)
    text = f"image\n{source.url}/good.jpg\n".encode()
    files = [("file", ("one.csv", text)), ("file", ("two.csv", text))]
    added = client.post("/datasets/batch", files=files, data={"image": "image", "published": "true"})
    assert [one["dataset"]["images"] for one in added.json()["results"]] == [["image"], ["image"]]
    assert client.get("/api/one/1").json()["image"].endswith(f"{gallery.image(PAINTING)}/original")
    patches = [{"id": "cars", "refresh": "2h", "images": ["image"]}, {"id": "one", "refresh": "2h"}]
    results = client.patch("/datasets/batch", json=patches).json()["results"]
    assert results[0]["dataset"]["refresh"]["every"] == 7_200
    assert results[0]["dataset"]["images"] == ["image"]
    assert results[1]["problem"]["code"] == "no_source"
