"""The declared structure of a table: fields and their types."""

from enum import StrEnum

import msgspec

ROW_ID = "_id"
"""The column with the row's permanent number; every stored table begins with it."""


class FieldType(StrEnum):
    """What the values of a column are."""

    BOOLEAN = "boolean"
    INTEGER = "integer"
    NUMBER = "number"
    STRING = "string"
    DATE = "date"
    DATETIME = "datetime"
    TIME = "time"
    DURATION = "duration"
    BINARY = "binary"
    JSON = "json"

    @property
    def is_numeric(self) -> bool:
        """Whether the values can be averaged and drawn as a histogram."""
        return self in {FieldType.INTEGER, FieldType.NUMBER}


_MEANT = {
    FieldType.BOOLEAN: "bool",
    FieldType.INTEGER: "int int32 int64 bigint long whole",
    FieldType.NUMBER: "float float32 float64 double decimal numeric real",
    FieldType.STRING: "str text varchar char object category",
    FieldType.DATETIME: "timestamp datetime64",
    FieldType.DURATION: "timedelta interval",
}
"""What types are called elsewhere."""


def no_type(text: str) -> str:
    """Say that there is no type of a name, and which may be meant.

    >>> no_type("int").partition(";")[0]
    "there is no type 'int', did you mean integer"
    """
    from difflib import get_close_matches  # seldom needed, and every command imports this module

    name = text.strip().lower()
    called = next((kind for kind, names in _MEANT.items() if name in names.split()), None)
    near = [called] if called else get_close_matches(name, FieldType, n=1)
    meant = f", did you mean {near[0]}" if near else ""
    return f"there is no type {text[:50]!r}{meant}; the types are {', '.join(FieldType)}"


class Field(msgspec.Struct, frozen=True):
    """One declared entry of a schema.

    Attributes:
        name: The column's name, unique in its schema, any text.
        type: What its values are.
        nullable: Whether some value is null.
    """

    name: str
    type: FieldType
    nullable: bool = True


class Schema(msgspec.Struct, frozen=True):
    """The fields of a table, in order."""

    fields: tuple[Field, ...]

    @property
    def names(self) -> list[str]:
        """The names of the fields, in order."""
        return [field.name for field in self.fields]

    @property
    def numeric(self) -> list[str]:
        """The names of the fields that are numbers."""
        return [field.name for field in self.fields if field.type.is_numeric]
