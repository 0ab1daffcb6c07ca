"""Which texts were cut because no cell holds them."""

import polars as pl
from attrs import define, field

from entrepot_adapters.excel import limits

_LISTED = 1_000
_NOTE = f"A cell holds {limits.TEXT:,} characters. This one has the beginning of the text."
_TYPES = {"Sheet": pl.String, "Cell": pl.String, "Column": pl.String, "Characters": pl.Int64, "Note": pl.String}

_Row = tuple[str | None, str | None, str | None, int | None, str]


@define
class Cuts:
    """The cut texts: how many, and where the first ones are."""

    count: int = 0
    _rows: list[_Row] = field(factory=list[_Row], init=False)

    def add(self, sheet: str, cell: str, column: str, length: int) -> None:
        """Note that a text of this length, in UTF-16 units, was cut."""
        self.count += 1
        if len(self._rows) < _LISTED:
            self._rows.append((sheet, cell, column, length, _NOTE))

    def table(self) -> pl.DataFrame:
        """The notes as a table for a person to read."""
        rows = self._rows
        if more := self.count - len(rows):
            rows = [*rows, (None, None, None, None, f"So have {more:,} cells more.")]
        return pl.DataFrame(rows, schema=_TYPES, orient="row")
