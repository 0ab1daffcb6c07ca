"""How large a table may be."""

from attrs import frozen

from entrepot_core.errors import LimitExceeded


@frozen
class Limits:
    """The most columns and rows; None for any number."""

    columns: int
    rows: int | None

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
