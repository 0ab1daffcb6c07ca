"""What pandas gets of a table: every integer as it is."""

import pandas as pd
import polars as pl
import pytest

from entrepot import Store


def test_integers_beside_nulls_are_exact_where_floats_would_round_them(store: Store) -> None:
    frame = pl.DataFrame({
        "small": [1, None],
        "even": [2**60, None],
        "wide": [2**53 + 1, None],
        "most": [2**63 - 1, None],
        "unsigned": pl.Series([2**64 - 1, None], dtype=pl.UInt64),
        "full": [2**53 + 1, 1],
    })  # fmt: skip
    found = store.add(frame, "it", progress=False).to_pandas()
    assert list(found.dtypes.astype(str)) == ["float64", "float64", "Int64", "Int64", "UInt64", "int64"]
    assert [found[name][0] for name in found] == list(frame.row(0))
    assert found["wide"][1] is pd.NA


@pytest.mark.parametrize("dtype", [pl.Int128, pl.UInt128])
def test_integers_of_128_bits_are_pythons(store: Store, dtype: pl.DataType) -> None:
    wide = pl.DataFrame({
        "w": pl.Series([2**100, None], dtype=dtype),
        "n": [1, 2],
        "l": pl.Series([[2**100], None], dtype=pl.List(dtype)),
    })  # fmt: skip
    found = store.add(wide, "it", progress=False).to_pandas()
    assert list(found) == ["w", "n", "l"]
    assert found["w"].tolist() == [2**100, None]
    assert found["l"][0] == [2**100]
    assert store["it"].to_pandas(columns=["w"]).shape == (2, 1)
