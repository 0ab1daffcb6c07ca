"""Text files as UTF-8."""

import codecs
from typing import IO

from attrs import frozen

from entrepot_adapters.polars.reading.intake import Scratch
from entrepot_core.errors import MalformedInput

_CHUNK = 1 << 20
_UTF_8 = "utf-8"
_MARKS = (
    (codecs.BOM_UTF8, _UTF_8),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@frozen
class Text:
    """A text file as UTF-8, perhaps with a byte order mark.

    Attributes:
        file: The file, seekable.
        encoding: What the text came in.
    """

    file: IO[bytes]
    encoding: str


def as_utf8(source: IO[bytes], encoding: str | None, scratch: Scratch, replaced: tuple[str, str] | None = None) -> Text:
    """Make a text file readable as UTF-8; one that is UTF-8 already is taken as it is, unchecked.

    Args:
        source: The file.
        encoding: What it is in; by default what its byte order mark says, else UTF-8.
        scratch: Makes the file for the copy, if there has to be one.
        replaced: A text, and what to put in its place everywhere.

    Raises:
        MalformedInput: Some bytes are not text in this encoding.
    """
    found = encoding or _encoding_of(source)
    if codecs.lookup(found).name in {_UTF_8, "utf-8-sig", "ascii"} and replaced is None:
        return Text(source, _UTF_8)
    return Text(_rewritten(source, found, scratch, replaced), codecs.lookup(found).name)


def _encoding_of(source: IO[bytes]) -> str:
    source.seek(0)
    start = source.read(4)
    return next((name for mark, name in _MARKS if start.startswith(mark)), _UTF_8)


def _rewritten(source: IO[bytes], encoding: str, scratch: Scratch, replaced: tuple[str, str] | None) -> IO[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)()
    old, new = replaced or ("", "")
    made = scratch()
    source.seek(0)
    line, kept, is_last = 1, "", False
    while not is_last:
        chunk = source.read(_CHUNK)
        is_last = not chunk
        try:
            text = kept + decoder.decode(chunk, final=is_last)
        except UnicodeError as error:
            raise undecodable(encoding, line + _lines_before(error, encoding)) from error
        kept = "" if is_last else _begun(text, old)
        text = text.removesuffix(kept)
        line += text.count("\n")
        made.write((text.replace(old, new) if old else text).encode())
    return made


def undecodable(encoding: str, line: int | None) -> MalformedInput:
    """The error for bytes that are no text."""
    reason = f"this is not text in {encoding}; say which encoding the file has, cp1252 say (option encoding)"
    return MalformedInput(reason=reason, line=line)


def _lines_before(error: UnicodeError, encoding: str) -> int:
    if not isinstance(error, UnicodeDecodeError):
        return 0
    return error.object[: error.start].decode(encoding, "ignore").count("\n")


def _begun(text: str, mark: str) -> str:
    """The end of a text that may be the beginning of a mark of two characters."""
    return text[-1:] if len(mark) > 1 and text.endswith(mark[0]) else ""
