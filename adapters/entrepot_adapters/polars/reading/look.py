"""What a look at a delimited file tells, before its rows are read."""

import io
import re
from collections.abc import Sequence
from concurrent.futures import Future
from itertools import islice
from typing import IO, Self

import msgspec
from msgspec.structs import replace

from entrepot_adapters.polars.reading.delimited_file import DelimitedFile
from entrepot_adapters.polars.reading.dialect import Dialect
from entrepot_adapters.polars.reading.intake import Intake
from entrepot_adapters.polars.reading.lines import Marks, begin_to_count, line_of_first, marks_of
from entrepot_adapters.polars.reading.sniffing.dialects import sniff
from entrepot_adapters.polars.reading.sniffing.ending import Ending, find_ending
from entrepot_adapters.polars.reading.sniffing.layout import Layout, find_layout
from entrepot_adapters.polars.reading.sniffing.sample import Sample
from entrepot_adapters.polars.reading.text import Text
from entrepot_adapters.polars.reading.tolerant.lines import first_lines
from entrepot_adapters.polars.reading.tolerant.tidying import Tidier
from entrepot_core.dialect import OnError
from entrepot_core.errors import EmptyInput, MalformedInput
from entrepot_core.limits import Limits

_HEAD = 4 << 20
_TOO_LONG = "this line has more than 2 MB, too many for the names of columns or a first row; check its line ends"
_LONE_RETURN = re.compile(rb"\r(?!\n)")


