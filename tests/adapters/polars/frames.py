"""Frames of every kind of column, as our importer types them and as CSV for pandas' reader."""

import csv
import datetime as dt
import io
import math
from collections.abc import Callable

import polars as pl
from attrs import frozen
from hypothesis import strategies as st

from entrepot_adapters.polars.profiling import profile
from entrepot_core.dialect import no_report
from entrepot_core.profile import Profile
from entrepot_core.schema import Field, FieldType, Schema

Cells = list[object]


@frozen
class Kind:
    """One kind of column: its type, how it is stored, its values, their text, and whether it may have nulls."""

    type: FieldType
    dtype: pl.DataType
    values: st.SearchStrategy[object]
    text: Callable[[object], str] = str
    nullable: bool = True


def _number(value: object) -> str:
    return repr(value) if math.isfinite(float(str(value))) else str(value)


def _iso(value: object) -> str:
    assert isinstance(value, dt.date)
    return value.isoformat()


_FINITE = {"allow_nan": False, "allow_infinity": False}

WORDS = (
    "Oslo",
    "Rome",
    "rome",
    " Oslo",
    "São Paulo",
    "東京",
    "a,b",
    'say "x"',
    "NA",
    "null",
    "None",
    "n/a",
    "nan",
    "-",
    "x1",
)

KINDS = {
    "integer": Kind(FieldType.INTEGER, pl.Int64(), st.integers(-(2**63), 2**63 - 1)),
    "small integer": Kind(FieldType.INTEGER, pl.Int64(), st.integers(-3, 3)),
    "unsigned": Kind(FieldType.INTEGER, pl.UInt64(), st.integers(2**63, 2**64 - 1), nullable=False),
    "number": Kind(FieldType.NUMBER, pl.Float64(), st.floats(allow_nan=False, allow_infinity=False), _number),
    "plain number": Kind(FieldType.NUMBER, pl.Float64(), st.floats(-1e6, 1e6), _number),
    "infinite": Kind(FieldType.NUMBER, pl.Float64(), st.floats(allow_nan=False), _number),
    "huge": Kind(FieldType.NUMBER, pl.Float64(), st.floats(1e307, 1.7e308), _number),
    "tiny": Kind(FieldType.NUMBER, pl.Float64(), st.sampled_from([5e-324, 1e-323, 0.0, -5e-324, 1e-310]), _number),
    "boolean": Kind(FieldType.BOOLEAN, pl.Boolean(), st.booleans()),
    "text": Kind(FieldType.STRING, pl.String(), st.sampled_from(WORDS)),
    "date": Kind(FieldType.DATE, pl.Date(), st.dates(), _iso),
    "datetime": Kind(FieldType.DATETIME, pl.Datetime("us"), st.datetimes(), _iso),
}


@frozen
class Frame:
    """A table whose columns are named for their kinds."""

    kinds: dict[str, Kind]
    cells: dict[str, Cells]
    rows: int

    @property
    def schema(self) -> Schema:
        """Its fields, as the importer finds them: a text column where no value tells more."""
        return Schema(tuple(Field(name, self._stored(name)[0]) for name in self.kinds))

    @property
    def dates(self) -> list[str]:
        """The columns of dates."""
        return [name for name, kind in self.kinds.items() if kind.dtype.is_temporal() and self._has_value(name)]

    def csv(self) -> str:
        """The table as CSV; a null is the empty field, quoted where it would make an empty line."""
        file = io.StringIO()
        writer = csv.writer(file)
        writer.writerow(self.kinds)
        for row in range(self.rows):
            cells = [self.cells[name][row] for name in self.kinds]
            texts = [
                "" if cell is None else kind.text(cell) for cell, kind in zip(cells, self.kinds.values(), strict=True)
            ]
            writer.writerow(texts)
        return file.getvalue()

    def frame(self) -> pl.DataFrame:
        """The table, typed."""
        return pl.DataFrame(
            [pl.Series(name, self.cells[name], dtype=self._stored(name)[1], strict=True) for name in self.kinds]
        )

    def profile(self, *, dates_are_text: bool = True) -> Profile:
        """Our profile of it, by way of a Parquet file of several row groups."""
        return profile_of(self.frame(), self.schema, dates_are_text=dates_are_text)

    def _stored(self, name: str) -> tuple[FieldType, pl.DataType]:
        kind = self.kinds[name]
        return (kind.type, kind.dtype) if self._has_value(name) else (FieldType.STRING, pl.String())

    def _has_value(self, name: str) -> bool:
        return any(cell is not None for cell in self.cells[name])


def profile_of(frame: pl.DataFrame, schema: Schema, *, dates_are_text: bool) -> Profile:
    """The profile of a frame that is stored as the importer stores it, in small row groups."""
    file = io.BytesIO()
    frame.with_row_index("_id", offset=1).write_parquet(file, row_group_size=7)
    return profile([file], schema, dates_are_text=dates_are_text, report=no_report)


@st.composite
def columns(draw: st.DrawFn, kind: Kind, rows: int) -> Cells:
    """The cells of a column: any, with nulls, constant, or none at all."""
    shapes = ["full", "constant", "with nulls", "constant with nulls", "empty"]
    shape = draw(st.sampled_from(shapes if kind.nullable else shapes[:2]))
    if shape == "empty":
        return [None] * rows
    values = st.just(draw(kind.values)) if shape.startswith("constant") else kind.values
    cells = st.none() | values if shape.endswith("nulls") else values
    return draw(st.lists(cells, min_size=rows, max_size=rows))


@st.composite
def frames(draw: st.DrawFn, kinds: dict[str, Kind] = KINDS, most_rows: int = 30) -> Frame:
    """Frames of some of the kinds."""
    chosen = draw(st.lists(st.sampled_from(sorted(kinds)), min_size=1, max_size=5, unique=True))
    rows = draw(st.integers(0, most_rows))
    cells = {name: draw(columns(kinds[name], rows)) for name in chosen}
    return Frame(kinds={name: kinds[name] for name in chosen}, cells=cells, rows=rows)
