"""Collections and images by a real server: its settings, its sockets, and images that are large."""

import io
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from PIL import Image

from tests.painting import large
from tests.serving import served

RENDITIONS = '{"thumb": {"width": 64, "height": 64, "fit": "fill", "format": "jpeg"}, "tv": {"width": 900}}'
ROWS = "id,title,image\n1,One,\n2,Two,\n"


def photo() -> bytes:
    """A JPEG of 1200 × 900 pixels."""
    out = io.BytesIO()
    Image.linear_gradient("L").resize((1200, 900)).convert("RGB").save(out, "jpeg")
    return out.getvalue()


PHOTO, LARGE = photo(), large(3_000_000)


def path_of(content: bytes, rendition: str) -> str:
    return f"/images/{sha256(content).hexdigest()}/{rendition}"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that believes proxies on this machine, and has platforms of its own."""
    home = tmp_path_factory.mktemp("published") / "home"
    with served(home, TRUSTED_PROXIES="127.0.0.1/32", RENDITIONS=RENDITIONS, WORKERS="2") as found:
        httpx.post(f"{found}/datasets/?name=cars&published=1&image=image", content=ROWS, timeout=60).raise_for_status()
        for row, content in (("1", PHOTO), ("2", LARGE)):
            httpx.put(f"{found}/datasets/cars/rows/{row}/images/image", content=content, timeout=60).raise_for_status()
        yield found


def test_platforms_are_those_of_the_settings(url: str) -> None:
    assert httpx.get(f"{url}/api/cars/web/").json()["platforms"] == ["thumb", "tv"]
    item = httpx.get(f"{url}/api/cars/tv/1").json()
    assert item == {"id": 1, "title": "One", "image": url + path_of(PHOTO, "tv")}
    answer = httpx.get(item["image"], headers={"accept": "image/webp"})
    assert (answer.headers["content-type"], answer.headers["vary"]) == ("image/webp", "Accept")
    with Image.open(io.BytesIO(answer.content)) as image:
        assert image.size == (900, 675)


def test_a_platform_that_settled_its_format_gives_no_other(url: str) -> None:
    thumb = url + path_of(PHOTO, "thumb")
    answers = [httpx.get(thumb, headers={"accept": accept}) for accept in ("image/webp", "image/jpeg")]
    answers.append(httpx.get(f"{thumb}.jpg"))
    assert {answer.content for answer in answers} == {answers[0].content}
    assert {answer.headers["content-type"] for answer in answers} == {"image/jpeg"}
    assert "vary" not in answers[0].headers
    refused = httpx.get(f"{thumb}.webp")
    assert (refused.status_code, refused.json()["code"]) == (404, "image_not_found")


def test_a_large_image_is_streamed_and_had_in_parts(url: str) -> None:
    where = url + path_of(LARGE, "original")
    whole = httpx.get(where)
    assert whole.content == LARGE
    assert httpx.head(where).headers["content-length"] == str(len(LARGE))
    part = httpx.get(where, headers={"range": "bytes=1000000-1999999", "if-range": whole.headers["etag"]})
    assert (part.status_code, part.content) == (206, LARGE[1_000_000:2_000_000])
    assert httpx.get(where, headers={"if-none-match": whole.headers["etag"]}).status_code == 304


def test_a_proxy_on_this_machine_is_believed(url: str) -> None:
    said = {"forwarded": "for=192.0.2.1;proto=https;host=shop.example", "x-forwarded-prefix": "/v"}
    for headers, base in (({}, url), (said, "https://shop.example/v"), ({}, url)) * 3:
        answer = httpx.get(f"{url}/api/cars/?limit=1", headers=headers)
        assert answer.json()[0]["image"] == base + path_of(PHOTO, "original")
        assert answer.headers["link"].startswith(f"<{base}/api/cars/?limit=1>")


def test_images_may_be_elsewhere(tmp_path: Path) -> None:
    with served(tmp_path / "home", IMAGE_BASE_URL="https://cdn.example.org/shop/") as url:
        httpx.post(f"{url}/datasets/?name=cars&published=1&image=image", content=ROWS, timeout=60).raise_for_status()
        httpx.put(f"{url}/datasets/cars/rows/1/images/image", content=PHOTO, timeout=60).raise_for_status()
        answer = httpx.get(f"{url}/api/cars/?limit=1")
        assert answer.json()[0]["image"] == f"https://cdn.example.org/shop{path_of(PHOTO, 'original')}"
        assert answer.headers["link"].startswith(f"<{url}/api/cars/")
        assert httpx.get(url + path_of(PHOTO, "web")).status_code == 200


def raw(url: str, *lines: str) -> bytes:
    """What the server answers to a request that no library would send."""
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode("latin-1"))
        found = b""
        while piece := connection.recv(1 << 16):
            found += piece
    return found


@pytest.mark.parametrize(
    "lines",
    [
        ["GET /api/cars/ HTTP/1.1", "Host: evil.com/x"],
        ["GET /api/cars/ HTTP/1.1", "Host: user@evil.com"],
        ["GET /api/cars/ HTTP/1.1", "Host: a", "Host: evil.com"],
        ["GET /api/cars/ HTTP/1.1", 'Host: evil.com"><script>'],
        ["GET /api/cars/ HTTP/1.1", "Host: evil com"],
    ],
)
def test_a_hostile_host_is_refused_by_whoever_reads_it_first(url: str, lines: list[str]) -> None:
    answer = raw(url, *lines, "Connection: close")
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"/images/" not in answer


def test_a_request_without_a_host_is_answered_with_where_it_came(url: str) -> None:
    answer = raw(url, "GET /api/cars/1 HTTP/1.0")
    assert answer.startswith((b"HTTP/1.0 200 ", b"HTTP/1.1 200 "))
    assert f'"{url}{path_of(PHOTO, "original")}"'.encode() in answer


def test_a_page_full_of_images_at_once_is_answered_right(url: str) -> None:
    """Many ask for the same renditions at the same time, some of them for the first time."""
    wanted = [path_of(PHOTO, f"tv.{form}") for form in ("webp", "jpg")] + [path_of(LARGE, "thumb")]

    def ask(turn: int) -> tuple[str, int, str]:
        path = wanted[turn % len(wanted)]
        answer = httpx.get(url + path, timeout=60)
        return path, answer.status_code, sha256(answer.content).hexdigest()

    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(ask, range(60)))
    assert len(found) == len(wanted)
    assert {status for _, status, _ in found} == {200}


def test_an_image_that_is_gone_is_not_given_by_any_process(url: str) -> None:
    httpx.post(f"{url}/datasets/?name=other&published=1&image=image", content=ROWS, timeout=60).raise_for_status()
    content = large(200_000)
    httpx.put(f"{url}/datasets/other/rows/1/images/image", content=content, timeout=60).raise_for_status()
    where = url + path_of(content, "original")
    assert {httpx.get(where).status_code for _ in range(10)} == {200}
    httpx.delete(f"{url}/datasets/other/").raise_for_status()
    assert {httpx.get(where).status_code for _ in range(10)} == {404}
