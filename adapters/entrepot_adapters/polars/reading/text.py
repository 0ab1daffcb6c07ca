"""Text files as UTF-8."""

import codecs
from typing import IO

import msgspec
from msgspec.structs import replace

from entrepot_adapters.polars.reading.intake import Intake, Scratch
from entrepot_adapters.polars.reading.sniffing.encoding import UTF_8, census, legacy, marked
from entrepot_core.errors import MalformedInput

_CHUNK = 1 << 20
_HEAD = 1 << 16


class Text(msgspec.Struct, frozen=True):
    """A text file as UTF-8, perhaps with a byte order mark.

    Attributes:
        file: The file, seekable.
        encoding: What the text came in.
        is_guessed: Whether that is no more than likely.
        is_checked: Whether it is known to be valid, but for ``has_strays``.
        has_strays: Whether some bytes are no UTF-8, which are to be read as cp1252.
        is_aligned: Whether its columns were told by where they stand; see ``unaligned``.
        rulers: How many lines were blanked that rule the table or count its rows; see ``unruled``.
    """

    file: IO[bytes]
    encoding: str
    is_guessed: bool = False
    is_checked: bool = False
    has_strays: bool = False
    rulers: int = 0
    is_aligned: bool = False


def as_utf8(source: IO[bytes], encoding: str | None, scratch: Scratch) -> Text:
    """Make a text file readable as UTF-8; one that is UTF-8 already is taken as it is, unchecked.

    Args:
        source: The file.
        encoding: What it is in; by default what its first bytes tell, else UTF-8.
        scratch: Makes the file for the copy, if there has to be one.

    Raises:
        MalformedInput: Some bytes are not text in this encoding.
    """
    source.seek(0)
    found = encoding or marked(source.read(_HEAD)) or UTF_8
    if codecs.lookup(found).name in {UTF_8, "utf-8-sig"}:
        return Text(source, UTF_8)
    return Text(_rewritten(source, found, scratch), codecs.lookup(found).name, is_checked=True)


def guessed(intake: Intake) -> Text:
    """Make a text file readable as UTF-8; where its first bytes are no UTF-8, its encoding is found by all of them.

    Raises:
        MalformedInput: Some bytes are not text in the encoding that the caller or the file's first bytes tell.
    """
    text = as_utf8(intake.source, intake.options.encoding, intake.scratch)
    return text if text.is_checked or _begins_well(text.file) else checked(text, intake)


def checked(text: Text, intake: Intake) -> Text:
    """A text whose bytes have all been looked at, in another encoding where they are no UTF-8.

    Raises:
        MalformedInput: They are none, and the caller says that they are.
    """
    if text.is_checked:
        return text
    found = census(text.file)
    if not found.strays:
        return replace(text, is_checked=True)
    if intake.options.encoding is not None:
        raise undecodable(intake.options.encoding, _line_of_fault(text.file))
    if found.is_utf8:
        return replace(text, is_checked=True, has_strays=True)
    encoding = legacy(text.file)
    file = _rewritten(text.file, encoding, intake.scratch)
    return replace(text, file=file, encoding=encoding, is_guessed=True, is_checked=True)


def _begins_well(file: IO[bytes]) -> bool:
    file.seek(0)
    try:
        codecs.getincrementaldecoder(UTF_8)().decode(file.read(_HEAD))
    except UnicodeDecodeError:
        return False
    return True


def _line_of_fault(file: IO[bytes]) -> int | None:
    file.seek(0)
    for number, line in enumerate(file, start=1):
        try:
            line.decode()
        except UnicodeDecodeError:
            return number
    return None


def _rewritten(source: IO[bytes], encoding: str, scratch: Scratch) -> IO[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)()
    made = scratch()
    source.seek(0)
    line, is_last = 1, False
    while not is_last:
        chunk = source.read(_CHUNK)
        is_last = not chunk
        try:
            text = decoder.decode(chunk, final=is_last)
            made.write(text.encode())  # UTF-7 can tell halves of characters, which are none
        except UnicodeError as error:
            raise undecodable(encoding, line + _lines_before(error, encoding)) from error
        line += text.count("\n")
    return made


def undecodable(encoding: str, line: int | None) -> MalformedInput:
    """The error for bytes that are no text."""
    reason = f"this is not text in {encoding}; say which encoding the file has, cp1252 say (option encoding)"
    return MalformedInput(reason=reason, line=line)


def _lines_before(error: UnicodeError, encoding: str) -> int:
    if not isinstance(error, UnicodeDecodeError):
        return 0
    return error.object[: error.start].decode(encoding, "ignore").count("\n")
