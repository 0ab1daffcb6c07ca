"""The index of pandas, as columns in front of the others, or as the numbers of rows that it may be."""

import inspect
import warnings
from typing import TYPE_CHECKING, Any

from entrepot_core.errors import MalformedInput

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    import pandas as pd

_COUNTS = [["count"], ["proportion"]]
"""The columns of what ``value_counts`` gives, whose index is what was counted."""
_MOST_ROWS = 1 << 31
"""No label past this is the number of a row that was chosen from a frame in memory."""
_SHOWN = 3


def levels(frame: "pd.DataFrame") -> "Iterator[tuple[str, pd.Series[Any]]]":
    """The levels of the index, but for numbers of rows, named as ``reset_index`` does, but where a column is so."""
    index = frame.index
    if _may_number_rows(frame):
        return
    columns = {str(name) for name in frame.columns}
    taken = columns | {str(name) for name in index.names if name is not None}
    parts = _parts(index)
    for level, name in enumerate(index.names):
        new = _name(level, name, columns, taken, is_only=index.nlevels == 1)
        taken.add(new)
        columns.add(new)
        yield new, parts.iloc[:, level]


def check_index(frame: "pd.DataFrame", columns: "Collection[str]") -> None:
    """Refuse an index without a name where there is no column that it could be for.

    Raises:
        MalformedInput: There is none.
    """
    for (new, _), name in zip(levels(frame), frame.index.names, strict=False):
        if name is None and new not in columns:
            reason = "this is the index of the pandas frame, and the dataset has no such column; leave it out"
            raise MalformedInput(reason=f"{reason} (reset_index(drop=True)), or name it (rename_axis)", column=new)


def tell_of_index(frame: "pd.DataFrame") -> None:
    """Warn of labels that are left out, unless all of them are numbers of the frame's own rows."""
    index = frame.index
    if not len(index) or not _may_number_rows(frame) or index.max() < len(index):
        return
    shown = ", ".join(str(label) for label in index[:_SHOWN]) + ", …" * (len(index) > _SHOWN)
    told = f"The index (whole numbers without a name: {shown}) was taken for numbers of rows and left out; "
    told += "rename_axis('index') keeps it, reset_index(drop=True) leaves it out without a word."
    warnings.warn(told, stacklevel=_outside())


def _may_number_rows(frame: "pd.DataFrame") -> bool:
    """Whether labels may be the numbers of rows, perhaps of some that were chosen, sorted or put together."""
    import numpy as np
    import pandas as pd

    index = frame.index
    if index.nlevels > 1 or index.name is not None or index.dtype != np.dtype("int64"):
        return False
    if isinstance(index, pd.RangeIndex) and (index.start, index.step) == (0, 1):
        return True
    if list(frame.columns) in _COUNTS:
        return False
    return not len(index) or (index.min() >= 0 and index.max() < _MOST_ROWS)


def _outside() -> int:
    """The level of the first call, from its caller upwards, that is not made by the library."""
    frame, level = inspect.currentframe(), 0
    while frame is not None and frame.f_globals.get("__name__", "").startswith(("entrepot.", "contextlib")):
        frame, level = frame.f_back, level + 1
    return level


def _parts(index: "pd.Index[Any]") -> "pd.DataFrame":
    """The levels by number, as several may be called alike."""
    import pandas as pd

    if isinstance(index, pd.MultiIndex):
        return index.to_frame(index=False, name=list(range(index.nlevels)))
    return index.to_frame(index=False, name=0)


def _name(level: int, name: object, columns: set[str], taken: set[str], *, is_only: bool) -> str:
    """What to call a level; ``index_2`` and so on where there is a column of that name."""
    wanted = f"level_{level}" if name is None else str(name)
    if name is None and is_only and "index" not in taken:
        return "index"
    if wanted not in (taken if name is None else columns):
        return wanted
    return next(new for number in range(2, len(taken) + 3) if (new := f"{wanted}_{number}") not in taken)
