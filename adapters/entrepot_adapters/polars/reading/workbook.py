"""Reads Excel workbooks, by calamine; a sheet is held in memory."""

import logging
from datetime import date, time

import fastexcel
import polars as pl

from entrepot_adapters.polars.reading.complaints import first_line
from entrepot_adapters.polars.reading.frames import land_frame
from entrepot_adapters.polars.reading.intake import Intake
from entrepot_adapters.polars.reading.options import unused
from entrepot_adapters.polars.reading.result import Read
from entrepot_core.dialect import ImportReport
from entrepot_core.errors import EmptyInput, InvalidOption, MalformedInput
from entrepot_core.ports.importer import ImportTask

_EXACT = 2.0**53
"""Floats below this are exact where they are whole; Excel has no other numbers."""

_FIRST_DAYS = (date(1899, 12, 30), date(1899, 12, 31))
"""The day of a time without a date."""

_USED = frozenset({"header", "sheet"})


def read_workbook(intake: Intake) -> Read:
    """Read a sheet of a workbook into a table; see ``Importer.load``."""
    size, task = intake.size, intake.task
    intake.source.seek(0)
    logging.getLogger("fastexcel").setLevel(logging.ERROR)  # it warns of each empty column
    try:
        workbook = fastexcel.read_excel(intake.source.read())
        sheet = _sheet(workbook, task)
        has_header = task.options.header is not False
        frame = _typed(_body(workbook, sheet, 1 if has_header else 0))
        names = _header(workbook, sheet, frame.width) if has_header else [""] * frame.width
    except fastexcel.FastExcelError as error:
        raise MalformedInput(reason=f"this is no sound workbook ({first_line(error)})") from error
    intake.report("import", size, size)
    landed, warnings = land_frame(frame.lazy, names, intake)
    others = [f"Only the sheet {sheet!r} was read."] if len(workbook.sheet_names) > 1 and not task.options.sheet else []
    told = (*(warnings if has_header else ()), *others, *landed.warnings(), *unused(task.options, intake.kind, _USED))
    return Read(landed.columns, landed.written, ImportReport(header=has_header, warnings=told))


def _sheet(workbook: fastexcel.ExcelReader, task: ImportTask) -> str:
    """The sheet that is asked for, or the first that holds something."""
    wanted = task.options.sheet
    if wanted is not None and wanted not in workbook.sheet_names:
        known = ", ".join(map(repr, workbook.sheet_names))
        raise InvalidOption(option="sheet", value=wanted, reason=f"the workbook's sheets are: {known}")
    for name in [wanted] if wanted is not None else workbook.sheet_names:
        if _first_row(workbook, name).width:
            return name
    raise EmptyInput(file_name=task.file_name)


def _first_row(workbook: fastexcel.ExcelReader, sheet: str) -> pl.DataFrame:
    return workbook.load_sheet(sheet, header_row=None, n_rows=1, dtypes="string").to_polars()


def _header(workbook: fastexcel.ExcelReader, sheet: str, width: int) -> list[str]:
    row = _first_row(workbook, sheet)
    names = ["" if name is None else str(name) for name in row.row(0)]
    return names + [""] * (width - len(names))


def _body(workbook: fastexcel.ExcelReader, sheet: str, skipped: int) -> pl.DataFrame:
    loaded = workbook.load_sheet(
        sheet, header_row=None, skip_rows=skipped, schema_sample_rows=None, skip_whitespace_tail_rows=True
    )
    return loaded.to_polars()


def _typed(frame: pl.DataFrame) -> pl.DataFrame:
    """Whole numbers as integers, datetimes at midnight as dates, those of Excel's first day as times."""
    return pl.DataFrame([_typed_series(series) for series in frame.get_columns()])


def _typed_series(series: pl.Series) -> pl.Series:
    if series.dtype == pl.Float64 and series.count() and bool(((series % 1 == 0) & (series.abs() < _EXACT)).all()):
        return series.cast(pl.Int64)
    if series.dtype != pl.Datetime or not series.count():
        return series
    days = series.dt.date()
    if bool((series.dt.time() == time(0)).all()):
        return days
    return series.dt.time() if bool(days.is_between(*_FIRST_DAYS).all()) else series.dt.cast_time_unit("us")
