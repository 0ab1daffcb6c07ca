"""pandas' ``describe()``, told from a profile.

Where this departs from pandas, it is because the file was read otherwise, or for use:

- Codes with leading zeros or a plus sign stay text, where pandas makes numbers of them.
- Dates of text files are, with every column described, described as datetimes, as pandas does when told of them; where
  they are counted as text, ``top`` is their ISO 8601 text, whatever stands in the file.
- Decimals are numbers; to pandas they are objects, and only counted.
- Integers with nulls, or signed ones, past 2^63 are numbers; pandas makes text of them.
- Nested values are only counted; pandas fails on them.
"""

from collections.abc import Callable

from entrepot_core.profile import Distinct, FieldStatistics, Profile, Summary
from entrepot_core.schema import FieldType

Cell = int | float | str | bool | None

Description = dict[str, dict[str, Cell]]
"""Column to the rows of ``describe()``: ``count``, ``mean``, ``std``, ``min``, ``25%``, ``50%``, ``75%``, ``max``."""

_Describe = Callable[[FieldStatistics], dict[str, Cell]]

_NUMERIC = {FieldType.INTEGER, FieldType.NUMBER, FieldType.DURATION}
_DATES = {FieldType.DATE, FieldType.DATETIME}

_ROWS_OF_TEXT = ("count", "unique", "top", "freq")
_EVERY_ROW = (*_ROWS_OF_TEXT, "mean", "std", "min", "25%", "50%", "75%", "max")

_NO_SUMMARY = Summary(mean=None, std=None, min=None, q25=None, median=None, q75=None, max=None)


def describe(profile: Profile, *, include_all: bool) -> Description:
    """Answer what pandas' ``describe()`` says of what pandas' own reader makes of the file.

    Args:
        profile: The statistics of the version.
        include_all: Whether to describe every column, as ``include="all"`` does, and not only the numbers (and, of
            files that hold them as such, the datetimes). Without any of these pandas describes every column too.

    Returns:
        The columns in their order and pandas' rows in pandas' order, alike for every column: null stands where a row
        does not apply to a column, and for what JSON has no number for (NaN, infinities).
    """
    chosen = [column for column in profile.columns if _is_in_the_plain_description(column, profile)]
    if include_all or not chosen:
        chosen = list(profile.columns)
    dates_as_text = profile.dates_are_text and not include_all
    described = {column.name: _describing(column, profile, dates_as_text)(column) for column in chosen}
    rows = _rows(described, texts=include_all and profile.dates_are_text)
    return {name: {row: cells.get(row) for row in rows} for name, cells in described.items()}


def _rows(described: Description, *, texts: bool) -> list[str]:
    """Pandas' rows in pandas' order: the shortest description gives its own first.

    Args:
        described: What is told of each column.
        texts: Whether pandas' reader takes whatever is no number for text, dates too: then there are a text's rows.
    """
    told = sorted(described.values(), key=len)
    rows = list(dict.fromkeys(row for cells in told for row in cells))
    if texts and any("std" not in cells for cells in told):
        return [row for row in _EVERY_ROW if row in rows or row in _ROWS_OF_TEXT]
    return rows


def _is_in_the_plain_description(column: FieldStatistics, profile: Profile) -> bool:
    if _reads_as_numeric(column, profile):
        return True
    naive = column.type is FieldType.DATETIME and not _has_zone(column.summary)
    return naive and not profile.dates_are_text


def _describing(column: FieldStatistics, profile: Profile, dates_as_text: bool) -> _Describe:  # noqa: FBT001 - internal
    if _reads_as_numeric(column, profile):
        return _numeric
    if profile.dates_are_text and profile.rows and column.type in _DATES and not dates_as_text:
        return _datetime
    if not profile.dates_are_text and column.type is FieldType.DATETIME:
        return _datetime
    return _categorical


def _reads_as_numeric(column: FieldStatistics, profile: Profile) -> bool:
    """Whether pandas makes numbers of it; of a text file's column that has no value at all it makes NaNs."""
    if not profile.dates_are_text:
        return column.type in _NUMERIC
    if not profile.rows:
        return False
    return column.type in _NUMERIC or not (column.distinct.count if column.distinct else column.count)


def _has_zone(summary: Summary | None) -> bool:
    """Whether the datetimes are those of a time zone, which pandas leaves out of the plain description."""
    return summary is not None and str(summary.min).endswith("Z")


def _numeric(column: FieldStatistics) -> dict[str, Cell]:
    summary = (column.type in _NUMERIC and column.summary) or _NO_SUMMARY
    return {
        "count": column.count if column.type in _NUMERIC else 0,
        "mean": _floating(summary.mean),
        "std": _floating(summary.std),
        "min": _floating(summary.min),
        "25%": _floating(summary.q25),
        "50%": _floating(summary.median),
        "75%": _floating(summary.q75),
        "max": _floating(summary.max),
    }


def _floating(value: float | str | None) -> float | str | None:
    """The value as pandas gives it: numbers as floats."""
    return value if value is None or isinstance(value, str) else float(value)


def _datetime(column: FieldStatistics) -> dict[str, Cell]:
    """As pandas describes datetimes: as numbers, but without the standard deviation."""
    summary = column.summary or _NO_SUMMARY
    return {
        "count": column.count,
        "mean": summary.mean,
        "min": summary.min,
        "25%": summary.q25,
        "50%": summary.median,
        "75%": summary.q75,
        "max": summary.max,
    }


def _categorical(column: FieldStatistics) -> dict[str, Cell]:
    distinct = column.distinct or Distinct(count=column.count, unique=None, top=None, freq=None)
    return {
        "count": distinct.count,
        "unique": distinct.unique,
        "top": distinct.top,
        "freq": distinct.freq,
    }
