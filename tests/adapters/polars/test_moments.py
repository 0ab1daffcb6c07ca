"""Sums over long columns are rounded as numpy rounds them in pandas: the order of addition is the same."""

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import polars as pl
import pytest

from entrepot_adapters.polars.profiling import profile
from entrepot_core.describing import describe
from entrepot_core.dialect import no_report
from entrepot_core.schema import Field, FieldType, Schema
from tests.adapters.polars.test_describing import assert_same, described

ROWS = 1_200_003  # more than the sums take at a time, and no multiple of anything


KINDS: dict[str, Callable[[np.random.Generator], npt.NDArray[Any]]] = {
    "normal": lambda random: random.normal(1e3, 1, ROWS),
    "wide": lambda random: random.lognormal(0, 20, ROWS),
    "single": lambda random: random.normal(0, 1, ROWS).astype(np.float32),
    "integers": lambda random: random.integers(-(2**63), 2**63 - 1, ROWS),
    "unsigned": lambda random: random.integers(0, 2**64 - 1, ROWS, dtype=np.uint64),
    "small": lambda random: random.integers(-128, 127, ROWS, dtype=np.int8),
}


@pytest.mark.parametrize("some_missing", [False, True], ids=["all there", "some missing"])
@pytest.mark.parametrize("name", list(KINDS))
def test_long_columns_agree_to_the_last_bit(*, name: str, some_missing: bool) -> None:
    values = pl.Series(name, KINDS[name](np.random.default_rng(7)))
    if some_missing:
        values = values.set(pl.Series(np.arange(ROWS) % 7 == 3), None)
    file = io.BytesIO()
    values.to_frame().write_parquet(file)
    schema = Schema((Field(name, FieldType.NUMBER if values.dtype.is_float() else FieldType.INTEGER),))
    found = profile([file], schema, dates_are_text=False, report=no_report)
    assert_same(
        describe(found, include_all=False),
        described(pd.read_parquet(file), include_all=False),
    )


def test_moments_of_long_columns_of_datetimes_agree() -> None:
    """Their mean is cut off to the unit, and with some missing they stay integers."""
    random = np.random.default_rng(7)
    values = pl.Series("at", random.integers(-(2**55), 2**55, ROWS)).cast(pl.Datetime("us"))
    values = values.set(pl.Series(np.arange(ROWS) % 7 == 3), None)
    file = io.BytesIO()
    values.to_frame().write_parquet(file)
    found = profile([file], Schema((Field("at", FieldType.DATETIME),)), dates_are_text=False, report=no_report)
    assert_same(
        describe(found, include_all=False),
        described(pd.read_parquet(file), include_all=False),
    )
