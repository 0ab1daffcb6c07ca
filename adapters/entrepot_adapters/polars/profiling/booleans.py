"""Statistics of booleans."""

from operator import itemgetter

from entrepot_adapters.polars.columns import StoredColumn
from entrepot_core.profile import Distinct, FieldStatistics
from entrepot_core.schema import Field


def profile_booleans(column: StoredColumn, field: Field) -> FieldStatistics:
    """Describe a column of truth values."""
    counts: dict[bool, int] = {}
    for batch in column.batches():
        values = batch.drop_nulls()
        if not len(values):
            continue
        true = int(values.sum())
        first = bool(values[0])
        for value in (first, not first):
            counts[value] = counts.get(value, 0) + (true if value else len(values) - true)
    counts = {value: count for value, count in counts.items() if count}
    count = sum(counts.values())
    # Of several the first, as it was seen first.
    top, freq = max(counts.items(), key=itemgetter(1), default=(None, None))
    return FieldStatistics(
        name=field.name,
        type=field.type,
        count=count,
        missing=column.rows - count,
        distinct=Distinct(count=count, unique=len(counts), top=top, freq=freq),
        frequencies={str(value): counts[value] for value in (False, True) if value in counts},
    )
