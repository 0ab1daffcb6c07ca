"""Computes the profile of a stored table."""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from threading import Event, Lock
from typing import IO

import polars as pl

from entrepot_adapters.polars.columns import StoredColumn, StoredTable
from entrepot_adapters.polars.profiling.booleans import profile_booleans
from entrepot_adapters.polars.profiling.lists import profile_lists
from entrepot_adapters.polars.profiling.numbers import profile_numbers
from entrepot_adapters.polars.profiling.texts import profile_binary, profile_texts
from entrepot_adapters.polars.profiling.times import profile_times
from entrepot_core.dialect import Report
from entrepot_core.profile import FieldStatistics, Profile
from entrepot_core.schema import Field, FieldType, Schema

_AT_ONCE = 3
"""Columns that are worked on at a time: sorting and hashing leave Python's lock alone, so that one of three waits."""

_LONG = 2_000_000
"""Rows past which the hashes of two columns of text would take too much memory at a time."""


def profile(files: Sequence[IO[bytes]], schema: Schema, *, dates_are_text: bool, report: Report) -> Profile:
    """Compute the statistics of every column of a table.

    Three columns are worked on at a time; of a long table two, of which one is of texts at the most. A column of
    numbers is held in memory, of texts some hundred thousand at a time and at most ``CEILING`` hashes of them (see
    ``distinct``).

    Args:
        files: The Parquet files of the table, in order, with the columns of ``schema``, and perhaps others such as
            ``_id``; read anew from their beginning for each column.
        schema: The columns to describe, in order.
        dates_are_text: Whether the source held dates as text, as CSV and JSON do. pandas' reader of such files also
            takes texts such as ``NA`` for missing.
        report: Told after each column, by one thread at a time.
    """
    stored = StoredTable(files)
    fields = {field.name: field for field in schema.fields}
    found: dict[str, FieldStatistics] = {}
    counting, has_failed = Lock(), Event()

    def describe(column: StoredColumn) -> None:
        described = _profile_column(column, fields[column.name], dates_are_text=dates_are_text)
        with counting:
            found[column.name] = described
            report("profile", len(found), len(fields))

    def work(lane: Iterator[Sequence[str]]) -> None:
        try:
            for group in lane:
                for column in stored.columns(group):
                    if has_failed.is_set():
                        return
                    describe(column)
        except BaseException:
            has_failed.set()
            raise

    with ThreadPoolExecutor(_AT_ONCE, "profile") as threads:
        deque(threads.map(work, _lanes(list(fields), stored)), maxlen=0)
    return Profile(rows=stored.rows, columns=tuple(found[name] for name in fields), dates_are_text=dates_are_text)


def _lanes(names: Sequence[str], stored: StoredTable) -> list[Iterator[Sequence[str]]]:
    """Columns that are read together; what one lane takes is not taken by another. Texts take longest, and begin."""
    texts = [name for name in names if isinstance(stored.dtypes[name], pl.String | pl.Binary)]
    others = [name for name in names if name not in set(texts)]
    if stored.rows > _LONG:
        rest = iter([[name] for name in others])
        return [chain([[name] for name in texts], rest), rest]
    ordered, size = [*texts, *others], stored.together
    return [iter([ordered[start : start + size] for start in range(0, len(ordered), size)])] * _AT_ONCE


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
