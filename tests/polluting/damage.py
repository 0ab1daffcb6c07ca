"""What a kind of damage is, and how many cells of a damaged file an importer gets right."""

from collections.abc import Sequence

import polars as pl
from attrs import field, frozen

from tests.polluting.clean import Row, Table, Value


@frozen
class Damage:
    """One kind of damage to a clean file.

    Attributes:
        name: What to call it.
        what: What is done to the file, in words.
        content: The damaged file.
        table: What should come of it.
        repaired: How many rows have to be told of as mended.
        rejected: How many as set aside.
        says: What has to be told besides, in the warnings.
        found: What has to stand in the report, by its field.
    """

    name: str
    what: str
    content: bytes = field(repr=False)
    table: Table = field(repr=False)
    repaired: int = 0
    rejected: int = 0
    says: Sequence[str] = ()
    found: dict[str, object] = field(factory=dict)


def cells_right(expected: Table, frame: pl.DataFrame) -> int:
    """How many cells, names among them, are as expected; rows and columns count by their place."""
    names, rows = frame.columns, frame.rows()
    right = sum(name == found for name, found in zip(expected.names, names, strict=False))
    return right + sum(_right(row, found) for row, found in zip(expected.rows, rows, strict=False))


def _right(row: Row, found: tuple[Value, ...]) -> int:
    return sum(type(value) is type(other) and value == other for value, other in zip(row, found, strict=False))
