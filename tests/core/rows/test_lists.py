"""Lists inside one text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot_core.errors import InvalidFilter, InvalidOption
from entrepot_core.rows.lists import quoted, read_alternatives, read_list, read_names, unquoted, write_names

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@given(st.lists(TEXTS, min_size=1))
def test_joined_names_can_be_split(names: list[str]) -> None:
    assert read_names(write_names(names)) == tuple(names)


def test_a_quote_out_of_place_is_told() -> None:
    with pytest.raises(InvalidOption, match="double quotes"):
        read_names('a,"b')


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a,b", ("a", "b")),
        ('"a,b",c', ("a,b", "c")),
        ("", ()),
        ("[]", ()),
        ('["a,b", 1, 1.50, true, null, "null"]', ("a,b", "1", "1.50", "true", None, "null")),
    ],
)
def test_a_list_has_commas_or_is_json(text: str, values: tuple[str | None, ...]) -> None:
    assert read_list(text) == values


@pytest.mark.parametrize("text", ["[1,", "[[1]]", '[{"a":1}]', "[" * 100_000, 'a,"b', "a\nb"])
def test_what_is_no_list_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"JSON|single|quotes"):
        read_list(text)


@given(st.lists(TEXTS, min_size=1))
def test_alternatives_are_split_at_commas_outside_quotes(texts: list[str]) -> None:
    found = read_alternatives("(" + ",".join(quoted(text) for text in texts) + ")")
    assert [unquoted(text) for text in found] == texts


@pytest.mark.parametrize("text", ["", "a.1", "(a.1", "()", '(a."1)', "a.1)"])
def test_alternatives_stand_in_parentheses(text: str) -> None:
    with pytest.raises(InvalidFilter, match="give filters as"):
        read_alternatives(text)
