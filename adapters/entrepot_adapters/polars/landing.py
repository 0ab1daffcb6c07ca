"""Brings columns of text into a table whose types hold for every value."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import BinaryIO

import polars as pl
from attrs import frozen

from entrepot_adapters.polars.inference.column import Column, guess, survey
from entrepot_adapters.polars.inference.readings import Reading
from entrepot_adapters.polars.writing import Written, write
from entrepot_core.errors import MalformedInput

SAMPLE_ROWS = 10_000
"""Rows by which readings are guessed; all others are checked."""

Scan = Callable[[], pl.LazyFrame]
"""Begins to read the raw columns anew."""

Measures = Callable[[Sequence[Column]], Mapping[str, pl.Expr]]
"""What to compute of the raw columns, for the columns as they are read."""

_ATTEMPTS = 3


@frozen
class Landed:
    """A table that was written, and how its columns were read."""

    columns: tuple[Column, ...]
    written: Written

    def warnings(self) -> Iterator[str]:
        """What a person should know of how values were read."""
        for column, outcome in zip(self.columns, self.written.outcomes, strict=True):
            tokens = [repr(token) for token in outcome.tokens if token]
            if tokens:
                verb = "was" if len(tokens) == 1 else "were"
                yield f"Column {column.name!r}: {' and '.join(tokens)} {verb} read as null."
            if column.is_inexact:
                yield f"Column {column.name!r} holds whole numbers that would lose digits as floats; it stays text."
            if column.is_ambiguous:
                yield (
                    f"Column {column.name!r} holds dates in which day and month could be either way round; "
                    "it stays text."
                )


def land(scan: Scan, columns: Sequence[Column], table: BinaryIO, measures: Measures = lambda _: {}) -> Landed:
    """Write columns with the types that all their values have.

    Types are guessed by the first rows and checked while the table is written. Where a later row belies the guess,
    the columns concerned are looked at in full, and the table is written again.

    Args:
        scan: Begins to read the raw columns, strings, anew.
        columns: The columns; those without candidates are of text, and guessed.
        table: Where to write.
        measures: What else to compute while writing, for the columns as they are read then.

    Raises:
        MalformedInput: A value does not fit the type that was asked for.
        InvalidOption: Dates were asked for, and could be read in two ways.
    """
    guessed = guess(_sample(scan(), columns), columns)
    known = _surveyed(scan, guessed, [column for column in guessed if column.is_undecided])
    for _ in range(_ATTEMPTS):
        written = write(scan(), known, table, measures(known))
        pairs = zip(known, written.outcomes, strict=True)
        wrong = [column for column, outcome in pairs if not outcome.is_right]
        if not wrong:
            return Landed(tuple(known), written)
        for column in wrong:
            _refuse_misfit(scan, column)
        known = _surveyed(scan, known, wrong)
    raise AssertionError([column.name for column in known])  # a survey's readings fit


def _sample(frame: pl.LazyFrame, columns: Sequence[Column]) -> pl.DataFrame:
    unknown = [column.raw for column in columns if not column.candidates]
    return frame.select(unknown).head(SAMPLE_ROWS).collect(engine="streaming") if unknown else pl.DataFrame()


def _surveyed(scan: Scan, columns: Sequence[Column], some: Sequence[Column]) -> list[Column]:
    if not some:
        return list(columns)
    found = {column.raw: column for column in survey(scan(), some)}
    return [found.get(column.raw, column) for column in columns]


@frozen
class Misfit:
    """A value that is not of the type asked for."""

    column: Column
    value: str


def misfits(scan: Scan, columns: Sequence[Column], most: int) -> dict[int, Misfit]:
    """The first value, by the number of its row, that is not of the type asked for.

    Args:
        scan: Begins to read the raw columns anew.
        columns: The columns.
        most: How many such rows there may be; where there are more, none is told.
    """
    found: dict[int, Misfit] = {}
    for column in columns:
        bad = _misfits(scan, column, most + 1 - len(found))
        found = {**{row: Misfit(column, value) for row, value in bad}, **found}
    return found if len(found) <= most else {}


def _refuse_misfit(scan: Scan, column: Column) -> None:
    for row, value in _misfits(scan, column, 1):
        reason = f"this is no {column.asked}, the type asked for"
        raise MalformedInput(reason=reason, row=row, column=column.name, value=value)


def _misfits(scan: Scan, column: Column, most: int) -> list[tuple[int, str]]:
    """The first rows, and their values, that don't fit the reading which fits most."""
    if column.asked is None or most <= 0:
        return []
    fits = [_is_acceptable(column, reading) for reading in column.candidates]
    failures = [(~fit).sum().alias(str(number)) for number, fit in enumerate(fits)]
    counted = scan().select(failures).collect(engine="streaming").row(0)
    best = min(range(len(fits)), key=counted.__getitem__)
    if not counted[best]:
        return []
    bad = scan().with_row_index("row", offset=1).filter(~fits[best]).select("row", column.raw).head(most)
    return [(row, str(value)) for row, value in bad.collect(engine="streaming").rows()]


def _is_acceptable(column: Column, reading: Reading) -> pl.Expr:
    raw = pl.col(column.raw)
    fits = raw.is_null() | reading.fits(raw).fill_null(value=False)
    return fits | raw.is_in(sorted(column.tokens)) if column.tokens else fits
