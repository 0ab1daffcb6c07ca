"""Finds how columns of text are to be read, by some of their rows or by all."""

from collections.abc import Iterable, Mapping, Sequence

import polars as pl
from msgspec.structs import replace

from entrepot_adapters.polars.inference.candidates import Frame, first_values, narrow, nearest, some_values
from entrepot_adapters.polars.inference.column import Column
from entrepot_adapters.polars.inference.grouped import NUMBER_WITH_POINTS, WHOLE_WITH_POINTS
from entrepot_adapters.polars.inference.numbers import ANY_NUMBER, NUMBER
from entrepot_adapters.polars.inference.readings import NOTHING, TEXT, Reading, stripped
from entrepot_core.schema import FieldType

_AT_ONCE = 128
"""Columns that one query looks at."""

_FEW = 100
"""Values that rule most readings out."""


def guess(sample: pl.DataFrame, columns: Sequence[Column]) -> list[Column]:
    """Choose candidates by some rows: for columns of text that have none, and of those that were asked for.

    What is tested of each column is what its first values let us expect, and only where that fails what else there is.

    Args:
        sample: Rows with the raw columns of those that ``is_guessed``.
        columns: The columns.
    """
    seen = [_seen_first(sample, column) for column in columns if is_guessed(column)]
    expected = _fitting(sample, [column.chief() for column in seen])
    failed = [column.widened() for column in seen if column.reading not in expected.get(column.raw, (column.reading,))]
    others = {column.raw: column for column in _narrowed(sample, failed)}
    known = {column.raw: others.get(column.raw) or _expected(column, expected) for column in seen}
    return [known.get(column.raw, column) for column in columns]


def is_guessed(column: Column) -> bool:
    """Whether some of its values are needed to choose its readings."""
    return len(column.candidates) != 1


def _seen_first(sample: pl.DataFrame, column: Column) -> Column:
    return column.seen(first_values(sample[column.raw].cast(pl.String), column.tokens, _FEW))


def _expected(column: Column, fitting: Mapping[str, tuple[Reading, ...]]) -> Column:
    """The column without the rivals of its reading that the rows have ruled out."""
    return column.without([rival for rival in column.rivals if rival not in fitting[column.raw]])


def survey(frame: pl.LazyFrame, columns: Sequence[Column], others: Sequence[Column]) -> list[Column]:
    """Settle columns that a guess did not do justice, by all their values.

    Args:
        frame: The raw columns.
        columns: Those to settle.
        others: The other columns, which may show what a comma means.

    Raises:
        InvalidOption: A type was asked for, and there are two ways to read the values so.
    """
    unseen = [column for column in columns if column.reading is NOTHING]
    seen = {column.raw: column for column in _seen(frame, unseen)}
    known = [seen.get(column.raw, column).widened() for column in columns]
    fitting = _fitting(frame, known)
    narrowed = _kept(known, fitting | _nearest(frame, known, fitting))
    has_commas = any(column.is_undecided and column.shows_decimal for column in narrowed)
    point = _point([*_telling(frame, others), *narrowed]) if has_commas else None
    return [column.settled(point) for column in narrowed]


def with_points(frame: pl.LazyFrame, columns: Sequence[Column]) -> list[Column]:
    """Take plain numbers such as ``1.234`` for thousands where other columns have a comma before decimals.

    Args:
        frame: The raw columns.
        columns: All columns, as they were guessed.
    """
    plain = [column for column in columns if _is_plain(column)]
    shown = any(column.reading.point == "," and not column.is_undecided for column in columns)
    if not plain or not (shown or plain[0].decimal == ","):
        return list(columns)
    readings = {column.raw: _with_points(column) for column in plain}
    fitting: dict[str, tuple[Reading, ...]] = {}
    for tokens, group in _groups(plain):
        fitting |= narrow(frame, {column.raw: (readings[column.raw],) for column in group}, tokens)
    if not shown and not all(fitting.get(column.raw) for column in plain):
        return list(columns)  # 0.5 shows what points mean in this file
    why = "other columns show" if shown else "was said or was so before"
    remark = f"was read as whole numbers with points between thousands, as {why}."
    return [
        replace(column, candidates=(fitting[column.raw][0].trusted(),), remark=remark)
        if fitting.get(column.raw)
        else column
        for column in columns
    ]


