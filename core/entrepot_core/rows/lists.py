"""Lists inside one text: of names, of values, of alternatives."""

import csv
import io
import re
from collections.abc import Iterator, Sequence

import msgspec

from entrepot_core.errors import InvalidFilter, InvalidOption
from entrepot_core.json_text import decode_json

_PLAIN = re.compile(r'[^",\r\n]+')
"""What needs no double quotes."""
_QUOTED_COLUMN = re.compile(r'("(?:[^"]|"")*")(__[a-z]+)')


def write_names(names: Sequence[str]) -> str:
    """Join columns' names with commas, each in double quotes where it needs them: ``a,"b,c"``."""
    return ",".join(name if _PLAIN.fullmatch(name) else quoted(name) for name in names)


def read_names(text: str, option: str = "columns") -> tuple[str, ...]:
    """Split what ``write_names`` joins.

    Raises:
        InvalidOption: A double quote is out of place; ``option`` is named.
    """
    try:
        return _split(text)
    except csv.Error as error:
        reason = f"a name with a comma stands in double quotes ({error})"
        raise InvalidOption(option=option, value=text[:200], reason=reason) from error


def read_list(text: str) -> tuple[str | None, ...]:
    """The values of a list: a JSON array, or with commas between, those with a comma in double quotes.

    >>> read_list('a,"b,c"'), read_list('[1, "b", null, true]')
    (('a', 'b,c'), ('1', 'b', None, 'true'))

    Raises:
        ValueError: It is neither.
    """
    if text.startswith("["):
        return tuple(_json_items(text))
    try:
        return _split(text)
    except csv.Error as error:
        message = f"a value with a comma stands in double quotes ({error})"
        raise ValueError(message) from error


def _json_items(text: str) -> Iterator[str | None]:
    try:
        items = [(item, decode_json(item, object)) for item in decode_json(text, list[msgspec.Raw])]
    except msgspec.MsgspecError as error:
        message = f"no JSON array ({error})"
        raise ValueError(message) from error
    for item, value in items:
        if isinstance(value, list | dict):
            message = "a list holds single values"
            raise ValueError(message)  # noqa: TRY004 - of a user's value, not of a caller's mistake
        yield value if isinstance(value, str | None) else bytes(item).decode()


def read_alternatives(text: str) -> tuple[str, ...]:
    """The filters of ``(a__lt.5,b__gt.3)``, each ``column__op.value``; a part in double quotes may hold commas.

    Raises:
        InvalidFilter: The parentheses are missing, or a double quote is out of place.
    """
    advice = "give filters as (price__lt.5,doors__exact.3); a value with a comma stands in double quotes"
    inside = text.strip()
    if not (inside.startswith("(") and inside.endswith(")") and inside != "()"):
        raise InvalidFilter(filter="or", value=text[:200], reason=advice)
    found, quoted, start = list[str](), False, 1
    for place, character in enumerate(inside[:-1]):
        if character == '"':
            quoted = not quoted
        elif character == "," and not quoted:
            found.append(inside[start:place])
            start = place + 1
    if quoted:
        raise InvalidFilter(filter="or", value=text[:200], reason=advice)
    return (*found, inside[start:-1])


def unquoted(text: str) -> str:
    """A value without the double quotes around it, and those within it, which are doubled, single again."""
    if len(text) > 1 and text.startswith('"') and text.endswith('"'):
        return text[1:-1].replace('""', '"')
    return text


def left_unquoted(text: str) -> str:
    """The left side of a filter without double quotes, which may stand around all of it or around the column alone.

    >>> left_unquoted('"a,b"__not'), left_unquoted('"a,b__not"'), left_unquoted("a__not")
    ('a,b__not', 'a,b__not', 'a__not')
    """
    found = _QUOTED_COLUMN.fullmatch(text)
    return unquoted(text) if found is None else unquoted(found[1]) + found[2]


def quoted(text: str) -> str:
    """A value in double quotes, so that ``unquoted`` gives it back."""
    return '"' + text.replace('"', '""') + '"'


def _split(text: str) -> tuple[str, ...]:
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    if len(rows) > 1:
        message = "a line end outside double quotes"
        raise csv.Error(message)
    return tuple(rows[0]) if rows else ()
