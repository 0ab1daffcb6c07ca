"""The columns of Parquet of which polars makes others without a word, read as what is stored: times, and maps.

Their bytes are copied as they are; only what the file says of them at its end is written anew: of times that they are
numbers, of maps that they are lists.
"""

from collections.abc import Callable, Iterator, Sequence
from os import SEEK_END
from typing import IO, cast

import polars as pl

from entrepot_adapters.parquet.compact import INT, LIST, LONG, STRUCT
from entrepot_adapters.parquet.thrift import Struct, Values, read_struct, write_struct
from entrepot_adapters.polars.reading.map_keys import has_maps, keys_twice
from entrepot_adapters.polars.reading.odd_values import refuse
from entrepot_adapters.polars.reading.ranges import Range, Ranged, outside, times
from entrepot_core.errors import MalformedInput

_MARK = b"PAR1"
_TAIL = 8
_CHUNK = 1 << 20

_VERSION, _SCHEMA, _ROWS, _GROUPS = 1, 2, 3, 4
_REPETITION, _NAME, _CHILDREN, _CONVERTED, _LOGICAL = 3, 4, 5, 6, 10
_REPEATED = 2
_CHUNKS, _GROUP_BYTES, _GROUP_ROWS = 1, 2, 3
_CHUNK_AT, _ABOUT = 2, 3
_PACKED, _DATA_AT, _DICTIONARY_AT = 7, 9, 11
_KEPT = range(1, 8)
"""What is said of a column's bytes, and tells how to read them."""

_TIME, _UNIT = 7, 2  # of the logical types, and of that one
_MAP, _CONVERTED_MAPS, _CONVERTED_LIST = 2, (1, 2), 3
_CONVERTED_UNITS = {7: 10**3, 8: 10**6}
_UNITS = {1: 10**3, 2: 10**6, 3: 10**9}


def check_parquet(file: IO[bytes], schema: pl.Schema, scratch: Callable[[], IO[bytes]]) -> None:
    """Refuse times outside a day, and maps in which a key stands twice.

    Args:
        file: A Parquet file that polars can read.
        schema: As what polars reads its columns.
        scratch: Makes a temporary file.

    Raises:
        MalformedInput: There is such a value.
    """
    try:
        footer = _footer(file)
        columns = [tuple(one) for one in _columns(_structs(footer, _SCHEMA))]
        dtypes = dict(zip(range(len(columns)), schema.dtypes(), strict=True))
        concerned = [number for number, one in enumerate(columns) if any(map(_unit, one)) or has_maps(dtypes[number])]
        if not concerned:
            return
        copy = scratch()
        _write(footer, columns, concerned, file, copy)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise MalformedInput(reason="this is no sound Parquet file: what it says of its columns is damaged") from error
    ranged = [_ranged(columns[number]) for number in concerned]
    names, wanted = [one.name for one in ranged], [dtypes[number] for number in concerned]
    refuse(
        [pl.scan_parquet(copy)],
        lambda stored: (*outside(ranged, stored), *keys_twice(names, wanted, stored)),
    )


def _footer(file: IO[bytes]) -> Struct:
    end = file.seek(-_TAIL, SEEK_END)
    length = int.from_bytes(file.read(_TAIL)[:4], "little")
    file.seek(max(end - length, 0))
    return read_struct(file.read(length))


def _columns(elements: list[Struct]) -> Iterator[list[Struct]]:
    """Each column with its parts, as they stand one after the other."""
    at = 1
    while at < len(elements):
        begin, left = at, 1
        while left:
            left += _children(elements[at]) - 1
            at += 1
        yield elements[begin:at]


def _children(element: Struct) -> int:
    return cast("int", element[_CHILDREN][1]) if _CHILDREN in element else 0


def _unit(element: Struct) -> int | None:
    """Into how many parts seconds are divided, of times."""
    if _LOGICAL in element:
        logical = cast("Struct", element[_LOGICAL][1])
        if _TIME not in logical:
            return None
        unit = cast("Struct", cast("Struct", logical[_TIME][1])[_UNIT][1])
        return _UNITS[next(iter(unit))]
    return _CONVERTED_UNITS.get(cast("int", element[_CONVERTED][1])) if _CONVERTED in element else None


