"""Reads Excel workbooks, by calamine; a sheet is held in memory."""

import logging
from collections.abc import Callable, Sequence
from datetime import date, time
from functools import cache, partial
from typing import Literal

import fastexcel
import polars as pl
from msgspec.structs import replace

from entrepot_adapters.polars.reading.column_names import unique_names
from entrepot_adapters.polars.reading.complaints import first_line
from entrepot_adapters.polars.reading.frames import land_frame
from entrepot_adapters.polars.reading.intake import Intake
from entrepot_adapters.polars.reading.options import types_asked, unused, used_by_types
from entrepot_adapters.polars.reading.result import Read
from entrepot_adapters.polars.reading.sheet_cells import (
    Cells,
    reconciled,
    told_of_odd,
    told_of_rows,
    told_of_sheets,
    told_of_texts,
)
from entrepot_adapters.polars.reading.sheet_durations import Mixed
from entrepot_adapters.polars.reading.sheet_errors import odd_cells
from entrepot_adapters.polars.reading.sheet_extent import check_extent
from entrepot_adapters.polars.reading.sheet_header import Header
from entrepot_adapters.polars.reading.sheet_parts import rows_merged
from entrepot_adapters.polars.reading.sheet_rows import first_rows
from entrepot_adapters.polars.reading.sheet_tables import OtherTable, other_table
from entrepot_adapters.polars.reading.sheet_texts import as_asked, as_times, as_told, told_of_mixed, without_nulls
from entrepot_adapters.polars.reading.telling import told_of_ledger
from entrepot_adapters.polars.reading.tolerant.ledger import Ledger
from entrepot_adapters.polars.reading.totals import told_of_total
from entrepot_core.dialect import ImportReport
from entrepot_core.errors import EmptyInput, InvalidOption, MalformedInput

_EXACT = 2.0**53
"""Floats below this are exact where they are whole; Excel has no other numbers."""

_FIRST_DAYS = (date(1899, 12, 30), date(1899, 12, 31))
"""The day of a time without a date."""

_USED = frozenset({"header", "header_rows", "sheet", "skip_lines"})


def read_workbook(intake: Intake) -> Read:
    """Read a sheet of a workbook into a table; see ``Importer.load``."""
    size, task = intake.size, intake.task
    intake.source.seek(0)
    logging.getLogger("fastexcel").setLevel(logging.ERROR)  # it warns of each empty column
    try:
        workbook = fastexcel.read_excel(intake.source.read())
        sheet = _sheet(workbook, intake)
        found = first_rows(workbook, sheet, task.options, intake.source)
        if found is None:
            raise EmptyInput(file_name=task.file_name, skipped=task.options.skip_lines)
        first, below = found
        header = Header.of(first, below, task.options, partial(rows_merged, intake.source, sheet))
        columns, blank_rows = _body(workbook, sheet, header.end, task.options.null_values)
        names = list(header.names) if header.rows else [""] * len(columns)
        has_names = task.options.header is not False and task.options.header_rows != 0
        other = _other_table(workbook, sheet, header.end, names, columns) if has_names else None
        if other is not None and other.rows:
            columns, blank_rows = _body(workbook, sheet, header.end, task.options.null_values, other.height)
        if first.before or (other is not None and other.rows):
            names, columns = _without_margins(names, columns)
    except fastexcel.FastExcelError as error:
        raise MalformedInput(reason=f"this is no sound workbook ({first_line(error)})") from error
    intake.report("import", size, size)
    unique, _ = unique_names(names)
    ledger = Ledger(unique, intake.rejects)
    if other is not None:
        other.set_aside(ledger, task.options)
    types = types_asked(task.options.types, unique)
    columns = [as_asked(cells, types.get(name)) for name, cells in zip(unique, columns, strict=True)]
    frame = pl.DataFrame([_typed(column.values).alias(name) for name, column in zip(unique, columns, strict=True)])
    landed, warnings = land_frame(frame.lazy, names, intake)
    remarked = {name for name, cells in zip(unique, columns, strict=True) if cells.remark}
    open_ = [name for name, dtype in frame.schema.items() if dtype == pl.String and name not in {*types, *remarked}]
    others = [] if task.options.sheet else told_of_sheets(sheet, workbook.sheet_names)
    lost = [
        told for to, cells in zip(landed.columns, columns, strict=True) for told in told_of_texts(to.name, cells.lost)
    ]
    odd = told_of_odd(odd_cells(intake.source, sheet))
    gone = (*lost, *odd, *told_of_rows(blank_rows))
    named = warnings if header.rows else ()
    remarks = [
        f"Column {to.name!r} {cells.remark}" for to, cells in zip(landed.columns, columns, strict=True) if cells.remark
    ]
    used = _USED | used_by_types(task.options) | ({"on_error"} if ledger.rejected else set())
    told = (
        *named,
        *others,
        *gone,
        *landed.warnings(),
        *remarks,
        *told_of_mixed(_as_told(frame, columns, open_), open_),
        *told_of_total(frame.lazy()),
        *(other.told() if other is not None else ()),
        *told_of_ledger(ledger),
        *unused(task.options, intake.kind, used),
    )
    beginning = (*first.told(task.options), *header.told(task.options))
    report = ImportReport(
        header=header.rows > 0,
        header_rows=header.rows,
        skipped_lines=first.number,
        rejected=ledger.rejected,
        warnings=(*beginning, *told),
        rejects=tuple(ledger.rejects),
    )
    return Read(landed.columns, landed.written, report)


