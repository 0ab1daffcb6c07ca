"""Writes tables as workbooks and reads them back by other means."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import polars as pl
from openpyxl.worksheet.worksheet import Worksheet

from entrepot_adapters.excel import ExcelWorkbooks
from entrepot_core.schema import Field, FieldType, Schema

CREATED = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)


def written(*batches: pl.DataFrame, title: str = "Table", names: Sequence[str] = ()) -> io.BytesIO:
    """A workbook of a table in batches; ``names`` are its schema's."""
    schema = Schema(tuple(Field(name, FieldType.STRING) for name in names))
    out = io.BytesIO()
    ExcelWorkbooks().write(batches, schema, out, title=title, created=CREATED)
    return out


def openpyxl_columns(file: io.BytesIO | Path) -> dict[str, list[object]]:
    """The columns of the first sheet, by their headers, as openpyxl sees them."""
    sheet = openpyxl.load_workbook(file).worksheets[0]
    return {str(header): list[object](values) for header, *values in sheet.iter_cols(values_only=True)}


def openpyxl_column(values: pl.Series) -> list[object]:
    """What openpyxl finds in a column that was written."""
    (found,) = openpyxl_columns(written(values.to_frame("x"))).values()
    return found


def openpyxl_sheets(file: io.BytesIO) -> list[Worksheet]:
    return [*openpyxl.load_workbook(file).worksheets]


def calamine(file: io.BytesIO, sheet: int = 1, floats: Sequence[str] = ()) -> pl.DataFrame:
    """A sheet (from 1) as calamine and polars see it; its types are those of all its rows.

    A column of floats without fractions is taken for integers, and 2**63 for one of them, which fails: so they are
    named.
    """
    types = dict.fromkeys(floats, pl.Float64)
    return pl.read_excel(file, sheet_id=sheet, infer_schema_length=None, schema_overrides=types, drop_empty_rows=False)
