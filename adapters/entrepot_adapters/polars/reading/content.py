"""Recognises what a file holds by its first bytes."""

import codecs
import re
import zipfile
import zlib
from typing import BinaryIO

import msgspec

from entrepot_adapters.polars.reading.sniffing.encoding import UTF_8, marked
from entrepot_core.errors import EmptyInput, UnreadableInput
from entrepot_core.formats import TABLE_FORMATS, Format
from entrepot_core.ports.importer import ImportTask

_HEAD = 1 << 16
_WORKBOOK = "xl/workbook.xml"
_BINARY_WORKBOOK = "xl/workbook.bin"
_MEDIA_TYPE = "mimetype"
"""What a part of an OpenDocument file is called that says what it is."""

_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument."
_LONGEST_TYPE = 100
_SAVE = "save it as .xlsx or CSV"
_ARROW_STREAM = b"\xff\xff\xff\xff"
_PACKED = {
    b"\x1f\x8b": "packed twice, with gzip inside; unpack it once",
    b"\x28\xb5\x2f\xfd": "packed twice, with zstd inside; unpack it once",
    b"BZh": "packed with bzip2; unpack it first",
    b"\xfd7zXZ\x00": "packed with xz; unpack it first",
    b"7z\xbc\xaf\x27\x1c": "packed with 7z; unpack it first",
}
_OTHERS = {
    b"%PDF-": "a PDF document",
    b"\x89PNG\r\n": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"\xd0\xcf\x11\xe0": "an old Excel or Word document, or one with a password; save it as .xlsx, without a password",
    b"SQLite format 3\x00": "an SQLite database",
    b"\x7fELF": "a program",
}
_PAGE = (
    "it is a web page; if it was fetched, the URL may be that of a page around the file; if it was made for Excel, "
    "open it there and save it as .xlsx or CSV"
)
_WEB_PAGE = re.compile(rb"\s*<(!doctype html|html)\b", re.IGNORECASE)
_XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml\s")
_SHEET_IN_XML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*<\?xml\b.*?(?:"
    rb"<\?mso-application\s+progid=.Excel|urn:schemas-microsoft-com:office:spreadsheet|<office:document\b)",
    re.DOTALL,
)
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\x1b"))
_TEXT_SHARE = 0.75
_TEXTS = {Format.CSV, Format.TSV, Format.JSON, Format.NDJSON}
_OBJECTS = re.compile(r'(?:\[\s*)?\{\s*"')
"""How no table of delimited cells begins."""

_LINES_OF_OBJECTS = re.compile(r"\{[^\n]*\}[ \t\r]*\n\s*\{")


def recognise(source: BinaryIO, task: ImportTask) -> Format:
    """Say what a file is: by the marks of its format, else as it is named, else by how its text begins.

    Raises:
        EmptyInput: It holds nothing, or nothing but white space.
        UnreadableInput: It is none of the formats that can be read.
    """
    source.seek(0)
    start = source.read(_HEAD)
    if not start.strip() and not source.read(1):
        raise EmptyInput(file_name=task.file_name)
    found = _by_mark(source, start, task)
    if found is not None:
        return found
    encoding = task.options.encoding or marked(start)
    if encoding is None and _is_binary(start):
        raise _unreadable(task, "it holds bytes that no text has")
    text = start.decode(encoding or UTF_8, "ignore").lstrip("\ufeff \t\r\n")
    return _text_format(task, text)


def as_text(source: BinaryIO, task: ImportTask) -> ImportTask:
    """What is known of a file if it is text: its encoding is what the sender says, if neither caller nor mark does."""
    if task.encoding is None or task.options.encoding is not None:
        return task
    source.seek(0)
    if marked(source.read(_HEAD)) is not None:
        return task
    return msgspec.structs.replace(task, options=msgspec.structs.replace(task.options, encoding=task.encoding))


def _text_format(task: ImportTask, text: str) -> Format:
    named = task.format
    if named is Format.JSON or named is Format.NDJSON:
        return named
    if named is not None and named not in _TEXTS:
        raise _unreadable(task, f"it is said to be {named}, but is not")
    if _OBJECTS.match(text) or (named is None and text[:1] in {"{", "["}):
        return Format.NDJSON if _LINES_OF_OBJECTS.match(text) else Format.JSON
    return named or Format.CSV


def _by_mark(source: BinaryIO, start: bytes, task: ImportTask) -> Format | None:
    for mark, name in (_PACKED | _OTHERS).items():
        if start.startswith(mark):
            raise _unreadable(task, f"it is {name}")
    if _WEB_PAGE.match(start):
        raise _unreadable(task, _PAGE)
    if _SHEET_IN_XML.match(start):
        raise _unreadable(task, f"it is a sheet in XML; {_SAVE}")
    if _XML.match(start):
        raise _unreadable(task, "it is an XML document; have it exported as CSV, JSON or .xlsx")
    if start.startswith(b"PAR1"):
        return Format.PARQUET
    if start.startswith((b"ARROW1", _ARROW_STREAM)):
        return Format.ARROW
    if start.startswith(b"PK\x03\x04"):
        return _workbook(source, task)
    return None


def _workbook(source: BinaryIO, task: ImportTask) -> Format:
    source.seek(0)
    try:
        with zipfile.ZipFile(source) as archive:
            other = None if _WORKBOOK in archive.namelist() else _other_than_workbook(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise _unreadable(task, "it is a damaged zip archive or workbook") from error
    if other is not None:
        raise _unreadable(task, f"it is {other}")
    return Format.XLSX


def _other_than_workbook(archive: zipfile.ZipFile) -> str:
    """What an archive is that is no workbook, and what to do with it."""
    parts = archive.namelist()
    if _BINARY_WORKBOOK in parts:
        return f"a binary Excel workbook (.xlsb); {_SAVE}"
    if _MEDIA_TYPE in parts:
        with archive.open(_MEDIA_TYPE) as part:
            media_type = part.read(_LONGEST_TYPE)
        if media_type.startswith(_OPEN_DOCUMENT + b"spreadsheet"):
            return f"an OpenDocument sheet; {_SAVE}"
        if media_type.startswith(_OPEN_DOCUMENT):
            return "an OpenDocument file, but no sheet"
    return "a zip archive and no .xlsx workbook; unpack it first"


def _is_binary(start: bytes) -> bool:
    """Whether bytes are no text, rather than a text with a stray NUL, which is told with its line."""
    if b"\0" not in start:
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return True
    return len(start.translate(None, _CONTROLS)) < _TEXT_SHARE * len(start)


def _unreadable(task: ImportTask, reason: str) -> UnreadableInput:
    return UnreadableInput(reason=reason, formats=[str(one) for one in TABLE_FORMATS], file_name=task.file_name)
