"""Reads Parquet and Arrow."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager

import polars as pl
from polars.io.plugins import register_io_source

from entrepot_adapters.polars.reading.arrow_stream import stream_frames
from entrepot_adapters.polars.reading.complaints import first_line
from entrepot_adapters.polars.reading.frames import Begin, land_frame
from entrepot_adapters.polars.reading.intake import Intake
from entrepot_adapters.polars.reading.options import unused
from entrepot_adapters.polars.reading.progress import Progress
from entrepot_adapters.polars.reading.pushdown import chosen
from entrepot_adapters.polars.reading.result import Read
from entrepot_core.dialect import ImportReport
from entrepot_core.errors import MalformedInput
from entrepot_core.formats import Format

_ARROW_FILE = b"ARROW1"


def read_columnar(intake: Intake) -> Read:
    """Read Parquet, an Arrow file or an Arrow stream into a table, types kept; see ``Importer.load``."""
    with _faults(intake.kind):
        begin = _stream(intake) if _is_stream(intake) else _file(intake)
        landed, warnings = land_frame(begin, begin().collect_schema().names(), intake)
    told = (*warnings, *landed.warnings(), *unused(intake.options, intake.kind, frozenset()))
    return Read(landed.columns, landed.written, ImportReport(warnings=told))


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


def _is_stream(intake: Intake) -> bool:
    intake.source.seek(0)
    return intake.kind is Format.ARROW and intake.source.read(len(_ARROW_FILE)) != _ARROW_FILE


def _file(intake: Intake) -> Begin:
    scan = pl.scan_parquet if intake.kind is Format.PARQUET else pl.scan_ipc

    def begin() -> pl.LazyFrame:
        intake.source.seek(0)
        return scan(intake.source)

    progress = Progress(intake.report, intake.size, begin().select(pl.len()).collect(engine="streaming").item())
    return lambda: progress.watched(begin())


def _stream(intake: Intake) -> Begin:
    schema = next(stream_frames(intake.source)).schema
    size = intake.size

    def frames(
        names: list[str] | None, predicate: pl.Expr | None, rows: int | None, _batch: int | None
    ) -> Iterator[pl.DataFrame]:
        batches = _told(stream_frames(intake.source), intake, size)
        return chosen(batches, names, predicate, rows)

    return lambda: register_io_source(io_source=frames, schema=schema)


def _told(frames: Iterator[pl.DataFrame], intake: Intake, size: int) -> Iterator[pl.DataFrame]:
    for frame in frames:
        intake.report("import", intake.source.tell(), size)
        yield frame
