import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot_core.errors import InvalidName
from entrepot_core.names import RESERVED_NAMES, DatasetName, as_id, is_id, numbered, parse_name, slug

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
NAMES = st.from_regex(NAME, fullmatch=True).filter(lambda text: not is_id(text) and text not in RESERVED_NAMES)
IDS = st.uuids().map(str)
TEXTS = st.one_of(
    st.text(), st.text(string.ascii_letters + string.digits + " _-."), IDS, st.sampled_from(sorted(RESERVED_NAMES))
)


@given(TEXTS)
def test_a_slug_is_a_valid_name(text: str) -> None:
    assert parse_name(slug(text)) == slug(text)


@given(TEXTS)
def test_a_slug_is_its_own_slug(text: str) -> None:
    assert slug(slug(text)) == slug(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Cars 2024", "cars-2024"),
        ("Ünïcode & Größe", "unicode-grosse"),
        ("__a__b--", "a__b"),
        ("数据", "dataset"),
        ("", "dataset"),
        ("API", "dataset-api"),
        ("0190163d-8694-739b-aea5-966c26f8ad91", "dataset-0190163d-8694-739b-aea5-966c26f8ad91"),
        ("x" * 62 + " y", "x" * 62),
    ],
)
def test_slugs(text: str, name: str) -> None:
    assert slug(text) == name


@given(st.one_of(NAMES, TEXTS))
def test_a_name_is_taken_as_it_is_or_refused(text: str) -> None:
    fits = NAME.fullmatch(text) is not None and not is_id(text) and text not in RESERVED_NAMES
    if fits:
        assert parse_name(text) == text
        return
    with pytest.raises(InvalidName) as caught:
        parse_name(text)
    assert caught.value.reason


@pytest.mark.parametrize("text", ["", "-a", "_a", "Cars", "a b", "a\n", "a" * 64, "ä", "batch", "0" * 32])
def test_what_can_be_no_name(text: str) -> None:
    with pytest.raises(InvalidName):
        parse_name(text)


@given(NAMES, st.integers(2, 100_000))
def test_a_numbered_name_is_a_valid_name_that_ends_with_its_number(name: str, number: int) -> None:
    text = numbered(DatasetName(name), number)
    assert parse_name(text) == text
    assert text.endswith(f"-{number}")
    assert text[: -len(f"-{number}")] == name[: len(text) - len(f"-{number}")]


@given(st.uuids())
def test_an_id_is_known_in_every_notation(one: object) -> None:
    text = str(one)
    for written in (text, text.upper(), text.replace("-", "")):
        assert is_id(written)
        assert as_id(written) == text


@given(NAMES)
def test_a_name_is_no_id(name: str) -> None:
    assert not is_id(name)
