"""Reads CSV and TSV.

A look at the file's beginning tells how it is written. Where polars reads such files, and nothing in the file speaks
against it, polars reads it as it is; a count of its delimiters shows whether that was right. Else a copy is made, row
by row, in which all rows are sound, and polars reads that.
"""

from collections.abc import Collection, Iterator, Sequence

import msgspec
import polars as pl
from msgspec.structs import replace

from entrepot_adapters.polars.inference.candidates import EVERY, asked
from entrepot_adapters.polars.inference.column import Column
from entrepot_adapters.polars.inference.survey import is_plain_number, of_open_points
from entrepot_adapters.polars.landing import SAMPLE_ROWS, Landed, Sampled, Scan, land, misfits, sampled
from entrepot_adapters.polars.reading.aligned import unaligned
from entrepot_adapters.polars.reading.column_names import unique_names
from entrepot_adapters.polars.reading.complaints import first_line
from entrepot_adapters.polars.reading.delimited_file import DelimitedFile, HeaderAgain, LongCell, ShortRows, SpareUsed
from entrepot_adapters.polars.reading.intake import Intake
from entrepot_adapters.polars.reading.look import Look
from entrepot_adapters.polars.reading.options import types_asked, unused, with_conventions
from entrepot_adapters.polars.reading.progress import onward
from entrepot_adapters.polars.reading.result import Read
from entrepot_adapters.polars.reading.ruled import unruled
from entrepot_adapters.polars.reading.telling import report_of
from entrepot_adapters.polars.reading.text import checked, guessed
from entrepot_adapters.polars.reading.tolerant.copying import as_fault, line_of_row, tidied_copy
from entrepot_adapters.polars.reading.tolerant.ledger import Ledger
from entrepot_adapters.polars.reading.tolerant.tidying import Tidier
from entrepot_adapters.polars.reading.totals import told_of_total
from entrepot_adapters.polars.writing import Written
from entrepot_core.errors import InvalidOption, MalformedInput
from entrepot_core.schema import FieldType

_USED = frozenset({
    "encoding", "delimiter", "quote", "escape", "header", "header_rows", "skip_lines", "on_error", "date_order",
    "decimal",
})  # fmt: skip
_TENTH = 10
_SOME = 200
_MOST_MISFITS = 10_000


def read_delimited(intake: Intake) -> Read:
    """Read a delimited file into a table; see ``Importer.load``."""
    forward = replace(intake, report=onward(intake.report))
    look = Look.at(unruled(guessed(forward), forward), forward)
    may_be_aligned = look.layout.width == 1 or look.dialect.collapses
    if may_be_aligned and (text := unaligned(look.text, forward)) is not None:
        look = Look.at(text, forward)
    first = _Table.of(look, forward).sampled_meanwhile()
    look.check()
    if look.is_strict:
        try:
            return _Table.of(look, forward).read_strictly(first)
        except SpareUsed:
            look = look.with_spare()
        except (HeaderAgain, LongCell, ShortRows, MalformedInput, pl.exceptions.PolarsError):
            pass  # what is wrong is found row by row
    if not look.text.is_checked:
        text = checked(look.text, forward)
        look = replace(look, text=text) if text.file is look.text.file else Look.at(text, forward)
        look.check()
    try:
        return _Table.of(look, forward).read_tolerantly()
    except SpareUsed:
        return _Table.of(look.with_spare(), forward).read_tolerantly()


