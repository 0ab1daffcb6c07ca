"""What queries and commands about rows answer with."""

import msgspec

from entrepot_core.schema import Field, FieldType


class RowView(msgspec.Struct, frozen=True):
    """One row.

    Attributes:
        row: A JSON object, encoded, with ``_id`` first.
        version: The version that was read.
    """

    row: msgspec.Raw
    version: int


class RowsChanged(msgspec.Struct, frozen=True):
    """What an edit made.

    Attributes:
        version: The version it made; the one there was, where there was nothing to do.
        revision: The dataset's revision since.
        ids: The numbers of the rows that were added, changed or removed.
    """

    version: int
    revision: int
    ids: tuple[int, ...]


class FacetValue(msgspec.Struct, frozen=True):
    """A value of a column, as JSON has it, and how many rows have it; infinities are ``"inf"`` and ``"-inf"``."""

    value: msgspec.Raw
    count: int


class Facet(msgspec.Struct, frozen=True):
    """The values of a column.

    Attributes:
        column: The column.
        values: The most frequent ones, most first, those of the same number in their own order.
        more: Whether there are others.
    """

    column: str
    values: tuple[FacetValue, ...]
    more: bool


class Facets(msgspec.Struct, frozen=True):
    """The values of some columns of one version."""

    facets: tuple[Facet, ...]
    version: int


class ChangedField(msgspec.Struct, frozen=True):
    """A column whose type is another."""

    name: str
    before: FieldType
    after: FieldType


class SchemaDifferences(msgspec.Struct, frozen=True):
    """The columns that were added, removed, or are of another type: the values of all these are not compared."""

    added: tuple[Field, ...]
    removed: tuple[Field, ...]
    changed: tuple[ChangedField, ...]


class RowDifference(msgspec.Struct, frozen=True):
    """A row that is not the same in both versions.

    Attributes:
        id: Its number.
        before: The row in the older version as a JSON object, null where it was not there.
        after: The row in the newer version, null where it is not there.
    """

    id: int = msgspec.field(name="_id")
    before: msgspec.Raw
    after: msgspec.Raw


class RowDifferences(msgspec.Struct, frozen=True):
    """How the rows of two versions differ, by their numbers and the columns that both versions have.

    Attributes:
        added: How many rows only the second has.
        removed: How many rows only the first has.
        changed: How many rows have another value in a column that both have with the same type.
        items: The first of them, by their numbers.
        more: Whether there are others.
    """

    added: int
    removed: int
    changed: int
    items: tuple[RowDifference, ...]
    more: bool


class Differences(msgspec.Struct, frozen=True):
    """How two versions of a dataset differ.

    Attributes:
        before: The number of the first.
        after: The number of the second.
        schema: How their columns differ.
        rows: How their rows differ.
    """

    before: int
    after: int
    schema: SchemaDifferences
    rows: RowDifferences
