"""How large a table may be."""

from attrs import frozen

from entrepot_core.errors import LimitExceeded

MAX_CELL_BYTES = 16_000_000
"""The most bytes of a cell, where nobody says."""

_CELLS_OF_A_LINE = 4


@frozen
class Limits:
    """The most columns and rows, None for any number, and the most bytes of a cell."""

    columns: int
    rows: int | None
    cell: int = MAX_CELL_BYTES

    def check_columns(self, number: int) -> None:
        """Refuse a table that is too wide.

        Raises:
            LimitExceeded: It is.
        """
        if number > self.columns:
            raise LimitExceeded(limit="MAX_COLUMNS", allowed=self.columns)

    def check_rows(self, number: int) -> None:
        """Refuse a table that is too long.

        Raises:
            LimitExceeded: It is.
        """
        if self.rows is not None and number > self.rows:
            raise LimitExceeded(limit="MAX_ROWS", allowed=self.rows)

    def check_cell(self, size: int) -> None:
        """Refuse a cell of a text file that is too long.

        Raises:
            LimitExceeded: It is.
        """
        if size > self.cell:
            raise LimitExceeded(limit="MAX_CELL_BYTES", allowed=self.cell)

    def check_line(self, size: int) -> None:
        """Refuse a line of a text file that is longer than four of the longest cells, as it is held in memory.

        Raises:
            LimitExceeded: It is.
        """
        self.check_cell(-(-size // _CELLS_OF_A_LINE))
