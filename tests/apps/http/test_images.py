"""Images over HTTP: formats, caching, parts, and the list of those that cells name."""

import io
from hashlib import sha256
from typing import Any

import pytest
from PIL import Image

from tests.apps.http.conftest import PAINTING, Client, Gallery
from tests.painting import painted

CHROME = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"
FIREFOX = "image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5"
OLD_SAFARI = "image/png,image/svg+xml,image/*;q=0.8,video/*;q=0.8,*/*;q=0.5"


@pytest.fixture
def client(gallery: Gallery) -> Client:
    """The client of the gallery."""
    return gallery.client


def looked_at(content: bytes) -> tuple[str | None, tuple[int, int]]:
    with Image.open(io.BytesIO(content)) as image:
        image.load()
        return image.format, image.size


def test_the_original_is_what_came_byte_for_byte(gallery: Gallery) -> None:
    for accept in ("image/webp", "*/*", "text/html"):
        answer = gallery.client.get(f"{gallery.image()}/original", headers={"accept": accept})
        assert answer.content == PAINTING.content
        assert answer.headers["content-type"] == "image/jpeg"
        assert "vary" not in answer.headers


@pytest.mark.parametrize(
    ("accept", "format"),
    [
        (CHROME, "WEBP"),
        (FIREFOX, "WEBP"),
        (OLD_SAFARI, "WEBP"),
        ("image/webp", "WEBP"),
        ("image/*", "WEBP"),
        ("IMAGE/WEBP;q=0.1", "WEBP"),
        ("*/*", "JPEG"),
        (None, "JPEG"),
        ("", "JPEG"),
        ("image/jpeg", "JPEG"),
        ("image/png", "JPEG"),
        ("image/webp;q=0,image/*", "JPEG"),
        ("image/webp;q=0.5,image/jpeg", "JPEG"),
        ("image/jpeg,image/*;q=0.8", "JPEG"),
        ("text/html", "JPEG"),
    ],
)
def test_a_rendition_is_of_the_format_that_the_client_likes(gallery: Gallery, accept: str | None, format: str) -> None:
    headers = {} if accept is None else {"accept": accept}
    answer = gallery.client.get(f"{gallery.image()}/web", headers=headers)
    assert looked_at(answer.content) == (format, (PAINTING.width, PAINTING.height))
    assert answer.headers["content-type"] == f"image/{format.lower()}"
    assert answer.headers["vary"] == "Accept"


@pytest.mark.parametrize(("ending", "format"), [("webp", "WEBP"), ("jpg", "JPEG"), ("jpeg", "JPEG")])
def test_a_path_may_say_the_format(gallery: Gallery, ending: str, format: str) -> None:
    for accept in (CHROME, "image/jpeg", "*/*"):
        answer = gallery.client.get(f"{gallery.image()}/web.{ending}", headers={"accept": accept})
        assert looked_at(answer.content)[0] == format
        assert "vary" not in answer.headers


def test_a_rendition_is_as_large_as_promised(gallery: Gallery) -> None:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((1600, 900)).convert("RGB").save(out, "jpeg")
    gallery.client.put("/datasets/cars/rows/2/images/image", content=out.getvalue()).raise_for_status()
    found = {
        platform: looked_at(gallery.client.get(f"/images/{sha256(out.getvalue()).hexdigest()}/{platform}").content)[1]
        for platform in ("original", "web", "mobile")
    }
    assert found == {"original": (1600, 900), "web": (1280, 720), "mobile": (480, 270)}


@pytest.mark.parametrize("rendition", ["original", "web", "mobile.webp"])
def test_an_image_may_be_kept_for_ever_and_does_nothing(gallery: Gallery, rendition: str) -> None:
    for _ in range(2):  # the second is an answer that was kept
        answer = gallery.client.get(f"{gallery.image()}/{rendition}")
        headers = answer.headers
        assert headers["cache-control"] == "public, max-age=31536000, immutable"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-security-policy"] == "default-src 'none'"
        assert headers["content-disposition"].startswith("inline; filename=")
        assert headers["access-control-allow-origin"] == "*"
        assert headers["cross-origin-resource-policy"] == "cross-origin"
        assert headers["content-length"] == str(len(answer.content))
        assert headers["accept-ranges"] == "bytes"


