"""What an Excel sheet can hold.

From "Excel specifications and limits", https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3.
"""

ROWS = 1_048_576
"""Rows of a sheet, its header among them."""

COLUMNS = 16_384
"""Columns of a sheet."""

TEXT = 32_767
"""UTF-16 units of a cell's text."""

NAME = 31
"""UTF-16 units of a sheet's name."""

EXACT = 2**53
"""Up to here a double holds every integer."""

DIGITS = 15
"""Significant digits that any decimal number keeps through a double."""
