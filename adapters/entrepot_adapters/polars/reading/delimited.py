"""Reads CSV and TSV."""

import polars as pl

from entrepot_adapters.polars.inference.candidates import EVERY, asked
from entrepot_adapters.polars.inference.column import Column
from entrepot_adapters.polars.landing import Landed, land
from entrepot_adapters.polars.reading.column_names import unique_names
from entrepot_adapters.polars.reading.complaints import first_line
from entrepot_adapters.polars.reading.delimited_file import DelimitedFile, ShortRows
from entrepot_adapters.polars.reading.dialect import detect
from entrepot_adapters.polars.reading.faults import line_of_row, without_blank_lines
from entrepot_adapters.polars.reading.intake import Intake
from entrepot_adapters.polars.reading.options import types_asked, unused
from entrepot_adapters.polars.reading.result import Read
from entrepot_adapters.polars.reading.text import as_utf8
from entrepot_core.dialect import ImportReport
from entrepot_core.errors import InvalidOption, MalformedInput
from entrepot_core.schema import FieldType

_USED = frozenset({"encoding", "delimiter", "quote", "header"})


def read_delimited(intake: Intake) -> Read:
    """Read a delimited file into a table; see ``Importer.load``."""
    options = intake.options
    text = as_utf8(intake.source, options.encoding, intake.scratch)
    dialect = detect(text.file, options, intake.kind)
    copy = as_utf8(text.file, "utf-8", intake.scratch, dialect.replaced) if dialect.replaced else text
    file = DelimitedFile.open(copy.file, dialect, intake)
    intake.limits.check_columns(len(file.names))
    names, warnings = unique_names(file.names)
    columns = _columns(names, file.raws(options.null_values), types_asked(options.types, names))
    landed = _land(file, columns, intake)
    told = (*(warnings if dialect.header else ()), *landed.warnings(), *unused(options, intake.kind, _USED))
    return Read(
        landed.columns,
        landed.written,
        ImportReport(text.encoding, dialect.delimiter, dialect.quote, dialect.header, warnings=told),
    )


def _columns(names: list[str], raws: list[str], types: dict[str, FieldType]) -> list[Column]:
    for name, kind in types.items():
        if not asked(kind):
            raise InvalidOption(option="types", value=f"{name}: {kind}", reason=f"text can't be read as {kind}")
    return [
        Column(name, raw, asked(types[name]) if name in types else (), EVERY, asked=types.get(name))
        for name, raw in zip(names, raws, strict=True)
    ]


def _land(file: DelimitedFile, columns: list[Column], intake: Intake) -> Landed:
    try:
        return _land_strictly(file, columns, intake)
    except (ShortRows, pl.exceptions.PolarsError):
        cleaned = without_blank_lines(file.file, file.dialect, len(columns), intake.scratch)
    try:
        return _land_strictly(DelimitedFile.open(cleaned, file.dialect, intake), columns, intake)
    except (ShortRows, pl.exceptions.PolarsError) as error:
        reason = f"the rows can't be told apart; check its quotes and line ends ({first_line(error)})"
        raise MalformedInput(reason=reason) from error


def _land_strictly(file: DelimitedFile, columns: list[Column], intake: Intake) -> Landed:
    try:
        landed = land(file.scan(intake), columns, intake.table, file.measures)
    except MalformedInput as error:
        if error.row is not None:
            error.line = line_of_row(file.file, file.dialect, error.row)
        raise
    intake.limits.check_rows(landed.written.rows)
    file.check(landed.written)
    return landed
