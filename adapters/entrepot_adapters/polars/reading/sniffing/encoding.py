"""Which encoding a text is in, where nobody says.

Text that is valid UTF-8 is UTF-8: other encodings hardly ever look like it by accident. For these there are simple
measures: where the NUL bytes of ASCII letters lie in UTF-16, and whether bytes above 127 come in the pairs of common
Chinese characters (level 1 of GB 2312, rows 16 to 55, and the rows of punctuation). All else is of one byte a letter.
"""

import codecs
import re
from collections.abc import Iterator
from typing import IO

import msgspec

UTF_8 = "utf-8"
_MARKS = (
    (codecs.BOM_UTF8, UTF_8),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHUNK = 1 << 18
_HIGH = bytes(range(128, 256))
_COMMON_PAIRS = re.compile(rb"(?:[\xa1-\xa9\xb0-\xd7][\xa1-\xfe])+")
_UNDEFINED_IN_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_ESCAPED = re.compile("[\udc80-\udcff]")
_CHINESE_SHARE = 0.7
_FEW_NULLS = 3
_LEAST_NULLS, _MOST_STRAY_NULLS = 0.2, 0.1
"""Shares of the bytes at even, or at odd, places, and of the former."""


class Census(msgspec.Struct, frozen=True):
    """The bytes above 127 of a text that is perhaps UTF-8.

    Attributes:
        letters: How many characters of UTF-8 they make.
        strays: How many are part of none.
    """

    letters: int
    strays: int

    @property
    def is_utf8(self) -> bool:
        """Whether they make sense as UTF-8, a few strays aside."""
        return self.letters > self.strays or not self.strays


def marked(start: bytes) -> str | None:
    """The encoding that a text's first bytes tell: by a byte order mark, or as UTF-16 without one."""
    by_mark = next((name for mark, name in _MARKS if start.startswith(mark)), None)
    return by_mark or _utf16(start)


def census(file: IO[bytes]) -> Census:
    """Look at all bytes of a file as UTF-8."""
    letters = strays = 0
    decoder = codecs.getincrementaldecoder(UTF_8)("surrogateescape")
    for chunk in (*_chunks(file), b""):
        if chunk.isascii() and chunk and not decoder.getstate()[0]:
            continue
        text = decoder.decode(chunk, final=not chunk)
        escaped = len(_ESCAPED.findall(text))
        strays += escaped
        letters += len(text) - len(text.encode("ascii", "ignore")) - escaped
    return Census(letters, strays)


def legacy(file: IO[bytes]) -> str:
    """The encoding of a file that is not in Unicode: GB 18030, cp1252 or, where that has no such byte, Latin-1."""
    high = paired = 0
    is_latin = False
    for chunk in _chunks(file):
        if chunk.isascii():
            continue
        high += len(chunk) - len(chunk.translate(None, _HIGH))
        paired += sum(map(len, _COMMON_PAIRS.findall(chunk)))
        is_latin = is_latin or _UNDEFINED_IN_CP1252.search(chunk) is not None
    if high and paired / high >= _CHINESE_SHARE and _decodes(file, "gb18030"):
        return "gb18030"
    return "latin-1" if is_latin else "cp1252"


def _decodes(file: IO[bytes], encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for chunk in (*_chunks(file), b""):
            decoder.decode(chunk, final=not chunk)
    except UnicodeDecodeError:
        return False
    return True


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while chunk := file.read(_CHUNK):
        yield chunk


def _utf16(start: bytes) -> str | None:
    """UTF-16 without a mark: its ASCII letters have a NUL on one side, and no letter has one on the other."""
    pairs = len(start) // 2
    if start.count(0) < _FEW_NULLS:
        return None
    first, second = start[0 : 2 * pairs : 2].count(0) / pairs, start[1 : 2 * pairs : 2].count(0) / pairs
    if max(first, second) < _LEAST_NULLS or min(first, second) > _MOST_STRAY_NULLS * max(first, second):
        return None
    name = "utf-16-le" if second > first else "utf-16-be"
    try:
        text = codecs.getincrementaldecoder(name)().decode(start)
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else name