def test_each_form_has_its_own_tag_and_a_copy_is_told_to_be_fresh(gallery: Gallery) -> None:
    client, tags = gallery.client, set[str]()
    for rendition, accept in [("original", "*/*"), ("web", "image/webp"), ("web", "*/*"), ("mobile", "*/*")]:
        url, headers = f"{gallery.image()}/{rendition}", {"accept": accept}
        tag = client.get(url, headers=headers).headers["etag"]
        assert tag not in tags
        tags.add(tag)
        for _ in range(2):
            fresh = client.get(url, headers={**headers, "if-none-match": f'"other", {tag}'})
            assert (fresh.status_code, fresh.content) == (304, b"")
            assert fresh.headers["cache-control"].endswith("immutable")
        assert client.get(url, headers={**headers, "if-none-match": '"other"'}).status_code == 200


@pytest.mark.parametrize("rendition", ["original", "web.webp"])
def test_a_part_can_be_had(gallery: Gallery, rendition: str) -> None:
    client, url = gallery.client, f"{gallery.image()}/{rendition}"
    whole = client.get(url)
    part = client.get(url, headers={"range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, whole.content[10:20])
    assert part.headers["content-range"] == f"bytes 10-19/{len(whole.content)}"
    assert part.headers["etag"] == whole.headers["etag"]
    assert part.headers["access-control-allow-origin"] == "*"
    past = client.get(url, headers={"range": "bytes=9999999-"})
    assert (past.status_code, past.json()["code"]) == (416, "range_not_satisfiable")
    other = client.get(url, headers={"range": "bytes=0-9", "if-range": '"other"'})
    assert (other.status_code, other.content) == (200, whole.content)
    several = client.get(url, headers={"range": "bytes=0-1,4-5"})
    assert (several.status_code, several.content) == (200, whole.content)
    assert client.get(url).content == whole.content  # what is kept is not a part


@pytest.mark.parametrize("rendition", ["original", "web"])
def test_only_the_headers_can_be_had(gallery: Gallery, rendition: str) -> None:
    url = f"{gallery.image()}/{rendition}"
    for _ in range(2):
        head, whole = gallery.client.head(url), gallery.client.get(url)
        assert head.content == b""
        own = "x-correlation-id"
        assert {**head.headers, own: ""} == {**whole.headers, own: ""}


@pytest.mark.parametrize(
    "path",
    [
        "/images/{image}/tv", "/images/{image}/original.jpg", "/images/{image}/web.png", "/images/{image}/.webp",
        "/images/{image}/WEB", "/images/{other}/original", "/images/{other}/web", "/images/x/web",
        "/images/..%2f..%2fetc/passwd", "/images/{upper}/original", "/images/%00/web", "/images/{image}/web%00",
    ],
)  # fmt: skip
def test_what_is_no_image_is_not_found(gallery: Gallery, path: str) -> None:
    digest = gallery.image().rpartition("/")[2]
    answer = gallery.client.get(path.format(image=digest, other="0" * 64, upper=digest.upper()))
    assert answer.status_code == 404, answer.text
    assert answer.json()["code"] in {"image_not_found", "route_not_found"}
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cache-control"] == "no-store"


def test_who_asks_for_no_rendition_is_told_those_there_are(gallery: Gallery) -> None:
    assert gallery.client.get(f"{gallery.image()}/tv").json()["renditions"] == ["original", "web", "mobile"]


def test_an_image_goes_with_the_last_dataset_that_has_it(gallery: Gallery) -> None:
    """Though it may be kept for ever by those who have it, also by this server."""
    client = gallery.client
    url = f"{gallery.image()}/original"
    assert client.get(url).status_code == client.get(url).status_code == 200
    client.delete("/datasets/cars/")
    assert client.get(url).json()["code"] == "image_not_found"


def test_an_image_is_for_pages_of_all_sites_and_kept_for_all(gallery: Gallery) -> None:
    for origin in ("https://a.example", "https://b.example"):
        answer = gallery.client.get(f"{gallery.image()}/web", headers={"origin": origin})
        assert answer.headers["access-control-allow-origin"] == "*"
    asked = gallery.client.options(f"{gallery.image()}/web", headers={"access-control-request-method": "GET"})
    assert (asked.status_code, asked.headers["access-control-allow-origin"]) == (204, "*")


def listed(client: Client, query: str = "") -> Any:  # noqa: ANN401 - JSON
    answer = client.get(f"/datasets/cars/images{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_images_are_listed_with_what_is_wrong_with_them(gallery: Gallery) -> None:
    page = listed(gallery.client)
    assert [(one["row"], one["column"], one["state"]) for one in page["items"]] == [
        (1, "image", "stored"), (2, "image", "failed"), (4, "image", "failed"),
    ]  # fmt: skip
    stored, missing, text = page["items"]
    assert stored["path"] == f"{gallery.image()}/original"
    assert stored["url"] == f"http://testserver.local{stored['path']}"
    assert (stored["media_type"], stored["width"], stored["height"]) == ("image/jpeg", PAINTING.width, PAINTING.height)
    assert stored["size"] == len(PAINTING.content)
    assert (missing["url"], missing["path"]) == (None, None)
    assert "404" in missing["problem"]
    assert text["text"] == "not a url"
    assert (page["stored"], page["failed"], page["pending"], page["total"]) == (1, 2, 0, 3)
    assert page["columns"] == ["image"]


def test_images_are_listed_by_state_and_by_pages(client: Client) -> None:
    assert [one["row"] for one in listed(client, "?state=failed")["items"]] == [2, 4]
    assert [one["row"] for one in listed(client, "?row=2")["items"]] == [2]
    page = listed(client, "?limit=1")
    rows = [page["items"][0]["row"]]
    while page["next_url"]:
        page = client.get(page["next_url"]).json()
        rows += [one["row"] for one in page["items"]]
    assert rows == [1, 2, 4]
    assert "next" not in page["_links"]
    assert page["_links"]["prev"]["href"].endswith("limit=1&offset=1")
    assert client.get(page["_links"]["dataset"]["href"]).status_code == 200


@pytest.mark.parametrize(
    ("query", "code"),
    [("state=lost", "invalid_option"), ("limit=0", "invalid_option"), ("x=1", "unknown_parameter")],
)
def test_a_bad_query_of_images_is_refused(client: Client, query: str, code: str) -> None:
    assert client.get(f"/datasets/cars/images?{query}").json()["code"] == code


def test_the_list_of_images_sees_every_change(client: Client) -> None:
    tag = client.get("/datasets/cars/images").headers["etag"]
    assert client.get("/datasets/cars/images", headers={"if-none-match": tag}).status_code == 304
    client.put("/datasets/cars/rows/2/images/image", content=painted(5).content).raise_for_status()
    assert listed(client)["stored"] == 2
    assert client.get("/datasets/cars/images", headers={"if-none-match": tag}).status_code == 200


def test_a_dataset_without_images_has_an_empty_list_and_no_link(client: Client) -> None:
    document = client.get("/datasets/cars/").json()
    assert document["images"] == ["image"]
    assert client.get(document["_links"]["images"]["href"]).status_code == 200
    client.post("/datasets/?name=plain", content="a,b\n1,2\n")
    document = client.get("/datasets/plain/").json()
    assert (document["images"], document["refresh"]) == ([], None)
    assert "images" not in document["_links"]
    assert client.get("/datasets/plain/images").json()["items"] == []
