"""Reading text as dates and times in rarer forms, each of which is made ready to be read as a usual one."""

import re

import polars as pl
from msgspec.structs import replace

from entrepot_adapters.polars.inference.dates import ISO_DATETIMES, TIMES_OF_24_HOURS, WITH_T
from entrepot_adapters.polars.inference.local_dates import NAMED
from entrepot_adapters.polars.inference.readings import Make, Reading, looking_like, prepared
from entrepot_core.schema import FieldType

_MINUTE, _SECOND, _FRACTION = "1111-11-11T11:11", "1111-11-11T11:11:11", "1111-11-11T11:11:11.1"

_Shapes = tuple[re.Pattern[str], ...]

_CLOCK = "11:11:11(?:[.,]1{1,9})?"
_OFFSET = "(?: ?(?:Z|UTC|[+-]11(?::?11)?))"
_BASIC = "1{8}T1{4}(?:11(?:[.,]1{1,9})?)?"
_DAY = r"(?:1{1,2}[ /-][a-z]{3,9}\.?[ /-]1111|[a-z]{3,9}\.? 1{1,2},? 1111)"
_TIME = "(?:,? 1{1,2}:11(?::11)?(?: [ap]m)?)"

_WITH_COMMA, _BASIC_FORM = (
    {False: looking_like(form), True: looking_like(form + _OFFSET)} for form in (f"1111-11-11[ T]{_CLOCK}", _BASIC)
)
"""What datetimes look like that have an offset, and that have none."""
_SHORT_MONTHS = {FieldType.DATE: looking_like(_DAY), FieldType.DATETIME: looking_like(_DAY + _TIME)}


def _has_offset(reading: Reading) -> bool:
    return any(reading.may_read(f"{text}Z") for text in (_MINUTE, _SECOND, _SECOND.replace("T", " ")))


def _point(column: pl.Expr) -> pl.Expr:
    return column.str.replace(",", ".", literal=True)


def _in_another_form(reading: Reading, prepare: Make, shapes: _Shapes) -> Reading:
    return replace(prepared(reading, prepare), shapes=shapes)


_DIGITS = "^([0-9]{4})([0-9]{2})([0-9]{2})%s([0-9]{2})([0-9]{2})"
_MARKS = "${1}-${2}-${3}T${4}:${5}"


def _basic(reading: Reading) -> Reading:
    """The same in the basic format of ISO 8601, without marks: ``20240131T120000``."""
    has_seconds = not any(map(reading.may_read, (_MINUTE, f"{_MINUTE}Z")))
    pattern, marks = _DIGITS % "T" + "([0-9]{2})" * has_seconds, _MARKS + ":${6}" * has_seconds
    return _in_another_form(
        reading, lambda column: _point(column.str.replace(pattern, marks)), _BASIC_FORM[_has_offset(reading)]
    )


_MONTH = r"(?i)\b(?:(sep)t|(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))\b\.?"


def _of_three_letters(column: pl.Expr) -> pl.Expr:
    return column.str.replace(_MONTH, "${1}${2}")


def _with_comma(reading: Reading) -> Reading:
    """The same with a comma before fractions of a second: ``12:00:00,123``."""
    return _in_another_form(reading, _point, _WITH_COMMA[_has_offset(reading)])


def _has_fraction(reading: Reading) -> bool:
    texts = (_FRACTION, _FRACTION.replace("T", " "))
    return any(reading.may_read(text + offset) for text in texts for offset in ("", "Z"))


RARER = (
    *map(_with_comma, filter(_has_fraction, ISO_DATETIMES)),
    *map(_basic, WITH_T),
    *(_in_another_form(one, _of_three_letters, _SHORT_MONTHS[one.type]) for one in NAMED),
)
"""Also dates with a month such as ``Sept`` and ``Jan.``."""

RARER_TIMES = (_in_another_form(TIMES_OF_24_HOURS[-1], _point, looking_like(_CLOCK)),)

_SECONDS = (_DIGITS % " ?" + "([0-9]{2})$", _MARKS + ":${6}")

RARER_ASKED = (_in_another_form(WITH_T[0], lambda column: column.str.replace(*_SECONDS), looking_like("1{8} ?1{6}")),)
"""Only where it is asked for: ``20240131120000`` is a number else."""
