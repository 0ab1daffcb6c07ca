"""How large a file and its table may be."""

import msgspec

from entrepot_core.errors import LimitExceeded

_CELLS_OF_A_LINE = 4


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What is read at the most; each is named by the setting ``ENTREPOT_MAX_`` and its name.

    Attributes:
        columns: Columns of a table.
        rows: Rows of a table; None for any number.
        cell_bytes: Bytes of a cell of a text file; a line may have four times as many.
        decompressed_bytes: Bytes of what a packed file, or a workbook, holds.
    """

    columns: int = 16_384
    rows: int | None = None
    cell_bytes: int = 16_000_000
    decompressed_bytes: int = 20 * 10**9

    def check_columns(self, number: int) -> None:
        """Refuse a table that is too wide.

        Raises:
            LimitExceeded: It is.
        """
        if number > self.columns:
            raise LimitExceeded(limit="ENTREPOT_MAX_COLUMNS", allowed=self.columns)

    def check_rows(self, number: int) -> None:
        """Refuse a table that is too long.

        Raises:
            LimitExceeded: It is.
        """
        if self.rows is not None and number > self.rows:
            raise LimitExceeded(limit="ENTREPOT_MAX_ROWS", allowed=self.rows)

    def check_cell(self, size: int) -> None:
        """Refuse a cell of a text file that is too long.

        Raises:
            LimitExceeded: It is.
        """
        if size > self.cell_bytes:
            raise LimitExceeded(limit="ENTREPOT_MAX_CELL_BYTES", allowed=self.cell_bytes)

    def check_line(self, size: int) -> None:
        """Refuse a line of a text file that is longer than four of the longest cells, as it is held in memory.

        Raises:
            LimitExceeded: It is.
        """
        self.check_cell(-(-size // _CELLS_OF_A_LINE))
