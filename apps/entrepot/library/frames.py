"""A dataset's table as polars frames, streamed out of the store as an Arrow stream or as Parquet."""

import tempfile
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from entrepot.library.outgoing import pour, save
from entrepot_core.download import Download
from entrepot_core.formats import Format
from entrepot_core.rows.query import RowQuery

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

Export = Callable[[Format, RowQuery], Download]
"""Exports a part of a table in a format."""


@contextmanager
def needing(extra: str) -> Generator[None]:
    """Say how to get a library that is missing.

    Raises:
        ModuleNotFoundError: It is missing; the message names the extra of Entrepot that it comes with.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        message = f'{error.name} is needed for that: pip install "entrepot[{extra}]"'
        raise ModuleNotFoundError(message, name=error.name) from error


def read_frame(export: Export, query: RowQuery) -> "pl.DataFrame":
    """A part of the table in memory, the types as the store has them."""
    import polars as pl

    with export(Format.ARROW, query) as download, tempfile.TemporaryFile() as file:
        pour(download, file)
        file.seek(0)
        return pl.read_ipc_stream(file)


def nested_series(name: str, values: Sequence[object]) -> "pl.Series":
    """Lists and objects as a polars series; as JSON texts where they are not alike.

    Of such polars makes others without a word: texts of numbers, whole numbers of fractions, members that are null.
    """
    import polars as pl

    encode = msgspec.json.Encoder(decimal_format="number").encode
    with suppress(pl.exceptions.PolarsError, TypeError, ValueError, OverflowError):
        series = pl.Series(name, values, strict=False)
        if series.dtype != pl.Object and encode(series.to_list()) == encode(values):
            return series
    return pl.Series(name, [None if value is None else encode(value).decode() for value in values], dtype=pl.String)


def pandas_frame(frame: "pl.DataFrame") -> "pd.DataFrame":
    """A polars frame as one of pandas, all integers exact.

    Integers beside nulls, which pandas has as floats, are ``Int64`` where a float would round one of them; those of 128
    bits are Python's.
    """
    import pandas as pd

    exact = {column.name: found for column in frame if (found := _exact(column)) is not None}
    others = frame.drop(list(exact), strict=False).to_pandas()
    if not exact:
        return others
    return pd.DataFrame({name: exact[name] if name in exact else others[name] for name in frame.columns}, copy=False)


def _exact(column: "pl.Series") -> "pd.Series[Any] | None":
    """What pandas has for a column that it would round, or knows no type for."""
    import pandas as pd
    import polars as pl

    if any(str(wide) in str(column.dtype) for wide in (pl.Int128, pl.UInt128)):  # within lists and objects, too
        return pd.Series(column.to_list(), dtype=object)
    if not isinstance(column.dtype, pl.Int64 | pl.UInt64) or not column.null_count():
        return None
    if not column.cast(pl.Float64).cast(column.dtype, strict=False).ne_missing(column).any():
        return None
    values = column.fill_null(0).to_numpy(writable=True)
    return pd.Series(pd.arrays.IntegerArray(values, column.is_null().to_numpy(writable=True)))


def scan_frame(export: Export, query: RowQuery) -> "pl.LazyFrame":
    """A part of the table as a lazy frame: a query fetches only the columns it uses, and only when it is collected."""
    import polars as pl
    from polars.io.plugins import register_io_source

    def empty(columns: tuple[str, ...] | None) -> "pl.DataFrame":
        return read_frame(export, RowQuery(columns=columns, limit=1)).clear()

    def batches(
        columns: list[str] | None, predicate: "pl.Expr | None", limit: int | None, _batch_size: int | None
    ) -> Iterator["pl.DataFrame"]:
        wanted = query.columns if columns is None else tuple(columns)
        if limit == 0:
            yield empty(wanted)
            return
        limits = [one for one in (limit, query.limit) if one is not None]
        narrowed = msgspec.structs.replace(query, columns=wanted, limit=min(limits, default=None))
        with tempfile.TemporaryDirectory() as folder:
            path = save(export(Format.PARQUET, narrowed), Path(folder) / "table.parquet")
            frame = pl.scan_parquet(path)
            yield from (frame if predicate is None else frame.filter(predicate)).collect_batches()

    return register_io_source(batches, schema=lambda: empty(query.columns).schema)
