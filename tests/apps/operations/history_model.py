"""A dataset with all its versions as plain lists of dicts: what the real ones are held to."""

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import define, field

from entrepot_core.schema import FieldType

Row = dict[str, Any]

SHAPES: tuple[dict[str, FieldType], ...] = (
    {"n": FieldType.INTEGER, "t": FieldType.STRING},
    {"n": FieldType.NUMBER, "t": FieldType.STRING, "b": FieldType.BOOLEAN},
)
"""The columns that files have here."""


@define
class State:
    """One version: its columns, and its rows with their numbers, in order."""

    types: Mapping[str, FieldType]
    rows: list[Row]

    def row(self, number: int) -> Row | None:
        return next((row for row in self.rows if row["_id"] == number), None)

    @property
    def ids(self) -> list[int]:
        return [row["_id"] for row in self.rows]


@define
class History:
    """All versions there ever were.

    Attributes:
        states: The versions, from 1.
        keep: How many are kept at the most.
        next_row: The number of the next row.
    """

    keep: int | None
    states: list[State] = field(factory=list)
    next_row: int = 1

    @property
    def now(self) -> State:
        return self.states[-1]

    @property
    def kept(self) -> list[int]:
        """The numbers of the versions that can be read."""
        first = 0 if self.keep is None else max(0, len(self.states) - self.keep)
        return list(range(first + 1, len(self.states) + 1))

    def replace(self, types: Mapping[str, FieldType], rows: Sequence[Row]) -> None:
        numbered = [{"_id": number, **row} for number, row in enumerate(rows, 1)]
        self.states.append(State(types, numbered))
        self.next_row = max(self.next_row, len(rows) + 1)

    def append(self, rows: Sequence[Row]) -> list[int]:
        ids = list(range(self.next_row, self.next_row + len(rows)))
        if not rows:
            return ids
        blank = dict.fromkeys(self.now.types)
        new = [{"_id": number, **blank, **row} for number, row in zip(ids, rows, strict=True)]
        self.states.append(State(self.now.types, self.now.rows + new))
        self.next_row += len(rows)
        return ids

    def update(self, rows: Sequence[Row], *, whole: bool) -> None:
        changes = {row["_id"]: row for row in rows}
        blank = dict.fromkeys(self.now.types) if whole else {}
        changed = [{**row, **blank, **changes[row["_id"]]} if row["_id"] in changes else row for row in self.now.rows]
        if changed != self.now.rows:
            self.states.append(State(self.now.types, changed))

    def remove(self, ids: Sequence[int]) -> None:
        left = [row for row in self.now.rows if row["_id"] not in ids]
        if left != self.now.rows:
            self.states.append(State(self.now.types, left))

    def restore(self, version: int) -> None:
        self.states.append(self.states[version - 1])


def differences(before: State, after: State) -> tuple[list[int], list[int], list[int]]:
    """The numbers of the rows that were added, removed, and changed in a column that both have with the same type."""
    shared = [name for name in after.types if before.types.get(name) == after.types[name]]
    changed = [
        number
        for number in after.ids
        if (old := before.row(number)) and (new := after.row(number)) and any(old[one] != new[one] for one in shared)
    ]
    added = [number for number in after.ids if before.row(number) is None]
    return added, [number for number in before.ids if after.row(number) is None], changed
