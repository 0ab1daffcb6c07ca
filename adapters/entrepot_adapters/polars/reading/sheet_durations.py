"""Columns of a sheet in which durations stand beside other cells, of which its reader makes nothing at all."""

from collections.abc import Sequence

import fastexcel
import msgspec
import polars as pl

from entrepot_adapters.polars.inference.tokens import NULL_TOKENS
from entrepot_adapters.polars.reading.options import nulled
from entrepot_adapters.polars.reading.sheet_cells import Cells

_EARLY = r"^1(899|9[0-4][0-9])-"
"""How the text of a duration begins: with when it ends if it begins at the end of 1899. A date has such a text, too."""

_DATE = r"^19([1-4][0-9]|0[1-9]|00-(0[3-9]|1[0-2]))-.*00:00:00$"
"""The text of what is more likely a date: whole days, and more than 60."""


class Mixed(msgspec.Struct, frozen=True):
    """The columns, by their places on the sheet, that hold durations and other cells.

    Attributes:
        durations: Their durations; null where another cell stands.
    """

    durations: dict[int, pl.Series]

    @classmethod
    def found(cls, workbook: fastexcel.ExcelReader, sheet: str, skipped: int) -> "Mixed":
        """Find those that the reader can't read."""
        loaded = workbook.load_sheet(sheet, header_row=None, skip_rows=skipped, dtypes="duration")
        texts = workbook.load_sheet(sheet, header_row=None, skip_rows=skipped, dtypes="string").to_polars()
        durations = {
            column.absolute_index: values.set(~_are_durations(values, text), None)
            for column, values, text in zip(loaded.selected_columns, loaded.to_polars(), texts, strict=True)
        }
        columns = zip(durations.items(), loaded.to_polars(), texts, strict=True)
        mixed = [
            place for (place, only), timed, text in columns if timed.count() and text.filter(only.is_null()).count()
        ]
        return cls({place: durations[place] for place in mixed if not _can_be_read(workbook, sheet, skipped, place)})

    def cells(self, place: int, texts: pl.Series, null_values: Sequence[str]) -> Cells:
        """The cells of a column: durations if all others stand for null, else texts.

        Args:
            place: Where it stands.
            texts: Its cells as texts.
            null_values: The texts that mean null.
        """
        durations = self.durations[place].head(len(texts))
        left = texts.to_frame().select(nulled(pl.nth(0), null_values)).to_series() if null_values else texts
        others = left.filter(durations.is_null() & left.is_not_null())
        if others.is_in(sorted(NULL_TOKENS)).all():
            return Cells(durations, others.to_list())
        written = durations.to_frame().select(_written(pl.nth(0))).to_series()
        advice = "correct it in the file, or name it as null (option null_values)."
        first = next(text for text in others if text not in NULL_TOKENS)
        return Cells(
            written.zip_with(durations.is_not_null(), left), remark=f"stays text, as {first!r} is no duration; {advice}"
        )


def _are_durations(values: pl.Series, texts: pl.Series) -> pl.Series:
    are_early = texts.str.contains(_EARLY) & ~texts.str.contains(_DATE)
    return (are_early & values.is_not_null()).fill_null(value=False)


def _can_be_read(workbook: fastexcel.ExcelReader, sheet: str, skipped: int, place: int) -> bool:
    try:
        workbook.load_sheet(sheet, header_row=None, skip_rows=skipped, schema_sample_rows=None, use_columns=[place])
    except fastexcel.UnsupportedColumnTypeCombinationError:
        return False
    return True


def _written(duration: pl.Expr) -> pl.Expr:
    """Durations as a spreadsheet shows them: ``30:05:01.500``."""
    total = duration.dt.total_milliseconds()
    size = total.abs()
    rest = size % 1000
    return pl.format(
        "{}{}:{}:{}{}",
        pl.when(total < 0).then(pl.lit("-")).otherwise(pl.lit("")),
        size // 3_600_000,
        (size // 60_000 % 60).cast(pl.String).str.zfill(2),
        (size // 1000 % 60).cast(pl.String).str.zfill(2),
        pl.when(rest == 0).then(pl.lit("")).otherwise(pl.format(".{}", rest.cast(pl.String).str.zfill(3))),
    )
