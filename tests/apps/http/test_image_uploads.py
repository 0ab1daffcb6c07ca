"""Images that are uploaded: one for a cell, or several in one form, all of them or none."""

from typing import Any

import pytest

from entrepot.http import image_uploads
from entrepot.http.backend import Backend
from entrepot.http.uploads import Sink
from entrepot_core.ports.blobs import Staged
from tests.apps.http.conftest import END, FORM, MOST_IMAGE_BYTES, Client, Gallery, part
from tests.painting import LOGIN, SCRIPT, Painting, large, painted

FIRST, SECOND = painted(4), painted(5)


@pytest.fixture
def client(gallery: Gallery) -> Client:
    """The client of the gallery."""
    return gallery.client


def shown(gallery: Gallery, row: int, painting: Painting) -> bool:
    """Whether the collection shows a picture in a row, and the picture can be had."""
    item = gallery.client.get(f"/api/cars/{376 + row}").json()
    if item["image"] != f"http://testserver.local{gallery.image(painting)}/original":
        return False
    return bool(gallery.client.get(item["image"]).content == painting.content)


def state(client: Client) -> Any:  # noqa: ANN401 - JSON
    """All that an upload may change."""
    document = client.get("/datasets/cars/").json()
    return document["version"], document["revision"], document["images"], client.get("/datasets/cars/rows/").json()


@pytest.mark.parametrize(
    "media_type", ["image/png", "application/octet-stream", "application/x-www-form-urlencoded", ""]
)
def test_an_image_is_uploaded_as_a_body(gallery: Gallery, media_type: str) -> None:
    headers = {"content-type": media_type} if media_type else {}
    answer = gallery.client.put("/datasets/cars/rows/2/images/image", content=FIRST.content, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.json() == {"_id": 2, "id": 378, "title": "Car 1", "image": f"{gallery.image(FIRST)}/original"}
    document = gallery.client.get("/datasets/cars/")
    assert document.json()["version"] == 2
    assert document.headers["etag"].startswith(
        answer.headers["etag"][:-1]
    )  # which says of the images what came of them
    assert shown(gallery, 2, FIRST)


def test_an_image_is_uploaded_as_a_form(gallery: Gallery) -> None:
    files = {"file": ("photo.png", FIRST.content, "image/png")}
    answer = gallery.client.put("/datasets/cars/rows/3/images/image/", files=files)
    assert answer.status_code == 200, answer.text
    assert shown(gallery, 3, FIRST)


def test_several_are_uploaded_in_one_form_and_make_one_version(gallery: Gallery) -> None:
    files = {"2": ("a.png", FIRST.content), "3/image": ("b", SECOND.content), "4": ("c", FIRST.content)}
    answer = gallery.client.put("/datasets/cars/images", files=files)
    assert answer.status_code == 200, answer.text
    assert answer.json() == {"version": 2, "ids": [2, 3, 4]}
    document = gallery.client.get("/datasets/cars/")
    assert document.headers["etag"].startswith(
        answer.headers["etag"][:-1]
    )  # which says of the images what came of them
    assert shown(gallery, 2, FIRST)
    assert shown(gallery, 3, SECOND)
    assert shown(gallery, 4, FIRST)


def test_a_column_that_holds_no_images_is_refused_and_keeps_what_it_has(client: Client) -> None:
    before = client.get("/datasets/cars/rows/2").json()
    answer = client.put("/datasets/cars/rows/2/images/title", content=FIRST.content)
    assert (answer.status_code, answer.json()["option"]) == (400, "column")
    assert client.get("/datasets/cars/rows/2").json() == before
    assert client.get("/datasets/cars/").json()["images"] == ["image"]


def test_only_what_was_seen_is_changed(client: Client) -> None:
    seen = {"if-match": client.get("/datasets/cars/").headers["etag"]}
    ways: list[tuple[str, dict[str, Any]]] = [
        ("/datasets/cars/rows/2/images/image", {"content": FIRST.content}),
        ("/datasets/cars/images", {"files": {"2": FIRST.content}}),
    ]
    for url, given in ways:
        client.patch("/datasets/cars/", json={"title": url})
        before = state(client)
        assert client.put(url, headers=seen, **given).json()["code"] == "stale"
        assert state(client) == before
        seen = {"if-match": client.get("/datasets/cars/").headers["etag"]}
        again = client.put(url, headers=seen, **given)
        assert again.status_code == 200
        seen = {"if-match": again.headers["etag"]}


BAD_FORMS: list[tuple[dict[str, Any], int, str, str]] = [
    ({"file": FIRST.content}, 400, "invalid_option", "name each part after its row"),
    ({"0": FIRST.content}, 404, "row_not_found", "0"),
    ({"99": FIRST.content}, 404, "row_not_found", "99"),
    ({"1" * 18: FIRST.content}, 404, "row_not_found", "1" * 18),
    ({"1" * 40: FIRST.content}, 400, "invalid_option", "1" * 40),
    ({"-2": FIRST.content}, 400, "invalid_option", "-2"),
    ({"2/": FIRST.content}, 400, "invalid_option", "2/"),
    ({"2/nope": FIRST.content}, 400, "unknown_column", "nope"),
    ({"2/id": FIRST.content}, 400, "invalid_option", "id"),
    ({"2": FIRST.content, "2/image": SECOND.content}, 400, "invalid_option", "two images"),
    ({"2": FIRST.content, "3": b"no image"}, 422, "invalid_image", ""),
    ({"2": FIRST.content, "3": b""}, 422, "invalid_image", ""),
    ({"2": FIRST.content, "3": SCRIPT}, 422, "invalid_image", ""),
    ({"2": LOGIN}, 422, "invalid_image", ""),
    ({"2": FIRST.content, "3": large(MOST_IMAGE_BYTES)}, 413, "upload_too_large", "ENTREPOT_MAX_IMAGE_BYTES"),
    ({str(number): FIRST.content for number in range(1, 102)}, 400, "invalid_request", "100"),
]


@pytest.mark.parametrize(("files", "status", "code", "named"), BAD_FORMS)
def test_a_form_that_is_wrong_changes_nothing(
    client: Client, files: dict[str, bytes], status: int, code: str, named: str
) -> None:
    before = state(client)
    answer = client.put("/datasets/cars/images", files=files)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert named in answer.text
    assert state(client) == before


def test_of_several_images_all_that_are_none_are_named(client: Client) -> None:
    before = state(client)
    files = {"2": ("ok.png", FIRST.content), "3": ("cars.csv", b"a,b\n1,2\n"), "4/image": ("", b"no image")}
    answer = client.put("/datasets/cars/images", files=files)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "invalid_image")
    assert [(one["row"], one["column"], one["file_name"]) for one in problem["errors"]] == [
        (3, "image", "cars.csv"),
        (4, "image", None),
    ]
    assert problem["errors"][0]["detail"] == problem["reason"]
    assert problem["detail"].startswith("cars.csv (row 3, column image) can't be taken as an image: it is a text")
    assert problem["detail"].endswith("Nothing was stored. And 1 more.")
    assert state(client) == before


