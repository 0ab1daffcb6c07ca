"""Statistics of dates, datetimes, times and durations, on the integers that stand for them."""

import math
from collections.abc import Callable
from functools import partial

import msgspec
import numpy as np
import polars as pl

from entrepot_adapters.polars.columns import StoredColumn
from entrepot_adapters.polars.histograms import histogram_of_sorted
from entrepot_adapters.polars.iso import DIGITS, date_text, datetime_text, duration_text, time_text
from entrepot_adapters.polars.moments import Array, Mask, mean, quartiles, standard_deviation
from entrepot_adapters.polars.profiling.distinct import repeats
from entrepot_adapters.polars.profiling.numbers import BINS, in_order, read_values
from entrepot_core.profile import Distinct, FieldStatistics, Histogram, Summary
from entrepot_core.schema import Field

_DAY = 86_400_000_000


class _Clock(msgspec.Struct, frozen=True):
    """How the integers of a column read.

    Attributes:
        text: Of one of them.
        instant: Of one times ``scale``: what means and quartiles are told in.
        scale: How many instants one is; dates count days, and pandas takes their means in microseconds.
        second: How many instants a second has.
        is_duration: Whether it counts from nothing, so that a deviation reads as a value does.
    """

    text: Callable[[int], str]
    instant: Callable[[int], str]
    second: int
    scale: int = 1
    is_duration: bool = False


def profile_times(column: StoredColumn, field: Field) -> FieldStatistics:
    """Describe a column of dates, datetimes, times or durations."""
    clock = _clock(column.dtype)
    values, missing = read_values(column)
    ordered = in_order(values.copy(), missing)
    return FieldStatistics(
        name=field.name,
        type=field.type,
        count=len(ordered),
        missing=column.rows - len(ordered),
        distinct=_distinct(values, missing, ordered, clock),
        histogram=_histogram(ordered, clock),
        summary=_summary(_instants(values, clock), missing, ordered, clock),
    )


def _clock(dtype: pl.DataType) -> _Clock:
    if isinstance(dtype, pl.Date):
        return _Clock(text=date_text, instant=partial(datetime_text, unit="us"), second=1_000_000, scale=_DAY)
    if isinstance(dtype, pl.Time):
        text = partial(time_text, unit="ns")
        return _Clock(text=text, instant=text, second=1_000_000_000)
    if isinstance(dtype, pl.Duration):
        text = partial(duration_text, unit=dtype.time_unit)
        return _Clock(text=text, instant=text, second=10 ** DIGITS[dtype.time_unit], is_duration=True)
    if isinstance(dtype, pl.Datetime):
        text = partial(datetime_text, unit=dtype.time_unit, utc=dtype.time_zone is not None)
        return _Clock(text=text, instant=text, second=10 ** DIGITS[dtype.time_unit])
    raise TypeError(dtype)


def _instants(values: Array, clock: _Clock) -> Array:
    if clock.scale == 1:
        return values
    instants = values.astype(np.int64)
    instants *= clock.scale
    return instants


def _summary(values: Array, missing: Mask | None, ordered: Array, clock: _Clock) -> Summary:
    low, middle, high = quartiles(ordered, some_missing=False, scale=clock.scale)
    deviation = standard_deviation(values, missing)
    seconds = deviation / clock.second if math.isfinite(deviation) else None
    return Summary(
        mean=_instant(mean(values, missing), clock),
        std=_instant(deviation, clock) if clock.is_duration else seconds,
        min=clock.instant(int(ordered[0]) * clock.scale) if len(ordered) else None,
        q25=_instant(low, clock),
        median=_instant(middle, clock),
        q75=_instant(high, clock),
        max=clock.instant(int(ordered[-1]) * clock.scale) if len(ordered) else None,
    )


def _instant(value: float, clock: _Clock) -> str | None:
    """The text of a mean or a quartile, cut off to the unit as pandas does."""
    return clock.instant(int(value)) if math.isfinite(value) else None


def _distinct(values: Array, missing: Mask | None, ordered: Array, clock: _Clock) -> Distinct:
    """Of what pandas may read as text: the texts are taken to differ where the dates do."""
    seen = repeats(ordered)
    if not seen.count:
        return Distinct(count=0, unique=0, top=None, freq=None)
    top = clock.text(int(values[seen.first_top(values, missing)]))
    return Distinct(count=seen.count, unique=seen.unique, top=top, freq=seen.freq)


def _histogram(ordered: Array, clock: _Clock) -> Histogram | None:
    found = histogram_of_sorted(ordered, BINS)
    if found is None:
        return None
    edges = tuple(clock.instant(int(edge) * clock.scale) for edge in found.edges)
    return Histogram(counts=found.counts, edges=edges)
