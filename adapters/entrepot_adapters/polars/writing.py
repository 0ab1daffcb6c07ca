"""Writes a typed table, and checks in the same pass that its types hold for every value."""

from collections.abc import Mapping, Sequence
from typing import IO, Any, BinaryIO

import msgspec
import polars as pl

from entrepot_adapters.polars.attempt import attempt
from entrepot_adapters.polars.inference.column import Column
from entrepot_adapters.polars.stored import COMPRESSION, DATA_PAGE, ROW_GROUP, part_metadata


class Outcome(msgspec.Struct, frozen=True):
    """What became of one column.

    Attributes:
        nulls: How many values are null.
        tokens: The first and the last, in their order, of the texts that were read as null.
        texts: How many texts were read as null, so far as any are told.
        is_right: Whether all texts that are no value stand for null, and no value is in doubt; None where those between
            the first and the last were not looked at.
    """

    nulls: int
    tokens: tuple[str, ...] = ()
    texts: int = 0
    is_right: bool | None = True


class Written(msgspec.Struct, frozen=True):
    """What was written.

    Attributes:
        rows: How many rows.
        outcomes: What became of each column.
        measures: The results of what else was asked for.
    """

    rows: int
    outcomes: tuple[Outcome, ...]
    measures: Mapping[str, Any]


def write(
    frame: pl.LazyFrame, columns: Sequence[Column], table: BinaryIO, measures: Mapping[str, pl.Expr] | None = None
) -> Written:
    """Write columns as Parquet, with the column ``_id`` in front.

    The source is read once: the rows stream into the file and into the checks side by side.

    Args:
        frame: The raw columns.
        columns: How to read each, in order.
        table: Where to write; what it held is gone.
        measures: What else to compute of the raw columns, by name.
    """
    values = [column.reading.value(pl.col(column.raw)).alias(_value(number)) for number, column in enumerate(columns)]
    typed = frame.with_columns(values).cache()  # else a source in Python is read by both sides at once
    checks = [check for number, column in enumerate(columns) for check in _checks(number, column)]
    extra = [measure.alias(f"m:{name}") for name, measure in (measures or {}).items()]
    counts = typed.select(pl.len().alias("rows"), *checks, *extra)
    with attempt(table) as file:
        _, counted = pl.collect_all([_sink(typed, columns, file), counts], engine="streaming")
    found = counted.row(0, named=True)
    _check_rows(table, found["rows"])
    outcomes = tuple(_outcome(number, column, found) for number, column in enumerate(columns))
    return Written(found["rows"], outcomes, {name: found[f"m:{name}"] for name in measures or {}})


def _sink(typed: pl.LazyFrame, columns: Sequence[Column], file: IO[bytes]) -> pl.LazyFrame:
    documents = [column.name for column in columns if column.reading.is_document]
    named = typed.select(pl.col(_value(number)).alias(column.name) for number, column in enumerate(columns))
    numbered = named.with_row_index("_id", offset=1).with_columns(pl.col("_id").cast(pl.Int64))
    return numbered.sink_parquet(
        file,
        compression=COMPRESSION,
        statistics=True,
        row_group_size=ROW_GROUP,
        data_page_size=DATA_PAGE,
        metadata=part_metadata(documents),
        lazy=True,
    )


def _check_rows(table: BinaryIO, rows: int) -> None:
    """Compare what was written with what was checked: polars must have read the source once."""
    table.flush()
    table.seek(0)
    if (stored := pl.scan_parquet(table).select(pl.len()).collect().item()) != rows:
        raise AssertionError(f"{rows} rows were checked, {stored} written")


def _checks(number: int, column: Column) -> list[pl.Expr]:
    value, raw = pl.col(_value(number)), pl.col(column.raw)
    nulls = value.null_count().alias(f"nulls:{number}")
    if column.reading.is_lossless:
        return [nulls]
    doubts = column.reading.doubts
    checks = [nulls, raw.null_count().alias(f"raw_nulls:{number}")]
    if doubts is not None:
        checks.append(doubts(raw, value).alias(f"doubtful:{number}"))
    if not column.tokens and column.asked is not None:  # what does not fit is refused; it may be no text
        return checks
    left = _left(raw, value)  # unlike unique(), these take a memory that does not grow
    return [*checks, left.min().alias(f"first:{number}"), left.max().alias(f"last:{number}")]


def _left(raw: pl.Expr, value: pl.Expr) -> pl.Expr:
    """The texts that no value was made of."""
    return pl.when(value.is_null()).then(raw)


def _outcome(number: int, column: Column, found: Mapping[str, Any]) -> Outcome:
    nulls = found[f"nulls:{number}"]
    if column.reading.is_lossless:
        return Outcome(nulls)
    tokens = {text for text in (found.get(f"first:{number}"), found.get(f"last:{number}")) if text is not None}
    texts = nulls - found[f"raw_nulls:{number}"]
    is_known = tokens <= column.tokens and (bool(tokens) or not texts)
    is_open = is_known and 1 < len(tokens) < texts
    is_right = is_known and not found.get(f"doubtful:{number}")
    return Outcome(nulls, tuple(sorted(tokens)), texts, None if is_right and is_open else is_right)


def are_null(column: Column) -> pl.Expr:
    """Whether all texts that no value is made of stand for null."""
    left = _left(pl.col(column.raw), column.reading.value(pl.col(column.raw)))
    return (left.is_null() | left.is_in(sorted(column.tokens))).all()


def _value(number: int) -> str:
    return f"v:{number}"
