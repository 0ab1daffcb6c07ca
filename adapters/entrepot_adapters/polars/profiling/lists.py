"""Statistics of nested values: the lengths of lists; of other documents only how many there are."""

import polars as pl

from entrepot_adapters.polars.columns import StoredColumn
from entrepot_adapters.polars.profiling.lengths import Lengths
from entrepot_core.profile import FieldStatistics
from entrepot_core.schema import Field


def profile_lists(column: StoredColumn, field: Field) -> FieldStatistics:
    """Describe a column of lists or of structures; like pandas without counting different ones."""
    count, lengths = 0, Lengths()
    for batch in column.batches():
        values = batch.drop_nulls()
        count += len(values)
        if isinstance(values.dtype, pl.List):
            lengths.add(values.list.len())
        elif isinstance(values.dtype, pl.Array):
            lengths.add(pl.repeat(values.dtype.size, len(values), eager=True))
    listed = isinstance(column.dtype, (pl.List, pl.Array))
    return FieldStatistics(
        name=field.name,
        type=field.type,
        count=count,
        missing=column.rows - count,
        summary=lengths.summary() if listed else None,
        histogram=lengths.histogram() if listed else None,
    )
