"""The workbook without its rows, made by xlsxwriter: styles, widths, frozen and filtered header, properties."""

import io
import re
import zipfile
from datetime import datetime

import xlsxwriter
from attrs import define, frozen
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from entrepot_adapters.excel import limits
from entrepot_adapters.excel.formats import GENERAL, Column, cell_style
from entrepot_adapters.excel.names import column_letters

HEADER = "header"
"""The key of the header's style."""

_HEADER_STYLE = {
    "bold": True,
    "font_color": "#FFFFFF",
    "bg_color": "#1F4E78",
    "bottom": 1,
    "bottom_color": "#16375A",
    "valign": "vcenter",
}
_CREATOR = "Entrepot"
_A4 = 9
_PAGE_WIDTH = 220  # characters; wider sheets would be too small to read on one page's width
_STYLE = re.compile(r' s="\d+"')
_ROWS = re.compile(r"<sheetData/>|<sheetData>.*</sheetData>", re.DOTALL)
_DIMENSION = re.compile(r"<dimension [^>]*/>")
_NOT_XML = re.compile(r"[\x00-\x08\x0B\x0C\x0E-\x1F\uD800-\uDFFF\uFFFE\uFFFF]")


@define
class Sheet:
    """A sheet: its columns, and how many rows of data it has so far."""

    name: str
    columns: list[Column]
    rows: int = 0


@frozen
class Skeleton:
    """The parts of a workbook in which the rows are missing."""

    parts: dict[str, bytes]
    styles: dict[str, str]

    def head(self, number: int) -> str:
        """The XML of the nth sheet (from 1) before its rows."""
        xml, rows = self._sheet(number)
        return _DIMENSION.sub("", xml[: rows.start()]) + "<sheetData>"

    def tail(self, number: int) -> str:
        """The XML of the nth sheet (from 1) after its rows."""
        xml, rows = self._sheet(number)
        return "</sheetData>" + xml[rows.end() :]

    def _sheet(self, number: int) -> tuple[str, re.Match[str]]:
        xml = self.parts[sheet_part(number)].decode()
        rows = _ROWS.search(xml)
        if rows is None:
            raise AssertionError("xlsxwriter wrote a sheet without sheetData")
        return xml, rows


def sheet_part(number: int) -> str:
    """The name of the nth sheet's part, as xlsxwriter counts."""
    return f"xl/worksheets/sheet{number}.xml"


def skeleton(sheets: list[Sheet], formats: list[str], title: str, created: datetime) -> Skeleton:
    """Make a workbook of sheets without rows.

    Args:
        sheets: The sheets, in order.
        formats: The number formats of their cells, other than the general one. The same formats get the same
            styles, whatever the sheets are.
        title: The title in the document's properties.
        created: When its table was made, in UTC.
    """
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        book.set_properties({"title": _NOT_XML.sub("", title), "author": _CREATOR, "created": created})
        styles = {HEADER: book.add_format(_HEADER_STYLE)}
        styles |= {number: book.add_format(cell_style(number)) for number in formats}
        for sheet in sheets:
            _lay_out(book.add_worksheet(sheet.name), sheet, styles)
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    used = _STYLE.findall(parts[sheet_part(1)].decode().partition("<sheetData>")[2])
    return Skeleton(parts, dict(zip(styles, used, strict=True)) | {GENERAL: ""})


def _lay_out(page: Worksheet, sheet: Sheet, styles: dict[str, Format]) -> None:
    for position, style in enumerate(styles.values()):
        page.write_blank(0, position, None, style)  # tells the styles' numbers; replaced by the rows
    page.freeze_panes(1, 0)
    page.set_landscape()
    page.set_paper(_A4)
    page.repeat_rows(0)
    page.set_footer("&L&A&R&P / &N")
    if sum(column.width for column in sheet.columns) <= _PAGE_WIDTH:
        page.fit_to_pages(1, 0)
    for position, column in enumerate(sheet.columns):
        page.set_column(position, position, column.width, styles.get(column.format))
    if sheet.columns:
        last = len(sheet.columns) - 1
        page.autofilter(0, 0, sheet.rows, last)
        page.ignore_errors({"number_stored_as_text": f"A1:{column_letters(last)}{limits.ROWS}"})
