"""The encoding that a sender names with the media type."""

from collections.abc import Iterator
from typing import Any

import pytest

from entrepot_core.formats import Format
from tests.apps.http.conftest import END, FORM, Client
from tests.sources import Sources, sources

CITIES = "city,count\n東京,1\n大阪,2\n神戸,3\n"
SHIFT_JIS = "text/csv; charset=shift_jis"


@pytest.fixture(scope="module")
def source() -> Iterator[Sources]:
    with sources("127.0.0.9") as found:
        yield found


def form_of(content: bytes, media_type: bytes) -> bytes:
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\nContent-Type: '
    return head + media_type + b"\r\n\r\n" + content + b"\r\n" + END.encode()


def added(client: Client, content: bytes, media_type: str | bytes, way: str = "body", **query: str) -> dict[str, Any]:
    url = "/datasets/batch" if way == "batch" else "/datasets/"
    media_type = media_type if isinstance(media_type, bytes) else media_type.encode()
    body, kind = (
        (content, media_type) if way == "body" else (form_of(content, media_type), FORM["content-type"].encode())
    )
    answer = client.post(url, content=body, headers={b"content-type": kind}, params=query)
    assert answer.status_code in {201, 207}, answer.text
    document: dict[str, Any] = answer.json()["results"][0]["dataset"] if way == "batch" else answer.json()
    return document


def cities(client: Client, document: dict[str, Any]) -> list[str]:
    rows = client.get(f"/datasets/{document['id']}/rows/").json()["rows"]
    return [row["city"] for row in rows]


@pytest.mark.parametrize("way", ["body", "form", "batch"])
@pytest.mark.parametrize("media_type", [SHIFT_JIS, 'text/csv;header=present; Charset="Shift_JIS"'])
def test_a_text_is_read_in_the_charset_of_its_content_type(client: Client, way: str, media_type: str) -> None:
    document = added(client, CITIES.encode("shift_jis"), media_type, way)
    assert document["import_report"]["encoding"] == "shift_jis"
    assert document["media_type"] == "text/csv"
    assert cities(client, document) == ["東京", "大阪", "神戸"]


def test_the_option_has_the_last_word(client: Client) -> None:
    document = added(client, CITIES.encode("euc_jp"), SHIFT_JIS, encoding="euc_jp")
    assert cities(client, document) == ["東京", "大阪", "神戸"]


@pytest.mark.parametrize("charset", ["utf-8", "UTF8", "us-ascii", "iso-8859-1", "bogus", "", "base64", "idna", "é"])
def test_what_senders_name_by_habit_and_what_is_no_encoding_say_nothing(client: Client, charset: str) -> None:
    for encoding in ("utf-8", "gb18030"):
        document = added(client, "city\n北京\n上海\n".encode(encoding), f"text/csv; charset={charset}".encode())
        assert document["import_report"]["encoding"] == encoding
        assert cities(client, document) == ["北京", "上海"]


def test_a_byte_order_mark_says_more(client: Client) -> None:
    assert cities(client, added(client, CITIES.encode("utf-8-sig"), SHIFT_JIS))[0] == "東京"


def test_a_text_that_is_not_in_the_charset_is_refused_with_the_way_out(client: Client) -> None:
    answer = client.post("/datasets/", content=b"city\n\xff\xfe\n", headers={"content-type": SHIFT_JIS})
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed_input")
    assert "this is not text in shift_jis; say which encoding the file has" in answer.json()["detail"]


def test_files_that_are_no_text_have_no_charset(client: Client, cars: dict[str, Any]) -> None:
    for format in (Format.PARQUET, Format.XLSX):
        content = client.get(f"/datasets/{cars['id']}/export/?format={format}").content
        document = added(client, content, f"{format.media_type}; charset=shift_jis")
        assert document["rows"] == cars["rows"]
        assert document["import_report"]["warnings"] == []


def test_a_text_is_read_again_in_the_encoding_it_was_read_in(client: Client) -> None:
    document = added(client, CITIES.encode("shift_jis"), SHIFT_JIS)
    again = client.patch(f"/datasets/{document['id']}/schema/", json={"types": {"count": "string"}})
    assert again.json()["import_report"]["encoding"] == "shift_jis"
    assert cities(client, document) == ["東京", "大阪", "神戸"]


def test_a_next_version_has_its_own_charset(client: Client) -> None:
    document = added(client, CITIES.encode("shift_jis"), SHIFT_JIS)
    headers = {"content-type": "text/csv; charset=utf-8"}
    assert client.put(f"/datasets/{document['id']}/", content=CITIES.encode(), headers=headers).status_code == 200
    assert cities(client, document) == ["東京", "大阪", "神戸"]


def test_a_text_that_is_fetched_is_read_in_the_charset_its_source_names(client: Client, source: Sources) -> None:
    source.gives("/cities.csv", CITIES.encode("shift_jis"), Content_Type=SHIFT_JIS)
    document = client.post("/datasets/", data={"url": f"{source.url}/cities.csv"}).json()
    assert cities(client, document) == ["東京", "大阪", "神戸"]
