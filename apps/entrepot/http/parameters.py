"""Query parameters and form fields as values of the core: the fields of its structs, with their types and docs."""

import inspect
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec
from attrs import frozen

from entrepot.http.exchange import AnyRequest
from entrepot.http.filters import filters_of, is_filter, takes_filters
from entrepot.http.problems import UnknownParameter
from entrepot.http.urlencoded import read_urlencoded
from entrepot_core.errors import InvalidOption
from entrepot_core.formats import CHART_FORMATS, TABLE_FORMATS
from entrepot_core.intervals import read_interval
from entrepot_core.json_text import decode_json
from entrepot_core.names import DatasetName, parse_name
from entrepot_core.paging import MAX_LIMIT, MAX_OFFSET, OFFSETS
from entrepot_core.rows.lists import read_names
from entrepot_core.schema import FieldType

Given = Mapping[str, list[str]]
"""What came: names and, for each, its texts in order."""

_Kind = TypeVar("_Kind", bound=msgspec.Struct)
_Reader = Callable[[str, list[str]], object]
_LONGEST_SHOWN = 200

NAME_PATTERN = "^[a-z0-9][a-z0-9_-]{0,62}$"
"""What a dataset's name looks like; the core's own check has the last word."""


class Pinned(msgspec.Struct, frozen=True):
    """Which version to read.

    Attributes:
        version: The version's number; the newest by default.
    """

    version: int | None = None


class TableFormat(msgspec.Struct, frozen=True):
    """In which format to write a table.

    Attributes:
        format: The format; it has precedence over the ``Accept`` header.
    """

    format: Annotated[str | None, msgspec.Meta(extra_json_schema={"enum": [*TABLE_FORMATS]})] = None


class ChartFormat(msgspec.Struct, frozen=True):
    """In which format to draw a chart.

    Attributes:
        format: The format; it has precedence over the ``Accept`` header.
    """

    format: Annotated[str | None, msgspec.Meta(extra_json_schema={"enum": [*CHART_FORMATS]})] = None


@frozen
class Parameter:
    """One parameter of a request.

    Attributes:
        name: Its name in the query or the form.
        field: The field of the struct that it becomes.
        read: Turns its texts into the field's value.
        schema: Its JSON Schema.
        description: What it means.
        is_repeated: Whether a list's items are given one at a time, not with commas between.
    """

    name: str
    field: str
    read: _Reader
    schema: dict[str, object]
    description: str
    is_repeated: bool = False


def query_of(request: AnyRequest) -> Given:
    """What stands in the request's query, in its order; see ``read_urlencoded``."""
    return read_urlencoded(request.scope["query_string"], "The query")


def asked(request: AnyRequest, kind: type[_Kind], **defaults: object) -> _Kind:
    """The part of a request's query that is a ``kind``; see ``decode``."""
    return decode(query_of(request), kind, **defaults)


def check_known(given: Given, kinds: tuple[type[msgspec.Struct], ...], *others: str) -> None:
    """Insist that everything given is a field of one of these structs, a filter of theirs, or one of the ``others``.

    Raises:
        UnknownParameter: Something is not.
    """
    known = [parameter.name for kind in kinds for parameter in parameters_of(kind)] + list(others)
    filters_too = takes_filters(kinds)
    for name in given:
        if name not in known and not (filters_too and is_filter(name)):
            raise UnknownParameter(parameter=name[:_LONGEST_SHOWN], parameters=known)


def decode(given: Given, kind: type[_Kind], **defaults: object) -> _Kind:
    """Make a struct of those parameters that are its fields; ``defaults`` stand in for fields that weren't given.

    Raises:
        InvalidOption: A text is no value of its field's type; the parameter is named.
        InvalidName: Likewise, of a dataset's name.
    """
    found = {
        parameter.field: parameter.read(parameter.name, given[parameter.name])
        for parameter in parameters_of(kind)
        if parameter.name in given
    }
    if takes_filters((kind,)):
        found["where"] = filters_of(given)
    return kind(**{**defaults, **found})


@cache
def parameters_of(kind: type[msgspec.Struct]) -> tuple[Parameter, ...]:
    """The parameters that a struct's fields are."""
    hints = get_type_hints(kind, include_extras=True)
    told = told_of_struct(kind)
    fields = (field for field in kind.__struct_fields__ if hints[field] != _FILTERS)
    return tuple(_parameter(field, hints[field], told.get(field, "")) for field in fields)


def _parameter(field: str, hint: Any, description: str) -> Parameter:  # noqa: ANN401 - a type hint can be anything
    kind = _bare(hint)
    reader, schema = _LISTED.get(kind) or _one_of(kind)
    metas = [extra for extra in get_args(hint)[1:] if isinstance(extra, msgspec.Meta)]
    told: dict[str, object] = {name: value for meta in metas for name, value in (meta.extra_json_schema or {}).items()}
    reader = _each if field in _REPEATED else reader
    reader, schema, description = _OTHERWISE.get(field, (reader, schema, description))
    schema = schema | _BOUNDS.get(field, {}) | told
    return Parameter(_NAMES.get(field, field), field, reader, schema, description, field in _REPEATED)


def _bare(hint: Any) -> Any:  # noqa: ANN401 - as above
    """A type without what is annotated, and without its ``| None``."""
    if get_origin(hint) is Annotated:
        return _bare(get_args(hint)[0])
    if get_origin(hint) in {Union, UnionType}:
        return next(one for one in get_args(hint) if one is not type(None))
    return hint


