"""The XML of a column's cells, as string expressions over a batch.

A cell is ``<c r="A2" s="1"><v>3.5</v></c>``. What follows the reference is here: a list of literal strings and of
expressions, joined later with those of the other columns. An expression that is null leaves the cell out: blank.

Where a double would round an integer (past 2**53) or a decimal (of more than 15 digits), that cell is text; dates that
Excel can't count are text likewise (see ``moments``). NaN is blank, as null is, so that sums and charts work. The
infinities are ``#NUM!``: a sum of them is no number.
"""

from collections.abc import Mapping
from decimal import Decimal

import polars as pl

from entrepot_adapters.excel import limits
from entrepot_adapters.excel.formats import number_format
from entrepot_adapters.excel.moments import Numbers, moments
from entrepot_adapters.excel.text import looks_escaped, text_cell, text_cell_in_runs

Cell = list[str | pl.Expr]
"""What follows a cell's reference, up to its end tag."""

Styles = Mapping[str, str]
"""The ``s`` attribute (or nothing) for each number format."""

_INFINITE = ' t="e"><v>#NUM!</v>'


def cell(values: pl.Series, styles: Styles) -> Cell:
    """The cells of a column, as its values in this batch need them."""
    dtype = values.dtype
    column = pl.col(values.name)
    if dtype == pl.String:
        return _text(values, column)
    if dtype == pl.Boolean:
        style = styles[number_format(dtype)]
        return [f'{style} t="b"><v>', pl.when(column).then(pl.lit("1")).when(~column).then(pl.lit("0")), "</v>"]
    if dtype == pl.Null:
        return [pl.lit(None, pl.String)]
    if dtype.is_temporal():
        found = moments(values)
        return _number_or_text(values, found, styles[number_format(dtype, fine=found.fine)])
    style = styles[number_format(dtype)]
    return _float(values, column, style) if dtype.is_float() else _exact(values, column, style)


def joined(pieces: Cell) -> pl.Expr:
    """One expression of the pieces of a cell, null where one of them is."""
    return pl.concat_str(pl.lit(piece) if isinstance(piece, str) else piece for piece in pieces)


def _text(values: pl.Series, column: pl.Expr) -> Cell:
    odd = looks_escaped(column)
    if not values.to_frame().select(odd.any()).item():
        return text_cell(column)
    return [pl.when(odd).then(joined(text_cell_in_runs(column))).otherwise(joined(text_cell(column)))]


def _number(text: pl.Expr, style: str) -> Cell:
    return [f"{style}><v>", text, "</v>"]


def _float(values: pl.Series, column: pl.Expr, style: str) -> Cell:
    number = _number(column.cast(pl.String), style)  # the shortest text that reads back as the same double
    if values.is_finite().all():
        return number
    infinite = pl.when(column.is_infinite()).then(pl.lit(_INFINITE))
    return [pl.when(column.is_finite()).then(joined(number)).otherwise(infinite)]


def _exact(values: pl.Series, column: pl.Expr, style: str) -> Cell:
    """Integers and decimals."""
    dtype = values.dtype
    bound = Decimal(10) ** (limits.DIGITS - dtype.scale) if isinstance(dtype, pl.Decimal) else limits.EXACT
    digits = column.cast(pl.String)
    return _number_or_text(values, Numbers(digits, digits, column.is_between(-bound, bound)), style)


def _number_or_text(values: pl.Series, found: Numbers, style: str) -> Cell:
    number = _number(found.serial, style)
    if values.to_frame().select(found.countable.all()).item():
        return number
    return [pl.when(found.countable).then(joined(number)).otherwise(joined(text_cell(found.text)))]
