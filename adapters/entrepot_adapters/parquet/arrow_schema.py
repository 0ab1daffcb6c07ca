"""The Arrow schema that stands in a Parquet file's metadata, and taking its first field out.

It is a FlatBuffers message: tables hold the distances to what they refer to. The fields are a vector, a length with the
distances to its items behind it. So without its first item it is the same vector, begun one place later, where the
length is written over the distance to that item; nothing else moves.
"""

import base64
import binascii
import struct
from typing import NamedTuple

_MARKER = b"\xff\xff\xff\xff"
_SCHEMA_MESSAGE = 1
_MESSAGE_TYPE, _MESSAGE_HEADER = 1, 2
_SCHEMA_FIELDS, _FIELD_NAME = 1, 0


class _Place(NamedTuple):
    """A place in the message."""

    data: bytearray
    at: int

    def whole(self, form: str = "<I") -> int:
        return int(struct.unpack_from(form, self.data, self.at)[0])

    def followed(self) -> "_Place":
        """What the distance that stands here leads to."""
        return _Place(self.data, self.at + self.whole())

    def member(self, number: int) -> "_Place":
        """A member of the table here."""
        directory = _Place(self.data, self.at - self.whole("<i"))
        if 4 + 2 * number >= directory.whole("<H"):
            raise ValueError("it lacks a member")
        offset = _Place(self.data, directory.at + 4 + 2 * number).whole("<H")
        if not offset:
            raise ValueError("it lacks a member")
        return _Place(self.data, self.at + offset)


def without_first_field(encoded: bytes, name: bytes) -> bytes:
    """An ``ARROW:schema`` without its first field, whose name is given.

    Raises:
        ValueError: It is no such schema, or its first field has another name.
    """
    try:
        data = bytearray(base64.b64decode(encoded, validate=True))
        _take_out(data, name)
    except (binascii.Error, struct.error, IndexError) as error:
        raise ValueError("it is no Arrow schema") from error
    return base64.b64encode(data)


def _take_out(data: bytearray, name: bytes) -> None:
    start = 8 if data.startswith(_MARKER) else 4
    message = _Place(data, start).followed()
    if data[message.member(_MESSAGE_TYPE).at] != _SCHEMA_MESSAGE:
        raise ValueError("it is no schema")
    fields = message.member(_MESSAGE_HEADER).followed().member(_SCHEMA_FIELDS)
    vector = fields.followed()
    if vector.whole() < 1:
        raise ValueError("it has no fields")
    first = _Place(data, vector.at + 4)
    text = first.followed().member(_FIELD_NAME).followed()
    if bytes(data[text.at + 4 : text.at + 4 + text.whole()]) != name:
        raise ValueError("its first field is another")
    struct.pack_into("<I", data, first.at, vector.whole() - 1)
    struct.pack_into("<I", data, fields.at, fields.whole() + 4)
