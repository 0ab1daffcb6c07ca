"""Errors as facts with fields."""

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
