"""Words of several languages are booleans where these are asked for."""

import pytest

from tests.adapters.polars.test_import_csv import read, refusal
from tests.adapters.polars.test_import_types import column

PAIRS = [
    *("yes no", "Y N", "t f", "1 0", "on off"),
    *("ja nein", "WAHR FALSCH", "J N", "oui non", "VRAI FAUX", "o n"),
    *("sí no", "Si No", "VERDADERO FALSO", "sì no", "VERO FALSO", "sim não", "S N"),
    *("ja nee", "WAAR ONWAAR", "ja nej", "SAND FALSK", "ja nei", "SANN USANN", "SANT FALSKT"),
    *("tak nie", "PRAWDA FAŁSZ"),
]


@pytest.mark.parametrize("pair", PAIRS)
def test_words_for_true_and_false_are_booleans_only_where_these_are_asked_for(pair: str) -> None:
    true, false = pair.split()
    asked = read(column(true, false, "NA", f" {true} "), types={"a": "boolean"})
    assert asked.values("a") == [True, False, None, True]
    assert read(column(true, false)).types["a"] != "boolean"


@pytest.mark.parametrize("values", [["ja", "non"], ["yes", "nein"], ["x", "no"], ["2", "0"]])
def test_words_of_two_languages_are_none_and_it_is_told_which_are_accepted(values: list[str]) -> None:
    error = refusal(column(*values), types={"a": "boolean"})
    assert "booleans are true and false, yes and no, on and off" in error.reason
    assert "German, French" in error.reason
