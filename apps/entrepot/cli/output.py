"""Printing: tables for people, tabs for pipes, JSON for machines, bytes as they are."""

import re
import sys
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from attrs import frozen

from entrepot.cli.failing import Misused
from entrepot.cli.text import one_line
from entrepot.library.outgoing import is_ours, pour, save
from entrepot_core.download import Download
from entrepot_core.formats import Format, format_of_media_type

if TYPE_CHECKING:
    from rich.table import Table

_LONGEST_CELL = 40
_BINARY = {Format.XLSX, Format.PDF, Format.PNG, Format.PARQUET, Format.ARROW}
_PADDING = 2

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT")
_TO_THE_SECOND = len("2024-01-05T10:00:00")
_SIX_DIGITS, _MOST_DIGITS = 1e5, 1e15

Cell = str | int | float | Decimal | bool | None


@frozen
class Look:
    """How a table is fitted to a terminal.

    Attributes:
        stacked: Whether columns that find no room stand below; else they are left out.
        rounded: Whether fractions are rounded to six digits, and times to the second.
        missing: What stands where there is no value.
    """

    stacked: bool = False
    rounded: bool = False
    missing: str = "null"


DATA = Look()
"""Data as it is."""
FIGURES = Look(stacked=True, rounded=True, missing="")
"""Figures about data."""


def print_json(value: object) -> None:
    """Print a value as JSON: in lines for a person, in one line for a pipe."""
    encoded = msgspec.json.encode(value)
    print((msgspec.json.format(encoded) if sys.stdout.isatty() else encoded).decode())


def print_table(heads: Sequence[str], rows: Iterable[Sequence[Cell]], look: Look = DATA) -> int:
    """Print a table: fitted to the terminal for a person, separated by tabs and whole for a pipe.

    Args:
        heads: The names of the columns.
        rows: Their cells.
        look: How it is fitted.

    Returns:
        How many columns were left out.
    """
    if not sys.stdout.isatty():
        for row in [heads, *rows]:
            print("\t".join(one_line(_plain(cell)) for cell in row))
        return 0
    return _print_fitted(heads, [list(row) for row in rows], look)


def say(text: str) -> None:
    """Tell a person something that is no data: on the standard error, after what was printed before."""
    sys.stdout.flush()
    print("\n".join(one_line(line) for line in text.split("\n")), file=sys.stderr)


def put(download: Download) -> None:
    """Write a download to the standard output, and close it.

    Raises:
        Misused: It is binary, and the standard output is a terminal.
    """
    with download:
        if sys.stdout.isatty() and _is_binary(download.media_type):
            raise Misused(f"{download.file_name} is no text for a terminal. Write a file with -o, or into a pipe.")
        sys.stdout.flush()
        pour(download, sys.stdout.buffer)
        sys.stdout.buffer.flush()


def _is_binary(media_type: str) -> bool:
    known = format_of_media_type(media_type)
    return known in _BINARY if known is not None else media_type.startswith("image/")


def deliver(download: Download, output: str, *, as_json: bool) -> None:
    """Write a download to a path, whose name is printed, or to the standard output (``-``)."""
    if output == "-":
        put(download)
        return
    path = save(download, output)
    if as_json:
        print_json({"path": str(path), "size": path.stat().st_size, "media_type": download.media_type})
    else:
        print(path)


def default_place(file_name: str, advice: str = "Give a name with -o; this one writes over it") -> str:
    """The name of a file to write in this folder, where nobody said a name.

    Args:
        file_name: The name.
        advice: What to do where it is taken.

    Raises:
        Misused: There is a file of that name, which Entrepot did not write.
    """
    place = Path(file_name)
    if place.exists() and not is_ours(place):
        raise Misused(f"There is {file_name} here already, which Entrepot did not write last. {advice}.")
    return file_name


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return format(cell, "f") if isinstance(cell, Decimal) else str(cell)


def _print_fitted(heads: Sequence[str], rows: list[list[Cell]], look: Look) -> int:
    from rich.console import Console

    console = Console(file=sys.stdout, markup=False, highlight=False, emoji=False)
    texts = [[_short(cell, look) for cell in row] for row in rows]
    names = [_cut(one_line(head)) for head in heads]
    widths = [max(_width(text) for text in column) for column in zip(names, *texts, strict=True)]
    numeric = [all(_is_number(row[at]) for row in rows) and bool(rows) for at in range(len(heads))]
    blocks = _blocks(widths, console.width)
    for place, block in enumerate(blocks if look.stacked else blocks[:1]):
        if place:
            console.print()
        console.print(_table(names, texts, numeric, block))
    return 0 if look.stacked else sum(len(block) - 1 for block in blocks[1:])


def _blocks(widths: list[int], room: int) -> list[list[int]]:
    """Which columns stand beside each other: the first in every block, so that the lines can be told apart."""
    blocks = [[0]]
    left = room - widths[0]
    for at, width in enumerate(widths[1:], start=1):
        if width + _PADDING > left and len(blocks[-1]) > 1:
            blocks.append([0])
            left = room - widths[0]
        blocks[-1].append(at)
        left -= width + _PADDING
    return blocks


def _table(names: list[str], texts: list[list[str]], numeric: list[bool], block: list[int]) -> "Table":
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, _PADDING, 0, 0), header_style="bold")
    for at in block:
        table.add_column(Text(names[at]), justify="right" if numeric[at] else "left", no_wrap=True, overflow="ellipsis")
    for row in texts:
        table.add_row(*(Text(row[at], style="dim" if row[at] == "null" else "") for at in block))
    return table


def _short(cell: Cell, look: Look) -> str:
    """A cell for a person, no longer than fits beside others."""
    if cell is None:
        return look.missing
    if isinstance(cell, float) and look.rounded:
        return f"{cell:.0f}" if _SIX_DIGITS <= abs(cell) < _MOST_DIGITS else f"{cell:.6g}"
    if isinstance(cell, str) and look.rounded and _MOMENT.match(cell):
        return cell[:_TO_THE_SECOND].removesuffix("T00:00:00")
    return _cut(one_line(_plain(cell)))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_CELL else f"{text[: _LONGEST_CELL - 1]}…"


def _width(text: str) -> int:
    from rich.cells import cell_len

    return cell_len(text)


def _is_number(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, int | float | Decimal) and not isinstance(cell, bool))
