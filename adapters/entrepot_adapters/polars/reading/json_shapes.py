"""What the values of a JSON member have in common."""

from collections.abc import Iterable, Sequence
from functools import reduce
from typing import Any

import polars as pl
from attrs import frozen

_LEAST, _MOST, _MOST_UNSIGNED = -(2**63), 2**63 - 1, 2**64 - 1
_DEEPEST = 32
"""Levels of nesting that become columns; what lies deeper becomes text."""


@frozen
class Shape:
    """What some values have in common.

    Attributes:
        kind: ``null``, ``boolean``, ``integer``, ``unsigned``, ``huge`` (past 64 bits), ``number``, ``string``,
            ``mixed`` (of several of these), ``list``, ``object``, or ``varied`` (nested, and not alike).
        inner: Of a list, the shape of its elements; of an object, those of its members.
        names: Of an object, the names of its members.
    """

    kind: str
    inner: tuple["Shape", ...] = ()
    names: tuple[str, ...] = ()

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
_BY_TYPE = {type(None): NULL, bool: Shape("boolean"), float: Shape("number"), str: Shape("string")}
_NOT_WITHIN = {"varied", "mixed", "huge"}
"""What has no type of its own within a list or an object."""

_NUMERIC = {"integer", "number"}


def common_shape(values: Sequence[Any]) -> Shape:
    """What all of some values have in common."""
    types = set(map(type, values))
    shape = reduce(unified, (_BY_TYPE[one] for one in types if one in _BY_TYPE), NULL)
    if int in types:
        shape = unified(shape, _of_integers([value for value in values if type(value) is int]))
    if types & {list, dict}:
        nested = (_of_nested(value, 1) for value in values if isinstance(value, list | dict))
        shape = reduce(unified, nested, shape)
    return shape


def _of_integers(values: Iterable[int]) -> Shape:
    ordered = (min(values), max(values))
    if ordered[0] >= _LEAST and ordered[1] <= _MOST:
        return Shape("integer")
    return Shape("unsigned") if ordered[0] >= 0 and ordered[1] <= _MOST_UNSIGNED else Shape("huge")


def _of_nested(value: Any, depth: int) -> Shape:  # noqa: ANN401 - any value of JSON
    if depth > _DEEPEST:
        return VARIED
    if isinstance(value, list):
        inner = reduce(unified, (_of_nested(one, depth + 1) for one in value), NULL)
        return VARIED if inner.kind in _NOT_WITHIN else Shape("list", (inner,))
    if isinstance(value, dict):
        members = tuple(_of_nested(one, depth + 1) for one in value.values())
        if not members or any(member.kind in _NOT_WITHIN for member in members):
            return VARIED  # Parquet has no type of objects without members
        return Shape("object", members, tuple(value))
    return _of_integers((value,)) if type(value) is int else _BY_TYPE[type(value)]


def unified(one: Shape, other: Shape) -> Shape:
    """What the values of two shapes have in common."""
    if one == other or other.kind == "null":
        return one
    if one.kind == "null":
        return other
    if one.is_nested or other.is_nested:
        return _unified_nested(one, other)
    kinds = {one.kind, other.kind}
    if kinds <= _NUMERIC:
        return Shape("number")
    return Shape("unsigned") if kinds == {"integer", "unsigned"} else _MIXED


def _unified_nested(one: Shape, other: Shape) -> Shape:
    if one.kind != other.kind or one.kind == "varied" or set(one.names) != set(other.names):
        return VARIED
    members = dict(zip(other.names, other.inner, strict=True)) if other.names else {}
    others = tuple(members[name] for name in one.names) if members else other.inner
    inner = tuple(unified(left, right) for left, right in zip(one.inner, others, strict=True))
    if any(shape.kind in _NOT_WITHIN for shape in inner):
        return VARIED
    return Shape(one.kind, inner, one.names)
