"""Sheets that are no .xlsx are refused, with what to do."""

import io
import zipfile

import pytest

from entrepot_core.errors import UnreadableInput
from tests.adapters.polars.test_import_csv import read

_OASIS = "application/vnd.oasis.opendocument"
_XML = b'\xef\xbb\xbf<?xml version="1.0" encoding="UTF-8"?>\n'
_OFFICE = b"urn:oasis:names:tc:opendocument:xmlns:office:1.0"


def archive(parts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, text in parts.items():
            made.writestr(name, text)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (archive({"mimetype": f"{_OASIS}.spreadsheet", "content.xml": ""}), "an OpenDocument sheet; save it as .xlsx"),
        (archive({"mimetype": f"{_OASIS}.spreadsheet-template"}), "an OpenDocument sheet; save it as .xlsx or CSV"),
        (archive({"mimetype": f"{_OASIS}.text"}), "an OpenDocument file, but no sheet"),
        (archive({"xl/workbook.bin": "x"}), "a binary Excel workbook (.xlsb); save it as .xlsx or CSV"),
        (archive({"mimetype": "x" * 1_000_000}), "a zip archive and no .xlsx workbook; unpack it first"),
        (archive({"a.csv": "a\n1\n"}), "a zip archive and no .xlsx workbook; unpack it first"),
        (_XML + b'<office:document xmlns:office="%b">' % _OFFICE, "a sheet in XML; save it as .xlsx or CSV"),
        (_XML[3:] + b'<?mso-application progid="Excel.Sheet"?><Workbook/>', "a sheet in XML; save it as .xlsx or CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504), "save it as .xlsx, without a password"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "if it was made for Excel, open it there and save it"),
    ],
)  # fmt: skip
def test_what_to_do_is_said(content: bytes, said: str) -> None:
    with pytest.raises(UnreadableInput) as caught:
        read(content)
    assert said in caught.value.reason


def test_an_archive_whose_type_can_not_be_read_is_an_archive() -> None:
    damaged = archive({"mimetype": f"{_OASIS}.spreadsheet"}).replace(b"spreadsheet", b"spreadsheep", 1)
    with pytest.raises(UnreadableInput, match="zip archive"):
        read(damaged)
