"""A delimited file without faults, and how polars reads it as columns of strings."""

from collections.abc import Mapping, Sequence
from typing import IO

import polars as pl
from attrs import frozen

from entrepot_adapters.polars.inference.column import Column
from entrepot_adapters.polars.landing import Scan
from entrepot_adapters.polars.reading.intake import Intake
from entrepot_adapters.polars.reading.options import nulled
from entrepot_adapters.polars.reading.progress import Progress
from entrepot_adapters.polars.writing import Written


class ShortRows(Exception):
    """Some rows have fewer cells than others; polars takes the missing ones for null."""


class LongCell(Exception):
    """A cell is longer than allowed."""


class SpareUsed(Exception):
    """The column behind the last delimiter of a row, which has no name and was thought to be empty, is not."""


@frozen
class DelimitedFile:
    """A delimited file, ready to be read.

    Attributes:
        file: It, in UTF-8, with line feeds at the ends of rows.
        mark: The delimiter.
        quote: The character around cells.
        start: How many lines stand before its first row.
        width: How many columns it has.
        rows: How many rows it has at the most.
        delimiters: How many delimiters it holds after ``start``.
        is_spare: Whether rows have one more cell, which is empty.
        already: Which share of the import is done before it is read.
        cell_bytes: How long a cell may be, where some may be longer.
    """

    file: IO[bytes]
    mark: bytes
    quote: str
    start: int
    width: int
    rows: int
    delimiters: int
    is_spare: bool = False
    already: float = 0.0
    cell_bytes: int | None = None

    @staticmethod
    def prefix(null_values: Sequence[str]) -> str:
        """How the names of raw columns begin: as they stand in the file, or with nulls put in first."""
        return "r" if null_values else "s"

    def scan(self, intake: Intake) -> Scan:
        """How to read the raw columns."""
        progress = Progress(intake.report, intake.size, self.rows, self.already)
        limits, null_values = intake.limits, intake.options.null_values
        cells = self.width + self.is_spare
        schema = {f"s{number}": pl.String for number in range(cells)}

        def begin() -> pl.LazyFrame:
            if not self.rows:
                return pl.LazyFrame(schema=schema).with_columns(self._prepared(null_values))
            self.file.seek(0)
            frame = pl.scan_csv(
                self.file,
                has_header=False,
                skip_lines=self.start,
                schema=schema,
                separator=self.mark.decode(),
                quote_char=self.quote,
            )
            if limits.rows is not None and self.rows > limits.rows:
                frame = frame.head(limits.rows + 1)
            return progress.watched(frame).with_columns(self._prepared(null_values))

        return begin

    def _prepared(self, null_values: Sequence[str]) -> list[pl.Expr]:
        if not null_values:
            return []
        return [nulled(pl.col(f"s{number}"), null_values).alias(f"r{number}") for number in range(self.width)]

    def measures(self, columns: Sequence[Column]) -> Mapping[str, pl.Expr]:
        """Count the delimiters within cells, and the values in the spare column; find the longest text."""
        cells = [
            pl.col(f"s{number}").str.count_matches(self.mark.decode(), literal=True).cast(pl.Int64).sum()
            for number, column in enumerate(columns)
            if column.reading.may_hold(self.mark.decode())
        ]
        spare = {"spare": pl.col(f"s{self.width}").count()} if self.is_spare else {}
        texts = [pl.col(f"s{number}") for number, column in enumerate(columns) if column.reading.is_lossless]
        lengths = [text.str.len_bytes().max() for text in texts] if self.cell_bytes is not None else []
        longest = {"longest": pl.max_horizontal(lengths)} if lengths else {}
        return {"delimiters": pl.sum_horizontal(cells) if cells else pl.lit(0), **spare, **longest}

    def check(self, written: Written) -> None:
        """Compare the delimiters in the file with those that its rows need, and the longest cell with what is allowed.

        Raises:
            LongCell: It is longer.
            ShortRows: There are too few.
            SpareUsed: There is something in the column that was thought to be empty.
        """
        if written.measures.get("spare"):
            raise SpareUsed
        if self.cell_bytes is not None and (written.measures.get("longest") or 0) > self.cell_bytes:
            raise LongCell
        needed = written.rows * (self.width + self.is_spare - 1) + written.measures["delimiters"]
        if self.delimiters != needed:
            raise ShortRows(f"{needed - self.delimiters} delimiters are missing")
