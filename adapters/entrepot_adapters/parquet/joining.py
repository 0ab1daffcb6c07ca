"""One Parquet file of the parts of a table, as they are stored, without ``_id``."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack
from typing import BinaryIO

import msgspec

from entrepot_adapters.parquet.footers import Part, joined
from entrepot_core.names import Digest
from entrepot_core.ports.blobs import Blobs

_MARK = b"PAR1"
_TAIL = 8
_CHUNK = 1 << 18


class _Piece(msgspec.Struct, frozen=True):
    """Some of the bytes: those of a stored part from a place on, or given ones."""

    size: int
    source: Digest | bytes
    begin: int = 0


class JoinedFile(msgspec.Struct, frozen=True):
    """A file that is there once it is read. Its bytes are the same whenever and by whomever they are asked for.

    Attributes:
        size: How many bytes it has.
    """

    size: int
    _blobs: Blobs
    _pieces: tuple[_Piece, ...]

    @property
    def held(self) -> int:
        """How many bytes of it are in memory."""
        return sum(piece.size for piece in self._pieces if isinstance(piece.source, bytes))

    def read(self, start: int, stop: int) -> Generator[bytes, None, None]:
        """Its bytes from a place up to another; all parts that have some of them stay open meanwhile."""
        with ExitStack() as stack:
            for reading in [self._reading(stack, *wanted) for wanted in self._wanted(start, stop)]:
                yield from reading

    def _wanted(self, start: int, stop: int) -> Iterator[tuple[_Piece, int, int]]:
        """The pieces that have some of the bytes, and from where to where."""
        at = 0
        for piece in self._pieces:
            begin, end = max(start - at, 0), min(stop - at, piece.size)
            if begin < end:
                yield piece, begin, end
            at += piece.size

    def _reading(self, stack: ExitStack, piece: _Piece, begin: int, end: int) -> Iterator[bytes]:
        if isinstance(piece.source, bytes):
            return iter((piece.source[begin:end],))
        file = stack.enter_context(self._blobs.open(piece.source))
        return _chunks(file, piece.begin + begin, end - begin)


def _chunks(file: BinaryIO, begin: int, size: int) -> Iterator[bytes]:
    file.seek(begin)
    while size and (chunk := file.read(min(size, _CHUNK))):
        size -= len(chunk)
        yield chunk


def join(blobs: Blobs, parts: Sequence[Digest]) -> JoinedFile | None:
    """The file of these parts; none where they can't be joined, because their columns are stored differently.

    Raises:
        BlobDamaged: A part is not there.
    """
    if not parts:
        return None
    pieces, footers, at = [_Piece(len(_MARK), _MARK)], list[Part](), len(_MARK)
    try:
        for digest in parts:
            with blobs.open(digest) as file:
                footer, size = _footer(file)
            footers.append(Part(footer, shift=at - len(_MARK)))
            pieces.append(_Piece(size, digest, len(_MARK)))
            at += size
        end = joined(footers)
    except ValueError:
        return None
    tail = end + len(end).to_bytes(4, "little") + _MARK
    pieces.append(_Piece(len(tail), tail))
    return JoinedFile(at + len(tail), blobs, tuple(pieces))


def _footer(file: BinaryIO) -> tuple[bytes, int]:
    """The footer of a file, and how many bytes stand between the mark it begins with and that."""
    end = file.seek(0, 2) - _TAIL
    file.seek(max(end, 0))
    tail = file.read(_TAIL)
    length = int.from_bytes(tail[:4], "little")
    begin = end - length
    if tail[4:] != _MARK or begin < len(_MARK):
        raise ValueError("it is no Parquet file")
    file.seek(begin)
    return file.read(length), begin - len(_MARK)
