"""Compares the values of a column with one value, exactly, however the column is stored."""

import operator
from collections.abc import Callable
from decimal import ROUND_FLOOR, Decimal, localcontext

import msgspec
import polars as pl

from entrepot_core.errors import InvalidFilter
from entrepot_core.rows.filters import Operator
from entrepot_core.rows.times import Moment
from entrepot_core.rows.values import Value

_UNITS = {"ms": 10**6, "us": 10**3, "ns": 1}
"""Nanoseconds of a unit of time."""

_DAY = 86_400 * 10**9
_DIGITS = 1_000

_LIMITS: dict[type[pl.DataType], tuple[int, int]] = {
    pl.Int8: (-(2**7), 2**7 - 1),
    pl.Int16: (-(2**15), 2**15 - 1),
    pl.Int32: (-(2**31), 2**31 - 1),
    pl.Int64: (-(2**63), 2**63 - 1),
    pl.Int128: (-(2**127), 2**127 - 1),
    pl.UInt8: (0, 2**8 - 1),
    pl.UInt16: (0, 2**16 - 1),
    pl.UInt32: (0, 2**32 - 1),
    pl.UInt64: (0, 2**64 - 1),
    pl.UInt128: (0, 2**128 - 1),
}
_COMPARISONS: dict[Operator, Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    Operator.EXACT: operator.eq,
    Operator.GT: operator.gt,
    Operator.GTE: operator.ge,
    Operator.LT: operator.lt,
    Operator.LTE: operator.le,
}
_ABOVE = frozenset({Operator.GT, Operator.GTE})


class Steps(msgspec.Struct, frozen=True):
    """How a column's values are whole numbers of some step: of days, of nanoseconds, of hundredths.

    Attributes:
        column: The whole numbers, as an expression.
        dtype: Their type.
        per_one: How many there are to one of what a value counts.
    """

    column: pl.Expr
    dtype: pl.DataType
    per_one: Decimal

    @property
    def limits(self) -> tuple[int, int]:
        """The least and the greatest that can be stored."""
        return _LIMITS[type(self.dtype)]


def compare(column: pl.Expr, dtype: pl.DataType, how: Operator, value: Value) -> pl.Expr:
    """Whether values are equal to one, or greater or less; null where they are null.

    Args:
        column: The values; NaN must be null.
        dtype: Their type.
        how: ``exact``, or one of the comparisons by order.
        value: Of the field's type, as the core has it.

    Raises:
        InvalidFilter: It is a moment with a zone, and the column has none.
    """
    steps = _steps(column, dtype)
    if steps is None and dtype.is_float() and _is_past_all(dtype, value):
        return _compare_past_all(column, how, above=value > 0)  # type: ignore[operator]  # a number then
    if steps is None:
        literal = pl.lit(float(value), dtype=dtype) if dtype.is_float() else pl.lit(value)  # type: ignore[arg-type]  # a number then
        return _COMPARISONS[how](column, literal)
    return _compare_steps(steps, how, count(dtype, value))


def equal_to_any(column: pl.Expr, dtype: pl.DataType, values: tuple[Value, ...]) -> pl.Expr:
    """Whether values are equal to some of these; null where they are null."""
    steps = _steps(column, dtype)
    if steps is None:
        literals: list[object] = list(values)
        if dtype.is_float():
            literals = [float(value) for value in values if not _is_past_all(dtype, value)]  # type: ignore[arg-type]  # numbers
        kind = pl.String if isinstance(dtype, pl.Enum | pl.Categorical) else dtype
        return column.is_in(pl.Series(literals, dtype=kind).implode()) if literals else _never(column)
    wholes = [whole for value in values if (whole := _whole(steps, count(dtype, value))) is not None]
    if not wholes:
        return _never(column)
    return steps.column.is_in(pl.Series(wholes, dtype=steps.dtype).implode())


def on_day(column: pl.Expr, dtype: pl.DataType, day: int) -> pl.Expr:
    """Whether dates are one, or moments lie on it, in UTC where they have a zone; null where they are null."""
    if isinstance(dtype, pl.Date):
        return compare(column, dtype, Operator.EXACT, day)
    begin, end = (Moment(date * _DAY, has_zone=False) for date in (day, day + 1))
    return compare(column, dtype, Operator.GTE, begin) & compare(column, dtype, Operator.LT, end)


