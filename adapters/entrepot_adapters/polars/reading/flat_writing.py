"""Writes tables of flatbuffers: an Arrow schema in which a column is said to be stored in another way.

Each part is written so that it may stand anywhere; what it refers to stands behind it.
"""

import struct
from collections.abc import Sequence

import msgspec

_UNIT = 8
"""Bytes that every part is a multiple of, and that a table has for each field."""
_OFFSET = struct.Struct("<I")
_CONTINUES = 0xFFFFFFFF


class Part(msgspec.Struct, frozen=True):
    """Something written: its bytes, and where in them a reader begins."""

    data: bytes
    entry: int = 0


def number(form: str, value: int) -> bytes:
    """A number as a field of a table, in the form that ``struct`` calls it by."""
    return struct.pack(form, value)


def text(value: str) -> Part:
    """A text."""
    data = value.encode()
    return Part(_padded(_OFFSET.pack(len(data)) + data + b"\0"))


def vector(parts: Sequence[Part]) -> Part:
    """A list of tables."""
    head = _padded(_OFFSET.pack(len(parts)) + bytes(_OFFSET.size * len(parts)))
    places = [_OFFSET.size * number for number in range(1, len(parts) + 1)]
    return Part(_linked(bytearray(head), dict(zip(places, parts, strict=True))))


def table(*fields: bytes | Part | None) -> Part:
    """A table with fields in the order of their numbers; None for one that has its default."""
    places = [0 if field is None else _UNIT * number for number, field in enumerate(fields, 1)]
    size = _UNIT * (len(fields) + 1)
    entries = _padded(struct.pack(f"<{len(fields) + 2}H", 4 + 2 * len(fields), size, *places))
    head = bytearray(entries + struct.pack("<i", len(entries)) + bytes(size - 4))
    parts: dict[int, Part] = {}
    for place, field in zip(places, fields, strict=True):
        if isinstance(field, Part):
            parts[len(entries) + place] = field
        elif field is not None:
            head[len(entries) + place : len(entries) + place + len(field)] = field
    return Part(_linked(head, parts), len(entries))


def flat_table(entries: bytes, fields: bytes) -> Part:
    """A table without references, of what says where its fields are, and of these as they were read."""
    head = _padded(entries)
    return Part(_padded(head + struct.pack("<i", len(head)) + fields[4:]), len(head))


def framed(root: Part) -> bytes:
    """A message of Arrow: its length, and its table."""
    data = _padded(_OFFSET.pack(_UNIT + root.entry)) + root.data
    return struct.pack("<II", _CONTINUES, len(data)) + data


def _linked(head: bytearray, parts: dict[int, Part]) -> bytes:
    """What refers to parts, by the places where it does, with these behind it."""
    behind: list[bytes] = []
    end = len(head)
    for place, part in parts.items():
        _OFFSET.pack_into(head, place, end + part.entry - place)
        behind.append(part.data)
        end += len(part.data)
    return bytes(head) + b"".join(behind)


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % _UNIT)
