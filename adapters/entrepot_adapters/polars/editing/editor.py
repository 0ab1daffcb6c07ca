"""The ``Editor`` port: changes tables stored as Parquet with polars."""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

import numpy as np
import polars as pl

from entrepot_adapters.polars.editing.changing import with_values, without_rows
from entrepot_adapters.polars.editing.drafting import Draft
from entrepot_adapters.polars.editing.given import Columns, Ids, new_frame, new_values
from entrepot_adapters.polars.editing.parts import open_part, places
from entrepot_adapters.polars.profiling import profile
from entrepot_adapters.polars.querying.cache import ByteCache
from entrepot_adapters.polars.querying.matching import Table
from entrepot_adapters.polars.querying.shelves import Shelves
from entrepot_adapters.polars.stored import ROW_GROUP, open_parts
from entrepot_core.dialect import no_report
from entrepot_core.names import Digest
from entrepot_core.ports.blobs import Blobs
from entrepot_core.ports.editor import Edited
from entrepot_core.profile import Profile
from entrepot_core.rows.edits import MOST_ROW_ID, TypedRow
from entrepot_core.rows.selection import Filter, Selection
from entrepot_core.schema import ROW_ID, Schema

SMALL = 16_384
"""Few enough rows for the part to be written anew in some 20 ms at 20 columns."""

_REMEMBERED = 65_536
"""Of how many parts the first number is remembered; a part never changes."""

_MERGED = 4
"""How many times as many rows as are written a part may have that is written anew with them."""

_Change = Callable[[pl.DataFrame], pl.DataFrame]


class PolarsEditor:
    """Changes tables whose parts are kept in ``blobs``; ``stored`` says how they are written.

    Args:
        blobs: Where the parts are.
        most: The most rows of a new part.
        small: Rows below which a part may be written anew with those that are added.
    """

    def __init__(self, blobs: Blobs, *, most: int = ROW_GROUP, small: int = SMALL) -> None:
        self._blobs = blobs
        self._most, self._small = most, small
        self._first_id = lru_cache(_REMEMBERED)(self._read_first_id)

    def append(self, parts: Sequence[Digest], rows: Sequence[TypedRow], first: int) -> Edited:
        """Add rows at the end; the last parts are written anew with them as long as they are not much larger."""
        with open_part(self._blobs, parts[-1]) as part:
            columns = part.columns
        frames, staying = [new_frame(rows, columns, first)], list(parts)
        while staying and (before := self._small_part(staying[-1], sum(frame.height for frame in frames))) is not None:
            frames.insert(0, before)
            staying.pop()
        with Draft(self._blobs, self._most) as draft:
            for digest in staying:
                draft.keep(digest)
            draft.write(pl.concat(frames), columns)
            return draft.finish(range(first, first + len(rows)))

    def _small_part(self, digest: Digest, rows: int) -> pl.DataFrame | None:
        """A part, if it is small beside so many rows: n additions make log n parts then, and write a row as often."""
        with open_part(self._blobs, digest) as part:
            return part.up_to(min(self._small - 1, _MERGED * rows))

    def update(self, parts: Sequence[Digest], rows: Sequence[TypedRow], *, whole: bool) -> Edited:
        """Give rows new values; only the parts that have one of them, and don't have the values yet, are rewritten."""
        with open_part(self._blobs, parts[0]) as part:
            given = new_values(rows, part.columns, whole=whole)
        wanted = _ascending([row.id or 0 for row in rows])
        return self._changed(parts, self._located(parts, wanted), lambda frame: with_values(frame, given))

    def remove(self, parts: Sequence[Digest], rows: Sequence[int] | tuple[Filter, ...]) -> Edited:
        """Remove rows; only the parts that have one of them are rewritten."""
        filters = tuple(one for one in rows if not isinstance(one, int))
        numbers = _ascending([one for one in rows if isinstance(one, int)])
        wanted = self._fitting(parts, filters) if filters else self._located(parts, numbers)
        gone = np.concatenate([numbers[:0], *wanted.values()])
        return self._changed(parts, wanted, lambda frame: without_rows(frame, gone))

    def profile(self, parts: Sequence[Digest], schema: Schema, *, dates_are_text: bool) -> Profile:
        """The statistics of the table."""
        with open_parts(self._blobs, parts) as files:
            return profile(files, schema, dates_are_text=dates_are_text, report=no_report)

    def _changed(self, parts: Sequence[Digest], wanted: dict[Digest, Ids], change: _Change) -> Edited:
        """The table with some parts changed, of which each may have some of the wanted rows."""
        found = list[int]()
        with Draft(self._blobs, self._most) as draft:
            for digest in parts:
                if digest not in wanted:
                    draft.keep(digest)
                    continue
                with open_part(self._blobs, digest) as part:
                    whole = part.up_to(self._most)
                    numbers = part.ids() if whole is None else whole.get_column(ROW_ID).to_numpy()
                    here = wanted[digest][places(numbers, wanted[digest])[1]]
                    found.extend(here.tolist())
                    frames = part.frames(self._most) if whole is None else iter((whole,))
                    if not len(here) or not self._rewritten(frames, part.columns, change, draft):
                        draft.keep(digest)
            if draft.is_empty:
                with open_part(self._blobs, parts[0]) as part:
                    draft.write_empty(part.columns)
            return draft.finish(found)

    def _rewritten(self, frames: Iterator[pl.DataFrame], columns: Columns, change: _Change, draft: Draft) -> bool:
        """Write a part's rows anew, as parts of a row group each; answer whether there was anything to change."""
        is_other = False
        with Draft(self._blobs, self._most) as pieces:
            for before in frames:
                after = change(before)
                is_other = is_other or after is not before
                pieces.write(after, columns)
            if is_other:
                draft.take(pieces.finish(()))
        return is_other

    def _located(self, parts: Sequence[Digest], wanted: Ids) -> dict[Digest, Ids]:
        """Which of the wanted numbers each part may have, by the first that it has: they ascend over the parts."""
        if len(parts) == 1:
            return {parts[0]: wanted}
        known = [(first, part) for part in parts if (first := self._first_id(part)) is not None]
        homes = np.searchsorted([first for first, _ in known], wanted, side="right") - 1
        return {known[home][1]: wanted[homes == home] for home in np.unique(homes).tolist() if home >= 0}

    def _fitting(self, parts: Sequence[Digest], filters: tuple[Filter, ...]) -> dict[Digest, Ids]:
        """The numbers of the rows of each part that fit."""
        shelves = Shelves(self._blobs, ByteCache(0))
        found = dict[Digest, Ids]()
        for part in shelves.parts(parts):
            places = Table(shelves, (part,)).places(Selection(filters=filters))
            if places is not None and len(places):
                found[part.digest] = shelves.column(part, ROW_ID).to_numpy()[places]
        return found

    def _read_first_id(self, digest: Digest) -> int | None:
        with open_part(self._blobs, digest) as part:
            return part.first_id()


def _ascending(numbers: Sequence[int]) -> Ids:
    """Numbers that rows can have, ascending, each once."""
    return np.unique(np.array([number for number in numbers if 0 < number <= MOST_ROW_ID], dtype=np.int64))
