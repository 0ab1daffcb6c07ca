"""Names of sheets that Excel accepts, and of cells."""

import re

from entrepot_adapters.excel import limits
from entrepot_adapters.excel.text import first_units, units

_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1F\uFFFE\uFFFF]+")
_RESERVED = {"history"}
_UNTITLED = "Data"


def sheet_name(title: str, number: int) -> str:
    """The name of the nth sheet (from 1) of a table: its title as far as Excel allows, ``… (2)`` on the second."""
    suffix = f" ({number})" if number > 1 else ""
    bare = _trimmed(_FORBIDDEN.sub(" ", title)) or _UNTITLED
    if bare.casefold() in _RESERVED:
        bare = f"{_UNTITLED} {bare}"
    return _trimmed(first_units(bare, limits.NAME - units(suffix))) + suffix


def column_letters(position: int) -> str:
    """The letters of the nth column (from 0): A, B, … Z, AA and so on."""
    letters = ""
    while position >= 0:
        position, digit = divmod(position, 26)
        letters = chr(ord("A") + digit) + letters
        position -= 1
    return letters


def notes_name(taken: list[str]) -> str:
    """The name of the sheet of notes, different from the others' (Excel ignores case)."""
    known = {name.casefold() for name in taken}
    return next(name for name in _numbered("Notes") if name.casefold() not in known)


def _numbered(name: str) -> list[str]:
    return [name, *(f"{name} {number}" for number in range(2, 100))]


def _trimmed(name: str) -> str:
    return name.strip(" '")