def count(dtype: pl.DataType, value: Value) -> Decimal:
    """What a value counts: days, nanoseconds, or itself.

    Raises:
        InvalidFilter: It is a moment with a zone, and the column has none.
    """
    if isinstance(value, Moment):
        if value.has_zone and isinstance(dtype, pl.Datetime) and dtype.time_zone is None:
            reason = "these times have no zone; leave the zone out"
            raise InvalidFilter(filter="datetime", value=None, reason=reason)
        return Decimal(value.nanoseconds)
    if isinstance(value, str | bytes):
        raise TypeError(value)
    return Decimal(value)


def _steps(column: pl.Expr, dtype: pl.DataType) -> Steps | None:
    """The column as whole numbers, if it is stored as such."""
    match dtype:
        case pl.Datetime() | pl.Duration():
            return Steps(column.to_physical(), pl.Int64(), 1 / Decimal(_UNITS[dtype.time_unit]))
        case pl.Time():
            return Steps(column.to_physical(), pl.Int64(), Decimal(1))
        case pl.Date():
            return Steps(column.to_physical(), pl.Int32(), Decimal(1))
        case pl.Decimal():
            return Steps(column.to_physical(), pl.Int128(), Decimal(10) ** (dtype.scale or 0))
        case _ if dtype.is_integer():
            return Steps(column, dtype, Decimal(1))
        case _:
            return None


def _compare_steps(steps: Steps, how: Operator, counted: Decimal) -> pl.Expr:
    least, greatest = steps.limits
    if counted.is_infinite():
        return _as_if_beyond(steps, how, above=counted > 0)
    whole, is_exact = _floor(steps, counted)
    if not least <= whole <= greatest:
        return _as_if_beyond(steps, how, above=whole > greatest)
    if not is_exact:
        if how is Operator.EXACT:
            return _never(steps.column)
        how = Operator.GT if how in _ABOVE else Operator.LTE
    return _COMPARISONS[how](steps.column, pl.lit(whole, dtype=steps.dtype))


def _is_past_all(dtype: pl.DataType, value: Value) -> bool:
    """Whether a finite number is greater, or less, than all that a column of floats can hold but the infinities."""
    stored = pl.Series([float(value)], dtype=dtype)  # type: ignore[arg-type]  # a number then
    return Decimal(value).is_finite() and bool(stored.is_infinite().any())  # type: ignore[arg-type]  # likewise


def _compare_past_all(column: pl.Expr, how: Operator, *, above: bool) -> pl.Expr:
    """The answer for such a number: only an infinity is beyond it."""
    if how is Operator.EXACT:
        return _never(column)
    beyond = column == (float("inf") if above else float("-inf"))
    return beyond if (how in _ABOVE) is above else ~beyond


def _whole(steps: Steps, counted: Decimal) -> int | None:
    """The one number of steps that a value is, if it is one that can be stored."""
    if counted.is_infinite():
        return None
    whole, is_exact = _floor(steps, counted)
    least, greatest = steps.limits
    return whole if is_exact and least <= whole <= greatest else None


def _floor(steps: Steps, counted: Decimal) -> tuple[int, bool]:
    with localcontext(prec=_DIGITS):
        exact = counted * steps.per_one
        whole = exact.to_integral_value(ROUND_FLOOR)
        return int(whole), exact == whole


def _as_if_beyond(steps: Steps, how: Operator, *, above: bool) -> pl.Expr:
    """The answer for a value above, or below, all that can be stored."""
    holds = how is not Operator.EXACT and (how in _ABOVE) is not above
    return _always(steps.column) if holds else _never(steps.column)


def _always(column: pl.Expr) -> pl.Expr:
    return pl.when(column.is_not_null()).then(pl.lit(value=True))


def _never(column: pl.Expr) -> pl.Expr:
    return pl.when(column.is_not_null()).then(pl.lit(value=False))


def any_of(found: list[pl.Expr]) -> pl.Expr:
    """Whether one of these holds; side by side, for polars takes very long over deep trees."""
    return pl.any_horizontal(found)
