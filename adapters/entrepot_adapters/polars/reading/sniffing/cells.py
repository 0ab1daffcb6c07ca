"""What kind of value a cell holds, at a glance."""

import re
from functools import lru_cache
from typing import Literal

from entrepot_adapters.polars.inference.machine_dates import MACHINE
from entrepot_adapters.polars.inference.tokens import NULL_TOKENS

Kind = Literal["nothing", "number", "moment", "truth", "text", "odd"]
"""What a cell holds. ``odd`` is text in which marks stand that may be delimiters or quotes."""

STRICT: frozenset[Kind] = frozenset({"number", "moment", "truth"})
"""What a header hardly ever is."""

_GROUPED = r"\d{1,3}(?:[,. '\u00a0\u202f]\d{3})+(?:[.,]\d+)?"
_NUMBER = re.compile(rf"[+-]?[$€£¥]?\s?(?:{_GROUPED}|\d*[.,]?\d+|\d+[.,])(?:[eE][+-]?\d+)?\s?[%$€£¥]?")
_DAY = (
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{1,2}[ -][A-Za-z]{3,9}[ -]\d{2,4}"
    r"|[A-Za-z]{3,9} \d{1,2}, \d{4}"
)
_TIME = r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?[AaPp][Mm])?"
_MOMENT = re.compile(rf"(?:{_DAY})?(?:[T ]?{_TIME})?(?:Z|[+-]\d{{2}}:?\d{{2}})?")
_BY_PROGRAMS = re.compile("|".join(shape.pattern for reading in MACHINE for shape in reading.shapes))
_TRUTHS = {"true", "false", "yes", "no"}
_PLAIN = re.compile(r"\"?[^\"',;|\t^~\\{}\[\]]*\"?|https?://\S+|\w+(?:'\w+)*(?: \w+(?:'\w+)*)*|[\w.+-]+@[\w.-]+")
_QUOTED = re.compile(r"(['\"]).*\1", re.DOTALL)
_NOTHING = frozenset({*NULL_TOKENS, "-", "?"})
_LONGEST = 200


@lru_cache(maxsize=20_000)
def kind_of(cell: str) -> Kind:
    """What a cell holds."""
    text = cell.strip()
    if text in _NOTHING:
        return "nothing"
    if len(text) > _LONGEST:
        return "text"
    if _NUMBER.fullmatch(text):
        return "number"
    if _MOMENT.fullmatch(text) or _BY_PROGRAMS.fullmatch(text):
        return "moment"
    if text.lower() in _TRUTHS:
        return "truth"
    return "odd" if _QUOTED.fullmatch(text) or not _PLAIN.fullmatch(text) else "text"
