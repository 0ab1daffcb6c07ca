"""Reads Arrow streams, and Arrow files with lists of values for keys, record batch by record batch.

polars reads only whole streams, so each batch is handed to it as a small stream of its own.
"""

import io
from collections.abc import Iterator, Sequence
from typing import IO

import polars as pl

from entrepot_adapters.polars.reading.arrow_keys import Keys
from entrepot_adapters.polars.reading.arrow_messages import BATCH, DICTIONARY, END, SCHEMA, messages
from entrepot_adapters.polars.reading.arrow_schema import ArrowSchema


def stream_frames(file: IO[bytes], schema: ArrowSchema) -> Iterator[pl.DataFrame]:
    """The batches, the first without rows, for the schema's sake.

    Args:
        file: An Arrow stream, or an Arrow file whose schema has keys.
        schema: What it says of its columns.

    Raises:
        MalformedInput: The stream is damaged or cut off.
    """
    return _decoded(file, Keys(schema)) if schema.has_keys() else _plain(file)


def stored_frames(file: IO[bytes], schema: ArrowSchema, places: Sequence[int]) -> Iterator[pl.DataFrame]:
    """The batches as a schema says that their values are stored, which may be another than the stream's own.

    Args:
        file: An Arrow stream, or an Arrow file.
        schema: How its columns are stored.
        places: Which columns to read, in order.

    Raises:
        MalformedInput: The stream is damaged or cut off.
    """
    return _decoded(file, Keys(schema, places))


def _plain(file: IO[bytes]) -> Iterator[pl.DataFrame]:
    before = b""
    for message in messages(file):
        if message.kind == SCHEMA:
            before = message.framed()
            yield pl.read_ipc_stream(io.BytesIO(before + END))
        else:
            yield pl.read_ipc_stream(io.BytesIO(before + message.framed() + END))


def _decoded(file: IO[bytes], keys: Keys) -> Iterator[pl.DataFrame]:
    """The batches with values in the place of keys.

    polars would read all lists of values that were ever replaced, one within the other, and refuse keys that stand
    where nothing is.
    """
    yield keys.frame(b"")
    for message in messages(file):
        if message.kind == DICTIONARY:
            keys.take(message)
        elif message.kind == BATCH:
            yield keys.frame(message.framed())
