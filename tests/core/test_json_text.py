"""Whatever is sent in place of JSON is one kind of error, which says what is wrong."""

import msgspec
import pytest

from entrepot_core.json_text import decode_json


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (b"", "it is empty"),
        (b"[1", "it ends before it is complete"),
        (b'{"caf\xe9": 1}', "it is not UTF-8: its byte 5, counted from 0, is 0xe9"),
        (b'["a", "\xed\xa0\x80"]', "it is not UTF-8: its byte 7, counted from 0, is 0xed"),
        (b'"\\ud800"', "half a character stands in a text"),
        ('"\ud800"', "half a character stands in it"),
        (b"[" * 100_000, "it is nested too deeply"),
    ],
)
def test_what_is_no_json_is_told(sent: bytes | str, reason: str) -> None:
    with pytest.raises(msgspec.DecodeError, match=reason):
        decode_json(sent, object)


def test_raw_json_too() -> None:
    with pytest.raises(msgspec.DecodeError, match="its byte 1, counted"):
        decode_json(msgspec.Raw(b'"\xff"'), str)
