"""Reads an Arrow stream record batch by record batch.

polars reads only whole streams, so each batch is handed to it as a small stream of its own. The layout is that of
"Encapsulated message format" in Arrow's columnar specification; of a message's flatbuffer two fields are read.
"""

import io
import struct
from collections.abc import Iterator
from typing import IO

import polars as pl

from entrepot_adapters.polars.reading.flatbuffers import FlatTable
from entrepot_core.errors import MalformedInput

_PREFIX = struct.Struct("<II")
_CONTINUES = 0xFFFFFFFF
_END = _PREFIX.pack(_CONTINUES, 0)
_SCHEMA, _DICTIONARY = 1, 2
_KIND_FIELD, _BODY_FIELD = 1, 3  # of the table ``Message``: header_type and bodyLength
_LONGEST_METADATA = 1 << 28


def stream_frames(file: IO[bytes]) -> Iterator[pl.DataFrame]:
    """The batches of a stream, the first perhaps without rows, for the schema's sake.

    Raises:
        MalformedInput: The stream is damaged or cut off.
    """
    file.seek(0)
    before = b""
    for kind, message in _messages(file):
        if kind in {_SCHEMA, _DICTIONARY}:
            before += message
            if kind == _SCHEMA:
                yield pl.read_ipc_stream(io.BytesIO(before + _END))
        else:
            yield pl.read_ipc_stream(io.BytesIO(before + message + _END))


def _messages(file: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    while prefix := file.read(_PREFIX.size):
        mark, size = _PREFIX.unpack(prefix) if len(prefix) == _PREFIX.size else (0, 0)
        if mark != _CONTINUES or size > _LONGEST_METADATA:
            raise MalformedInput(reason="this is no sound Arrow stream: a message begins with the wrong bytes")
        if not size:
            return
        metadata = file.read(size)
        try:
            kind, length = _kind_and_length(metadata)
        except (struct.error, IndexError) as error:
            raise MalformedInput(reason="this is no sound Arrow stream: a message can't be read") from error
        body = file.read(length) if length >= 0 else b""
        if len(body) != length:
            raise MalformedInput(reason="the Arrow stream is cut off")
        yield kind, prefix + metadata + body


def _kind_and_length(metadata: bytes) -> tuple[int, int]:
    message = FlatTable(metadata)
    return message.number(_KIND_FIELD, "<B"), message.number(_BODY_FIELD, "<q")
