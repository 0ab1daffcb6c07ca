"""A clean table, and ways to write it."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Literal, TypeVar

from attrs import evolve, frozen

Value = str | int | float | bool | date | None
Row = tuple[Value, ...]

NAMES = ("id", "name", "city", "joined", "score", "member", "comment")
_PEOPLE = ("Zoë", "José", "Ann", "Åsa Öberg", "Bob", "Élodie", "Max", "Ida")
_CITIES = ("Oslo", "São Paulo", "Rome", "Bern")
_COMMENTS = ("on time", "late, again", "asked for a refund", "sent 5 parcels; kept 2", "none given")
ROWS = 60


@frozen
class Table:
    """Names and rows; what the cells of a file mean."""

    names: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def cells(self) -> int:
        """How many cells it has, the names among them."""
        return len(self.names) * (1 + len(self.rows))

    def without(self, column: str) -> "Table":
        """The table without a column."""
        at = self.names.index(column)
        return Table(_cut(self.names, at), tuple(_cut(row, at) for row in self.rows))

    def named(self, *names: str) -> "Table":
        """The table with other names."""
        return evolve(self, names=names)

    def changed(self, column: str, change: Callable[[Value, int], Value]) -> "Table":
        """The table with other values in a column; they are made of the value and the number of the row, from 0."""
        at = self.names.index(column)
        rows = [(*row[:at], change(row[at], number), *row[at + 1 :]) for number, row in enumerate(self.rows)]
        return evolve(self, rows=tuple(rows))


_Part = TypeVar("_Part")


def _cut(values: tuple[_Part, ...], at: int) -> tuple[_Part, ...]:
    return (*values[:at], *values[at + 1 :])


def _row(number: int) -> Row:
    day = date(2021, 1, 14) + timedelta(days=17 * number)
    score = None if number % 9 == 4 else round(3.25 + number * 0.37, 2)
    pick = (_PEOPLE[number % 8], _CITIES[number % 4], _COMMENTS[number % 5])
    return (number + 101, pick[0], pick[1], day, score, number % 3 == 0, pick[2])


CLEAN = Table(NAMES, tuple(_row(number) for number in range(ROWS)))


def text_of(value: Value) -> str:
    """How a value stands in a file."""
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def lines_of(
    table: Table,
    delimiter: str = ",",
    quote: str = '"',
    escape: str | None = None,
    quoting: Literal[0, 1, 2, 3] = csv.QUOTE_MINIMAL,
) -> list[str]:
    """The lines of a file, header first, without line ends (a table has no line ends in cells)."""
    out = io.StringIO()
    writer = csv.writer(
        out,
        delimiter=delimiter,
        quotechar=quote,
        doublequote=escape is None,
        escapechar=escape,
        quoting=quoting,
        lineterminator="\n",
    )
    writer.writerow(table.names)
    writer.writerows([text_of(value) for value in row] for row in table.rows)
    return out.getvalue().splitlines()


def joined(lines: Iterable[str], end: str = "\n") -> str:
    """Lines as a file."""
    return "".join(line + end for line in lines)


def plain_lines(table: Table, delimiter: str) -> list[str]:
    """The lines of a file without any quotes."""
    rows: list[Sequence[Value]] = [table.names, *table.rows]
    return [delimiter.join(text_of(value) for value in row) for row in rows]
