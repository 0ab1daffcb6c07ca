"""The messages of an Arrow stream or an Arrow file, each as its metadata and its body.

The layout is that of "Encapsulated message format" in Arrow's columnar specification.
"""

import struct
from collections.abc import Iterator
from os import SEEK_END
from typing import IO

import msgspec

from entrepot_adapters.polars.reading.arrow_schema import FILE_MARK, read_footer
from entrepot_adapters.polars.reading.flatbuffers import FlatTable
from entrepot_core.errors import MalformedInput

SCHEMA, DICTIONARY, BATCH = 1, 2, 3
"""Kinds of messages."""
END = struct.pack("<II", 0xFFFFFFFF, 0)

_PREFIX = struct.Struct("<II")
_CONTINUES = 0xFFFFFFFF
_KIND, _HEADER, _LENGTH = 1, 2, 3  # of the table ``Message``
_DATA = 1  # of the table ``DictionaryBatch``
_DICTIONARIES, _BATCHES = 2, 3  # of the table ``Footer``
_BLOCK = "<qi4xq"
_LONGEST_METADATA = 1 << 28
_CUT_OFF = "the Arrow file or stream is cut off, or damaged: a message says that it is longer than what is left"
_DAMAGED = "this is no sound Arrow file or stream: a message can't be read"


class Message(msgspec.Struct, frozen=True):
    """A message.

    Attributes:
        kind: What it is.
        metadata: What is said of it.
        body: Its values.
    """

    kind: int
    metadata: bytes
    body: bytes

    def framed(self) -> bytes:
        """Itself, as it stands in a stream."""
        return _PREFIX.pack(_CONTINUES, len(self.metadata)) + self.metadata + self.body

    def dictionary(self) -> tuple[int, bool, bytes]:
        """Of a list of values for keys its number, whether it goes on with one before, and itself as a record batch.

        Raises:
            MalformedInput: It is damaged.
        """
        try:
            message = FlatTable(self.metadata)
            kind, header, told = message.find(_KIND), message.find(_HEADER), message.table(_HEADER)
            data = None if told is None else told.table(_DATA)
            if told is None or kind is None or header is None or data is None:
                raise MalformedInput(reason=_DAMAGED)
            batch = bytearray(self.metadata)
            batch[kind] = BATCH
            struct.pack_into("<I", batch, header, data.place - header)
            key, goes_on = told.number(0, "<q"), bool(told.number(2, "<B"))
        except (struct.error, IndexError) as error:
            raise MalformedInput(reason=_DAMAGED) from error
        return key, goes_on, Message(BATCH, bytes(batch), self.body).framed()


def messages(file: IO[bytes]) -> Iterator[Message]:
    """The messages, of an Arrow file without the schema, and all lists of values for keys before the rest.

    Raises:
        MalformedInput: The file is damaged or cut off.
    """
    end = file.seek(0, SEEK_END)
    file.seek(0)
    if file.read(len(FILE_MARK)) == FILE_MARK:
        yield from _of_file(file, end)
        return
    file.seek(0)
    while prefix := file.read(_PREFIX.size):
        mark, size = _PREFIX.unpack(prefix) if len(prefix) == _PREFIX.size else (0, 0)
        if mark != _CONTINUES or size > _LONGEST_METADATA:
            raise MalformedInput(reason="this is no sound Arrow stream: a message begins with the wrong bytes")
        if not size:
            return
        yield _message(file, file.read(size), end)


def _of_file(file: IO[bytes], end: int) -> Iterator[Message]:
    try:
        footer = read_footer(file)
        blocks = [*footer.records(_DICTIONARIES, _BLOCK), *footer.records(_BATCHES, _BLOCK)]
    except (struct.error, IndexError) as error:
        raise MalformedInput(reason="this is no sound Arrow file: its end can't be read") from error
    left = end  # of what there is to read, as no block may stand for several
    for place, length, _ in blocks:
        if not 0 <= place <= place + length <= end:
            raise MalformedInput(reason=_CUT_OFF)
        file.seek(place)
        start = file.read(length)
        begins = _PREFIX.size if start[:4] == END[:4] else _PREFIX.size // 2  # in files of old, without the mark
        message = _message(file, start[begins:], end)
        left -= len(start) + len(message.body)
        if left < 0:
            raise MalformedInput(reason="this is no sound Arrow file: the same rows stand in it again and again")
        yield message


def _message(file: IO[bytes], metadata: bytes, end: int) -> Message:
    try:
        table = FlatTable(metadata)
        kind, length = table.number(_KIND, "<B"), table.number(_LENGTH, "<q")
    except (struct.error, IndexError) as error:
        raise MalformedInput(reason=_DAMAGED) from error
    if not 0 <= length <= end - file.tell():
        raise MalformedInput(reason=_CUT_OFF)
    return Message(kind, metadata, file.read(length))
