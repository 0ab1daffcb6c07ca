"""The mark of a comment before the names of columns, as ``numpy.savetxt`` and web servers write it."""

from collections.abc import Sequence
from itertools import takewhile

from entrepot_adapters.polars.reading.sniffing.cells import STRICT, kind_of
from entrepot_adapters.polars.reading.sniffing.sample import Row


def without_mark(rows: Sequence[Row]) -> Sequence[Row]:
    """The rows, without the mark before names: ``# time flux``, ``#Fields: date time``.

    Between spaces it is a cell of its own, of which none of the rows below has one. These have to hold numbers, dates
    or the like: above words it may be the names that are a comment.
    """
    above = list(takewhile(lambda row: row.text.startswith("#"), rows))
    below = rows[len(above) :]
    if not above or not below:
        return rows
    mark, *names = above[-1].cells
    if mark is None or not (mark == "#" or mark.endswith(":")) or not above[-1].text.startswith(f"{mark} "):
        return rows
    widths = {row.width for row in below}
    is_data = any(kind_of(cell or "") in STRICT for cell in below[0].cells)
    if max(widths) != len(names) or below[0].width != len(names) or not is_data or _is_sentence(names):
        return rows
    comments = [row._replace(cells=[row.text]) for row in above[:-1]]
    return [*comments, above[-1]._replace(cells=names), *below]


def _is_sentence(names: Sequence[str | None]) -> bool:
    """Whether what stands behind the mark is rather said than names."""
    return any(name is None or name.endswith((":", ".", ",")) for name in names)