class _Table(msgspec.Struct, frozen=True):
    """The table of a file: its columns, by name and by what types are asked for."""

    look: Look
    intake: Intake
    columns: list[Column]
    warnings: list[str]

    @classmethod
    def of(cls, look: Look, intake: Intake) -> "_Table":
        names, warnings = unique_names(look.layout.names)
        types = types_asked(intake.options.types, names)
        prefix = DelimitedFile.prefix(intake.options.null_values)
        columns = with_conventions(_columns(names, prefix, types, intake.task.held), intake.task)
        columns = [replace(column, sets_aside=look.on_error != "reject") for column in columns]
        return cls(look, intake, columns, warnings if look.layout.header else [])

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    def sampled_meanwhile(self) -> Sampled | None:
        """Guess how columns are to be read by the file's first rows, of a large one while its marks are counted."""
        look = self.look
        may_be_strict = look.is_strict if look.counted.done() else look.begins_strictly
        if not may_be_strict or (head := look.head(SAMPLE_ROWS)) is None:
            return None
        try:
            return sampled(head.scan(self.intake), self.columns)
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
            return None  # the marks will tell what is wrong, or the next attempt

    def read_strictly(self, first: Sampled | None) -> Read:
        file = self.look.as_it_is()
        return self._read(file, self._land(file, first), Ledger(self.names))

    def read_tolerantly(self) -> Read:
        """Read a copy in which all rows are sound.

        Raises:
            SpareUsed: There is something in the column that was thought to be empty.
        """
        tidier = self.look.tidier(self.names)
        ledger = Ledger(self.names, self.intake.rejects)
        copy = tidied_copy(tidier, ledger, self.intake)
        try:
            return self._read(copy, self._land(copy), ledger)
        except MalformedInput as error:
            return self._without_misfits(tidier, copy, error)
        except (ShortRows, pl.exceptions.PolarsError) as error:
            raise _unreadable(error) from error

    def _without_misfits(self, tidier: Tidier, copy: DelimitedFile, error: MalformedInput) -> Read:
        """Read the rows whose values are of the types asked for, if that is nearly all of them."""
        if error.row is None:
            raise error
        most = 0 if tidier.on_error == "reject" else min(copy.rows // _TENTH, _MOST_MISFITS)
        found = misfits(copy.scan(self.intake), self.columns, most)
        if not found:
            error.line = line_of_row(tidier, error.row)
            raise error
        numbers = {column.name: number for number, column in enumerate(self.columns)}
        faults = {row: as_fault(misfit, numbers[misfit.column.name]) for row, misfit in found.items()}
        ledger = Ledger(self.names, self.intake.rejects)
        copy = tidied_copy(replace(tidier, misfits=faults), ledger, self.intake)
        return self._read(copy, self._land(copy), ledger)

    def _land(self, file: DelimitedFile, first: Sampled | None = None) -> Landed:
        scan = file.scan(self.intake)

        def check(written: Written) -> None:
            if not written.measures.get("headings"):  # headers that stand there again are no rows
                self.intake.limits.check_rows(written.rows)
            file.check(written, scan)

        return land(scan, self.columns, self.intake.table, file.measures, check, first=first)

    def _read(self, file: DelimitedFile, landed: Landed, ledger: Ledger) -> Read:
        points = self._told_of_points(file.scan(self.intake), landed.columns)
        unread = unused(self.intake.options, self.intake.kind, _USED)
        told = (*self.warnings, *landed.warnings(), *points, *self._told_of_total(ledger), *unread)
        return Read(landed.columns, landed.written, report_of(self.look, ledger, self.intake.options, told))

    def _told_of_total(self, ledger: Ledger) -> list[str]:
        """Say whether the last row holds totals, where the last line may, or is perhaps no row."""
        if not (self.look.ending.may_be_total or ledger.rejected):
            return []
        table = self.intake.table
        table.flush()
        table.seek(0)
        return told_of_total(pl.scan_parquet(table).select(pl.exclude("_id")))

    def _told_of_points(self, scan: Scan, columns: Sequence[Column]) -> Iterator[str]:
        """Say whose points could stand between thousands, as where files have semicolons they often do."""
        plain = [column for column in columns if is_plain_number(column) and not (column.asked or column.decimal)]
        if self.look.dialect.delimiter != ";" or not plain:
            return
        likely = of_open_points(scan(_SOME).collect(engine="streaming"), plain)
        sure = of_open_points(scan(), [column for column in plain if column.raw in likely]) if likely else set()
        for column in plain:
            if column.raw in sure:
                yield (
                    f"Column {column.name!r} was read with points before decimals; if they stand between thousands, "
                    "say so (option decimal)."
                )


def _columns(names: list[str], prefix: str, types: dict[str, FieldType], held: Collection[str]) -> list[Column]:
    for name, kind in types.items():
        if not asked(kind):
            raise InvalidOption(option="types", value=f"{name}: {kind}", reason=f"text can't be read as {kind}")
    readings = {name: asked(kind, is_held=name in held) for name, kind in types.items()}
    return [
        Column(name, f"{prefix}{number}", readings.get(name, ()), EVERY, asked=types.get(name))
        for number, name in enumerate(names)
    ]


def _unreadable(error: BaseException) -> MalformedInput:
    reason = f"the rows can't be told apart; check its quotes and line ends ({first_line(error)})"
    return MalformedInput(reason=reason)
