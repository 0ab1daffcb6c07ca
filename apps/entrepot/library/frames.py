"""A dataset's table as polars frames, streamed out of the store as an Arrow stream or as Parquet."""

import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from entrepot.library.outgoing import pour, save
from entrepot_core.download import Download
from entrepot_core.formats import Format
from entrepot_core.rows.query import RowQuery

if TYPE_CHECKING:
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
