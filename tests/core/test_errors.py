"""Errors as facts with fields."""

import pickle

import msgspec
import pytest

from entrepot_core.errors import EntrepotError, MalformedInput, NameTaken, NoRecords, UploadTooLarge


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (NameTaken(name="cars"), "NameTaken(name='cars')"),
        (NoRecords(), "NoRecords()"),
        (UploadTooLarge(limit="body", allowed=3), "UploadTooLarge(limit='body', allowed=3)"),
        (
            MalformedInput(reason="odd", line=3),
            "MalformedInput(reason='odd', line=3, row=None, column=None, value=None)",
        ),
    ],
)
def test_an_error_shows_its_fields(error: EntrepotError, shown: str) -> None:
    assert repr(error) == shown


def test_fields_are_given_in_their_order_or_by_name_and_may_have_defaults() -> None:
    error = MalformedInput("odd", row=2)
    assert error.fields() == {"reason": "odd", "line": None, "row": 2, "column": None, "value": None}


@pytest.mark.parametrize(
    ("values", "named"),
    [((), {}), (("cars", "vans"), {}), (("cars",), {"name": "vans"}), ((), {"nam": "cars"})],
)
def test_fields_that_are_missing_or_too_many_are_a_mistake_of_the_program(
    values: tuple[str, ...], named: dict[str, str]
) -> None:
    with pytest.raises(TypeError, match="has the fields"):
        NameTaken(*values, **named)


def test_an_error_can_be_sent_to_another_process() -> None:
    error = pickle.loads(pickle.dumps(MalformedInput("odd", line=3)))  # noqa: S301 - our own
    assert repr(error) == repr(MalformedInput("odd", line=3))


def test_an_error_is_built_again_from_its_fields_if_these_have_their_types() -> None:
    document = {"reason": "odd", "line": 3, "code": "malformed_input"}
    assert repr(MalformedInput.of(document)) == repr(MalformedInput("odd", line=3))
    with pytest.raises(msgspec.ValidationError, match="line"):
        MalformedInput.of({"reason": "odd", "line": "three"})
    with pytest.raises(msgspec.ValidationError, match="reason"):
        MalformedInput.of({"line": 3})
