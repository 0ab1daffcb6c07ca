"""Objects as columns."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import chain
from typing import Any

import polars as pl

from entrepot_adapters.polars.reading.json_objects import Object
from entrepot_adapters.polars.reading.json_shapes import NULL, PastFloats, Shape, common_shape, is_past_floats, unified
from entrepot_core.errors import MalformedInput

Shapes = dict[str, Shape]


_CELLS = 1 << 22
"""Cells that are held at once."""


def in_parts(batch: Sequence[Object], width: int) -> Iterator[tuple[int, Sequence[Object]]]:
    """A batch of objects in parts that hold not too many cells, each with the number of objects before it."""
    height = max(_CELLS // max(width, 1), 1)
    for start in range(0, len(batch), height):
        yield start, batch[start : start + height]


def members(batch: Sequence[Object], names: Iterable[str]) -> dict[str, None]:
    """The members named, then those that some objects have besides, in the order they are first seen."""
    return dict.fromkeys(chain(names, chain.from_iterable(batch)))


def without(values: dict[str, Sequence[Any]], nulls: Collection[str]) -> dict[str, Sequence[Any]]:
    """Values by member, with null in the place of texts that mean it."""
    if not nulls:
        return values
    return {
        name: [None if type(value) is str and value in nulls else value for value in some]
        for name, some in values.items()
    }


def transposed(batch: Sequence[Object], names: Iterable[str]) -> dict[str, Sequence[Any]]:
    """Objects as values by member: the members named, then new ones; null where an object has none."""
    if set(map(tuple, batch)) == {tuple(names)}:  # all have the same members in the same order, which is quicker
        return dict(zip(names, zip(*map(dict.values, batch), strict=True), strict=True))
    return {name: [one.get(name) for one in batch] for name in members(batch, names)}


def merged(shapes: Mapping[str, Shape], values: Mapping[str, Sequence[Any]], before: int = 0) -> Shapes:
    """The shapes of members with those of some of their values.

    Args:
        shapes: The shapes.
        values: The values.
        before: How many objects stand before these.

    Raises:
        MalformedInput: A number is past all floats.
    """
    found: Shapes = {}
    for name, some in values.items():
        try:
            found[name] = unified(shapes.get(name, NULL), common_shape(some))
        except PastFloats as error:
            row = before + next(place for place, value in enumerate(some, 1) if is_past_floats(value))
            reason = "a number here is larger than any that can be held (1.8e308); write it as text"
            raise MalformedInput(reason=reason, row=row, column=name) from error
    return found


def frame_of(values: Mapping[str, Sequence[Any]], shapes: Shapes, numeric: Collection[str] = ()) -> pl.DataFrame:
    """Values as columns ``s0``, ``s1``, … of the shapes' types.

    Args:
        values: By member.
        shapes: Of the same members.
        numeric: Those whose texts are going to be read as numbers, among which numbers are to stay what they are.

    Raises:
        UnicodeEncodeError: A text holds half of a pair of surrogates, which no encoding can write.
    """
    series = [
        pl.Series(
            f"s{number}", _values(values[name], shape, is_numeric=name in numeric), dtype=shape.dtype, strict=False
        )
        for number, (name, shape) in enumerate(shapes.items())
    ]
    return pl.DataFrame(series)


def _values(values: Sequence[Any], shape: Shape, *, is_numeric: bool) -> Sequence[Any]:
    match shape.kind:
        case "mixed" if is_numeric:
            return [_without_point(value) if isinstance(value, float) else _text(value) for value in values]
        case "mixed" | "inexact":
            return [_text(value) for value in values]
        case "varied":
            return [None if value is None else _document(value) for value in values]
        case "number" if int in set(map(type, values)):
            return [None if value is None else float(value) for value in values]
        case "list" | "object" if _holds_numbers(shape):
            return [_with_floats(value, shape) for value in values]
        case _:
            return values


def _holds_numbers(shape: Shape) -> bool:
    return shape.kind == "number" or any(map(_holds_numbers, shape.inner))


def _with_floats(value: Any, shape: Shape) -> Any:  # noqa: ANN401 - any value of JSON
    """A value with floats where its shape has numbers: polars takes the first value within for the type of all."""
    if value is None:
        return None
    match shape.kind:
        case "number":
            return float(value)
        case "list":
            return [_with_floats(one, shape.inner[0]) for one in value]
        case "object":
            inner = zip(shape.names, shape.inner, strict=True)
            return {name: _with_floats(value[name], one) for name, one in inner}
        case _:
            return value


def _text(value: Any) -> str | None:  # noqa: ANN401 - any value of JSON
    return value if value is None or isinstance(value, str) else _document(value)


def _without_point(value: float) -> str:
    """A number as ``1234e-3``, which means the same whatever stands before decimals elsewhere."""
    sign, digits, exponent = Decimal(repr(value)).as_tuple()
    return f"{'-' * sign}{''.join(map(str, digits))}e{exponent}"


def _document(value: Any) -> str:  # noqa: ANN401 - any value of JSON
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
