"""Reads Parquet and Arrow."""

import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager

import polars as pl
from polars.io.plugins import register_io_source

from entrepot_adapters.polars.reading.arrow_kinds import MOST_DIGITS, TOO_LONG, check_fields, held, parts, zones_allowed
from entrepot_adapters.polars.reading.arrow_ranges import check_arrow
from entrepot_adapters.polars.reading.arrow_schema import FILE_MARK, ArrowSchema, read_schema
from entrepot_adapters.polars.reading.arrow_stream import stream_frames
from entrepot_adapters.polars.reading.complaints import first_line
from entrepot_adapters.polars.reading.frames import Begin, land_frame
from entrepot_adapters.polars.reading.intake import Intake
from entrepot_adapters.polars.reading.options import unused, used_by_types
from entrepot_adapters.polars.reading.parquet_values import check_parquet
from entrepot_adapters.polars.reading.progress import Progress
from entrepot_adapters.polars.reading.pushdown import chosen
from entrepot_adapters.polars.reading.result import Read
from entrepot_core.dialect import ImportReport
from entrepot_core.errors import MalformedInput
from entrepot_core.formats import Format

_SAYS_TOO_LONG = "precision must be between"
"""How polars refuses decimals of too many digits in a stream; in a file it panics, which writes to the terminal."""
_SAYS_TWICE = "more than one occurrence"

_INDEX = re.compile("__index_level_[0-9]+__")
"""What pandas calls the levels of an index that have no name."""


def read_columnar(intake: Intake) -> Read:
    """Read Parquet, an Arrow file or an Arrow stream into a table, types kept; see ``Importer.load``."""
    with _faults(intake.kind):
        schema = read_schema(intake.source, intake.kind, intake.limits)
        check_fields(schema.fields, intake.kind)
        if intake.kind is Format.ARROW:
            check_arrow(intake.source, schema)
        with zones_allowed(schema.fields):
            begin, told = held(_begin(intake, schema), schema.fields)
            names = begin().collect_schema().names()
            landed, warnings = land_frame(begin, names, intake)
    missed = unused(intake.options, intake.kind, used_by_types(intake.options))
    told = [*warnings, *_told_of_indexes(names), *told, *landed.warnings(), *missed]
    return Read(landed.columns, landed.written, ImportReport(warnings=tuple(told)))


def _told_of_indexes(names: list[str]) -> Iterator[str]:
    for name in filter(_INDEX.fullmatch, names):
        yield f"Column {name!r} is the index, without a name, of the pandas frame that was written; it is kept."


@contextmanager
def _faults(kind: Format) -> Generator[None]:
    """Turn what polars says of a damaged file into an error of the core."""
    try:
        yield
    except pl.exceptions.PolarsError as error:
        raise MalformedInput(reason=_reason(str(error), kind, first_line(error))) from error
    except OSError as error:
        if error.errno is not None:  # the disk's, not the file's
            raise
        raise MalformedInput(reason=f"this is no sound {kind} file ({error})") from error


def _reason(said: str, kind: Format, first: str) -> str:
    if _SAYS_TOO_LONG in said:
        return TOO_LONG
    if _SAYS_TWICE in said:
        return f"several columns have the same name ({first}); give each a name of its own"
    return f"this is no sound {kind} file ({first})"


def _is_stream(intake: Intake) -> bool:
    intake.source.seek(0)
    return intake.kind is Format.ARROW and intake.source.read(len(FILE_MARK)) != FILE_MARK


def _file(intake: Intake) -> Begin:
    scan = pl.scan_parquet if intake.kind is Format.PARQUET else pl.scan_ipc

    def begin() -> pl.LazyFrame:
        intake.source.seek(0)
        return scan(intake.source)

    schema = begin().collect_schema()
    _check_decimals(schema)
    if intake.kind is Format.PARQUET and any(map(_may_be_odd, schema.dtypes())):
        check_parquet(intake.source, schema, intake.scratch)
    progress = Progress(intake.report, intake.size, begin().select(pl.len()).collect(engine="streaming").item())
    return lambda: progress.watched(begin())


def _may_be_odd(dtype: pl.DataType) -> bool:
    """Whether polars may make others of some values of a type, without a word."""
    return any(part == pl.Time or isinstance(part, pl.Map) for part in parts(dtype))


def _check_decimals(schema: pl.Schema) -> None:
    for name, dtype in schema.items():
        if _has_long_decimals(dtype):
            raise MalformedInput(reason=TOO_LONG, column=name)


def _has_long_decimals(dtype: object) -> bool:
    match dtype:
        case pl.Decimal(precision=int() as precision):
            return precision > MOST_DIGITS
        case pl.List(inner=inner) | pl.Array(inner=inner):
            return _has_long_decimals(inner)
        case pl.Struct():
            return any(_has_long_decimals(field.dtype) for field in dtype.fields)
        case _:
            return False


def _begin(intake: Intake, schema: ArrowSchema) -> Begin:
    has_keys = intake.kind is Format.ARROW and schema.has_keys()
    return _stream(intake, schema) if has_keys or _is_stream(intake) else _file(intake)


def _stream(intake: Intake, said: ArrowSchema) -> Begin:
    schema = next(stream_frames(intake.source, said)).schema
    size = intake.size

    def frames(
        names: list[str] | None, predicate: pl.Expr | None, rows: int | None, _batch: int | None
    ) -> Iterator[pl.DataFrame]:
        batches = _told(stream_frames(intake.source, said), intake, size)
        return chosen(batches, names, predicate, rows)

    return lambda: register_io_source(io_source=frames, schema=schema)


def _told(frames: Iterator[pl.DataFrame], intake: Intake, size: int) -> Iterator[pl.DataFrame]:
    for frame in frames:
        intake.report("import", intake.source.tell(), size)
        yield frame
