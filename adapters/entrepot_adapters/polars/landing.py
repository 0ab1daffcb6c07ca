"""Brings columns of text into a table whose types hold for every value."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import BinaryIO, Protocol

import msgspec
import polars as pl
from msgspec.structs import replace

from entrepot_adapters.polars.inference.codes import told_of_codes
from entrepot_adapters.polars.inference.column import Column
from entrepot_adapters.polars.inference.mixed_dates import READABLE
from entrepot_adapters.polars.inference.nearly import exception, lost, nearly
from entrepot_adapters.polars.inference.numbers import CODE, NUMBER
from entrepot_adapters.polars.inference.readings import Reading
from entrepot_adapters.polars.inference.survey import guess, is_guessed, survey, with_points
from entrepot_adapters.polars.inference.truths import ACCEPTED
from entrepot_adapters.polars.writing import Outcome, Written, are_null, write
from entrepot_core.errors import MalformedInput
from entrepot_core.schema import FieldType

SAMPLE_ROWS = 10_000
"""Rows by which readings are guessed; all others are checked."""


class Scan(Protocol):
    """Begins to read the raw columns anew."""

    def __call__(self, most: int | None = None) -> pl.LazyFrame:
        """The rows, or so many of them at the most."""
        ...


Measures = Callable[[Sequence[Column]], Mapping[str, pl.Expr]]
"""What to compute of the raw columns, for the columns as they are read."""

Check = Callable[[Written], None]
"""Told what was written, with what was computed of the raw columns; raises where these were not read right."""

_ATTEMPTS = 3


class Sampled(msgspec.Struct, frozen=True):
    """Columns as some first rows show them.

    Attributes:
        rows: The rows, without the columns whose readings were known.
        columns: The columns, with the readings that these rows allow.
    """

    rows: pl.DataFrame
    columns: tuple[Column, ...]


class Landed(msgspec.Struct, frozen=True):
    """A table that was written, and how its columns were read."""

    columns: tuple[Column, ...]
    written: Written

    def warnings(self) -> Iterator[str]:
        """What a person should know of how values were read."""
        for column, outcome in zip(self.columns, self.written.outcomes, strict=True):
            if any(outcome.tokens):
                yield f"Column {column.name!r}: {read_as_null(outcome.tokens, outcome.texts)}"
            for told in column.remarks:
                yield f"Column {column.name!r} {told}"


def read_as_null(ends: Sequence[str], count: int) -> str:
    """Say which texts were read as null.

    Args:
        ends: The first and the last of them, in their order; one if all are the same.
        count: How many there are.
    """
    tokens = " and ".join(map(repr, ends))
    if len(ends) == 1:
        return f"{tokens} was read as null."
    if count == len(ends):
        return f"{tokens} were read as null."
    return f"{count} values, among them {tokens}, were read as null."


def sampled(scan: Scan, columns: Sequence[Column]) -> Sampled:
    """Guess by the first rows how columns are to be read; takes what ``land`` takes."""
    rows = _sample(scan(SAMPLE_ROWS), columns)
    return Sampled(rows, tuple(_remarked(rows, columns, guess(rows, columns))))


def land(
    scan: Scan,
    columns: Sequence[Column],
    table: BinaryIO,
    measures: Measures = lambda _: {},
    check: Check = lambda _: None,
    *,
    first: Sampled | None = None,
) -> Landed:
    """Write columns with the types that all their values have.

    Types are guessed by the first rows and checked while the table is written. Where a later row belies the guess, the
    table is written again with what the values that did not fit allow; where that does not hold either, the columns
    concerned are looked at in full before.

    Args:
        scan: Begins to read the raw columns, strings, anew.
        columns: The columns; those without candidates are of text, and guessed.
        table: Where to write.
        measures: What else to compute while writing, for the columns as they are read then.
        check: Told of it each time, before a value is doubted.
        first: The columns as the first rows show them, where that is known.

    Raises:
        MalformedInput: A value does not fit the type that was asked for.
        InvalidOption: A type was asked for, and there are two ways to read the values so.
    """
    first = first or sampled(scan, columns)
    known = _surveyed(scan, first.columns, [column for column in first.columns if column.is_undecided])
    remarks: dict[str, str] = {}
    given = {column.raw: column for column in columns}
    for attempt in range(_ATTEMPTS):
        known = with_points(scan(), known)
        written = write(scan(), known, table, measures(known))
        check(written)
        settled = _settled(scan, known, written.outcomes)
        wrong = [(column, one) for column, one in zip(known, settled, strict=True) if not one.is_right]
        if not wrong:
            codes = told_of_codes(first.rows, known)
            told = [replace(column, remark=column.remark or codes.get(column.raw)) for column in known]
            return Landed(tuple(told), replace(written, outcomes=settled))
        for column, _ in wrong:
            _refuse_misfit(scan, given[column.raw])
        belied = [_belied(column, outcome) if attempt == 0 else column for column, outcome in wrong]
        remarks = _codes(scan, wrong) | _exceptions(wrong) | remarks
        new = {column.raw: column for column in belied}
        unsure = [
            column for (old, _), column in zip(wrong, belied, strict=True) if column is old or column.is_undecided
        ]
        known = _noted(_surveyed(scan, [new.get(column.raw, column) for column in known], unsure), remarks)
    raise AssertionError([column.name for column in known])  # a survey's readings fit


def _settled(scan: Scan, columns: Sequence[Column], outcomes: Sequence[Outcome]) -> tuple[Outcome, ...]:
    """The outcomes, those too that the ends of their texts left open."""
    open_ = {number: are_null(columns[number]) for number, one in enumerate(outcomes) if one.is_right is None}
    if not open_:
        return tuple(outcomes)
    looks = [look.alias(str(number)) for number, look in open_.items()]
    found = dict(zip(open_, scan().select(looks).collect(engine="streaming").row(0), strict=True))
    return tuple(replace(one, is_right=found.get(number, one.is_right)) for number, one in enumerate(outcomes))


def _belied(column: Column, outcome: Outcome) -> Column:
    """The column with what the texts allow that its reading made no values of; itself if there are none."""
    values = _odd(column, outcome)
    return column.belied(values) if values else column


def _odd(column: Column, outcome: Outcome) -> list[str]:
    """Texts of which the column's reading made no values, and which don't stand for null."""
    return [text for text in outcome.tokens if text not in column.tokens]


def _exceptions(wrong: Sequence[tuple[Column, Outcome]]) -> dict[str, str]:
    """What to remark on columns, by their raw names, if they turn out to be text for the sake of some values."""
    guessed = [(column, _odd(column, one)) for column, one in wrong if column.reading.type is not FieldType.STRING]
    return {column.raw: exception(odd, column) for column, odd in guessed if odd and column.asked is None}


def _codes(scan: Scan, wrong: Sequence[tuple[Column, Outcome]]) -> dict[str, str]:
    """The same of columns of numbers in which only codes stand besides, of which the reading made values."""
    guessed = [column.raw for column, one in wrong if column.asked is None and not _odd(column, one)]
    if not guessed:
        return {}
    firsts = (pl.col(raw).filter(pl.col(raw).cast(pl.String).str.contains(CODE)).first() for raw in guessed)
    found = scan().select(firsts).collect(engine="streaming").row(0, named=True)
    return {raw: loss for raw, code in found.items() if code is not None and (loss := lost(str(code), NUMBER))}


def _noted(columns: Sequence[Column], remarks: Mapping[str, str]) -> list[Column]:
    """The columns with remarks on those that became text."""
    return [
        replace(column, remark=remarks.get(column.raw))
        if column.remark is None and column.reading.is_lossless and column.reading.type is FieldType.STRING
        else column
        for column in columns
    ]


def _remarked(sample: pl.DataFrame, before: Sequence[Column], guessed: Sequence[Column]) -> list[Column]:
    """The columns with a remark on those that were guessed to be text for the sake of a few values."""
    open_ = [new for old, new in zip(before, guessed, strict=True) if is_guessed(old) and old.asked is None]
    remarked = {column.raw: column for column in nearly(sample, open_)}
    return [remarked.get(column.raw, column) for column in guessed]


def _sample(frame: pl.LazyFrame, columns: Sequence[Column]) -> pl.DataFrame:
    unknown = [column.raw for column in columns if is_guessed(column)]
    return frame.select(unknown).collect(engine="streaming") if unknown else pl.DataFrame()


def _surveyed(scan: Scan, columns: Sequence[Column], some: Sequence[Column]) -> list[Column]:
    if not some:
        return list(columns)
    others = [column for column in columns if column not in some]
    found = {column.raw: column for column in survey(scan(), some, others)}
    return [found.get(column.raw, column) for column in columns]


class Misfit(msgspec.Struct, frozen=True):
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
        what = f"this is no {column.asked}, the type asked for"
        if column.asked is FieldType.BOOLEAN:
            what = f"{what} ({ACCEPTED})"
        elif _fits_alone(column, value):
            unit = ", or has another unit or none" if column.asked and column.asked.is_numeric else ""
            what = f"this is written in another form than most values of the column{unit}"
        elif column.asked is not None and column.asked in READABLE:
            what = f"{what} ({READABLE[column.asked]})"
        reason = f"{what}; ask for another type, or name the text as null (option null_values)"
        raise MalformedInput(reason=reason, row=row, column=column.name, value=value)


def _fits_alone(column: Column, value: str) -> bool:
    """Whether it is what stands in other rows that keeps a value from fitting."""
    alone = pl.DataFrame({column.raw: [value]})
    of_text = [reading for reading in column.widened().candidates if reading.shapes]
    return any(alone.select(_is_acceptable(column, reading)).item() for reading in of_text)


def _misfits(scan: Scan, column: Column, most: int) -> list[tuple[int, str]]:
    """The first rows, and their values, that don't fit the reading which fits most."""
    if column.asked is None or most <= 0:
        return []
    column = column.widened()
    fits = [_is_acceptable(column, reading) for reading in column.candidates]
    best = _best(scan, column, fits)
    bad = scan().with_row_index("row", offset=1).filter(~fits[best]).select("row", column.raw).head(most)
    return [(row, str(value)) for row, value in bad.collect(engine="streaming").rows()]