def _sheet(workbook: fastexcel.ExcelReader, intake: Intake) -> str:
    """The sheet that is asked for, or the first that holds something."""
    wanted = intake.options.sheet
    if wanted is not None and wanted not in workbook.sheet_names:
        known = ", ".join(map(repr, workbook.sheet_names))
        raise InvalidOption(option="sheet", value=wanted, reason=f"the workbook's sheets are: {known}")
    for name in [wanted] if wanted is not None else workbook.sheet_names:
        check_extent(intake.source, name)
        if workbook.load_sheet(name, header_row=None, n_rows=1).width:
            return name
    raise EmptyInput(file_name=intake.task.file_name)


def _body(
    workbook: fastexcel.ExcelReader, sheet: str, skipped: int, null_values: Sequence[str], most: int | None = None
) -> tuple[list[Cells], int]:
    """The columns of a sheet after some rows, and how many rows at its end hold only spaces.

    Args:
        workbook: The workbook.
        sheet: The sheet's name.
        skipped: How many rows stand before them.
        null_values: The texts that mean null.
        most: How many rows to read, if not all.
    """
    loaded, mixed = _loaded(workbook, sheet, skipped, most)
    typed = loaded.to_polars().get_columns()
    some = [number for number, series in enumerate(typed) if not isinstance(series.dtype, pl.String | pl.Null)]
    places = [column.absolute_index for column in loaded.selected_columns]  # a table need not begin in column A
    read = partial(_read_as, workbook, sheet, skipped)
    texts = dict(zip(some, read("string", [places[number] for number in some]), strict=True))
    cells = [
        reconciled(series, texts[number].head(series.len())) if number in texts else Cells(series)
        for number, series in enumerate(typed)
    ]
    numbers_at = [place for place, column in zip(places, cells, strict=True) if column.values.dtype.is_numeric()]
    as_texts = cache(lambda: dict(zip(numbers_at, read("string", numbers_at), strict=True)))
    cells = [
        replace(column, texts=partial(lambda at: as_texts()[at].head(loaded.height), place))
        if column.values.dtype.is_numeric()
        else column
        for place, column in zip(places, cells, strict=True)
    ]
    cells = [
        mixed.cells(place, column.values, null_values) if place in mixed.durations else column
        for place, column in zip(places, cells, strict=True)
    ]
    texts_at = [place for place, column in zip(places, cells, strict=True) if column.values.dtype == pl.String]
    numbers = cache(partial(_numbers, read, texts_at))
    moments = cache(lambda: dict(zip(texts_at, read("datetime", texts_at), strict=True)))
    cells = [
        replace(
            column,
            numbers=partial(lambda at: numbers()[at], place),
            moments=partial(lambda at: moments()[at], place),
        )
        if place in texts_at
        else column
        for place, column in zip(places, cells, strict=True)
    ]
    cells = [without_nulls(column, null_values) for column in cells]
    return cells, 0 if most is not None else max(0, loaded.total_height - skipped - loaded.height)