def _ranged(column: Sequence[Struct]) -> Ranged:
    return Ranged(cast("bytes", column[0][_NAME][1]).decode(errors="replace"), tuple(map(_range, _leaves(column))))


def _range(leaf: Struct) -> Range | None:
    unit = _unit(leaf)
    return None if unit is None else times(unit)


def _leaves(column: Sequence[Struct]) -> list[Struct]:
    return [element for element in column if not _children(element)]


def _write(
    footer: Struct, columns: Sequence[Sequence[Struct]], concerned: Sequence[int], file: IO[bytes], copy: IO[bytes]
) -> None:
    """Write a file of some columns, with whole numbers in the place of times."""
    leaves = [number for number, column in enumerate(columns) for _ in _leaves(column)]
    wanted = [place for place, number in enumerate(leaves) if number in set(concerned)]
    copy.write(_MARK)
    left = file.seek(0, SEEK_END)  # of what there is to copy, as no bytes may stand for several columns
    groups: list[Struct] = []
    for group in _structs(footer, _GROUPS):
        chunks = _structs(group, _CHUNKS)
        moved: list[Struct] = []
        for about in (cast("Struct", chunks[place][_ABOUT][1]) for place in wanted):
            begin, size = _begin(about), cast("int", about[_PACKED][1])
            left -= size
            if size < 0 or left < 0:
                raise ValueError("the same bytes stand for several columns")
            moved.append({_CHUNK_AT: (LONG, 0), _ABOUT: (STRUCT, _moved(about, copy.tell() - begin))})
            _copy(file, begin, size, copy)
        kept = {number: group[number] for number in (_GROUP_BYTES, _GROUP_ROWS)}
        groups.append({_CHUNKS: (LIST, Values(STRUCT, list(moved))), **kept})
    root = _structs(footer, _SCHEMA)[0] | {_CHILDREN: (INT, len(concerned))}
    elements = [root, *(_plain(element) for number in concerned for element in columns[number])]
    end = write_struct(
        {
            _VERSION: footer[_VERSION],
            _SCHEMA: (LIST, Values(STRUCT, list(elements))),
            _ROWS: footer[_ROWS],
            _GROUPS: (LIST, Values(STRUCT, list(groups))),
        }
    )
    copy.write(end + len(end).to_bytes(4, "little") + _MARK)
    copy.flush()
    copy.seek(0)


def _plain(element: Struct) -> Struct:
    """A part of a column, a whole number where it is a time, and a list where it is a map."""
    is_map = _is_map(element)
    if not is_map and _unit(element) is None:
        return element
    kept = {number: said for number, said in element.items() if number not in {_CONVERTED, _LOGICAL}}
    if not is_map or (_REPETITION in element and element[_REPETITION][1] == _REPEATED):  # what is within an old map
        return kept
    return dict(sorted((kept | {_CONVERTED: (INT, _CONVERTED_LIST)}).items()))


def _is_map(element: Struct) -> bool:
    if _LOGICAL in element:
        return _MAP in cast("Struct", element[_LOGICAL][1])
    return _CONVERTED in element and element[_CONVERTED][1] in _CONVERTED_MAPS


def _begin(about: Struct) -> int:
    places = [cast("int", about[number][1]) for number in (_DATA_AT, _DICTIONARY_AT) if number in about]
    return min(place for place in places if place)  # 0 where there is no dictionary


def _moved(about: Struct, shift: int) -> Struct:
    """What is said of a column's bytes, elsewhere."""
    places = {number: about[number] for number in (_DATA_AT, _DICTIONARY_AT) if number in about}
    moved = {number: (kind, cast("int", place) + shift if place else 0) for number, (kind, place) in places.items()}
    return {number: about[number] for number in _KEPT if number in about} | moved


def _copy(file: IO[bytes], begin: int, size: int, copy: IO[bytes]) -> None:
    file.seek(begin)
    while size and (data := file.read(min(size, _CHUNK))):
        copy.write(data)
        size -= len(data)


def _structs(struct: Struct, number: int) -> list[Struct]:
    return cast("list[Struct]", cast("Values", struct[number][1]).items)
