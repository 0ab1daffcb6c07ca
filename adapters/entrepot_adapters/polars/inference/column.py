"""A column on its way from a file into a table."""

from collections.abc import Iterable, Mapping, Sequence

import polars as pl
from attrs import evolve, frozen

from entrepot_adapters.polars.inference.candidates import first_values, narrow, plausible, some_values
from entrepot_adapters.polars.inference.readings import NOTHING, NULL_TOKENS, TEXT, Reading, stripped
from entrepot_core.errors import InvalidOption
from entrepot_core.schema import FieldType

_AT_ONCE = 128
"""Columns that one query looks at."""

_FEW = 100
"""Values that rule most readings out."""


@frozen(eq=False)
class Column:
    """A column and the ways it may be read.

    Attributes:
        name: Its name in the table.
        raw: Its name in the frame it is read from.
        candidates: The readings still possible, the preferred one first.
        among: All readings that are considered for this column.
        tokens: Texts that stand for null where the values are no text.
        asked: The type that the caller asked for.
        is_ambiguous: Whether it stays text because its dates could be read in two ways.
        is_inexact: Whether it stays text because some of its numbers would lose digits.
    """

    name: str
    raw: str
    candidates: tuple[Reading, ...]
    among: tuple[Reading, ...] = ()
    tokens: frozenset[str] = NULL_TOKENS
    asked: FieldType | None = None
    is_ambiguous: bool = False
    is_inexact: bool = False

    @property
    def reading(self) -> Reading:
        """The reading to try next."""
        return self.candidates[0]

    @property
    def is_undecided(self) -> bool:
        """Whether day and month could be either way round, by the values seen so far."""
        orders = {reading.order for reading in self.candidates if reading.type is self.reading.type}
        return self.reading.order is not None and len(orders) > 1

    def seen(self, values: Sequence[str]) -> "Column":
        """The column with the readings that some of its values allow."""
        return evolve(self, candidates=plausible(values, self.among) or (TEXT,) if values else (NOTHING,))

    def widened(self) -> "Column":
        """The column with candidates that pass over spaces around values."""
        return evolve(self, candidates=tuple(map(stripped, self.candidates))) if is_tested(self) else self

    def chief(self) -> "Column":
        """The column with the candidates that have to be known to fit: the first, or all of dates in two orders."""
        return self if self.is_undecided else evolve(self, candidates=self.candidates[:1])

    def narrowed(self, fitting: tuple[Reading, ...]) -> "Column":
        """The column with the readings that fit."""
        if fitting and fitting[0].loses_digits:
            return evolve(self, candidates=(TEXT,), is_inexact=True)
        if fitting or self.asked is None:
            return evolve(self, candidates=fitting or (TEXT,))
        return self

    def settled(self) -> "Column":
        """The column with one reading, known to fit all its values."""
        if not self.is_undecided:
            return evolve(self, candidates=(self.reading.trusted(),))
        if self.asked is None:
            return evolve(self, candidates=(TEXT,), is_ambiguous=True)
        raise InvalidOption(
            option="types",
            value=f"{self.name}: {self.asked}",
            reason="day and month could be either way round in all its values; read it as string",
        )


def is_tested(column: Column) -> bool:
    """Whether its readings depend on its values."""
    return not column.reading.is_lossless and column.reading is not NOTHING


def guess(sample: pl.DataFrame, columns: Sequence[Column]) -> list[Column]:
    """Choose candidates, for those columns that have none, by some rows.

    Args:
        sample: Rows with the raw columns.
        columns: The columns; those without candidates are of text.
    """
    guessed = iter(_guessed(sample, [column for column in columns if not column.candidates]))
    return [column if column.candidates else next(guessed) for column in columns]


def _guessed(sample: pl.DataFrame, columns: Sequence[Column]) -> list[Column]:
    """Test of each column what its first values let us expect, and only where that fails what else there is."""
    seen = [column.seen(first_values(sample[column.raw], column.tokens, _FEW)) for column in columns]
    expected = _fitting(sample.lazy(), [column.chief() for column in seen])
    failed = [column.widened() for column in seen if not expected.get(column.raw, True)]
    others = {column.raw: column for column in _narrowed(sample.lazy(), failed)}
    return [_known(column, expected, others) for column in seen]


def _known(column: Column, expected: Mapping[str, tuple[Reading, ...]], others: Mapping[str, Column]) -> Column:
    if column.raw in others:
        return others[column.raw]
    if column.is_undecided:
        return column.narrowed(expected[column.raw])
    return column


def survey(frame: pl.LazyFrame, columns: Sequence[Column]) -> list[Column]:
    """Settle columns that a guess did not do justice, by all their values.

    Raises:
        InvalidOption: Dates were asked for, and could be read in two ways.
    """
    unseen = [column for column in columns if column.reading is NOTHING]
    seen = iter(_seen(frame, unseen))
    known = [next(seen) if column.reading is NOTHING else column for column in columns]
    return [column.settled() for column in _narrowed(frame, [column.widened() for column in known])]


def _seen(frame: pl.LazyFrame, columns: Sequence[Column]) -> list[Column]:
    values: dict[str, str | None] = {}
    for tokens, group in _groups(columns):
        values |= some_values(frame, [column.raw for column in group], tokens)
    return [column.seen([value] if (value := values[column.raw]) is not None else []) for column in columns]


def _narrowed(frame: pl.LazyFrame, columns: Sequence[Column]) -> list[Column]:
    """Keep the candidates that fit every value of a frame."""
    fitting = _fitting(frame, columns)
    return [column.narrowed(fitting[column.raw]) if column.raw in fitting else column for column in columns]


def _fitting(frame: pl.LazyFrame, columns: Sequence[Column]) -> dict[str, tuple[Reading, ...]]:
    """The candidates that fit every value of a frame, of the columns that depend on it."""
    fitting: dict[str, tuple[Reading, ...]] = {}
    for tokens, group in _groups(filter(is_tested, columns)):
        fitting |= narrow(frame, {column.raw: column.candidates for column in group}, tokens)
    return fitting


def _groups(columns: Iterable[Column]) -> list[tuple[frozenset[str], list[Column]]]:
    """Columns with the same tokens, not too many at once: polars plans in the square of their number."""
    groups: dict[frozenset[str], list[Column]] = {}
    for column in columns:
        groups.setdefault(column.tokens, []).append(column)
    return [
        (tokens, group[start : start + _AT_ONCE])
        for tokens, group in groups.items()
        for start in range(0, len(group), _AT_ONCE)
    ]
