"""Columns of a sheet whose cells are of several types, which its reader makes texts of.

Of a real date it makes ``2024-01-31 00:00:00``, and of a time of day a moment of Excel's first day.
"""

from collections.abc import Sequence

import polars as pl
from msgspec.structs import replace

from entrepot_adapters.polars.inference.candidates import EVERY, narrow
from entrepot_adapters.polars.inference.column import Column
from entrepot_adapters.polars.inference.grouped import CODE
from entrepot_adapters.polars.inference.mixed_dates import MOMENTS
from entrepot_adapters.polars.inference.nearly import nearly
from entrepot_adapters.polars.inference.numbers import BOOLEAN, INEXACT, INTEGER, NUMBER, UNSIGNED
from entrepot_adapters.polars.inference.readings import TEXT, Reading, Sense
from entrepot_adapters.polars.inference.survey import guess
from entrepot_adapters.polars.inference.tokens import NULL_TOKENS
from entrepot_adapters.polars.reading.options import NUMBERS, nulled
from entrepot_adapters.polars.reading.sheet_cells import Cells
from entrepot_core.schema import FieldType

_MOMENT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?$"
_FORM = "%Y-%m-%d %H:%M:%S%.f"
_MIDNIGHT = " 00:00:00"
_FIRST_DAY = r"^1899-12-3[01] "
_PLAIN = r"^-?[0-9]+(\.[0-9]+)?$"
_FRACTION = r"^-?(0|[0-9]+\.[0-9]+)$"
"""What the reader makes of fractions, in part of very small ones."""
_PARTS = r"^(?<sign>-?)(?<whole>[0-9]+)(?:\.(?<rest>[0-9]+))?(?:e(?<exponent>.+))?$"
_BOOLEANS = ["true", "false"]
_COMMA = "[0-9],[0-9]"
_POINT = r"^-?[0-9]+\.[0-9]+$"

_STORED = tuple(reading for reading in EVERY if reading not in {BOOLEAN, INTEGER, UNSIGNED, INEXACT})
"""What texts may be that are told to be no mere texts; plain numbers are whole ones, too."""

_KINDS = (NUMBER, *(reading for reading in MOMENTS if not reading.leaves_text), BOOLEAN)
"""What cells may be but for a few."""

_SAY = {
    **dict.fromkeys([Sense.THOUSANDS, Sense.DECIMALS], "what stands before decimals (option decimal)"),
    **dict.fromkeys([Sense.DAY_FIRST, Sense.MONTH_FIRST], "which comes first (option date_order)"),
}
"""What is to be said of texts that could be meant either way, besides their type."""

