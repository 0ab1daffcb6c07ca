"""Texts of columns as searches compare them: as those of the catalogue are."""

import random
import unicodedata

import polars as pl
import pytest

from entrepot_adapters.polars.querying.folding import folded
from entrepot_core.selection import fold

COMPOSED = "Ǩȯṁṗơşéđ ÅÉÎõü Ὀδυσσεύς ΌΔΟΣ ΣΟΣ Straße STRASSE ǅungla ﬁne ² ﾊﾝｶｸ 한국 各 İstanbul Ярославль Йод"
MADE_OF = [
    *COMPOSED,
    *unicodedata.normalize("NFD", COMPOSED),
    *"aA\u017f\u0131ßẞΐ\u0345\u0301\u0327ᄀ\u1161\u11a8\u3099か\u0345\u13a0\uab70",
]


def test_every_character_is_folded_as_in_the_catalogue() -> None:
    codes = [code for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    known = [chr(code) for code in codes if unicodedata.category(chr(code)) != "Cn"]  # to the Unicode of this Python
    assert folded(pl.Series(known)).to_list() == [fold(one) for one in known]


def test_texts_are_folded_as_in_the_catalogue() -> None:
    choice = random.Random(7)
    texts = ["".join(choice.choices(MADE_OF, k=choice.randint(0, 12))) for _ in range(20_000)]
    assert folded(pl.Series([*texts, None])).to_list() == [*map(fold, texts), None]


@pytest.mark.parametrize("text", ["MÜLLER", "Mu\N{COMBINING DIAERESIS}ller", "ＭÜＬＬＥＲ", "Müller"])
def test_a_name_is_one_however_it_is_written(text: str) -> None:
    assert folded(pl.Series(["plain", text])).to_list() == ["plain", "müller"]
