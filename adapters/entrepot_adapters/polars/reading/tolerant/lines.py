"""The lines of a text file, whatever ends them, in bounded memory."""

from collections.abc import Iterator
from typing import IO

from entrepot_adapters.polars.reading.limits import Limits

_CHUNK = 1 << 18
_ENDS = (b"\n", b"\r")
_MARK = b"\xef\xbb\xbf"


def lines_of(file: IO[bytes], limits: Limits) -> Iterator[bytes]:
    """The lines with what ends each: a line feed, a carriage return, or both; without a byte order mark.

    Args:
        file: The file, in UTF-8; read from its beginning.
        limits: How long a cell may be; a line may have four times as many bytes.

    Raises:
        LimitExceeded: A line is longer.
    """
    file.seek(0)
    kept: list[bytes] = []
    held = 0
    head = file.read(len(_MARK))
    chunk = b"" if head == _MARK else head
    while more := file.read(_CHUNK):
        chunk += more
        lines = chunk.splitlines(keepends=True)
        chunk = lines.pop()  # perhaps goes on; a carriage return at the end may have its line feed in the next chunk
        if lines:
            yield b"".join(kept) + lines[0]
            kept, held = [], 0
            yield from lines[1:]
        if not chunk.endswith(_ENDS):
            kept.append(chunk)
            held += len(chunk)
            chunk = b""
        limits.check_line(held)
    last = b"".join(kept) + chunk
    yield from last.splitlines(keepends=True)