_SHAPES = (
    r"^-?[0-9]+(\.[0-9]+)?(e-?[0-9]+)?$",
    r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?[ T]?([0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?)?$",
    "^(true|false)$",
)
"""What numbers, moments and booleans look like."""

_SOME = 10_000
"""Values by which a column is judged."""
_FEW = 0.1
"""The largest share of values that may keep a column from being of another type and be told of."""

_BELOW = 3
"""Values of other rows that may stand below a table."""

_TEXTS = {FieldType.STRING, FieldType.JSON}


def without_nulls(cells: Cells, null_values: Sequence[str]) -> Cells:
    """A column of texts without those that mean null: of another type if what is left is.

    Others that stand for nothing, such as a dash, do so only if the column is of another type then.
    """
    texts = cells.values
    if cells.numbers is None:
        return cells
    left = texts.to_frame().select(nulled(pl.nth(0), null_values)).to_series()
    known = left.is_not_null() & ~left.is_in(sorted(NULL_TOKENS))
    is_open = known.any() and known.sum() < texts.count()
    values = _values(left, known, cells) if is_open else None
    return (
        replace(cells, values=left)
        if values is None
        else Cells(values, left.filter(~known & left.is_not_null()).to_list())
    )


def _values(texts: pl.Series, known: pl.Series, cells: Cells) -> pl.Series | None:
    """What the cells are if all that are known are of one type other than text; looked up only if they look so."""
    some = texts.filter(known)
    if cells.moments is not None and some.str.contains(_MOMENT).all():
        are_real = cells.moments().head(texts.len()).is_not_null()
        return texts.str.to_datetime(_FORM, strict=False, time_unit="ms") if are_real.filter(known).all() else None
    if cells.numbers is None or not (some.str.contains(_PLAIN) | some.is_in(_BOOLEANS)).all():
        return None
    found = cells.numbers().head(texts.len())
    if found.filter(known).null_count():
        return None
    are_booleans = some.is_in(_BOOLEANS)
    if are_booleans.all():
        return (texts == "true").set(~known, None)
    return None if are_booleans.any() else found.set(~known, None)


def as_asked(cells: Cells, wanted: FieldType | None) -> Cells:
    """A column made ready to be read as the type that is asked for: of texts, or of numbers to be texts.

    A number is the text that it is beside other texts: ``7``, not ``7.0``.
    """
    texts = cells.values
    if wanted is FieldType.STRING and cells.texts is not None:
        return Cells(_with_all_digits(cells.texts(), texts.cast(pl.Float64)))
    if texts.dtype != pl.String:
        return cells
    if wanted is None or wanted in _TEXTS:
        if cells.numbers is None or not texts.str.contains(_FRACTION).any():
            return cells
        return replace(cells, values=_with_all_digits(texts, cells.numbers()))
    lost = texts.is_in(sorted(NULL_TOKENS)).fill_null(value=False)
    if wanted in NUMBERS:
        texts = _without_points(texts, cells)
    moments = {FieldType.DATE: _as_dates, FieldType.TIME: as_times}.get(wanted, lambda column: column)
    return Cells(moments(texts.set(lost, None)), texts.filter(lost).to_list())


def _with_all_digits(texts: pl.Series, numbers: pl.Series) -> pl.Series:
    """Texts of cells with all digits of those that are numbers: the reader leaves out all but nine decimals."""
    numbers = numbers.head(texts.len())
    are_others = texts.cast(pl.Float64, strict=False) != numbers
    return numbers.cast(pl.String).zip_with(are_others.fill_null(value=False), texts)


def _without_points(texts: pl.Series, cells: Cells) -> pl.Series:
    """Texts in which fractions are written as ``1234e-3``: exactly, and whatever texts have before decimals."""
    if cells.numbers is None or not texts.str.contains(_PLAIN).any():
        return texts
    numbers = cells.numbers().head(texts.len())
    written = _without_point(numbers.cast(pl.String))
    are_fractions = (numbers % 1 != 0).fill_null(value=False) & written.is_not_null()
    return written.zip_with(are_fractions, texts)


def as_told(texts: pl.Series, cells: Cells) -> pl.Series:
    """Texts as they would be read as numbers, where some have commas and others may be real fractions."""
    has_both = texts.str.contains(_COMMA).any() and texts.str.contains(_POINT).any()
    return _without_points(texts, cells).alias(texts.name) if has_both else texts


def _without_point(numbers: pl.Series) -> pl.Series:
    parts = numbers.str.extract_groups(_PARTS).struct
    rest = parts["rest"].fill_null("")
    digits = (parts["whole"] + rest).str.replace("^0+([0-9])", "${1}")
    exponent = parts["exponent"].cast(pl.Int64).fill_null(0) - rest.str.len_bytes().cast(pl.Int64)
    return parts["sign"] + digits + "e" + exponent.cast(pl.String)


def _as_dates(texts: pl.Series) -> pl.Series:
    are_dates = texts.str.contains(_MOMENT) & texts.str.ends_with(_MIDNIGHT)
    return texts.str.head(len("2024-01-31")).zip_with(are_dates, texts)


def as_times(texts: pl.Series) -> pl.Series:
    """Texts in which times of day stand without Excel's first day."""
    return texts.str.replace(_FIRST_DAY, "").zip_with(texts.str.contains(_MOMENT), texts)


def told_of_mixed(frame: pl.DataFrame, names: Sequence[str]) -> list[str]:
    """Say which columns of text hold numbers or moments only, or would but for a few values.

    Args:
        frame: The columns.
        names: Those to look at.
    """
    texts = {str(number): _plain(frame[name]) for number, name in enumerate(names)}
    some = {raw: _telling(column) for raw, column in texts.items()}
    longest = max(map(len, some.values()), default=0)
    held = pl.DataFrame({raw: column.extend_constant(None, longest - len(column)) for raw, column in some.items()})
    columns = [Column(name, raw, (), among=_STORED, tokens=NULL_TOKENS) for raw, name in zip(texts, names, strict=True)]
    guessed = guess(held, columns)
    odd = [replace(column, candidates=(TEXT,), among=_KINDS, remark=None) for column in guessed if _is_text(column)]
    all_fit = _all_fit(pl.DataFrame(texts), guessed)
    remarks = {column.raw: told for column in all_fit if (told := _stored(column)) is not None}
    remarks |= {column.raw: column.remark for column in nearly(held, odd) if column.remark}
    return [f"Column {column.name!r} {remarks[column.raw]}" for column in columns if column.raw in remarks]


def _telling(texts: pl.Series) -> pl.Series:
    """Some values of a column: of a long one those first that don't look like most of them, if they are few."""
    known = texts.filter(texts.is_not_null() & ~texts.is_in(sorted(NULL_TOKENS)))
    are_alike = max((known.str.contains(shape) for shape in _SHAPES), key=pl.Series.sum)
    known, are_alike = _without_end(known, are_alike)
    if len(known) <= _SOME:
        return known
    others = known.filter(~are_alike)
    if len(others) > _FEW * len(known):
        return known.head(_SOME)
    others = others.head(int(_FEW * _SOME))
    return pl.concat([others, known.filter(are_alike).head(_SOME - len(others))])


def _without_end(known: pl.Series, are_alike: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Values, and which look like most, with the first only of a few others at the end: a total, say, and notes."""
    places = are_alike.arg_true()
    below = len(known) - 1 - int(places[-1]) if len(places) else 0
    left = len(known) - below + 1 if 1 < below <= min(_BELOW, len(places) // 2) else len(known)
    return known.head(left), are_alike.head(left)


def _all_fit(frame: pl.DataFrame, columns: Sequence[Column]) -> list[Column]:
    """The columns whose reading, guessed by some of their values, fits all of them, with those of it that do."""
    readings = {column: _readings(column) for column in columns}
    passed = narrow(frame, {column.raw: found for column, found in readings.items()}, NULL_TOKENS)
    return [
        column if _is_text(column) else replace(column, candidates=passed[column.raw])
        for column in columns
        if passed[column.raw]
    ]


def _readings(column: Column) -> tuple[Reading, ...]:
    """How its values are read, as far as some of them tell; of text, how it is known what stays text."""
    if not _is_text(column):
        return (column.reading, *column.rivals)
    remark = column.remark or column.reading.remark
    return tuple(reading for reading in _STORED if reading.leaves_text and reading.remark == remark)


def _is_text(column: Column) -> bool:
    return column.reading.type is FieldType.STRING


def _stored(column: Column) -> str | None:
    """What a person should know of a column all whose texts can be read; long digits alone are rather codes."""
    if _is_text(column):
        remark = column.remark or column.reading.remark
        return None if remark == CODE.remark else remark
    sense = column.reading.sense if column.is_undecided else None
    if sense is not None and sense not in _SAY:
        return column.settled(None).remark
    kind = FieldType.NUMBER if column.reading.type is FieldType.INTEGER else column.reading.type
    also = f", and say {_SAY[sense]}" if sense is not None else ""
    return f"holds {kind}s stored as text; ask for the type {kind} to read them as such{also}."


def _plain(texts: pl.Series) -> pl.Series:
    """Texts in which real dates and times are written as such, if all of them are dates, or all times."""
    moments = texts.filter(texts.str.contains(_MOMENT))
    if moments.str.ends_with(_MIDNIGHT).all():
        return _as_dates(texts)
    return as_times(texts) if moments.str.contains(_FIRST_DAY).all() else texts
