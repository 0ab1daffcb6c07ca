"""Frames with other values, or without some rows; a frame that stays as it was is answered itself."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from entrepot_adapters.polars.editing.given import Given, Ids
from entrepot_adapters.polars.editing.parts import places
from entrepot_core.schema import ROW_ID


def with_values(frame: pl.DataFrame, given: Mapping[str, Given]) -> pl.DataFrame:
    """The rows with new values, where they have the numbers of some."""
    numbers = frame.get_column(ROW_ID).to_numpy()
    changed = [_changed(frame.get_column(name), numbers, one) for name, one in given.items()]
    new = [column for column in changed if column is not None]
    return frame.with_columns(new) if new else frame


def _changed(before: pl.Series, numbers: Ids, given: Given) -> pl.Series | None:
    """A column with new values; none where they are those it has."""
    found, there = places(numbers, given.ids)
    at = found[there]
    after = given.values.filter(pl.Series(there))
    if after.equals(before.gather(at), null_equal=True):
        return None
    origin = np.arange(len(before))
    origin[at] = len(before) + np.arange(len(at))
    return pl.concat([before, after.alias(before.name)]).gather(origin)  # unlike scatter(), of any type


def without_rows(frame: pl.DataFrame, ids: Ids) -> pl.DataFrame:
    """The rows but those of some numbers."""
    numbers = frame.get_column(ROW_ID).to_numpy()
    found, there = places(numbers, ids)
    if not there.any():
        return frame
    stays = np.ones(len(numbers), dtype=np.bool_)
    stays[found[there]] = False
    return frame.filter(pl.Series(stays))