def is_plain_number(column: Column) -> bool:
    """Whether its values are plain numbers, whose points stand before decimals."""
    return column.reading.shapes in {NUMBER.shapes, ANY_NUMBER.shapes}


def of_open_points(frame: Frame, columns: Sequence[Column]) -> set[str]:
    """The raw names of columns of plain numbers such as ``1.234``, all of them: points could be between thousands."""
    plain = [column for column in columns if is_plain_number(column)]
    fitting: dict[str, tuple[Reading, ...]] = {}
    for tokens, group in _groups(plain):
        fitting |= narrow(frame, {column.raw: (_with_points(column),) for column in group}, tokens)
    return {raw for raw, readings in fitting.items() if readings}


def _telling(frame: pl.LazyFrame, columns: Sequence[Column]) -> list[Column]:
    """The columns that can show what points mean."""
    open_ = of_open_points(frame, columns)
    return [column for column in columns if column.raw not in open_]


def _is_plain(column: Column) -> bool:
    """Whether a column has plain numbers, and nobody but perhaps the caller has said what points in them mean."""
    if column.asked is None:
        return column.reading.shapes is NUMBER.shapes
    return column.decimal == "," and column.reading.shapes is ANY_NUMBER.shapes


def _with_points(column: Column) -> Reading:
    """How to read plain numbers whose points stand between thousands."""
    reading = NUMBER_WITH_POINTS if column.asked is FieldType.NUMBER else WHOLE_WITH_POINTS
    return stripped(reading) if column.reading.is_stripped else reading


def _point(columns: Iterable[Column]) -> str | None:
    """What stands before decimals, if columns show it, and all of them the same."""
    shown = {column.reading.point for column in columns if not column.is_undecided}
    points = shown - {None}
    return points.pop() if len(points) == 1 else None


def _seen(frame: pl.LazyFrame, columns: Sequence[Column]) -> list[Column]:
    """Columns of which no value was known, with what their values allow; if they have none they are texts for null."""
    values: dict[str, list[str]] = {}
    for tokens, group in _groups(columns):
        values |= some_values(frame, [column.raw for column in group], tokens)
    return [
        Column(column.name, column.raw, (TEXT,), tokens=column.tokens)
        if not values[column.raw]
        else column.belied(values[column.raw])
        for column in columns
    ]


def _narrowed(frame: Frame, columns: Sequence[Column]) -> list[Column]:
    """Keep the candidates that fit every value of a frame."""
    return _kept(columns, _fitting(frame, columns))


def _kept(columns: Sequence[Column], readings: Mapping[str, tuple[Reading, ...]]) -> list[Column]:
    return [column.narrowed(readings[column.raw]) if column.raw in readings else column for column in columns]


def _nearest(
    frame: pl.LazyFrame, columns: Sequence[Column], fitting: Mapping[str, tuple[Reading, ...]]
) -> dict[str, tuple[Reading, ...]]:
    """The candidates that fit the most values, where a type is asked for that some are not of.

    The values that are show in which sense they are to be taken; it is not hidden by those that will be set aside.
    """
    torn = [column for column in columns if column.asked is not None and column.is_undecided]
    found: dict[str, tuple[Reading, ...]] = {}
    for tokens, group in _groups(column for column in torn if not fitting.get(column.raw, column.candidates)):
        found |= nearest(frame, {column.raw: column.candidates for column in group}, tokens)
    return found


def _fitting(frame: Frame, columns: Sequence[Column]) -> dict[str, tuple[Reading, ...]]:
    """The candidates that fit every value of a frame, of the columns that depend on it."""
    fitting: dict[str, tuple[Reading, ...]] = {}
    for tokens, group in _groups(column for column in columns if column.is_tested):
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
