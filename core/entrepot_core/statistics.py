"""Per-column statistics in the shape of the Hugging Face dataset viewer's ``/statistics``."""

import datetime as dt

import msgspec

from entrepot_core.profile import FieldStatistics, Histogram, Profile, Summary
from entrepot_core.schema import FieldType

_NAMES = {
    FieldType.INTEGER: "int",
    FieldType.NUMBER: "float",
    FieldType.BOOLEAN: "bool",
    FieldType.DATE: "datetime",
    FieldType.DATETIME: "datetime",
}


class Statistics(msgspec.Struct, frozen=True):
    """The statistics of all columns of a version.

    Attributes:
        num_examples: How many rows.
        statistics: One entry a column, in order.
        partial: Whether only some rows were counted; never so.
    """

    num_examples: int
    statistics: tuple[dict[str, object], ...]
    partial: bool = False


def statistics(profile: Profile) -> Statistics:
    """Show a profile as the dataset viewer does.

    The types of columns are those of the viewer: ``int``, ``float``, ``bool``, ``datetime``, ``string_label`` (texts
    with few different values: their frequencies), ``string_text`` (of other texts the lengths) and ``list`` (the
    lengths). For what the viewer does not know there are ``time``, ``duration`` and ``binary`` (the lengths in bytes),
    shaped like these, and ``dict``, with the count of nulls alone. Other than the viewer's, values are not rounded to
    five decimals, and histograms have up to 20 bins.
    """
    return Statistics(
        num_examples=profile.rows,
        statistics=tuple(_entry(column, profile.rows) for column in profile.columns),
    )


def _entry(column: FieldStatistics, rows: int) -> dict[str, object]:
    missing = {"nan_count": column.missing, "nan_proportion": column.missing / rows if rows else 0.0}
    name = _column_type(column)
    return {
        "column_name": column.name,
        "column_type": name,
        "column_statistics": missing | _measures(column, name),
    }


def _column_type(column: FieldStatistics) -> str:
    if column.type is FieldType.STRING or (column.type is FieldType.JSON and column.distinct):
        return "string_text" if column.frequencies is None else "string_label"
    if column.type is FieldType.JSON:
        return "list" if column.summary else "dict"
    return _NAMES.get(column.type, column.type.value)


def _measures(column: FieldStatistics, name: str) -> dict[str, object]:
    if name == "bool":
        return {"frequencies": column.frequencies or {}}
    if name == "string_label":
        labels = column.frequencies or {}
        return {"no_label_count": 0, "no_label_proportion": 0.0, "n_unique": len(labels), "frequencies": labels}
    if name == "dict":
        return {}
    return _numeric(column.summary, column.histogram, name)


def _numeric(summary: Summary | None, histogram: Histogram | None, name: str) -> dict[str, object]:
    keys = ("min", "max", "mean", "median", "std")
    measures: dict[str, object] = {key: getattr(summary, key, None) for key in keys}
    if name in {"datetime", "time"} and summary is not None and summary.std is not None:
        measures["std"] = str(dt.timedelta(seconds=float(summary.std)))
    return measures | {"histogram": _bins(histogram, summary, name)}


def _bins(histogram: Histogram | None, summary: Summary | None, name: str) -> dict[str, object] | None:
    """The histogram in the viewer's words; but for floats the last edge is cut off at the greatest value."""
    if histogram is None or summary is None:
        return None
    last = histogram.edges[-1] if name == "float" else summary.max
    return {"hist": list(histogram.counts), "bin_edges": [*histogram.edges[:-1], last]}
