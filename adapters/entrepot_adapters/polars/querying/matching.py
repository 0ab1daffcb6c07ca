"""Which rows of a table fit, and in which order."""

from collections.abc import Sequence

import msgspec
import numpy as np
import polars as pl

from entrepot_adapters.polars.querying.predicates import Column, Columns, columns_of, plain_values, predicate
from entrepot_adapters.polars.querying.shelves import Part, Positions, Shelves
from entrepot_core.rows.filters import Condition, Operator
from entrepot_core.rows.selection import Filter, Order, Search, Selection
from entrepot_core.schema import ROW_ID

Places = np.ndarray[tuple[int], np.dtype[np.uint32 | np.uint64]]
"""Rows by their places in a table, from 0."""


class Table(msgspec.Struct, frozen=True):
    """A table, as its parts make it.

    Attributes:
        shelves: What reads its parts.
        parts: Its parts, in order.
    """

    shelves: Shelves
    parts: tuple[Part, ...]

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return sum(part.rows for part in self.parts)

    @property
    def dtypes(self) -> dict[str, pl.DataType]:
        """How its columns are stored."""
        return self.parts[0].dtypes if self.parts else {}

    @property
    def documents(self) -> frozenset[str]:
        """The columns of strings that are JSON documents."""
        return self.parts[0].documents if self.parts else frozenset()

    def column(self, name: str) -> pl.Series:
        """A whole column."""
        return pl.concat([self.shelves.column(part, name) for part in self.parts], rechunk=False)

    def folded(self, name: str) -> pl.Series:
        """A whole column of text, as searches compare it."""
        return pl.concat([self.shelves.folded(part, name) for part in self.parts], rechunk=False)

    def places(self, selection: Selection) -> Places | None:
        """The places of the rows that fit, in order; none where that is all of them as they are stored.

        Raises:
            InvalidFilter: A value doesn't fit how its column is stored.
        """
        if selection.is_stored:
            return None
        number = _only_number(selection)
        if number is not None:
            place = self.place_of(number)
            return np.array([] if place is None else [place], dtype=np.uint32)
        digests = tuple(part.digest for part in self.parts)
        key = ("places", digests, selection.filters, selection.order)
        asked = len(repr(selection.filters))  # which is kept with the answer
        return self.shelves.cache.get(key, lambda: self._places(selection), lambda found: found.nbytes + asked)

    def place_of(self, number: int) -> int | None:
        """Where the row of a number is; numbers ascend over the parts, and mostly without gaps."""
        before = 0
        for part in self.parts:
            if part.first is not None and part.last is not None and part.first <= number <= part.last:
                place = self.shelves.place_of(part, number)
                return None if place is None else before + place
            before += part.rows
        return None

    def _places(self, selection: Selection) -> Places:
        fitting = self._mask(selection.filters) if selection.filters else None
        if not selection.order:
            return _narrow(np.flatnonzero(_true(fitting).to_numpy()), self.rows)
        order = self._order(selection.order)
        return order if fitting is None else order[_true(fitting).to_numpy()[order]]

    def _mask(self, filters: Sequence[Filter]) -> pl.Series:
        """For each row, whether it fits."""
        names = list(dict.fromkeys(name for wanted in filters for name in columns_of(wanted)))
        searched = {name for wanted in filters if isinstance(wanted, Search) for name in wanted.columns}
        asked = {name for wanted in filters if not isinstance(wanted, Search) for name in columns_of(wanted)}
        frame, columns = dict[str, pl.Series](), Columns()
        for place, name in enumerate(names):
            if name in asked:
                frame[f"v{place}"] = self.column(name)
            if name in searched:
                frame[f"f{place}"] = self.folded(name)
            columns[name] = Column(pl.col(f"v{place}"), self.dtypes[name], pl.col(f"f{place}"))
        holds = [predicate(wanted, columns) for wanted in filters]
        if not frame:  # words are searched, and no column is of text
            return pl.repeat(value=False, n=self.rows, dtype=pl.Boolean, eager=True)
        return pl.DataFrame(frame).select(pl.all_horizontal(holds)).to_series()

    def _order(self, order: Sequence[Order]) -> Places:
        """The places of all rows, sorted."""
        digests = tuple(part.digest for part in self.parts)
        key = ("order", digests, tuple(order))
        return self.shelves.cache.get(key, lambda: self._sorted(order), lambda found: found.nbytes)

    def _sorted(self, order: Sequence[Order]) -> Places:
        names = [str(place) for place in range(len(order))]
        frame = pl.DataFrame({name: self.column(one.column) for name, one in zip(names, order, strict=True)})
        keys = [plain_values(pl.col(name), self.dtypes[one.column]) for name, one in zip(names, order, strict=True)]
        down = [one.descending for one in order]
        places = frame.select(pl.arg_sort_by(keys, descending=down, nulls_last=True, maintain_order=True))
        return _narrow(places.to_series().to_numpy(), self.rows)

    def run(self, columns: Sequence[str], start: int, rows: int) -> pl.DataFrame:
        """Rows that follow one another as they are stored."""
        frames = [
            self.shelves.run(part, columns, begin, end - begin) for part, begin, end in self._spans(start, start + rows)
        ]
        return pl.concat(frames, rechunk=False) if frames else self.empty(columns)

    def pick(self, columns: Sequence[str], places: Places) -> pl.DataFrame:
        """Rows by their places, in this order."""
        if not len(places):
            return self.empty(columns)
        wanted = places.astype(np.int64)
        bounds = np.cumsum([0, *(part.rows for part in self.parts)])
        homes = np.searchsorted(bounds, wanted, side="right") - 1
        pieces, origins = list[pl.DataFrame](), list[Positions]()
        for home in np.unique(homes):
            mine = np.flatnonzero(homes == home)
            pieces.append(self.shelves.pick(self.parts[home], columns, wanted[mine] - bounds[home]))
            origins.append(mine)
        if len(pieces) == 1:
            return pieces[0]
        return pl.concat(pieces)[np.argsort(np.concatenate(origins))]

    def empty(self, columns: Sequence[str]) -> pl.DataFrame:
        """No rows, with their columns."""
        return pl.DataFrame(schema={name: self.dtypes.get(name, pl.Null()) for name in columns})

    def _spans(self, start: int, stop: int) -> list[tuple[Part, int, int]]:
        """The rows from ``start`` to ``stop`` as spans of parts."""
        found, before = list[tuple[Part, int, int]](), 0
        for part in self.parts:
            begin, end = max(start - before, 0), min(stop - before, part.rows)
            if begin < end:
                found.append((part, begin, end))
            before += part.rows
        return found


def _only_number(selection: Selection) -> int | None:
    """The number of the one row that is asked for, if nothing else is."""
    match selection.filters:
        case (Condition(column=column, operator=Operator.EXACT, values=(int() as number,)),) if column == ROW_ID:
            return number
        case _:
            return None


def _true(mask: pl.Series | None) -> pl.Series:
    if mask is None:
        raise TypeError(mask)
    return mask


def _narrow(places: np.ndarray[tuple[int], np.dtype[np.int64]], rows: int) -> Places:
    return places.astype(np.uint32 if rows <= np.iinfo(np.uint32).max else np.uint64)
