"""How Excel shows the values of a column: its number format and its width."""

import polars as pl
from attrs import frozen

from entrepot_adapters.excel.textual import positional, with_text

GENERAL = "General"
INTEGER = "0"
_BOOLEAN = '"TRUE";"TRUE";"FALSE"'  # LibreOffice would show 1 and 0; Excel shows its own words in any format
# Excel shows a negative time as a row of #; as a number of days it shows it, and the value is the same.
_NEGATIVE = r";\-0.0######## \d\a\y\s"
_FORMATS: dict[type[pl.DataType], str] = {
    pl.Boolean: _BOOLEAN,
    pl.Date: "yyyy-mm-dd",
    pl.Datetime: "yyyy-mm-dd hh:mm:ss",
    pl.Time: "hh:mm:ss",
    pl.Duration: "[h]:mm:ss" + _NEGATIVE,
}
_FINE_FORMATS = _FORMATS | {
    pl.Datetime: "yyyy-mm-dd hh:mm:ss.000",
    pl.Time: "hh:mm:ss.000",
    pl.Duration: "[h]:mm:ss.000" + _NEGATIVE,
}
_OF_TIME = {
    number for formats in (_FORMATS, _FINE_FORMATS) for dtype, number in formats.items() if dtype is not pl.Boolean
}
_MOST_DECIMALS = 30
_NARROWEST, _WIDEST, _WIDEST_HEADER = 8, 60, 40
_FILTER_BUTTON = 3
_SAMPLE = 10_000
_GENERAL_WIDTH = 12
_INDENT = 2  # the characters that an indent takes, amply: what has no room is shown as a row of #
_PUNCTUATION = 2  # the characters by which a time's punctuation is narrower than digits


@frozen
class Column:
    """A column's name, number format and width in characters."""

    name: str
    format: str
    width: float


def number_format(dtype: pl.DataType, *, fine: bool = False) -> str:
    """The number format of a type; ``fine`` shows thousandths of a second."""
    if isinstance(dtype, pl.Decimal) and dtype.scale:
        return "0." + "0" * min(dtype.scale, _MOST_DECIMALS)
    if dtype.is_integer() or dtype.is_decimal():
        return INTEGER
    return (_FINE_FORMATS if fine else _FORMATS).get(dtype.base_type(), GENERAL)


def cell_style(number: str) -> dict[str, str | int]:
    """The style of cells of a number format.

    Dates and times stand at a distance from the next column's text, which begins where they end.
    """
    return {"num_format": number, **({"align": "right", "indent": 1} if number in _OF_TIME else {})}


def number_formats(dtype: pl.DataType) -> list[str]:
    """All the formats that columns of a type can need."""
    return [number_format(dtype), number_format(dtype, fine=True)]


def columns(sample: pl.DataFrame) -> list[Column]:
    """How the columns of a table are shown, judged by its first rows."""
    shown = with_text(positional(sample.head(_SAMPLE)))
    widths = shown.select(_shown_width(name, dtype) for name, dtype in shown.schema.items()).to_dicts()
    lengths = widths[0].values() if widths else []
    return [
        Column(name, number_format(dtype), _width(name, length or 0))
        for (name, dtype), length in zip(sample.schema.items(), lengths, strict=True)
    ]


def _width(name: str, shown: float) -> float:
    header = min(len(name) + _extra(name) + _FILTER_BUTTON, _WIDEST_HEADER)
    return min(max(shown + 2, header, _NARROWEST), _WIDEST)


def _extra(name: str) -> float:
    return (len(name.encode(errors="replace")) - len(name)) / 2


def _shown_width(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if dtype == pl.String:  # a character of three bytes is likely East Asian, so twice as wide
        return ((column.str.len_bytes() + column.str.len_chars()) / 2).max()
    if isinstance(dtype, pl.Duration):
        return (
            column.dt.total_hours().cast(pl.String).str.len_bytes().max() + len(":00:00.000") - _PUNCTUATION + _INDENT
        )
    if dtype.is_temporal():
        fine = number_format(dtype, fine=True)
        return pl.lit(len(fine) - _PUNCTUATION + _INDENT).alias(name)
    if dtype.is_float():
        return column.cast(pl.String).str.len_bytes().max().clip(upper_bound=_GENERAL_WIDTH)
    return column.cast(pl.String).str.len_bytes().max()
