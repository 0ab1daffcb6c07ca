"""Makes the names of columns unique."""

from collections.abc import Sequence

_ID = "_id"


def unique_names(names: Sequence[str]) -> tuple[list[str], list[str]]:
    """Name every column, each differently and none ``_id``.

    Args:
        names: The names in the file; empty where there is none.

    Returns:
        The names to use, and a sentence on each change.
    """
    taken = {_ID, *names}
    used = {_ID}
    unique: list[str] = []
    warnings: list[str] = []
    for number, name in enumerate(names, start=1):
        new = name if name and name not in used else _free(name, number, taken)
        used.add(new)
        taken.add(new)
        unique.append(new)
        if new != name:
            warnings.append(_sentence(name, number, new))
    return unique, warnings


def _free(name: str, number: int, taken: set[str]) -> str:
    if not name and (wanted := f"column_{number}") not in taken:
        return wanted
    stem, count = name or f"column_{number}", 2
    while f"{stem}_{count}" in taken:
        count += 1
    return f"{stem}_{count}"


def _sentence(name: str, number: int, new: str) -> str:
    if not name:
        return f"Column {number} has no name and is called {new!r}."
    reason = "the table has its own" if name == _ID else "the name stands there before"
    return f"Column {number}, {name!r}, is called {new!r}: {reason}."
