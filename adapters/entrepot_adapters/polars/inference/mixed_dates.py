"""Reading columns in which dates of several forms stand."""

from collections.abc import Iterable, Sequence

import polars as pl
from msgspec.structs import replace

from entrepot_adapters.polars.inference.dates import (
    ISO_DATE,
    ISO_DATETIMES,
    NAIVE_DATETIMES,
    TIMES,
    TIMES_OF_24_HOURS,
    moments,
    to_date,
)
from entrepot_adapters.polars.inference.epochs import EPOCHS
from entrepot_adapters.polars.inference.local_dates import IN_ONE_ORDER, UNAMBIGUOUS
from entrepot_adapters.polars.inference.machine_dates import MACHINE
from entrepot_adapters.polars.inference.rarer_dates import RARER, RARER_ASKED, RARER_TIMES
from entrepot_adapters.polars.inference.readings import Make, Reading, Sense
from entrepot_adapters.polars.inference.short_years import OF_SHORT_YEARS, SHORT_YEARS
from entrepot_core.schema import FieldType

_DTYPES = {FieldType.DATE: pl.Date(), FieldType.DATETIME: pl.Datetime("us"), FieldType.TIME: pl.Time()}


def _mixed(type: FieldType, among: Iterable[Reading], sense: Sense | None) -> Reading:  # noqa: A002 - the field of this name
    readings = [reading for reading in among if reading.type is type]
    return Reading(
        type,
        _each_for_itself(readings, _DTYPES[type]),
        tuple(shape for reading in readings for shape in reading.shapes),
        sense=sense,
        remark=f"holds {type}s of several forms, which were read each for itself.",
    )


def _each_for_itself(readings: Sequence[Reading], dtype: pl.DataType) -> Make:
    """Read each text in the first way that fits it; a way is tried only on the texts that those before left."""

    def read(texts: pl.Series) -> pl.Series:
        left = pl.DataFrame({"text": texts, "row": pl.int_range(len(texts), eager=True)}).drop_nulls()
        values = pl.Series(texts.name, [None], dtype=dtype).new_from_index(0, len(texts))
        for reading in readings:
            shape = "|".join(shape.pattern for shape in reading.shapes)
            found = left.filter(pl.col("text").str.contains(f"^(?:{shape})$"))
            made = found.select("row", value=reading.checked(pl.col("text"))).drop_nulls()
            values = values.scatter(made["row"], made["value"])
            left = left.join(made, on="row", how="anti") if made.height else left
            if left.is_empty():
                break
        return values

    return lambda column: column.map_batches(read, return_dtype=dtype, is_elementwise=True)


_MIXED = tuple(
    _mixed(kind, (ISO_DATE, *NAIVE_DATETIMES, *UNAMBIGUOUS, *some), sense)
    for sense, some in ((None, ()), *IN_ONE_ORDER.items())
    for kind in (FieldType.DATE, FieldType.DATETIME)
)

MIXED_TIMES = _mixed(FieldType.TIME, TIMES_OF_24_HOURS, None)

_MIDNIGHT = replace(
    ISO_DATE, type=FieldType.DATETIME, value=lambda column: ISO_DATE.value(column).cast(_DTYPES[FieldType.DATETIME])
)
"""Dates, read as their first moment."""

DATES = (
    ISO_DATE,
    *ISO_DATETIMES,
    *UNAMBIGUOUS,
    *(reading for readings in IN_ONE_ORDER.values() for reading in readings),
    *RARER,
    *MACHINE,
    *_MIXED,
)

TIMES_ASKED = (*TIMES, *RARER_TIMES, MIXED_TIMES)

MOMENTS = (*DATES, *TIMES_ASKED, SHORT_YEARS)
"""All readings of text as moments, those of one form first."""

_DIGITS = moments(FieldType.DATE, to_date("%Y%m%d"), "[12][0-9]{3}(?:0[1-9]|1[0-2])[0-3][0-9]")

DATES_ASKED = (
    *DATES,
    *(_DIGITS, *RARER_ASKED),
    *OF_SHORT_YEARS,
    *EPOCHS,
    *(_MIDNIGHT, _mixed(FieldType.DATETIME, (_MIDNIGHT, *NAIVE_DATETIMES), None)),
)
"""Also those only where dates are asked for: ``20240131`` and ``1709298010`` are numbers else, and ``31/1/24`` text."""

READABLE = {
    kind: f"{kind}s are {example}, and what else docs/formats.md lists"
    for kind, example in (
        (FieldType.DATE, "2024-01-31"),
        (FieldType.DATETIME, "2024-01-31 15:04:05"),
        (FieldType.TIME, "15:04:05"),
    )
}
"""Which texts are read as moments, for those who ask for some and have others."""
