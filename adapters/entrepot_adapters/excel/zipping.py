"""Writes zip archives whose entries are deflated elsewhere, in blocks, by several threads.

The standard library's ``zipfile`` compresses each entry in one thread and can't take deflated data. Its ZIP64 headers,
moreover, make Excel offer to repair the file. Sources: PKWARE's APPNOTE.TXT 6.3 and, for the padding, ECMA-376
part 2, annex C ("growth hint").
"""

import struct
from collections.abc import Generator
from contextlib import contextmanager
from typing import BinaryIO

from attrs import define, field
from isal import isal_zlib

_LEVEL = 2
_END_OF_STREAM = b"\x03\x00"
_FLAGS, _DEFLATED, _TIME, _DATE_1980 = 0, 8, 0, 0x21
_PLAIN, _ZIP64 = 20, 45
_IN_ZIP64 = 0xFFFF_FFFF  # stands where the number is in the ZIP64 record, so it is the first that must be there
_FIRST_LARGE = _IN_ZIP64
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_64 = struct.Struct("<4sLQL")
_EXTRA_64 = struct.Struct("<2H2Q")
_GROWTH_HINT = struct.pack("<4H12x", 0xA220, _EXTRA_64.size - 4, 0xA028, 0)


def deflate(data: bytes) -> bytes:
    """Deflate a block so that blocks of one entry can be joined: it ends at a byte and refers to no other block."""
    stream = isal_zlib.compressobj(_LEVEL, isal_zlib.DEFLATED, -15)
    return stream.compress(data) + stream.flush(isal_zlib.Z_FULL_FLUSH)


@define
class Entry:
    """A file of the archive that is being written."""

    name: bytes
    offset: int
    _out: BinaryIO
    crc: int = 0
    size: int = 0
    packed: int = 0

    def write(self, data: bytes, deflated: bytes) -> None:
        """Add a block, given both as it is and as ``deflate`` made it."""
        self.crc = isal_zlib.crc32(data, self.crc)
        self.size += len(data)
        self._append(deflated)

    def finish(self) -> None:
        """End the deflated stream."""
        self._append(_END_OF_STREAM)

    def _append(self, deflated: bytes) -> None:
        self._out.write(deflated)
        self.packed += len(deflated)

    def local_header(self) -> bytes:
        """The header in front of the data.

        Sizes are known only after the data. Space for them in 64 bits is kept free by a growth hint, the padding
        Office itself uses: readers skip it, so only entries over 4 GiB look like ZIP64.
        """
        large = max(self.size, self.packed) >= _FIRST_LARGE
        extra = _EXTRA_64.pack(1, 16, self.size, self.packed) if large else _GROWTH_HINT
        packed, size = (_IN_ZIP64, _IN_ZIP64) if large else (self.packed, self.size)
        head = (b"PK\3\4", _ZIP64 if large else _PLAIN, _FLAGS, _DEFLATED, _TIME, _DATE_1980)
        return _LOCAL.pack(*head, self.crc, packed, size, len(self.name), len(extra)) + self.name + extra

    def directory_record(self) -> bytes:
        """The entry in the directory at the archive's end."""
        numbers = (self.size, self.packed, self.offset)
        large = [number for number in numbers if number >= _FIRST_LARGE]
        extra = struct.pack(f"<2H{len(large)}Q", 1, 8 * len(large), *large) if large else b""
        size, packed, offset = map(_in_32_bits, numbers)
        version = _ZIP64 if large else _PLAIN
        counts = (len(self.name), len(extra), 0, 0, 0)
        head = (b"PK\1\2", version, version, _FLAGS, _DEFLATED, _TIME, _DATE_1980)
        return _CENTRAL.pack(*head, self.crc, packed, size, *counts, 0, offset) + self.name + extra


@define
class ZipWriter:
    """Writes a zip archive of some files (fewer than 65,535) into a seekable file, from its present position on."""

    _out: BinaryIO
    _start: int = field(init=False)
    _entries: list[Entry] = field(factory=list[Entry], init=False)

    def __attrs_post_init__(self) -> None:
        self._start = self._out.tell()

    def add(self, name: str, data: bytes) -> None:
        """Add a small file."""
        with self.entry(name) as entry:
            entry.write(data, deflate(data))

    @contextmanager
    def entry(self, name: str) -> Generator[Entry]:
        """Add a file in blocks; one entry at a time."""
        entry = Entry(name.encode("ascii"), self._out.tell() - self._start, self._out)
        self._out.write(entry.local_header())
        yield entry
        entry.finish()
        end = self._out.tell()
        self._out.seek(self._start + entry.offset)
        self._out.write(entry.local_header())
        self._out.seek(end)
        self._entries.append(entry)

    def close(self) -> None:
        """Write the directory. The file stays open."""
        offset = self._out.tell() - self._start
        directory = b"".join(entry.directory_record() for entry in self._entries)
        self._out.write(directory)
        count, size = len(self._entries), len(directory)
        if offset >= _FIRST_LARGE:
            end = self._out.tell() - self._start
            self._out.write(_END_64.pack(b"PK\6\6", 44, _ZIP64, _ZIP64, 0, 0, count, count, size, offset))
            self._out.write(_LOCATOR_64.pack(b"PK\6\7", 0, end, 1))
        self._out.write(_END.pack(b"PK\5\6", 0, 0, count, count, size, _in_32_bits(offset), 0))


def _in_32_bits(number: int) -> int:
    return number if number < _FIRST_LARGE else _IN_ZIP64
