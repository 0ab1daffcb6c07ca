"""Reading text as booleans in the words of some languages, where booleans are asked for."""

import polars as pl

from entrepot_adapters.polars.inference.readings import Reading, looking_like
from entrepot_core.schema import FieldType

_WORDS = {
    "German": (("ja", "j", "wahr"), ("nein", "n", "falsch")),
    "French": (("oui", "o", "vrai"), ("non", "n", "faux")),
    "Spanish": (("sí", "si", "s", "verdadero"), ("no", "n", "falso")),
    "Italian": (("sì", "si", "s", "vero"), ("no", "n", "falso")),
    "Portuguese": (("sim", "s", "verdadeiro"), ("não", "nao", "n", "falso")),
    "Dutch": (("ja", "j", "waar"), ("nee", "n", "onwaar")),
    "Danish": (("ja", "j", "sand"), ("nej", "n", "falsk")),
    "Norwegian": (("ja", "j", "sann"), ("nei", "n", "usann")),
    "Swedish": (("ja", "j", "sant"), ("nej", "n", "falskt")),
    "Polish": (("tak", "t", "prawda"), ("nie", "n", "fałsz")),
}
"""Words for true and for false; those for yes, and those that spreadsheets have."""

_WORD = looking_like(r"[^\W\d_]{1,11}")


def _truth(true: tuple[str, ...], false: tuple[str, ...]) -> Reading:
    def value(column: pl.Expr) -> pl.Expr:
        word = column.str.to_lowercase()
        return pl.when(word.is_in(true)).then(pl.lit(True)).when(word.is_in(false)).then(pl.lit(False))  # noqa: FBT003 - values

    return Reading(FieldType.BOOLEAN, value, _WORD)


TRUTHS = (_truth(("on",), ("off",)), *(_truth(*words) for words in _WORDS.values()))

_LANGUAGES = list(_WORDS)
ACCEPTED = (
    "booleans are true and false, yes and no, on and off, t and f, y and n, 1 and 0, and such words in "
    f"{', '.join(_LANGUAGES[:-1])} and {_LANGUAGES[-1]}"
)
"""Which texts are read as booleans, for those who ask for some and have others."""
