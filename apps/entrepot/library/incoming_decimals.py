"""Decimals of files with all the digits that are written there: numbers are read as floats, which hold sixteen."""

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from entrepot.library.reading import decimals_of
from entrepot_core.dialect import TypeChanges, no_report
from entrepot_core.errors import NoOriginal
from entrepot_core.formats import Format, format_of_media_type
from entrepot_core.names import DatasetRef
from entrepot_core.ports.operations import Operations
from entrepot_core.rows.edits import Row
from entrepot_core.rows.query import RowQuery
from entrepot_core.schema import FieldType
from entrepot_core.views import DatasetView

_TYPED = {Format.PARQUET, Format.ARROW}
"""Formats whose numbers are not written as text."""

_FRACTIONS = {FieldType.NUMBER, FieldType.JSON}
_NUMBER = re.compile(r"([.,]?\d(?:[\d.,'’\s]*\d)?[.,]?)(?:[eE]([+-]?\d{1,3}))?")

_Row = Mapping[str, Any]


def with_decimals(operations: Operations, found: DatasetView, rows: list[Row], decimals: AbstractSet[str]) -> list[Row]:
    """Rows of a file with the digits that stand in it, in some columns.

    Args:
        operations: Where the file has landed.
        found: What it has landed as; it is read once more, with texts in these columns.
        rows: Its rows, with numbers as they were read.
        decimals: The columns of which all digits count.
    """
    if not decimals or format_of_media_type(found.media_type) in _TYPED:
        return rows
    exact = decimals_of(operations, DatasetRef(found.id), found.version, found.schema)
    names = [one.name for one in found.schema.fields if one.type in _FRACTIONS and one.name in decimals - exact]
    if not names:
        return rows
    try:
        changes = TypeChanges(dict.fromkeys(names, FieldType.STRING))
        texts = _texts(operations, operations.retype_dataset(DatasetRef(found.id), changes, no_report), names)
    except NoOriginal:  # a table in memory, whose numbers are what they are
        return rows
    return [{**row, **_exact(row, text, names)} for row, text in _paired(rows, texts, names)]


def _texts(operations: Operations, found: DatasetView, names: Sequence[str]) -> Sequence[_Row]:
    query = RowQuery(columns=tuple(names), limit=None)
    with operations.export(DatasetRef(found.id), Format.JSON, query) as download:
        return msgspec.json.decode(download.read(), type=list[dict[str, Any]])


def _paired(rows: Sequence[Row], texts: Sequence[_Row], names: Sequence[str]) -> Iterator[tuple[Row, _Row]]:
    """Each row with its texts. Those of rows that were set aside, as a text is no number, are left out."""
    left = iter(texts)
    for row in rows:
        for text in left:
            if len(rows) == len(texts) or all(_fits(row[name], text[name]) for name in names):
                yield row, text
                break


def _fits(value: object, text: str | None) -> bool:
    if value is None or text is None:
        return value is None and not re.search(r"\d", text or "")
    return not isinstance(value, int | Decimal) or exact_number(value, text) is not None


def _exact(row: Row, text: _Row, names: Sequence[str]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name in names:
        value, written = row[name], text[name]
        if isinstance(value, int | Decimal):
            number = exact_number(value, written)
            found[name] = value if number is None else number
        elif isinstance(value, list | dict):
            found[name] = _DECODE(written)
    return found


def exact_number(value: int | Decimal, text: str) -> Decimal | None:
    """The number that a text stands for, as it was read into a float, with all its digits.

    What the marks in the text mean is known by the float: it is the reading that comes to that.

    >>> exact_number(Decimal("1.2345678901234568e16"), "12.345.678.901.234.567,89 €")
    Decimal('12345678901234567.89')
    >>> exact_number(Decimal("0.12"), "12%"), exact_number(Decimal(1), "2")
    (Decimal('0.12'), None)
    """
    if (written := _NUMBER.search(text)) is None:
        return None
    wanted = abs(float(value))
    found = (one for one in _readings(written[1], int(written[2] or 0)) if float(one) == wanted)
    return next((one.copy_sign(Decimal(value)) for one in found), None)


def _readings(digits: str, exponent: int) -> Iterator[Decimal]:
    for point in ".", ",":
        whole, _, fraction = digits.rpartition(point) if digits.count(point) == 1 else (digits, "", "")
        plain = f"{_plain(whole)}.{_plain(fraction)}"
        yield Decimal(f"{plain}e{exponent}")
        yield Decimal(f"{plain}e{exponent - 2}")  # a percentage


def _plain(digits: str) -> str:
    return re.sub(r"\D", "", digits)


def _decimal(text: str) -> Decimal | float:
    try:
        return Decimal(text)
    except InvalidOperation:  # an exponent that no number has
        return float(text)


_DECODE = msgspec.json.Decoder(float_hook=_decimal).decode
