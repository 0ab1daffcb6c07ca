"""Exceptions with typed fields."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self, dataclass_transform, get_origin, get_type_hints

import msgspec

_NOT_FIELDS: tuple[object, ...] = (ClassVar,)


@dataclass_transform(eq_default=False)
class Fact(Exception):
    """An exception that states a fact. What its class annotates are its fields, given in that order or by name.

    A class of ``attrs`` or ``dataclasses`` would do the same, but takes a millisecond to make: there are sixty of them,
    and every command and every worker waits for them.
    """

    field_names: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        own = (name for name, kind in cls.__annotations__.items() if get_origin(kind) not in _NOT_FIELDS)
        cls.field_names = (*cls.field_names, *own)

    def __init__(self, *values: object, **named: object) -> None:
        names = self.field_names
        given = dict(zip(names, values, strict=False))
        unknown = [*values[len(names) :], *(name for name in named if name not in names or name in given)]
        missing = [name for name in names if name not in given | named and not hasattr(type(self), name)]
        if unknown or missing:
            raise TypeError(f"{type(self).__name__} has the fields {names}; missing {missing}, too many {unknown}")
        self.__dict__ |= given | named
        super().__init__(*self.fields().values())

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.fields().items())})"

    def fields(self) -> dict[str, Any]:
        """What it tells, by the names of its fields."""
        return {name: getattr(self, name) for name in self.field_names}

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Self:
        """Build an error again from a document that has its fields, and perhaps other members.

        Raises:
            msgspec.ValidationError: Some are missing, or of another type.
        """
        return cls(**msgspec.structs.asdict(msgspec.convert(document, _struct_of(cls))))


def _struct_of(kind: type[Fact]) -> type[msgspec.Struct]:
    """A struct with the fields of an error, by which they are checked."""
    hints = get_type_hints(kind)
    return msgspec.defstruct(
        kind.__name__,
        [(name, hints[name], getattr(kind, name, msgspec.NODEFAULT)) for name in kind.field_names],
    )
