"""The types that a caller asks for."""

from collections.abc import Mapping, Sequence

from entrepot_core.errors import UnknownColumn
from entrepot_core.schema import FieldType

_OTHERS = "*"


def types_asked(types: Mapping[str, FieldType], names: Sequence[str]) -> dict[str, FieldType]:
    """Say which type is asked for, by column.

    Raises:
        UnknownColumn: A type is asked for a column that is not there.
    """
    for name in types:
        if name != _OTHERS and name not in names:
            raise UnknownColumn(column=name, columns=list(names))
    others = {name: types[_OTHERS] for name in names} if _OTHERS in types else {}
    return others | {name: kind for name, kind in types.items() if name in names}
