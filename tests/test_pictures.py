"""The faulty source that other tests rely on has the faults that they say it has."""

import csv
import io
import struct
import zlib
from collections.abc import Generator

import httpx
import pytest
from PIL import Image, ImageOps

from tests.painting import bomb
from tests.pictures import FAILING, FIRST, LARGE, LAST, SHOWN, Pictures, Row, number_of, pictures

_TLS = httpx.create_ssl_context()  # once: making it takes longer than all the rest


@pytest.fixture(name="source")
def _source() -> Generator[Pictures]:
    with pictures() as found:
        yield found


def listed(source: Pictures) -> dict[int, str]:
    """The text of each row's image."""
    rows = csv.DictReader(io.StringIO(httpx.get(source.list_url).text))
    return {int(row["id"]): row["image"] for row in rows}


def get(source: Pictures, text: str, **headers: str) -> httpx.Response:
    url = httpx.URL(source.list_url).join(text)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.get(url, headers=named, follow_redirects=True, verify=_TLS)


def test_the_list_has_a_hundred_rows_that_do_not_count_from_one(source: Pictures) -> None:
    texts = listed(source)
    assert list(texts) == list(range(FIRST, LAST + 1))
    assert (texts[Row.SCHEME], texts[Row.TEXT], texts[Row.EMPTY]) == ("htp:/x", "not a url", "")
    assert texts[Row.TWIN] == texts[Row.TWIN - 1]
    assert texts[Row.RELATIVE].startswith("../")
    assert (number_of(FIRST), len(texts), len(SHOWN), len(FAILING)) == (1, 100, 89, 10)


def test_pictures_are_what_they_are_said_to_be(source: Pictures) -> None:
    texts, seen = listed(source), set[bytes]()
    for row in sorted(SHOWN - {Row.HEALING}):
        answer, expected = get(source, texts[row]), source.painting(row)
        with Image.open(io.BytesIO(answer.content)) as image:
            shown = ImageOps.exif_transpose(image)
            found = (answer.headers["content-type"], (image.format or "").lower(), *shown.size)
        assert found == (expected.media_type, expected.kind, expected.width, expected.height)
        seen.add(answer.content)
    assert len(seen) == len(SHOWN) - 2  # the healing one was left out, and one is there twice


def test_each_fault_is_there(source: Pictures) -> None:
    texts = listed(source)
    assert [get(source, texts[Row.HEALING]).status_code for _ in range(3)] == [500, 200, 200]
    assert get(source, texts[Row.MISSING]).status_code == 404
    assert get(source, texts[Row.LOGIN]).headers["content-type"] == "image/jpeg"
    assert get(source, texts[Row.SCRIPT]).headers["content-type"] == "image/svg+xml"
    assert LARGE < len(get(source, texts[Row.LARGE]).content) < 2 * LARGE
    with pytest.raises(httpx.TooManyRedirects):
        get(source, texts[Row.ROUND])
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(texts[Row.NEVER], timeout=0.3)
    with (
        Image.open(io.BytesIO(get(source, texts[Row.CUT]).content)) as image,
        pytest.raises(OSError, match="truncated"),
    ):
        image.load()


def test_what_never_answers_is_missing_once_it_speaks(source: Pictures) -> None:
    source.speak()
    assert httpx.get(listed(source)[Row.NEVER]).status_code == 404


def test_the_bomb_is_a_good_picture_but_for_its_size() -> None:
    content = bomb()
    size, start = struct.unpack(">I", content[33:37])[0], 41
    unpacked, packer = 0, zlib.decompressobj()
    assert struct.unpack(">II", content[16:24]) == (50_000, 50_000)
    rest = content[start : start + size]
    while not packer.eof:
        unpacked += len(packer.decompress(rest, 1 << 24))
        rest = packer.unconsumed_tail
    assert (unpacked, len(content) < 400_000) == (50_000 * 6_251, True)


def test_requests_and_bytes_are_counted_and_what_is_known_is_not_sent_again(source: Pictures) -> None:
    path, url = source.path(FIRST), source.url + source.path(FIRST)
    first = get(source, url)
    for name, said in (("If_None_Match", "etag"), ("If_Modified_Since", "last-modified")):
        again = get(source, url, **{name: first.headers[said]})
        assert (again.status_code, again.content) == (304, b"")
    assert (source.asked[path], source.sent[path]) == (3, len(first.content))


def test_a_picture_and_the_list_change_when_they_are_told_to(source: Pictures) -> None:
    before = [get(source, url) for url in (source.url + source.path(FIRST), source.list_url)]
    source.repaint(FIRST)
    source.edit(FIRST, title="Renamed")
    source.edit(LAST + 1, image="")
    for old in before:
        new = httpx.get(old.url, headers={"If-None-Match": old.headers["etag"]})
        assert (new.status_code, new.headers["last-modified"] != old.headers["last-modified"]) == (200, True)
        assert new.content != old.content
    assert list(listed(source)) == list(range(FIRST, LAST + 2))


def test_it_goes_away_and_comes_back(source: Pictures) -> None:
    source.go()
    with pytest.raises(httpx.ConnectError):
        listed(source)
    source.come()
    assert len(listed(source)) == 100
