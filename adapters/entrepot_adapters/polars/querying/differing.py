"""How the rows of two tables differ, by their numbers."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

import msgspec
import numpy as np
import polars as pl

from entrepot_adapters.polars.encoding import json_text
from entrepot_adapters.polars.querying.matching import Table
from entrepot_adapters.polars.querying.predicates import plain_values
from entrepot_adapters.polars.rows import json_array
from entrepot_adapters.polars.stored import ROW_GROUP
from entrepot_core.rows.views import RowDifference, RowDifferences
from entrepot_core.schema import ROW_ID

_NULL = msgspec.Raw(b"null")


def differences(before: Table, after: Table, columns: Sequence[str], limit: int) -> RowDifferences:
    """How two tables differ in columns that both have with the same type; parts that both have are not among them."""
    both_have = before.parts and after.parts
    as_text = {name for name in columns if both_have and before.dtypes[name] != after.dtypes[name]}
    old, new = _prints(before, columns, "old", as_text), _prints(after, columns, "new", as_text)
    both = old.join(new, on=ROW_ID, how="full", coalesce=True)
    is_added, is_removed = pl.col("old").is_null(), pl.col("new").is_null()
    is_changed = pl.col("old") != pl.col("new")
    counted = [one.sum().alias(str(place)) for place, one in enumerate((is_added, is_removed, is_changed))]
    added, removed, changed = both.select(counted).row(0)
    shown = both.filter(is_added | is_removed | is_changed).bottom_k(limit, by=ROW_ID).sort(ROW_ID)
    wanted = [ROW_ID, *columns]
    olds, news = _rows(before, wanted, shown["old_place"]), _rows(after, wanted, shown["new_place"])
    items = tuple(RowDifference(*one) for one in zip(shown[ROW_ID].to_list(), olds, news, strict=True))
    return RowDifferences(added, removed, changed, items, more=added + removed + changed > limit)


def _prints(table: Table, columns: Sequence[str], name: str, as_text: AbstractSet[str]) -> pl.DataFrame:
    """Each row's number, a fingerprint of its values, and its place.

    Columns that are stored otherwise in the other table are compared ``as_text``.
    """
    kinds = {ROW_ID: pl.Int64, name: pl.UInt64, f"{name}_place": pl.UInt32}
    return pl.concat([pl.DataFrame(schema=kinds), *_pieces(table, columns, name, as_text)])


def _pieces(table: Table, columns: Sequence[str], name: str, as_text: AbstractSet[str]) -> Iterator[pl.DataFrame]:
    for start in range(0, table.rows, ROW_GROUP):
        frame = table.run([ROW_ID, *columns], start, min(ROW_GROUP, table.rows - start))
        ids = frame[ROW_ID]
        texts = [one in as_text for one in frame.columns]
        frame.columns = [str(place) for place in range(frame.width)]
        values = [
            _value(pl.col(str(place)), dtype, as_text=texts[place]).alias(str(place))
            for place, dtype in enumerate(frame.dtypes)
        ]
        prints = frame.select(values).hash_rows(seed=0)
        places = pl.Series(np.arange(start, start + frame.height, dtype=np.uint32))
        yield pl.DataFrame({ROW_ID: ids, name: prints, f"{name}_place": places})


def _value(values: pl.Expr, dtype: pl.DataType, *, as_text: bool) -> pl.Expr:
    plain = plain_values(values, dtype)
    return json_text(plain, dtype) if as_text and not dtype.is_nested() else plain  # which names it anew


def _rows(table: Table, columns: Sequence[str], places: pl.Series) -> list[msgspec.Raw]:
    """Rows as JSON objects by their places, null where there is none."""
    known = places.drop_nulls().to_numpy()
    found = msgspec.json.decode(json_array(table.pick(columns, known), table.documents), type=list[msgspec.Raw])
    rows = (msgspec.Raw(bytes(one)) for one in found)
    return [_NULL if place is None else next(rows) for place in places.to_list()]
