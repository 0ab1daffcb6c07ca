"""Reads Parquet and Arrow."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import BinaryIO

import polars as pl
from polars.io.plugins import register_io_source

from entrepot_adapters.polars.reading.arrow_stream import stream_frames
from entrepot_adapters.polars.reading.complaints import first_line
from entrepot_adapters.polars.reading.frames import Begin, land_frame
from entrepot_adapters.polars.reading.limits import Limits
from entrepot_adapters.polars.reading.options import unused
from entrepot_adapters.polars.reading.progress import Progress
from entrepot_adapters.polars.reading.pushdown import chosen
from entrepot_adapters.polars.reading.result import Read
from entrepot_core.dialect import ImportReport, Report
from entrepot_core.errors import MalformedInput
from entrepot_core.formats import Format
from entrepot_core.ports.importer import ImportTask

_ARROW_FILE = b"ARROW1"


def read_columnar(
    source: BinaryIO, table: BinaryIO, task: ImportTask, kind: Format, limits: Limits, report: Report
) -> Read:
    """Read Parquet, an Arrow file or an Arrow stream into a table, types kept; see ``Importer.load``."""
    size = source.seek(0, 2)
    with _faults(kind):
        begin = _stream(source, size, report) if _is_stream(source, kind) else _file(source, kind, size, report)
        landed, warnings = land_frame(begin, begin().collect_schema().names(), table, task, limits)
    told = (*warnings, *landed.warnings(), *unused(task.options, kind, frozenset()))
    return Read(kind, landed.columns, landed.written, ImportReport(warnings=told))


@contextmanager
def _faults(kind: Format) -> Generator[None]:
    """Turn what polars says of a damaged file into an error of the core."""
    try:
        yield
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        reason = f"this is no sound {kind} file ({first_line(error)})"
        raise MalformedInput(reason=reason) from error
    except OSError as error:
        if error.errno is not None:  # the disk's, not the file's
            raise
        raise MalformedInput(reason=f"this is no sound {kind} file ({error})") from error


def _is_stream(source: BinaryIO, kind: Format) -> bool:
    source.seek(0)
    return kind is Format.ARROW and source.read(len(_ARROW_FILE)) != _ARROW_FILE


def _file(source: BinaryIO, kind: Format, size: int, report: Report) -> Begin:
    scan = pl.scan_parquet if kind is Format.PARQUET else pl.scan_ipc

    def begin() -> pl.LazyFrame:
        source.seek(0)
        return scan(source)

    progress = Progress(report, size, begin().select(pl.len()).collect(engine="streaming").item())
    return lambda: progress.watched(begin())


def _stream(source: BinaryIO, size: int, report: Report) -> Begin:
    schema = next(stream_frames(source)).schema

    def frames(
        names: list[str] | None, predicate: pl.Expr | None, rows: int | None, _batch: int | None
    ) -> Iterator[pl.DataFrame]:
        batches = _told(stream_frames(source), source, size, report)
        return chosen(batches, names, predicate, rows)

    return lambda: register_io_source(io_source=frames, schema=schema)


def _told(frames: Iterator[pl.DataFrame], source: BinaryIO, size: int, report: Report) -> Iterator[pl.DataFrame]:
    for frame in frames:
        report("import", source.tell(), size)
        yield frame
