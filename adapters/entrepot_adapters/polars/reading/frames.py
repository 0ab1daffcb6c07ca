"""Lands frames whose columns have types: those of Parquet, Arrow and Excel."""

from collections.abc import Callable

import polars as pl

from entrepot_adapters.polars.casting import column_of
from entrepot_adapters.polars.landing import Landed, land
from entrepot_adapters.polars.reading.column_names import unique_names
from entrepot_adapters.polars.reading.far_dates import FarDates
from entrepot_adapters.polars.reading.intake import Intake
from entrepot_adapters.polars.reading.options import nulled, types_asked, with_conventions
from entrepot_core.errors import EmptyInput

Begin = Callable[[], pl.LazyFrame]
"""Begins to read a frame anew."""

_TEXTS = (pl.Categorical, pl.Enum, pl.Null)
"""Types whose values are read as texts, and so may be read as what is asked for, or mean null."""


def land_frame(begin: Begin, names: list[str], intake: Intake) -> tuple[Landed, list[str]]:
    """Write the columns of a frame, with their types or those asked for.

    Args:
        begin: Begins to read the frame.
        names: What its columns are to be called, in order; empty where they have no name.
        intake: Where to write, and what the caller says.

    Returns:
        What was written, and warnings about names.
    """
    if not names:
        raise EmptyInput(file_name=intake.task.file_name)
    limits, null_values = intake.limits, intake.options.null_values
    limits.check_columns(len(names))
    unique, warnings = unique_names(names)
    types = types_asked(intake.options.types, unique)
    dtypes = [pl.String() if isinstance(kind, _TEXTS) else kind for kind in begin().collect_schema().dtypes()]
    columns = [
        column_of(name, f"s{number}", dtype, types.get(name), is_held=name in intake.task.held)
        for number, (name, dtype) in enumerate(zip(unique, dtypes, strict=True))
    ]

    def scan(most: int | None = None) -> pl.LazyFrame:
        frame = begin() if limits.rows is None else begin().head(limits.rows + 1)
        frame = frame if most is None else frame.head(most)
        # by place: a name such as ^a$ would be taken for a pattern
        return frame.select(
            (nulled(pl.nth(number).cast(dtype), null_values) if dtype == pl.String else pl.nth(number)).alias(
                f"s{number}"
            )
            for number, dtype in enumerate(dtypes)
        )

    far = FarDates.of(columns, dtypes)
    landed = land(scan, with_conventions(columns, intake.task), intake.table, far.measures, far.check)
    limits.check_rows(landed.written.rows)
    return landed, warnings