def _other_table(
    workbook: fastexcel.ExcelReader, sheet: str, skipped: int, names: Sequence[str], columns: Sequence[Cells]
) -> OtherTable | None:
    """What stands below a blank row and is, or may be, another table."""
    blank = pl.all_horizontal(column.values.is_null() for column in columns)
    height = len(columns[0].values) if columns else 0
    if not height or not pl.select(blank.any()).item():
        return None
    loaded = workbook.load_sheet(sheet, header_row=None, skip_rows=skipped, n_rows=height, dtypes="string")
    return other_table(loaded.to_polars(), names, skipped)


def _loaded(
    workbook: fastexcel.ExcelReader, sheet: str, skipped: int, most: int | None
) -> tuple[fastexcel.ExcelSheet, Mixed]:
    """A sheet, and which of its columns had to be read as texts for the durations in them."""
    load = partial(
        workbook.load_sheet,
        sheet,
        header_row=None,
        skip_rows=skipped,
        n_rows=most,
        schema_sample_rows=None,
        skip_whitespace_tail_rows=True,
    )
    try:
        return load(), Mixed({})
    except fastexcel.UnsupportedColumnTypeCombinationError:
        mixed = Mixed.found(workbook, sheet, skipped)
        return load(dtypes=dict.fromkeys(mixed.durations, "string")), mixed


def _without_margins(names: list[str], columns: list[Cells]) -> tuple[list[str], list[Cells]]:
    """Columns without those before and after the table that hold nothing, as a title may begin or end in others."""
    used = [
        place for place, (name, cells) in enumerate(zip(names, columns, strict=True)) if name or cells.values.count()
    ]
    within = slice(used[0], used[-1] + 1)
    return names[within], columns[within]


def _read_as(
    workbook: fastexcel.ExcelReader,
    sheet: str,
    skipped: int,
    dtype: Literal["string", "boolean", "float", "datetime"],
    columns: list[int],
) -> list[pl.Series]:
    """Some columns, by their places on the sheet, as values of one type."""
    if not columns:
        return []
    loaded = workbook.load_sheet(sheet, header_row=None, skip_rows=skipped, use_columns=columns, dtypes=dtype)
    return loaded.to_polars().get_columns()


def _numbers(read: Callable[..., list[pl.Series]], places: list[int]) -> dict[int, pl.Series]:
    """The numbers of columns, by their places; the reader makes floats of texts as well, but no booleans."""
    nothing = pl.Series([None], dtype=pl.Float64)
    both = zip(places, read("float", places), read("boolean", places), strict=True)
    return {place: floats.cast(pl.Float64).zip_with(known.is_not_null(), nothing) for place, floats, known in both}


def _as_told(frame: pl.DataFrame, columns: Sequence[Cells], names: Sequence[str]) -> pl.DataFrame:
    """The columns of text among those of a frame, as a person is told of them."""
    cells = dict(zip(frame.columns, columns, strict=True))
    return pl.DataFrame([as_told(frame[name], cells[name]) for name in names])


def _typed(series: pl.Series) -> pl.Series:
    """Whole numbers as integers, datetimes at midnight as dates, those of Excel's first day as times, in texts too."""
    if series.dtype == pl.String:
        return as_times(series)
    if series.dtype == pl.Float64 and series.count() and bool(((series % 1 == 0) & (series.abs() < _EXACT)).all()):
        return series.cast(pl.Int64)
    if series.dtype != pl.Datetime or not series.count():
        return series
    days = series.dt.date()
    if bool((series.dt.time() == time(0)).all()):
        return days
    return series.dt.time() if bool(days.is_between(*_FIRST_DAYS).all()) else series.dt.cast_time_unit("us")
