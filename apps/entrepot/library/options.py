"""What people say about how a file is to be read."""

from collections.abc import Mapping, Sequence
from typing import TypedDict, get_args

from entrepot_core.dialect import DateOrder, DecimalMark, ImportOptions, OnError
from entrepot_core.errors import InvalidOption
from entrepot_core.schema import FieldType, no_type


class Reading(TypedDict, total=False):
    """How a file is to be read; what is left out is found by looking.

    Attributes:
        encoding: A text file's encoding, a name Python knows.
        delimiter: What stands between two cells, 1 or 2 characters.
        quote: The character around cells that hold a delimiter.
        escape: The character before a quote that is part of a cell; the quote itself where it is doubled.
        header: Whether the first row names the columns.
        header_rows: How many rows name the columns.
        skip_lines: How many lines stand before the table.
        on_error: ``repair`` rows that don't fit, or set them aside where that can't be done (the default);
            ``reject`` the file; ``quarantine`` all such rows.
        sheet: The workbook's sheet, by name.
        types: Column to type; the column ``*`` stands for all others.
        null_values: A text, or several, that mean null besides the empty field.
        date_order: ``day_first`` or ``month_first``, for columns of dates such as ``03/04/2024`` whose values could be
            either way round.
        decimal: ``","`` or ``"."``, for columns of numbers such as ``1,234`` or ``1.234`` whose values could be meant
            either way.
    """

    encoding: str
    delimiter: str
    quote: str
    escape: str
    header: bool
    header_rows: int
    skip_lines: int
    on_error: OnError
    sheet: str
    types: Mapping[str, FieldType | str]
    null_values: str | Sequence[str]
    date_order: DateOrder
    decimal: DecimalMark


def texts_of(given: str | Sequence[str]) -> tuple[str, ...]:
    """One text, or several, as several."""
    return (given,) if isinstance(given, str) else tuple(given)


def options_of(reading: Reading, *others: str) -> ImportOptions:
    """Check what was said.

    Args:
        reading: What was said.
        others: What else can be said by name where this was said.

    Raises:
        InvalidOption: Something can't be so.
        TypeError: There is no such option.
    """
    if unknown := set(reading) - Reading.__optional_keys__:
        known = ", ".join(sorted({*Reading.__optional_keys__, *others}))
        raise TypeError(f"there is no option {min(unknown)!r}; there are {known}")
    for name, kind in _KINDS.items():
        if not isinstance(given := reading.get(name), kind | None):
            raise InvalidOption(option=name, value=repr(given)[:100], reason=f"give a {kind.__name__}")
    types: object = reading.get("types", {})
    if not isinstance(types, Mapping):
        reason = 'give a dict of column and type; {"*": "string"} for all columns'
        raise InvalidOption(option="types", value=repr(types)[:100], reason=reason)
    return ImportOptions(
        encoding=reading.get("encoding"),
        delimiter=reading.get("delimiter"),
        quote=reading.get("quote"),
        escape=reading.get("escape"),
        header=reading.get("header"),
        header_rows=reading.get("header_rows"),
        skip_lines=reading.get("skip_lines"),
        on_error=_on_error(reading.get("on_error")),
        sheet=reading.get("sheet"),
        types={column: field_type(kind) for column, kind in types.items()},
        null_values=texts_of(reading.get("null_values", ())),
        date_order=order_of_dates(reading.get("date_order")),
        decimal=decimal_mark(reading.get("decimal")),
    )


_KINDS: dict[str, type] = {
    **dict.fromkeys(("encoding", "delimiter", "quote", "escape", "sheet"), str),
    **dict.fromkeys(("header_rows", "skip_lines"), int),
    "header": bool,
}


def _on_error(text: str | None) -> OnError | None:
    match text:
        case None | "repair" | "reject" | "quarantine":
            return text
        case _:
            raise InvalidOption(option="on_error", value=text, reason=f"give one of {', '.join(get_args(OnError))}")


def order_of_dates(text: str | None) -> DateOrder | None:
    """Read the option of this name.

    Raises:
        InvalidOption: There is no such order.
    """
    match text:
        case None | "day_first" | "month_first":
            return text
        case _:
            raise InvalidOption(option="date_order", value=text, reason=f"give one of {', '.join(get_args(DateOrder))}")


def decimal_mark(text: str | None) -> DecimalMark | None:
    """Read the option ``decimal``.

    Raises:
        InvalidOption: It is no such mark.
    """
    match text:
        case None | "," | ".":
            return text
        case _:
            raise InvalidOption(option="decimal", value=text, reason="give , or .")


def field_type(text: str) -> FieldType:
    """Read the name of a type.

    Raises:
        InvalidOption: There is no such type.
    """
    try:
        return FieldType(str(text).lower())  # who has no type-checker may give anything
    except ValueError as error:
        raise InvalidOption(option="types", value=str(text)[:100], reason=no_type(str(text))) from error
