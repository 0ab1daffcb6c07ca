"""Computes the profile of a stored table."""

from typing import BinaryIO

import polars as pl

from entrepot_adapters.polars.columns import StoredColumn, stored_columns
from entrepot_adapters.polars.profiling.booleans import profile_booleans
from entrepot_adapters.polars.profiling.lists import profile_lists
from entrepot_adapters.polars.profiling.numbers import profile_numbers
from entrepot_adapters.polars.profiling.texts import profile_binary, profile_texts
from entrepot_adapters.polars.profiling.times import profile_times
from entrepot_core.dialect import Report
from entrepot_core.profile import FieldStatistics, Profile
from entrepot_core.schema import Field, FieldType, Schema


def profile(table: BinaryIO, schema: Schema, *, dates_are_text: bool, report: Report) -> Profile:
    """Compute the statistics of every column of a table.

    One column at a time is held in memory, of texts some hundred thousand at a time and at most ``CEILING`` hashes of
    them (see ``distinct``).

    Args:
        table: A Parquet file with the columns of ``schema``, and perhaps others such as ``_id``; read anew from its
            beginning for each column.
        schema: The columns to describe, in order.
        dates_are_text: Whether the source held dates as text, as CSV and JSON do. pandas' reader of such files also
            takes texts such as ``NA`` for missing.
        report: Told after each column.
    """
    stored = stored_columns(table)
    columns: list[FieldStatistics] = []
    for done, field in enumerate(schema.fields, start=1):
        columns.append(_profile_column(stored[field.name], field, dates_are_text=dates_are_text))
        report("profile", done, len(schema.fields))
    rows = next(iter(stored.values())).rows if stored else 0
    return Profile(rows=rows, columns=tuple(columns), dates_are_text=dates_are_text)


def _profile_column(column: StoredColumn, field: Field, *, dates_are_text: bool) -> FieldStatistics:
    dtype = column.dtype
    if dtype.is_numeric():
        return profile_numbers(column, field)
    if dtype.is_temporal():
        return profile_times(column, field)
    if dtype == pl.Boolean:
        return profile_booleans(column, field)
    if dtype == pl.Binary:
        return profile_binary(column, field)
    if dtype.is_nested() and field.type is FieldType.JSON:
        return profile_lists(column, field)
    return profile_texts(column, field, pandas_reads_text=dates_are_text)
