"""Excel workbooks, as fast as they compress.

xlsxwriter makes the workbook without its rows: styles, widths, header, filter, properties (``skeleton``). The rows
are written in its place by polars' string expressions, some ten thousand cells at once (``cells``, ``text``,
``sheet``), deflated by isal in threads and streamed into the zip archive (``zipping``).
"""

from entrepot_adapters.excel.workbook import ExcelWorkbooks

__all__ = ["ExcelWorkbooks"]
