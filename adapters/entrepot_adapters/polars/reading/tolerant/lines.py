"""The lines of a text file, whatever ends them, in bounded memory."""

from collections.abc import Iterator
from itertools import islice
from typing import IO

from entrepot_core.limits import Limits

_CHUNK = 1 << 16
_MARK = b"\xef\xbb\xbf"


def blocks_of(file: IO[bytes], limits: Limits, skipped: int = 0) -> Iterator[bytes]:
    """Whole lines, some at a time; each ends with a line feed, a carriage return, or both, but perhaps the last.

    Args:
        file: The file, in UTF-8; read from its beginning, a byte order mark apart.
        limits: How long a cell may be; a line may have four times as many bytes.
        skipped: How many lines to leave out at first.

    Raises:
        LimitExceeded: A line is longer.
    """
    file.seek(0)
    head = file.read(len(_MARK))
    kept = [] if head == _MARK else [head]
    held = len(head)
    while chunk := file.read(_CHUNK):
        end = 1 + max(chunk.rfind(b"\n"), chunk.rfind(b"\r", 0, -1))  # a last return may have its line feed to come
        if end:
            kept.append(chunk[:end])
            block, skipped = _without_first(b"".join(kept), skipped)
            kept, held = [], 0
            yield block
        kept.append(chunk[end:])
        held += len(chunk) - end
        limits.check_line(held)
    yield _without_first(b"".join(kept), skipped)[0]


def first_lines(file: IO[bytes], limits: Limits, most: int) -> Iterator[bytes]:
    """So many lines from the beginning of a file, without their ends; ``file`` and ``limits`` as for ``blocks_of``."""
    return islice((line for block in blocks_of(file, limits) for line in block.splitlines()), most)


def _without_first(block: bytes, lines: int) -> tuple[bytes, int]:
    """A block without some lines at its beginning, and how many more are to be left out."""
    if not lines:
        return block, 0
    found = block.splitlines(keepends=True)
    return b"".join(found[lines:]), max(0, lines - len(found))
