"""The footer of a Parquet file that is made of others, one after the other, without their first column.

Readers go by the footer: bytes that it does not speak of are passed over, and nothing is encoded anew.
"""

from collections.abc import Sequence
from typing import cast

import msgspec

from entrepot_adapters.parquet.arrow_schema import without_first_field
from entrepot_adapters.parquet.compact import INT, LIST, LONG, SHORT, TEXT
from entrepot_adapters.parquet.thrift import Struct, Values, read_struct, write_struct

ID = b"_id"
_ARROW = b"ARROW:schema"
_MOST_ORDINALS = 1 << 15

_SCHEMA, _ROWS, _GROUPS, _PAIRS, _MADE_BY, _ORDERS, _ENCRYPTION = 2, 3, 4, 5, 6, 7, 8
_KEY, _TEXT = 1, 2
_NAME, _CHILDREN = 4, 5
_CHUNKS, _GROUP_BYTES, _SORTING, _GROUP_AT, _GROUP_PACKED, _ORDINAL = 1, 2, 4, 5, 6, 7
_FILE, _CHUNK_AT, _CHUNK, _CRYPTO = 1, 2, 3, 8
_PAGE_INDEXES = (4, 5, 6, 7)
_PATH, _BYTES, _PACKED, _DATA_AT, _INDEX_AT, _DICTIONARY_AT, _BLOOM_AT, _BLOOM_SIZE = 3, 6, 7, 9, 10, 11, 14, 15


class Part(msgspec.Struct, frozen=True):
    """A file that becomes part of another.

    Attributes:
        footer: Its footer.
        shift: How much farther from the beginning its bytes stand there.
    """

    footer: bytes
    shift: int


def joined(parts: Sequence[Part]) -> bytes:
    """The footer of the file that has the parts' bytes one after the other, as if they had no ``_id``.

    Raises:
        ValueError: They can't be joined so: columns or metadata differ, or there is something that nobody knows.
    """
    try:
        return _joined(parts)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("it is no footer of a table") from error


def _joined(parts: Sequence[Part]) -> bytes:
    footers = [read_struct(part.footer) for part in parts]
    bases = [_base(footer) for footer in footers]
    if any(base != bases[0] for base in bases):
        raise ValueError("the parts have different columns")
    groups = [
        _group(cast("Struct", group), part.shift)
        for footer, part in zip(footers, parts, strict=True)
        for group in _list(footer, _GROUPS).items
    ]
    for number, group in enumerate(groups[:_MOST_ORDINALS]):
        group[_ORDINAL] = (SHORT, number)
    whole: Struct = bases[0] | {
        _ROWS: (LONG, sum(_whole(footer, _ROWS) for footer in footers)),
        _GROUPS: (LIST, Values(_list(footers[0], _GROUPS).kind, list(groups))),
    }
    if _MADE_BY in footers[0]:
        whole[_MADE_BY] = footers[0][_MADE_BY]
    return write_struct({number: whole[number] for number in sorted(whole)})


def _base(footer: Struct) -> Struct:
    """What the footers of all parts must have in common, without ``_id``."""
    if _ENCRYPTION in footer:
        raise ValueError("it is encrypted")
    base = {number: field for number, field in footer.items() if number not in {_ROWS, _GROUPS, _MADE_BY}}
    base[_SCHEMA] = (LIST, _columns(_list(footer, _SCHEMA)))
    if _ORDERS in footer:
        orders = _list(footer, _ORDERS)
        base[_ORDERS] = (LIST, Values(orders.kind, orders.items[1:]))
    if _PAIRS in footer:
        pairs = _list(footer, _PAIRS)
        base[_PAIRS] = (LIST, Values(pairs.kind, [_pair(cast("Struct", one)) for one in pairs.items]))
    return base


def _columns(columns: Values) -> Values:
    root, first = (cast("Struct", one) for one in columns.items[:2])
    if first[_NAME][1] != ID or _CHILDREN in first:
        raise ValueError("its first column is another")
    fewer = root | {_CHILDREN: (INT, _whole(root, _CHILDREN) - 1)}
    return Values(columns.kind, [fewer, *columns.items[2:]])


def _pair(pair: Struct) -> Struct:
    if pair[_KEY][1] != _ARROW:
        return pair
    return pair | {_TEXT: (TEXT, without_first_field(cast("bytes", pair[_TEXT][1]), ID))}


def _group(group: Struct, shift: int) -> Struct:
    """A group of rows whose bytes stand elsewhere, without the chunk of ``_id``."""
    first, *others = (cast("Struct", one) for one in _list(group, _CHUNKS).items)
    about = cast("Struct", first[_CHUNK][1])
    if _list(about, _PATH).items != [ID]:
        raise ValueError("its first column is another")
    chunks = [_chunk(one, shift) for one in others]
    left_out = {_GROUP_BYTES: _whole(about, _BYTES), _GROUP_PACKED: _whole(about, _PACKED)}
    fewer = {number: (LONG, _whole(group, number) - size) for number, size in left_out.items() if number in group}
    moved = group | fewer | {_CHUNKS: (LIST, Values(_list(group, _CHUNKS).kind, list(chunks)))}
    if _GROUP_AT in group and chunks:
        moved[_GROUP_AT] = (LONG, _begin(cast("Struct", chunks[0][_CHUNK][1])))
    return {number: field for number, field in sorted(moved.items()) if number not in {_SORTING, _ORDINAL}}


def _chunk(chunk: Struct, shift: int) -> Struct:
    """A column's bytes elsewhere. An index of pages names places in its own bytes, and only stays if nothing moves."""
    if _FILE in chunk or _CRYPTO in chunk:
        raise ValueError("its bytes are in another file, or encrypted")
    about = cast("Struct", chunk[_CHUNK][1])
    places = {number: about[number] for number in (_DATA_AT, _INDEX_AT, _DICTIONARY_AT, _BLOOM_AT) if number in about}
    moved = about | {number: (kind, cast("int", place) + shift) for number, (kind, place) in places.items()}
    placed = chunk | {_CHUNK: (chunk[_CHUNK][0], moved)}
    if _whole(chunk, _CHUNK_AT):  # 0 where its writer keeps to the format's newer rules
        placed[_CHUNK_AT] = (LONG, _whole(chunk, _CHUNK_AT) + shift)
    return {number: field for number, field in placed.items() if not (shift and number in _PAGE_INDEXES)}


def _begin(about: Struct) -> int:
    return min(_whole(about, number) for number in (_DATA_AT, _DICTIONARY_AT) if number in about)


def _list(struct: Struct, number: int) -> Values:
    kind, value = struct[number]
    if kind != LIST:
        raise ValueError("it has something else in the place of a list")
    return cast("Values", value)


def _whole(struct: Struct, number: int) -> int:
    kind, value = struct[number]
    if kind not in {SHORT, INT, LONG}:
        raise ValueError("it has something else in the place of a number")
    return cast("int", value)
