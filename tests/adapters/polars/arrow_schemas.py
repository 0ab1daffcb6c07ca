"""Arrow streams of a schema whose parts stand in it again and again, as only somebody hostile writes them."""

import struct

_INTEGER = 2


class _Buffer:
    """A flatbuffer that grows."""

    def __init__(self) -> None:
        self.data = bytearray(4)

    def table(self, places: list[int], size: int) -> int:
        """A table whose fields are at these places in it; 0 for one that is not there."""
        entries = len(self.data)
        self.data += struct.pack(f"<{len(places) + 2}H", 4 + 2 * len(places), size, *places)
        self.data += bytes(-len(self.data) % 4)
        place = len(self.data)
        self.data += struct.pack("<i", place - entries) + bytes(size - 4)
        return place

    def text(self, at: int, text: bytes) -> None:
        self.refer(at, len(self.data))
        self.data += struct.pack("<I", len(text)) + text + b"\0"
        self.data += bytes(-len(self.data) % 4)

    def vector(self, at: int, length: int) -> list[int]:
        """The places of what a list refers to."""
        start = len(self.data)
        self.refer(at, start)
        self.data += struct.pack("<I", length) + bytes(4 * length)
        return list(range(start + 4, start + 4 + 4 * length, 4))

    def refer(self, at: int, place: int) -> None:
        struct.pack_into("<I", self.data, at, place - at)


def schema_of(fields: int, *, name: bytes = b"n", notes: int = 0, schema_notes: int = 0, note: bytes = b"k") -> bytes:
    """A stream without rows, each of whose columns is the same one.

    Args:
        fields: How many columns there are.
        name: What they are called.
        notes: How many things are said of the column, each the same.
        schema_notes: How many are said of the schema.
        note: What is said.
    """
    buffer = _Buffer()
    message = buffer.table([4, 6, 8], 12)  # the version, the kind, the schema
    struct.pack_into("<HB", buffer.data, message + 4, 4, 1)
    schema = buffer.table([0, 4, 8], 12)
    buffer.refer(0, message)
    buffer.refer(message + 8, schema)
    columns = buffer.vector(schema + 4, fields)
    said_of_all = buffer.vector(schema + 8, schema_notes)
    column = buffer.table([4, 20, 21, 8, 0, 12, 16], 24)  # name, nullable, kind, type, children, what is said
    struct.pack_into("<BB", buffer.data, column + 20, 1, _INTEGER)
    buffer.text(column + 4, name)
    buffer.vector(column + 12, 0)
    said = buffer.vector(column + 16, notes)
    integer = buffer.table([4, 8], 12)
    struct.pack_into("<iB", buffer.data, integer + 4, 32, 1)
    buffer.refer(column + 8, integer)
    one = buffer.table([4, 8], 12)
    buffer.text(one + 4, b"k")
    buffer.text(one + 8, note)
    for place in columns:
        buffer.refer(place, column)
    for place in [*said_of_all, *said]:
        buffer.refer(place, one)
    buffer.data += bytes(-len(buffer.data) % 8)
    return struct.pack("<II", 0xFFFFFFFF, len(buffer.data)) + bytes(buffer.data) + struct.pack("<II", 0xFFFFFFFF, 0)
