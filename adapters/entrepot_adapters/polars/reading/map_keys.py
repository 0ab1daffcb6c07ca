"""Finds maps in which a key stands twice: polars keeps the last of such entries of Parquet, without a word."""

from collections.abc import Iterator, Sequence
from typing import cast

import polars as pl

from entrepot_adapters.polars.members import members
from entrepot_adapters.polars.reading.odd_values import Odd

_TWICE = "a key stands twice in a map; leave one of them, or write lists of objects with a key and a value"


def has_maps(dtype: object) -> bool:
    """Whether a type is that of maps, or of what holds some."""
    match dtype:
        case pl.Map():
            return True
        case pl.List() | pl.Array():
            return has_maps(dtype.inner)
        case pl.Struct():
            return any(has_maps(field.dtype) for field in dtype.fields)
        case _:
            return False


def keys_twice(names: Sequence[str], dtypes: Sequence[pl.DataType], stored: Sequence[pl.DataType]) -> Iterator[Odd]:
    """What to look for in columns.

    Args:
        names: What they are called.
        dtypes: Their types.
        stored: The types that they are looked through in: there may be lists of a key and a value for maps, and lists
            for arrays.
    """
    for place, (name, dtype, of) in enumerate(zip(names, dtypes, stored, strict=True)):
        for test in _tests(pl.nth(place), dtype, of):
            yield Odd(place, name, test, _TWICE)


def _tests(values: pl.Expr, dtype: pl.DataType, stored: pl.DataType) -> Iterator[pl.Expr]:
    """Whether a value has a key twice, or holds a map that has."""
    match dtype:
        case pl.Map():
            entries, of = (values.map.entries(), _entry(stored)) if isinstance(stored, pl.Map) else (values, stored)
            (key, _), (value, kind) = members(pl.element(), cast("pl.Struct", cast("pl.List", of).inner))
            keys = entries.list.eval(key)
            yield keys.list.n_unique() < keys.list.len()
            yield from _within(entries, value, dtype.value, kind)
        case pl.List() | pl.Array():
            lists = values.arr.to_list() if isinstance(stored, pl.Array) else values
            yield from _within(lists, pl.element(), dtype.inner, cast("pl.List | pl.Array", stored).inner)
        case pl.Struct():
            parts = zip(dtype.fields, members(values, cast("pl.Struct", stored)), strict=True)
            for field, (member, of) in parts:
                yield from _tests(member, _instance(field.dtype), of)
        case _:
            return


def _within(lists: pl.Expr, element: pl.Expr, dtype: object, stored: object) -> Iterator[pl.Expr]:
    for test in _tests(element, _instance(dtype), _instance(stored)):
        yield lists.list.eval(test).list.any()


def _entry(stored: pl.Map) -> pl.List:
    """The type of the entries of a map."""
    return pl.List(pl.Struct({"key": stored.key, "value": stored.value}))


def _instance(dtype: object) -> pl.DataType:
    return cast("pl.DataType", dtype)  # the types of columns in files are always instances
