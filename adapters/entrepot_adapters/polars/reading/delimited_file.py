"""A delimited file, and how polars reads it as columns of strings."""

from collections.abc import Mapping, Sequence
from typing import IO, Self

import polars as pl
from attrs import evolve, frozen

from entrepot_adapters.polars.inference.column import Column
from entrepot_adapters.polars.landing import Scan
from entrepot_adapters.polars.reading.dialect import Dialect
from entrepot_adapters.polars.reading.intake import Intake
from entrepot_adapters.polars.reading.lines import Counts, count, line_of_first, with_line_feeds
from entrepot_adapters.polars.reading.options import nulled
from entrepot_adapters.polars.reading.progress import Progress
from entrepot_adapters.polars.writing import Written
from entrepot_core.errors import EmptyInput, MalformedInput


class ShortRows(Exception):
    """Some rows have fewer cells than others; polars takes the missing ones for null."""


@frozen
class DelimitedFile:
    """A delimited file, ready to be read.

    Attributes:
        file: It, in UTF-8 with line feeds.
        dialect: How it is written.
        names: The names of its columns, empty where there are none.
        start: How many lines its header takes.
        counts: The marks after its header.
        has_rows: Whether anything follows the header.
    """

    file: IO[bytes]
    dialect: Dialect
    names: list[str]
    start: int
    counts: Counts
    has_rows: bool

    @classmethod
    def open(cls, file: IO[bytes], dialect: Dialect, intake: Intake) -> Self:
        """Look through a file in UTF-8.

        Raises:
            EmptyInput: It has no rows, not even a header.
            MalformedInput: It is no text, or its header can't be read.
        """
        mark = dialect.mark.encode()
        counts = count(file, mark)
        if counts.nulls:
            raise MalformedInput(reason="a NUL byte stands in the text", line=line_of_first(file, b"\0"))
        if counts.lone_returns:
            file = with_line_feeds(file, dialect.quote.encode(), intake.scratch)
            counts = count(file, mark)
        records = (record for record in dialect.records(file) if record.text.strip(b"\xef\xbb\xbf \t\r\n"))
        first = next(records, None)
        if first is None:
            raise EmptyInput(file_name=intake.task.file_name)
        if not dialect.header:
            return cls(file, dialect, [""] * len(first.cells), first.line - 1, counts, has_rows=True)
        start = first.line - 1 + first.text.count(b"\n")
        counts = evolve(counts, delimiters=counts.delimiters - first.text.count(mark))
        return cls(file, dialect, first.cells, start, counts, has_rows=next(records, None) is not None)

    def raws(self, null_values: Sequence[str]) -> list[str]:
        """The names of the raw columns: as they stand in the file, or with what has to be done to them first."""
        prefix = "r" if null_values or self.dialect.replaced else "s"
        return [f"{prefix}{number}" for number in range(len(self.names))]

    def scan(self, intake: Intake) -> Scan:
        """How to read the raw columns."""
        size = self.file.seek(0, 2)
        rows = self.counts.line_feeds + 1
        progress = Progress(intake.report, size, rows)
        limits, null_values = intake.limits, intake.options.null_values

        schema = {f"s{number}": pl.String for number in range(len(self.names))}

        def begin() -> pl.LazyFrame:
            if not self.has_rows:
                return pl.LazyFrame(schema=schema).with_columns(self._prepared(null_values))
            self.file.seek(0)
            frame = pl.scan_csv(
                self.file,
                has_header=False,
                skip_lines=self.start,
                schema=schema,
                separator=self.dialect.mark,
                quote_char=self.dialect.quote,
            )
            if limits.rows is not None and rows > limits.rows:
                frame = frame.head(limits.rows + 1)
            return progress.watched(frame).with_columns(self._prepared(null_values))

        return begin

    def _prepared(self, null_values: Sequence[str]) -> list[pl.Expr]:
        if not null_values and self.dialect.replaced is None:
            return []
        return [
            self._prepare(pl.col(f"s{number}"), null_values).alias(f"r{number}") for number in range(len(self.names))
        ]

    def _prepare(self, column: pl.Expr, null_values: Sequence[str]) -> pl.Expr:
        if self.dialect.replaced:
            delimiter, mark = self.dialect.replaced
            column = column.str.replace_all(mark, delimiter, literal=True)
        return nulled(column, null_values)

    def measures(self, columns: Sequence[Column]) -> Mapping[str, pl.Expr]:
        """Count the delimiters within cells."""
        cells = [
            pl.col(f"s{number}").str.count_matches(self.dialect.mark, literal=True).cast(pl.Int64).sum()
            for number, column in enumerate(columns)
            if column.reading.may_hold(self.dialect.mark)
        ]
        return {"delimiters": pl.sum_horizontal(cells) if cells else pl.lit(0)}

    def check(self, written: Written) -> None:
        """Compare the delimiters in the file with those that its rows need.

        Raises:
            ShortRows: There are too few.
        """
        needed = written.rows * (len(self.names) - 1) + written.measures["delimiters"]
        if self.counts.delimiters != needed:
            raise ShortRows(f"{needed - self.counts.delimiters} delimiters are missing")