class Look(msgspec.Struct, frozen=True):
    """How a file seems to be written, by its beginning, and the marks in all of it.

    Attributes:
        text: Its text.
        dialect: How its rows are written.
        layout: How its table lies.
        counted: The marks in it, once they are counted.
        before: Those before its first row.
        has_lone_returns: Whether a carriage return before its first row ends a line for us, but for polars none.
        has_gaps: Whether some of its first rows have nothing in their last cell.
        limits: How large the table may be.
        on_error: What to do with rows that don't fit.
        ending: What stands at its end.
    """

    text: Text
    dialect: Dialect
    layout: Layout
    counted: Future[Marks]
    before: Marks
    has_lone_returns: bool
    has_gaps: bool
    limits: Limits
    on_error: OnError
    ending: Ending = Ending()

    @classmethod
    def at(cls, text: Text, intake: Intake) -> Self:
        """Look at a text.

        Raises:
            EmptyInput: It has no rows, not even a header.
            LimitExceeded: It has too many columns.
            InvalidOption: The marks that the caller gives can't be told apart.
            MalformedInput: Its first line is too long.
        """
        options, limits = intake.options, intake.limits
        sample = Sample.of(text.file, limits)
        dialect = sniff(sample.short, options, intake.kind)
        rows = sample.rows(dialect, skipped=options.skip_lines or 0)
        limits.check_columns(rows[0].width if rows else 0)
        if sample.is_cut:
            raise MalformedInput(reason=_TOO_LONG, line=1)
        layout = find_layout(rows, options)
        if layout is None:
            raise EmptyInput(file_name=intake.task.file_name, skipped=options.skip_lines)
        limits.check_columns(layout.width)
        if options.skip_lines:
            layout = replace(layout, before=_skipped(text, limits, options.skip_lines))
        counted = begin_to_count(text.file, dialect, intake.stack)
        head = _lines_before(text, layout.start)
        before = marks_of(io.BytesIO(head), dialect, ends_within=False)
        has_lone_returns = _LONE_RETURN.search(head) is not None
        has_gaps = any(row.cells[-1] is None for row in rows if row.line > layout.start)
        on_error = options.on_error or "repair"
        ending = find_ending(text.file, dialect, layout, rows)
        return cls(text, dialect, layout, counted, before, has_lone_returns, has_gaps, limits, on_error, ending)

    @property
    def marks(self) -> Marks:
        """The marks in the text; waits until they are counted."""
        return self.counted.result()

    def check(self) -> None:
        """Look whether it is a text at all.

        Raises:
            MalformedInput: It holds a NUL.
        """
        if self.marks.nulls:
            raise MalformedInput(reason="a NUL byte stands in the text", line=line_of_first(self.text.file, b"\0"))

    @property
    def begins_strictly(self) -> bool:
        """Whether nothing in the beginning of the file keeps polars from reading it as it is."""
        is_sound = not self.has_lone_returns and not self.text.has_strays and not self._below
        return self.dialect.is_strict and is_sound

    @property
    def _below(self) -> tuple[bytes, ...]:
        """The lines that have as many cells as rows, and are to be set aside."""
        return self.ending.below if self.on_error != "reject" else ()

    @property
    def is_strict(self) -> bool:
        """Whether nothing that is known of the file keeps polars from reading it as it is."""
        marks = self.marks
        return (
            self.begins_strictly
            and not marks.has_odd_quotes
            and not marks.ends["cr"]
            and marks.longest <= self.limits.cell_bytes
            and (bool(marks.quotes) or self._has_even_rows())
        )

    def _has_even_rows(self) -> bool:
        """Whether the delimiters are as many as its lines need, where none is in quotes."""
        each = self.layout.width + self.layout.spare - 1
        return self.marks.delimiters - self.before.delimiters == self._rows * each

    @property
    def _rows(self) -> int:
        return max(0, self.marks.line_feeds + self.marks.ends_in_line - self.layout.start)

    @property
    def _content(self) -> tuple[int | None, int]:
        """How many bytes the rows have without their quotes, and how many of these end each row."""
        marks, before = self.marks, self.before
        content = marks.content - before.content
        if marks.has_exact_ends and before.has_exact_ends:
            return content - marks.end_bytes + before.end_bytes, 0
        return (content + marks.ends_in_line, 1) if marks.line_end in {"lf", None} else (None, 1)

    def with_spare(self) -> Self:
        """The same where the column behind the last delimiter of rows is no spare one."""
        layout = self.layout
        return replace(
            self, layout=replace(layout, names=(*layout.names, ""), kinds=(*layout.kinds, None), spare=False)
        )

    def head(self, rows: int) -> DelimitedFile | None:
        """So many first rows, for polars to read before the marks are counted; None where they are long.

        They are held in memory: for a quote that never closes polars would read all of the file.
        """
        self.text.file.seek(0)
        content = self.text.file.read(_HEAD)
        if content.count(b"\n") < self.layout.start + rows:
            return None
        return self._part(io.BytesIO(content[: content.rfind(b"\n") + 1]), rows)

    def _part(self, file: IO[bytes], rows: int) -> DelimitedFile:
        return DelimitedFile(
            file,
            self.dialect.mark,
            self.dialect.quote,
            self.layout.start,
            self.layout.width,
            rows,
            content=None,
            is_spare=self.layout.spare,
        )

    def as_it_is(self) -> DelimitedFile:
        """The file itself, for polars to read."""
        content, line_end = self._content
        return replace(
            self._part(self.text.file, self._rows),
            content=content,
            line_end=line_end,
            cell_bytes=self.limits.cell_bytes if self.marks.quotes else None,  # else no cell is longer than its line
            is_even=not self.marks.quotes,  # else it would not be read as it is
            has_gaps=self.has_gaps or self.layout.spare,
            heading=self.layout.heads,
        )

    def tidier(self, names: Sequence[str]) -> Tidier:
        """What reads the file row by row."""
        layout = replace(self.layout, names=tuple(names))
        has_strays, below = self.text.has_strays, self._below
        return Tidier(self.text.file, self.dialect, layout, self.on_error, self.limits, has_strays, below)


def _skipped(text: Text, limits: Limits, lines: int) -> tuple[str, ...]:
    """The first lines of a text that hold something."""
    return tuple(line.decode("utf-8", "replace") for line in first_lines(text.file, limits, lines) if line.strip())


def _lines_before(text: Text, lines: int) -> bytes:
    text.file.seek(0)
    return b"".join(islice(text.file, lines))
