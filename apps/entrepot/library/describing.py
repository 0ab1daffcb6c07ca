"""A description as a frame."""

from typing import TYPE_CHECKING

from entrepot_core.describing import Description

if TYPE_CHECKING:
    import polars as pl


def description_frame(description: Description) -> "pl.DataFrame":
    """A description as ``df.describe()`` shows it: a row a statistic, columns of numbers as floats, others as text."""
    import polars as pl

    names = statistic_names(description)
    columns: list[pl.Series] = [pl.Series("statistic", names, dtype=pl.String)]
    for column, values in description.items():
        cells = [values.get(name) for name in names]
        numeric = all(cell is None or (isinstance(cell, int | float) and not isinstance(cell, bool)) for cell in cells)
        texts = [None if cell is None else str(cell) for cell in cells]
        series = pl.Series(cells, dtype=pl.Float64, strict=False) if numeric else pl.Series(texts, dtype=pl.String)
        columns.append(series.alias(column if column != "statistic" else "statistic_2"))
    return pl.DataFrame(columns)


def statistic_names(description: Description) -> list[str]:
    """The statistics that stand in a description, in its order."""
    return list(dict.fromkeys(name for values in description.values() for name in values))