def test_a_part_that_is_given_twice_is_refused(client: Client) -> None:
    files = [("2", FIRST.content), ("2", SECOND.content)]
    answer = client.put("/datasets/cars/images", files=files)
    assert (answer.status_code, answer.json()["option"]) == (400, "2")
    assert "more than once" in answer.text


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (FIRST.content, {"content-type": "image/png"}, 415, "unsupported_media_type"),
        (b"", {"content-type": "multipart/form-data; boundary=x"}, 400, "invalid_request"),
        (END.encode(), FORM, 400, "invalid_request"),
        (part("2", "x").encode(), FORM, 400, "invalid_request"),
        (b"", {}, 415, "unsupported_media_type"),
        ((part("2", "x") + END).encode(), {**FORM, "content-encoding": "gzip"}, 415, "unsupported_media_type"),
    ],
)
def test_what_is_no_form_of_images_is_refused(
    client: Client, body: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    answer = client.put("/datasets/cars/images", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


@pytest.mark.parametrize(
    ("url", "given", "status", "code"),
    [
        ("cars/rows/99/images/image", {"content": FIRST.content}, 404, "row_not_found"),
        ("cars/rows/0/images/image", {"content": FIRST.content}, 404, "row_not_found"),
        ("cars/rows/2/images/nope", {"content": FIRST.content}, 400, "unknown_column"),
        ("cars/rows/2/images/id", {"content": FIRST.content}, 400, "invalid_option"),
        ("nobody/rows/2/images/image", {"content": FIRST.content}, 404, "dataset_not_found"),
        ("cars/rows/2/images/image", {"content": b""}, 422, "invalid_image"),
        ("cars/rows/2/images/image", {"content": SCRIPT}, 422, "invalid_image"),
        ("cars/rows/2/images/image", {"content": FIRST.content[:-200]}, 422, "invalid_image"),
        ("cars/rows/2/images/image", {"content": large(MOST_IMAGE_BYTES)}, 413, "upload_too_large"),
        ("cars/rows/2/images/image", {"content": iter([large(MOST_IMAGE_BYTES)])}, 413, "upload_too_large"),
        ("cars/rows/2/images/image", {"files": {"photo": FIRST.content}}, 400, "unknown_parameter"),
        ("cars/rows/2/images/image", {"files": [("file", b"1"), ("file", b"2")]}, 400, "invalid_option"),
        ("cars/rows/2/images/image", {"content": END, "headers": FORM}, 400, "invalid_option"),
        ("cars/rows/2/images/image?x=1", {"content": FIRST.content}, 400, "unknown_parameter"),
        ("cars/rows/2/images/image", {"content": b"x", "headers": {"content-encoding": "gzip"}}, 415,
         "unsupported_media_type"),
    ],
)  # fmt: skip
def test_an_image_that_is_wrong_changes_nothing(
    client: Client, url: str, given: dict[str, Any], status: int, code: str
) -> None:
    before = state(client)
    answer = client.put(f"/datasets/{url}", **given)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert state(client) == before


def test_scratch_files_are_closed_whatever_happens(gallery: Gallery, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also those of a form whose last part is refused."""
    opened = list[Staged]()

    def noted(backend: Backend, staged: Staged, allowed: int, limit: str) -> Sink:
        opened.append(staged)
        return Sink(backend, staged, allowed, limit)

    monkeypatch.setattr(image_uploads, "Sink", noted)
    for files in ({"2": FIRST.content, "3": SECOND.content}, {"2": FIRST.content, "x": FIRST.content}):
        assert gallery.client.put("/datasets/cars/images", files=files).status_code in {200, 400}
    assert len(opened) >= 3
    assert all(one.file.closed for one in opened)
