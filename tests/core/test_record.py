"""Records of the metadata registry."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot_core.errors import InvalidPayload, InvalidRecord, RecordNotFound
from entrepot_core.record import MOST_PAYLOAD_BYTES, RecordEntry, parse_record_id, source_name


@pytest.mark.parametrize("name", ["", " ", "\0", "\ud800", "x" * 1001])
def test_a_name_that_cannot_be_one_is_refused(name: str) -> None:
    with pytest.raises(InvalidRecord, match="name="):
        RecordEntry(name, "{}")


@pytest.mark.parametrize(
    "payload", ["", "{", "{'a': 1}", "NaN", '{"a": 1} x', "[" * 100_000, "\ud800", '"' + "x" * MOST_PAYLOAD_BYTES + '"']
)
def test_a_payload_that_is_no_json_is_refused(payload: str) -> None:
    with pytest.raises(InvalidPayload) as caught:
        _ = RecordEntry("x", payload).value
    assert caught.value.errors[0].pointer == ""
    str(caught.value).encode()


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_source_name_is_found_where_it_is_a_text(text: str) -> None:
    import msgspec

    assert source_name(msgspec.json.encode({"sourceName": text}).decode()) == text


@pytest.mark.parametrize("payload", ["{}", '{"sourceName": 5}', "[]", "5", "null"])
def test_other_payloads_have_no_source_name(payload: str) -> None:
    assert source_name(payload) is None


@pytest.mark.parametrize("text", ["", "x", "../..", "\ud800", "019aa5c0-8a11-7d0e-b2c4-1f2e3d4c5b6"])
def test_what_is_no_id_is_of_no_record(text: str) -> None:
    with pytest.raises(RecordNotFound) as caught:
        parse_record_id(text)
    str(caught.value).encode()


def test_an_id_may_be_written_in_capitals() -> None:
    assert parse_record_id("019AA5C08A117D0EB2C41F2E3D4C5B6A") == "019aa5c0-8a11-7d0e-b2c4-1f2e3d4c5b6a"
