"""What the values of a JSON member have in common."""

import math
from collections.abc import Sequence
from functools import cache, reduce
from typing import Any

import msgspec
import polars as pl

_LEAST, _MOST, _MOST_UNSIGNED = -(2**63), 2**63 - 1, 2**64 - 1
_EXACT = 2**53
"""Integers up to this are exact as floats."""

_DEEPEST = 32
"""Levels of nesting that become columns; what lies deeper becomes text."""


class PastFloats(Exception):
    """A number is past all floats; JSON's parser makes it infinite."""


class Shape(msgspec.Struct, frozen=True):
    """What some values have in common.

    Attributes:
        kind: ``null``, ``boolean``, ``integer``, ``unsigned``, ``number``, ``inexact`` (numbers that none of these
            types holds without a loss), ``string``, ``mixed`` (of several of these), ``list``, ``object``, or
            ``varied`` (nested, and not alike).
        inner: Of a list, the shape of its elements; of an object, those of its members.
        names: Of an object, the names of its members.
        traits: Of numbers, what some of them are: ``fraction``, ``negative``, ``long`` (another number as a float),
            ``unsigned`` (past 63 bits), ``huge`` (past 64 bits).
    """

    kind: str
    inner: tuple["Shape", ...] = ()
    names: tuple[str, ...] = ()
    traits: frozenset[str] = frozenset()

    def is_stored_as(self, other: "Shape") -> bool:
        """Whether values of both shapes are stored alike."""
        alike = self.kind == other.kind and self.names == other.names and len(self.inner) == len(other.inner)
        return alike and all(map(Shape.is_stored_as, self.inner, other.inner))

    @property
    def is_nested(self) -> bool:
        """Whether the values are, or hold, lists or objects."""
        return self.kind in {"list", "object", "varied"}

    @property
    def dtype(self) -> pl.DataType:
        """The type that polars stores such values in."""
        match self.kind:
            case "list":
                return pl.List(self.inner[0].dtype)
            case "object":
                return pl.Struct({name: shape.dtype for name, shape in zip(self.names, self.inner, strict=True)})
            case _:
                return _DTYPES.get(self.kind, pl.String)()


_DTYPES: dict[str, type[pl.DataType]] = {
    "boolean": pl.Boolean,
    "integer": pl.Int64,
    "unsigned": pl.UInt64,
    "number": pl.Float64,
}

NULL = Shape("null")
VARIED = Shape("varied")
_MIXED = Shape("mixed")
_FLOATS = Shape("number", traits=frozenset({"fraction"}))
_BY_TYPE = {type(None): NULL, bool: Shape("boolean"), float: _FLOATS, str: Shape("string")}
_NOT_WITHIN = {"varied", "mixed", "inexact"}
"""What has no type of its own within a list or an object."""

_NUMERIC = {"integer", "unsigned", "number", "inexact"}


def common_shape(values: Sequence[Any]) -> Shape:
    """What all of some values have in common.

    Raises:
        PastFloats: A number in them is.
    """
    types = set(map(type, values))
    if float in types and (math.inf in values or -math.inf in values):
        raise PastFloats
    shape = reduce(unified, (_BY_TYPE[one] for one in types if one in _BY_TYPE), NULL)
    if int in types:
        shape = unified(shape, _of_integers([value for value in values if type(value) is int]))
    if types & {list, dict}:
        nested = (_of_nested(value, 1) for value in values if isinstance(value, list | dict))
        shape = reduce(unified, nested, shape)
    return shape


def _of_integers(values: Sequence[int]) -> Shape:
    least, most = min(values), max(values)
    is_huge = least < _LEAST or most > _MOST_UNSIGNED
    is_large = (least < -_EXACT or most > _EXACT) and not is_huge  # a huge one may be past all floats
    traits = {
        "negative": least < 0,
        "unsigned": most > _MOST,
        "huge": is_huge,
        "long": is_large and any(int(float(value)) != value for value in values),
    }
    return _numeric(frozenset(trait for trait, holds in traits.items() if holds))


_APART: tuple[set[str], ...] = ({"unsigned", "negative"}, {"unsigned", "fraction"}, {"long", "fraction"})
"""What no type of numbers holds together."""


@cache
def _numeric(traits: frozenset[str]) -> Shape:
    """The shape of numbers; a whole number past 63 bits beside fractions is text, as in CSV."""
    if (
        "huge" in traits
        or ("unsigned" in traits and traits & {"negative", "fraction"})
        or {"long", "fraction"} <= traits
    ):
        kind = "inexact"
    elif "fraction" in traits:
        kind = "number"
    else:
        kind = "unsigned" if "unsigned" in traits else "integer"
    return Shape(kind, traits=traits)


def _of_nested(value: Any, depth: int) -> Shape:  # noqa: ANN401 - any value of JSON
    if depth > _DEEPEST:
        if is_past_floats(value):
            raise PastFloats
        return VARIED
    if isinstance(value, list):
        inner = reduce(unified, (_of_nested(one, depth + 1) for one in value), NULL)
        return VARIED if inner.kind in _NOT_WITHIN else Shape("list", (inner,))
    if isinstance(value, dict):
        members = tuple(_of_nested(one, depth + 1) for one in value.values())
        if not members or any(member.kind in _NOT_WITHIN for member in members):
            return VARIED  # Parquet has no type of objects without members
        return Shape("object", members, tuple(value))
    if type(value) is int:
        return _of_integers((value,))
    if type(value) is float and math.isinf(value):
        raise PastFloats
    return _BY_TYPE[type(value)]


def is_past_floats(value: Any) -> bool:  # noqa: ANN401 - any value of JSON
    """Whether a number, in a value or itself, is infinite."""
    left = [value]
    while left:  # a value may be as deep as the stack of Python 3.11
        one = left.pop()
        if isinstance(one, list | dict):
            left += one.values() if isinstance(one, dict) else one
        elif isinstance(one, float) and math.isinf(one):
            return True
    return False


def unified(one: Shape, other: Shape) -> Shape:
    """What the values of two shapes have in common."""
    if one == other or other.kind == "null":
        return one
    if one.kind == "null":
        return other
    if one.is_nested or other.is_nested:
        return _unified_nested(one, other)
    return _numeric(one.traits | other.traits) if {one.kind, other.kind} <= _NUMERIC else _MIXED


def _unified_nested(one: Shape, other: Shape) -> Shape:
    if one.kind != other.kind or one.kind == "varied" or set(one.names) != set(other.names):
        return VARIED
    members = dict(zip(other.names, other.inner, strict=True)) if other.names else {}
    others = tuple(members[name] for name in one.names) if members else other.inner
    inner = tuple(unified(left, right) for left, right in zip(one.inner, others, strict=True))
    if any(shape.kind in _NOT_WITHIN for shape in inner):
        return VARIED
    return Shape(one.kind, inner, one.names)
