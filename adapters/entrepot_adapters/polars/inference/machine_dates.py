"""Reading text as datetimes the way programs write them: into logs, mails, headers of HTTP and answers to forms.

A day of the week has to be that of the date: the parser makes nothing of another.
"""

import re

import polars as pl

from entrepot_adapters.polars.inference.dates import moments, to_datetime
from entrepot_adapters.polars.inference.local_dates import ONE_OR_TWO
from entrepot_adapters.polars.inference.readings import Make, Reading
from entrepot_core.schema import FieldType

_WEEKDAY = "(?i:mon|tue|wed|thu|fri|sat|sun)"
_MONTH = "(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_YEAR = "[0-9]{4}"
_MINUTE, _SECOND = "[0-9]{2}:[0-9]{2}", ":[0-5][0-9]"
_CLOCK = _MINUTE + _SECOND
_OFFSET = "[+-][0-9]{4}"
_UTC = "(?:GMT|UTC?|Z)"
_ZONE = f"(?:{_OFFSET}|{_UTC})"
_COMMENT = r" ?\([^()]*\)"


def _written(pattern: str, *forms: str, prepare: Make = lambda column: column) -> Reading:
    """Read texts of a shape, made ready to be parsed, in the first form that fits them."""

    def value(column: pl.Expr) -> pl.Expr:
        text = prepare(column)
        return pl.coalesce([to_datetime(form)(text) for form in forms])

    shape = pattern.replace(_WEEKDAY, "[A-Za-z]{3}").replace(_MONTH, "[A-Za-z]{3}")  # quicker to compile
    return moments(FieldType.DATETIME, value, pattern, shapes=(re.compile(shape),))


def _bare(column: pl.Expr) -> pl.Expr:
    """Without the name of the zone that may stand behind its offset."""
    return column.str.replace(f"{_COMMENT}$", "")


def _with_offset(column: pl.Expr) -> pl.Expr:
    return column.str.replace(rf"\b{_UTC}\b", "+0000")


def _whole(column: pl.Expr) -> pl.Expr:
    """A mail's moment with seconds, and an offset."""
    return _with_offset(_bare(column).str.replace(f" ({_MINUTE}) ", " ${1}:00 "))


def _usual_offset(column: pl.Expr) -> pl.Expr:
    """The moment of an answer with ``+01`` for ``GMT+1``."""
    padded = column.str.replace("GMT([+-])([0-9])(:|$)", "GMT${1}0${2}${3}")
    return padded.str.replace("GMT$", "+00").str.replace("GMT", "", literal=True)


_MAILED = f"{ONE_OR_TWO} {_MONTH} {_YEAR} {_MINUTE}(?:{_SECOND})? {_ZONE}(?:{_COMMENT})?"
_ANSWERED = f"{_YEAR}/{ONE_OR_TWO}/{ONE_OR_TWO} {ONE_OR_TWO}:[0-9]{{2}}{_SECOND} [AP]M"
_DAY = f"{_WEEKDAY} {_MONTH} {{1,2}}{ONE_OR_TWO}"

MACHINE = (
    _written(f"[0-9]{{2}}/{_MONTH}/{_YEAR}:{_CLOCK} {_OFFSET}", "%d/%b/%Y:%H:%M:%S %z"),
    _written(f"(?:{_WEEKDAY}, {{1,2}})?{_MAILED}", "%a, %d %b %Y %H:%M:%S %z", "%d %b %Y %H:%M:%S %z", prepare=_whole),
    _written(
        f"{_ANSWERED} GMT(?:[+-]{ONE_OR_TWO}(?::[0-9]{{2}})?)?", "%Y/%m/%d %I:%M:%S %p %#z", prepare=_usual_offset
    ),
    _written(f"{_DAY} {_YEAR} {_CLOCK} GMT{_OFFSET}(?:{_COMMENT})?", "%a %b %d %Y %H:%M:%S GMT%z", prepare=_bare),
    _written(f"{_DAY} {_CLOCK} {_YEAR}", "%a %b %d %H:%M:%S %Y"),
    _written(f"{_DAY} {_CLOCK} {_YEAR} {_OFFSET}", "%a %b %d %H:%M:%S %Y %z"),
    _written(f"{_DAY} {_CLOCK} {_ZONE} {_YEAR}", "%a %b %d %H:%M:%S %z %Y", prepare=_with_offset),
)
"""Of the log of a web server, of mails and HTTP, of Google's forms, of JavaScript, of C, of Git, and of ``date``."""
