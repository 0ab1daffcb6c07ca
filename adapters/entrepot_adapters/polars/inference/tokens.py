"""Texts that stand for null in a column whose other values are all numbers, booleans, dates or times."""

PANDAS_TOKENS = frozenset(
    {
        "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA",
        "NULL", "NaN", "None", "n/a", "nan", "null",
    }
)  # fmt: skip
"""What pandas' readers take for missing (``pandas.read_csv``, ``na_values``)."""

_WORDS = (
    "na", "nan", "nil", "null", "none", "n/a", "n.a.", "n.a", "missing", "unknown", "not available", "not applicable",
)  # fmt: skip
_DASHES = ("-", "--", "---", "\N{EN DASH}", "\N{EM DASH}")
_ERRORS = ("#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!")
_BLANKS = (*(" " * width for width in range(1, 41)), "\t", "\N{NO-BREAK SPACE}")
"""As columns of a fixed width hold where there is nothing."""
_OTHERS = (".", "..", "...", "?", "??", "*", "(null)", "<null>", r"\N", "NaT", "<NaT>", "#N/D", "#N/V", "#NV")

NULL_TOKENS = PANDAS_TOKENS.union(
    *((word, word.upper(), word.title(), word.capitalize()) for word in _WORDS), _DASHES, _ERRORS, _BLANKS, _OTHERS
)
"""Also what people, spreadsheets and databases write where there is nothing."""