def _best(scan: Scan, column: Column, fits: Sequence[pl.Expr]) -> int:
    """The number of the reading that fits the most values; one that fits none of the first rows' values is passed over.

    Of all rows, only those are read in several ways that do not fit the reading which fits the first rows best: where
    another fits none of them either, it can't be better.
    """
    raw, numbers = pl.col(column.raw), range(len(fits))

    def best(failures: Mapping[int, int]) -> int:
        return min(failures, key=lambda one: (failures[one], column.is_against_order(column.candidates[one])))

    known = raw.is_not_null() & ~raw.is_in(sorted(column.tokens)) if column.tokens else raw.is_not_null()
    values, *failures = _sums(scan(SAMPLE_ROWS), [known, *(~fit for fit in fits)])
    likely = best(dict(zip(numbers, failures, strict=True)))
    others = [one for one in numbers if one != likely and (failures[one] < values or not values)]
    gains = _sums(scan().filter(~fits[likely]), [fits[one] for one in others])
    rivals = [likely, *(one for one, gain in zip(others, gains, strict=True) if gain)]
    if len(rivals) == 1:
        return likely
    return best(dict(zip(rivals, _sums(scan(), [~fits[one] for one in rivals]), strict=True)))


def _sums(frame: pl.LazyFrame, tests: Sequence[pl.Expr]) -> list[int]:
    """How many rows pass each test."""
    numbered = [test.sum().alias(str(number)) for number, test in enumerate(tests)]
    return list(frame.select(numbered).collect(engine="streaming").row(0)) if tests else []


def _is_acceptable(column: Column, reading: Reading) -> pl.Expr:
    raw = pl.col(column.raw)
    fits = raw.is_null() | reading.fits(raw).fill_null(value=False)
    return fits | raw.is_in(sorted(column.tokens)) if column.tokens else fits
