"""A dataset's table as polars frames, streamed out of the store as an Arrow stream or as Parquet."""

import tempfile
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from entrepot.library.outgoing import pour, save
from entrepot_core.download import Download
from entrepot_core.formats import Format

if TYPE_CHECKING:
    import polars as pl

Export = Callable[[Format, Sequence[str] | None, int | None], Download]
"""Exports a table in a format: these columns, that many rows at most."""


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


def read_frame(export: Export, columns: Sequence[str] | None, limit: int | None = None) -> "pl.DataFrame":
    """The table in memory, the types as the store has them."""
    import polars as pl

    with export(Format.ARROW, columns, limit) as download, tempfile.TemporaryFile() as file:
        pour(download, file)
        file.seek(0)
        return pl.read_ipc_stream(file)


def scan_frame(export: Export) -> "pl.LazyFrame":
    """The table as a lazy frame: a query fetches only the columns it uses, and only when it is collected."""
    import polars as pl
    from polars.io.plugins import register_io_source

    def schema() -> "pl.Schema":
        return read_frame(export, None, 1).schema

    def batches(
        columns: list[str] | None, predicate: "pl.Expr | None", limit: int | None, _batch_size: int | None
    ) -> Iterator["pl.DataFrame"]:
        if limit == 0:
            yield read_frame(export, columns, 1).clear()
            return
        with tempfile.TemporaryDirectory() as folder:
            path = save(export(Format.PARQUET, columns, limit), Path(folder) / "table.parquet")
            frame = pl.scan_parquet(path)
            yield from (frame if predicate is None else frame.filter(predicate)).collect_batches()

    return register_io_source(batches, schema=schema)
