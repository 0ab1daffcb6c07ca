"""What polars asks of a source written in Python."""

from collections.abc import Iterable, Iterator

import polars as pl


def chosen(
    frames: Iterable[pl.DataFrame], names: list[str] | None, predicate: pl.Expr | None, rows: int | None
) -> Iterator[pl.DataFrame]:
    """Frames cut down to the columns, the rows and the number of rows that are asked for; None for all of them."""
    left = rows
    for frame in frames:
        some = frame if names is None else frame.select(names)
        some = some if predicate is None else some.filter(predicate)
        yield some if left is None else some.head(left)
        left = None if left is None else left - some.height
        if left is not None and left <= 0:
            return
