"""Who answers the questions of ``rows.py``: Entrepot's tables, duckdb and SQLite."""

import contextlib
import hashlib
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

PAGE = 100

Ask = Callable[["Question"], list[int]]
"""Answers a question with the numbers of the rows."""


class Question(NamedTuple):
    """What is asked, for a number that makes it another question each time.

    Attributes:
        query: For Entrepot.
        sql: For the others, of the table ``t``.
        offset: How many rows to skip.
    """

    query: dict[str, Any]
    sql: str
    offset: int = 0


def questions(rows: int, turn: int) -> dict[str, Question]:
    """The questions of one turn."""
    low = 20 + turn % 40
    return {
        "first page": Question({}, f"SELECT * FROM t ORDER BY _id LIMIT {PAGE}"),
        "page at the middle": Question({}, _page(rows // 2 + turn), rows // 2 + turn),
        "page 10,000": Question(
            {}, _page(min(10_000 * PAGE, rows - PAGE) - turn), min(10_000 * PAGE, rows - PAGE) - turn
        ),
        "one row by its number": Question(
            {"where": (("_id", str(turn * 997 + 1)),)}, f"SELECT * FROM t WHERE _id = {turn * 997 + 1}"
        ),
        "text = value": Question(
            {"where": (("category", f"cat_{turn}"),)},
            f"SELECT * FROM t WHERE category = 'cat_{turn}' ORDER BY _id LIMIT {PAGE}",
        ),
        "number in a range": Question(
            {"where": (("price__gte", str(low)), ("price__lt", str(low + 1)))},
            f"SELECT * FROM t WHERE price >= {low} AND price < {low + 1} ORDER BY _id LIMIT {PAGE}",
        ),
        "sorted, with a filter": Question(
            {"where": (("city", f"city {turn % 50}"),), "sort": ("-float_1",)},
            f"SELECT * FROM t WHERE city = 'city {turn % 50}' ORDER BY float_1 DESC NULLS LAST, _id LIMIT {PAGE}",
        ),
        "sorted": Question({"sort": ("-price",)}, f"SELECT * FROM t ORDER BY price DESC NULLS LAST, _id LIMIT {PAGE}"),
    }


def _page(offset: int) -> str:
    return f"SELECT * FROM t ORDER BY _id LIMIT {PAGE} OFFSET {offset}"


def entrepots(folder: Path, parquet: Path) -> dict[str, Ask]:
    """Entrepot with what it has at hand, and begun anew for each question."""
    from entrepot_adapters.filesystem import FilesystemBlobs
    from entrepot_adapters.polars.tables import PolarsTables

    blobs = FilesystemBlobs(folder / "home")
    with blobs.stage() as staged, parquet.open("rb") as file:
        while chunk := file.read(1 << 24):
            staged.write(chunk)
        digest = blobs.keep(staged).digest
    hot = PolarsTables(blobs, cache_bytes=2**30)

    def ask(tables: PolarsTables, question: Question) -> list[int]:
        from entrepot_core.rows.query import RowQuery
        from entrepot_core.rows.selection import Selection, select

        chosen = select(RowQuery(**question.query), schema_of(parquet))
        selection = Selection(("_id", *chosen.columns), chosen.filters, chosen.order)
        return ids(tables.page([digest], selection, question.offset, PAGE).rows)

    return {
        "entrepot": lambda question: ask(hot, question),
        "entrepot, cold": lambda question: ask(PolarsTables(blobs, cache_bytes=2**30), question),
    }


def ids(rows: bytes) -> list[int]:
    """The numbers of the rows of a page."""
    return [row["_id"] for row in json.loads(rows)]


_SCHEMAS: dict[Path, Any] = {}


def schema_of(parquet: Path) -> Any:  # noqa: ANN401 - of a library that is imported late
    """The schema of a stored table."""
    import polars as pl

    from entrepot_adapters.polars.field_types import field_type
    from entrepot_core.schema import Field, Schema

    if parquet not in _SCHEMAS:
        kinds = pl.read_parquet_schema(parquet)
        _SCHEMAS[parquet] = Schema(
            tuple(Field(name, field_type(kind)) for name, kind in kinds.items() if name != "_id")
        )
    return _SCHEMAS[parquet]


def duckdbs(parquet: Path) -> dict[str, Ask]:
    """Give duckdb the same file, with its connection kept or opened anew, and a table of its own."""
    import duckdb

    def ask(connection: duckdb.DuckDBPyConnection, question: Question) -> list[int]:
        """Rows come in the order they were stored in, unless something else is asked for."""
        return [row[0] for row in connection.execute(question.sql.replace(" ORDER BY _id", "")).fetchall()]

    on_file, own = duckdb.connect(), duckdb.connect()
    on_file.sql(f"CREATE VIEW t AS FROM read_parquet('{parquet}')")
    own.sql(f"CREATE TABLE t AS FROM read_parquet('{parquet}')")

    def cold(question: Question) -> list[int]:
        with contextlib.closing(duckdb.connect()) as fresh:
            fresh.sql(f"CREATE VIEW t AS FROM read_parquet('{parquet}')")
            return ask(fresh, question)

    return {
        "duckdb, same file": lambda question: ask(on_file, question),
        "duckdb, same file, cold": cold,
        "duckdb, own table": lambda question: ask(own, question),
    }


def sqlites(folder: Path, parquet: Path) -> dict[str, Ask]:
    """SQLite on a table of rows, with indexes and without."""
    import polars as pl

    found = dict[str, Ask]()
    for name, indexes in {"sqlite": (), "sqlite, indexed": ("category", "price", "city, float_1")}.items():
        connection = sqlite3.connect(folder / f"{name}.sqlite3")
        frame = pl.scan_parquet(parquet)
        names = frame.collect_schema().names()
        connection.execute(f"CREATE TABLE t ({', '.join(names).replace('_id', '_id INTEGER PRIMARY KEY', 1)})")
        for start in range(0, frame.select(pl.len()).collect().item(), 250_000):
            rows = (
                frame.slice(start, 250_000).with_columns(pl.col(pl.Date, pl.Datetime).cast(pl.String)).collect().rows()
            )
            connection.executemany(f"INSERT INTO t VALUES ({', '.join('?' * len(names))})", rows)
        for columns in indexes:
            connection.execute(f'CREATE INDEX "{columns}" ON t ({columns})')
        connection.commit()

        def ask(question: Question, connection: sqlite3.Connection = connection) -> list[int]:
            return [row[0] for row in connection.execute(question.sql).fetchall()]

        found[name] = ask
    return found


def reader(folder: Path, parquet: Path) -> tuple[Any, Any]:
    """Entrepot's tables with nothing at hand, and where the table is among them."""
    from entrepot_adapters.filesystem import FilesystemBlobs
    from entrepot_adapters.polars.tables import PolarsTables

    digest = hashlib.sha256(parquet.read_bytes()).hexdigest()
    return PolarsTables(FilesystemBlobs(folder / "home"), cache_bytes=2**30), digest
