"""Selected rows as frames, one after the other, in memory flat in the table's rows but for their places."""

import io
from collections.abc import Iterator, Sequence
from typing import BinaryIO

import numpy as np
import polars as pl

from entrepot_adapters.polars.querying.matching import Places, Table
from entrepot_adapters.polars.stored import ROW_GROUP
from entrepot_core.ports.blobs import Blobs

_CELLS = 8_388_608
"""The most values held at once, but for the narrowest step."""

_LEAST_STEP = 8_192


def step_of(width: int) -> int:
    """How many rows of so many columns are held at once."""
    return max(min(ROW_GROUP, _CELLS // max(width, 1)), _LEAST_STEP)


def stored(table: Table, columns: Sequence[str], start: int, stop: int | None) -> Iterator[pl.DataFrame]:
    """All rows from ``start`` to ``stop`` as they are stored; at least one frame, which may be empty."""
    end = table.rows if stop is None else min(stop, table.rows)
    step = step_of(len(columns))
    yield table.run(columns, start, min(step, end - start)) if start < end else table.empty(columns)
    for begin in range(start + step, end, step):
        yield table.run(columns, begin, min(step, end - begin))


def filtered(table: Table, columns: Sequence[str], places: Places) -> Iterator[pl.DataFrame]:
    """Rows by their places, which ascend; at least one frame, which may be empty."""
    step = step_of(len(columns))
    if not len(places):
        yield table.empty(columns)
    for begin in range(0, table.rows, step):
        first, last = np.searchsorted(places, [begin, begin + step])
        if first < last:
            yield table.pick(columns, places[first:last])


def ordered(table: Table, columns: Sequence[str], places: Places, blobs: Blobs) -> Iterator[pl.DataFrame]:
    """Rows by their places, in any order; at least one frame, which may be empty.

    More rows than are held at once are dealt into a scratch file in one pass over the table, by which frame they belong
    to; then each frame is gathered and put into its order.
    """
    step = step_of(len(columns))
    if len(places) <= step:
        yield table.pick(columns, places)
        return
    with blobs.stage() as scratch:
        pieces = _deal(table, columns, places, step, scratch.file)
        for some in pieces:
            frame = _gathered(scratch.file, some)
            frame.columns = list(columns)
            yield frame


_RANK = "rank"
_Piece = tuple[int, int]
"""Where in a file some rows are, and how many bytes they take."""


def _deal(table: Table, columns: Sequence[str], places: Places, step: int, file: BinaryIO) -> list[list[_Piece]]:
    """Write rows into a file by the frame they belong to; answer where the pieces of each frame are."""
    ranks = np.full(table.rows, -1, dtype=np.int64)
    ranks[places] = np.arange(len(places))
    pieces: list[list[_Piece]] = [[] for _ in range(-(-len(places) // step))]
    for begin in range(0, table.rows, step):
        mine = ranks[begin : begin + step]
        frame = table.run(columns, begin, len(mine))
        frame.columns = [str(place) for place in range(frame.width)]
        wanted = frame.with_columns(pl.Series(_RANK, mine)).filter(pl.col(_RANK) >= 0).sort(_RANK)
        bounds = np.searchsorted(wanted[_RANK].to_numpy(), np.arange(0, len(places) + step, step))
        for number in range(len(pieces)):
            first, last = int(bounds[number]), int(bounds[number + 1])
            if first < last:
                pieces[number].append(_append(file, wanted.slice(first, last - first)))
    return pieces


def _append(file: BinaryIO, frame: pl.DataFrame) -> _Piece:
    data = frame.write_ipc(None, compression="lz4").getbuffer()
    place = file.seek(0, io.SEEK_END)
    file.write(data)
    return place, len(data)


def _gathered(file: BinaryIO, pieces: Sequence[_Piece]) -> pl.DataFrame:
    frames = list[pl.DataFrame]()
    for place, size in pieces:
        file.seek(place)
        frames.append(pl.read_ipc(file.read(size)))
    return pl.concat(frames).sort(_RANK).drop(_RANK)
