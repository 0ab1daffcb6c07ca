"""Computed statistics of a version: made once, at import, and stored with it."""

import msgspec

from entrepot_core.schema import FieldType


class Histogram(msgspec.Struct, frozen=True):
    """How values spread over bins; bin ``i`` holds ``edges[i] <= value < edges[i + 1]``, the last both ends.

    Attributes:
        counts: Values in each bin.
        edges: One more than bins: numbers, or ISO 8601 texts for dates and times.
    """

    counts: tuple[int, ...]
    edges: tuple[int | float | str, ...]


class Summary(msgspec.Struct, frozen=True):
    """Where the values of a column lie: numbers, or ISO 8601 texts for dates, datetimes, times and durations.

    What JSON has no number for (NaN, infinities) is null.

    Attributes:
        mean: The arithmetic mean.
        std: The sample standard deviation (``ddof=1``), in seconds of dates, datetimes and times, an ISO 8601 text of
            durations; null for one value.
        min: The least value; of integers exact.
        q25: The lower quartile, interpolated linearly.
        median: The middle value, interpolated linearly.
        q75: The upper quartile, interpolated linearly.
        max: The greatest value; of integers exact.
    """

    mean: int | float | str | None
    std: float | str | None
    min: int | float | str | None
    q25: int | float | str | None
    median: int | float | str | None
    q75: int | float | str | None
    max: int | float | str | None


class Distinct(msgspec.Struct, frozen=True):
    """What pandas' ``describe()`` says of a column that it takes for text.

    Attributes:
        count: Values that pandas' reader does not take for missing (in text files it does so with ``NA``, ``null`` and
            the like; ``frequencies`` counts these as what they are).
        unique: Different values among them; null where that is not known.
        top: The most frequent one, of several the one seen first.
        freq: How often ``top`` stands there.
    """

    count: int
    unique: int | None
    top: str | bool | None
    freq: int | None


class FieldStatistics(msgspec.Struct, frozen=True):
    """The statistics of one column.

    Attributes:
        name: The column.
        type: Its type.
        count: Values that are neither null nor NaN.
        missing: Nulls and NaNs.
        summary: Of numbers, dates and times; of texts, lists and binary, of their lengths.
        distinct: Of every type that pandas may take for text.
        histogram: Of what ``summary`` is about; none where there is no finite value.
        frequencies: How often each value stands there, of booleans and of texts with few different values.
    """

    name: str
    type: FieldType
    count: int
    missing: int
    summary: Summary | None = None
    distinct: Distinct | None = None
    histogram: Histogram | None = None
    frequencies: dict[str, int] | None = None


class Profile(msgspec.Struct, frozen=True):
    """The statistics of a version.

    Attributes:
        rows: How many rows were counted.
        columns: The statistics of each column, in order.
        dates_are_text: Whether the source held dates as text (CSV, JSON), so that pandas' reader sees text.
    """

    rows: int
    columns: tuple[FieldStatistics, ...]
    dates_are_text: bool
