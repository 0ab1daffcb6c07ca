"""What becomes of a sheet's cells that are not of their column's type."""

from collections.abc import Callable, Iterable, Sequence

import msgspec
import polars as pl

from entrepot_adapters.polars.landing import read_as_null
from entrepot_adapters.polars.reading.sheet_errors import ErrorCell, OddCells

_SOME = 3
"""How many examples a warning names."""


class Cells(msgspec.Struct, frozen=True, eq=False):
    """A column of a sheet.

    Attributes:
        values: Its values, of one type.
        lost: The texts of which no value of that type could be made.
        remark: What a person should know of it.
        numbers: Gives the numbers and booleans among its cells, to the last digit, which their texts don't have; of
            columns of text.
        texts: Gives its cells as texts; of columns of numbers.
        moments: Gives the real dates and times among its cells, and what else the reader makes moments of; of columns
            of text.
    """

    values: pl.Series
    lost: Sequence[str] = ()
    remark: str | None = None
    numbers: Callable[[], pl.Series] | None = None
    texts: Callable[[], pl.Series] | None = None
    moments: Callable[[], pl.Series] | None = None


def reconciled(typed: pl.Series, texts: pl.Series) -> Cells:
    """Compare the values of a column with its cells as texts.

    Booleans among numbers, which would be 1 and 0, make it a column of text.
    """
    if typed.dtype.is_numeric() and bool(((typed.is_not_null()) & texts.is_in(["true", "false"])).any()):
        return Cells(texts)
    values = typed.fill_nan(None) if typed.dtype.is_float() else typed
    return Cells(values, texts.filter(values.is_null() & texts.is_not_null()).to_list())


def told_of_texts(name: str, lost: Sequence[str]) -> list[str]:
    """Say which texts were read as null in a column of another type."""
    ends = sorted({min(lost), max(lost)}) if lost else []
    return [f"Column {name!r}: {read_as_null(ends, len(lost))}"] if ends else []


def told_of_odd(cells: OddCells) -> list[str]:
    """Say which cells that are not blank were read as null."""
    return [*_told_of_errors(cells.errors), *_told_of_formulas(cells.unknown, cells.first_unknown)]


def _told_of_formulas(count: int, first: str) -> list[str]:
    advice = "open the file in a spreadsheet program and save it."
    if count == 1:
        return [f"The formula in {first} has no stored value and was read as null; {advice}"]
    told = f"{count} formulas have no stored value and were read as null, the first in {first}; {advice}"
    return [told] if count else []


def _told_of_errors(errors: Sequence[ErrorCell]) -> list[str]:
    """Say which cells hold errors, which are read as null."""
    if not errors:
        return []
    places = _examples(error.place for error in errors)
    kinds = _examples(error.text for error in errors)
    if len(errors) == 1:
        return [f"The cell {places} holds an error ({kinds}), which was read as null."]
    return [f"{len(errors)} cells hold errors ({kinds}; {places}), which were read as null."]


def told_of_rows(count: int) -> list[str]:
    """Say how many rows without anything but spaces were left out at the end."""
    if not count:
        return []
    return ["The last row holds only spaces and was left out." if count == 1 else
            f"The last {count} rows hold only spaces and were left out."]  # fmt: skip


def told_of_sheets(sheet: str, sheets: Sequence[str]) -> list[str]:
    """Say which sheets of a workbook were not read."""
    others = [name for name in sheets if name != sheet]
    if not others:
        return []
    return [
        f"Only the sheet {sheet!r} was read; to read another, name it (option sheet): {_examples(map(repr, others))}."
    ]


def _examples(texts: Iterable[str]) -> str:
    unique = list(dict.fromkeys(texts))
    return ", ".join(unique[:_SOME]) + (", …" if len(unique) > _SOME else "")