def told_of_fields(docstring: str) -> dict[str, str]:
    """What a docstring says of a struct's fields, in its ``Attributes`` section."""
    _, _, section = inspect.cleandoc(docstring).partition("Attributes:\n")
    entries = re.findall(r"^    (\w+): (.*(?:\n {8,}.*)*)", section, re.MULTILINE)
    return {name: markdown(" ".join(text.split())) for name, text in entries}


def told_of_struct(kind: type) -> dict[str, str]:
    """What the docstrings of a struct and of those it extends say of its fields."""
    return {name: text for one in reversed(kind.__mro__) for name, text in told_of_fields(one.__doc__ or "").items()}


def markdown(text: str) -> str:
    """A docstring's text as Markdown."""
    return text.replace("``", "`")


def _single(name: str, texts: list[str]) -> str:
    if len(texts) > 1:
        raise InvalidOption(option=name, value=texts[1][:_LONGEST_SHOWN], reason="it is given more than once")
    return texts[0]


def _refuse(name: str, text: str, reason: str) -> InvalidOption:
    return InvalidOption(option=name, value=text[:_LONGEST_SHOWN], reason=reason)


def _whole(name: str, texts: list[str]) -> int:
    text = _single(name, texts)
    if not re.fullmatch(r"-?[0-9]{1,18}", text):
        raise _refuse(name, text, OFFSETS if name == "offset" else "give a whole number, of at most 18 digits")
    return int(text)


def _truth(name: str, texts: list[str]) -> bool:
    text = _single(name, texts)
    if text.lower() not in {"true", "false", "1", "0"}:
        raise _refuse(name, text, "give true or false")
    return text.lower() in {"true", "1"}


def _time(name: str, texts: list[str]) -> datetime:
    text = _single(name, texts)
    try:
        # A "+" that was not encoded arrives as a space.
        time = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError as error:
        raise _refuse(name, text, "give a time like 2026-01-31T12:00:00Z, or a date") from error
    return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)


def _named(name: str, texts: list[str]) -> DatasetName:
    return parse_name(_single(name, texts))


def _many(name: str, texts: list[str]) -> tuple[str, ...]:
    return tuple(one for text in texts for one in read_names(text, name))


def _each(_name: str, texts: list[str]) -> tuple[str, ...]:
    return tuple(texts)


def _filled(_name: str, texts: list[str]) -> tuple[str, ...]:
    """Each text as it is; an empty one stands for none."""
    return tuple(text for text in texts if text)


def _interval(name: str, texts: list[str]) -> int:
    return read_interval(name, _single(name, texts))


def _types(name: str, texts: list[str]) -> dict[str, FieldType]:
    text = _single(name, texts)
    try:
        return decode_json(text, dict[str, FieldType])
    except msgspec.MsgspecError as error:
        kinds = ", ".join(FieldType)
        raise _refuse(name, text, f'give JSON like {{"price": "number"}}, with types of {kinds}') from error


def _one_of(kind: Any) -> tuple[_Reader, dict[str, object]]:  # noqa: ANN401 - as above
    choices: tuple[str, ...] = get_args(kind)
    if get_origin(kind) is not Literal:
        message = f"no way to read {kind} from a query"
        raise TypeError(message)

    def read(name: str, texts: list[str]) -> str:
        text = _single(name, texts)
        if text not in choices:
            raise _refuse(name, text, f"give one of {', '.join(choices)}")
        return text

    return read, {"type": "string", "enum": list(choices)}


_LISTED: dict[object, tuple[_Reader, dict[str, object]]] = {
    str: (_single, {"type": "string"}),
    int: (_whole, {"type": "integer", "maximum": 10**18 - 1}),
    bool: (_truth, {"type": "boolean"}),
    datetime: (_time, {"type": "string", "format": "date-time"}),
    DatasetName: (_named, {"type": "string", "pattern": NAME_PATTERN}),
    tuple[str, ...]: (_many, {"type": "array", "items": {"type": "string"}}),
    dict[str, FieldType]: (_types, {"type": "string", "contentMediaType": "application/json"}),
}

_FILTERS = tuple[tuple[str, str], ...]
"""The type of a field that no single parameter stands for."""

_NAMES = {"ids": "id", "any_of": "or", "before": "from", "after": "to", "images": "image"}
"""Fields whose parameter has another name."""

_REPEATED = {"any_of", "images"}
"""Lists whose items hold commas themselves."""

_OTHERWISE: dict[str, tuple[_Reader, dict[str, object], str]] = {
    "refresh": (
        _interval,
        {"type": "string", "examples": ["1h", "none"]},
        "After how long its source, a URL, is to be fetched again: `90s`, `15m`, `1h`, `7d`; or `none`.",
    ),
    "images": (
        _filled,
        {"type": "array", "items": {"type": "string"}},
        (
            "A column that holds images, by their URLs; several by several such fields, none by an empty one. "
            "Where a new dataset is published and none is named, they are found by looking."
        ),
    ),
}
"""Fields whose parameters are written otherwise than their types, and so are told of otherwise."""

_BOUNDS: dict[str, dict[str, object]] = {
    "limit": {"minimum": 1, "maximum": MAX_LIMIT},
    "offset": {"minimum": 0, "maximum": MAX_OFFSET},
    "version": {"minimum": 1},
    "bins": {"minimum": 1, "maximum": 1000},
}
"""What the core insists on, told in the schema."""
