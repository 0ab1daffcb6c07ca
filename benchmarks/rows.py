"""Measures reading rows of a stored table against duckdb and SQLite, one question after the other in this process.

    python benchmarks/rows.py                    # 1 million rows of 20 columns
    python benchmarks/rows.py 1000000 6000000

duckdb reads the same Parquet file, and a table of its own; SQLite a table with and without indexes, and for full text
an FTS5 index. Hot: the question was asked before; each time with another value. Cold: a new reader, the operating
system's cache warm, as it is for the others. Answers are compared before anything is measured. Times are milliseconds:
the median and the 99th percentile.
"""

import contextlib
import json
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

ROWS = (1_000_000,)
TIMES = 60
COLD_TIMES = 7
PAGE = 100


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


def main(rows: tuple[int, ...]) -> None:
    """Ask all contenders, and print a table of Markdown for each number of rows."""
    for number in rows:
        with tempfile.TemporaryDirectory(prefix="rows-") as folder:
            _measure(Path(folder), number)


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


def _measure(folder: Path, rows: int) -> None:
    parquet = _stored(folder, rows)
    contenders = {**_entrepots(folder, parquet), **_duckdbs(parquet), **_sqlites(folder, parquet)}
    for name in questions(rows, 0):
        for contender, ask in contenders.items():
            answer = ask(questions(rows, 3)[name])
            expected = contenders["entrepot"](questions(rows, 3)[name])
            if answer != expected:
                sys.exit(f"{contender} answers otherwise to {name}: {answer[:3]} {expected[:3]}")
    print(f"\n{rows:,} rows\n\n| | {' | '.join(contenders)} |\n|---|{'---|' * len(contenders)}")
    for name in questions(rows, 0):
        cells = [_cell(ask, name, rows, cold="cold" in contender) for contender, ask in contenders.items()]
        print(f"| {name} | {' | '.join(cells)} |", flush=True)
    _facets(folder, parquet)
    _words(folder, parquet)


def _cell(ask: Callable[[Question], list[int]], name: str, rows: int, *, cold: bool) -> str:
    return _told(
        [_timed(lambda turn=turn: ask(questions(rows, turn)[name])) for turn in range(COLD_TIMES if cold else TIMES)]
    )


def _timed(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1000


def _told(times: list[float]) -> str:
    ordered = sorted(times)
    return f"{ordered[len(ordered) // 2]:.1f} / {ordered[int(len(ordered) * 0.99)]:.1f}"


def _stored(folder: Path, rows: int) -> Path:
    """The Parquet file that an import makes of the table."""
    from entrepot_adapters.polars.importer import PolarsImporter
    from entrepot_core.dialect import ImportOptions, no_report
    from entrepot_core.formats import Format
    from entrepot_core.ports.importer import ImportTask
    from entrepot_core.profile import Profile

    sys.path.insert(0, str(Path(__file__).parent))
    from importing import generate

    csv, parquet = folder / "data.csv", folder / "data.parquet"
    generate(str(csv), str(rows))
    importer = PolarsImporter(profile=lambda *_, **__: Profile(0, (), dates_are_text=True))
    task = ImportTask(Format.CSV, "data.csv", ImportOptions())
    with csv.open("rb") as source, parquet.open("w+b") as out, tempfile.TemporaryFile() as rejects:
        importer.load(source, out, rejects, task, no_report)
    csv.unlink()
    return parquet


def _entrepots(folder: Path, parquet: Path) -> dict[str, Callable[[Question], list[int]]]:
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

        chosen = select(RowQuery(**question.query), _schema(parquet))
        selection = Selection(("_id", *chosen.columns), chosen.filters, chosen.order)
        return _ids(tables.page([digest], selection, question.offset, PAGE).rows)

    return {
        "entrepot": lambda question: ask(hot, question),
        "entrepot, cold": lambda question: ask(PolarsTables(blobs, cache_bytes=2**30), question),
    }


def _ids(rows: bytes) -> list[int]:
    return [row["_id"] for row in json.loads(rows)]


_SCHEMAS: dict[Path, Any] = {}


def _schema(parquet: Path) -> Any:  # noqa: ANN401 - of a library that is imported late
    import polars as pl

    from entrepot_adapters.polars.field_types import field_type
    from entrepot_core.schema import Field, Schema

    if parquet not in _SCHEMAS:
        kinds = pl.read_parquet_schema(parquet)
        _SCHEMAS[parquet] = Schema(
            tuple(Field(name, field_type(kind)) for name, kind in kinds.items() if name != "_id")
        )
    return _SCHEMAS[parquet]


def _duckdbs(parquet: Path) -> dict[str, Callable[[Question], list[int]]]:
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


def _sqlites(folder: Path, parquet: Path) -> dict[str, Callable[[Question], list[int]]]:
    import polars as pl

    found = dict[str, Callable[[Question], list[int]]]()
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


def _facets(folder: Path, parquet: Path) -> None:
    """The counts of a column's values, and those of the rows that fit."""
    import duckdb

    from entrepot_core.rows.query import RowQuery
    from entrepot_core.rows.selection import select

    connection = duckdb.connect()
    connection.sql(f"CREATE TABLE t AS FROM read_parquet('{parquet}')")
    lite = sqlite3.connect(folder / "sqlite, indexed.sqlite3")
    sql = "SELECT city, count(*) AS n FROM t {} GROUP BY city ORDER BY n DESC LIMIT 20"
    cases = (("facet", (), ""), ("facet of what fits", (("price__gt", "100"),), "WHERE price > 100"))
    for name, where, condition in cases:
        tables, digest = _reader(folder, parquet)
        asked = (
            partial(tables.facets, [digest], select(RowQuery(columns=("city",), where=where), _schema(parquet)), 20),
            partial(connection.sql, sql.format(condition)),
            partial(lite.execute, sql.format(condition)),
        )
        cells = [_told([_timed(partial(_all, ask)) for _ in range(20)]) for ask in asked]
        print(f"\n{name}: entrepot {cells[0]}, duckdb's own table {cells[1]}, sqlite, indexed {cells[2]}")


def _all(ask: Callable[[], Any]) -> list[Any]:
    found = ask()
    return found.fetchall() if hasattr(found, "fetchall") else list(found)


def _reader(folder: Path, parquet: Path) -> tuple[Any, Any]:
    import hashlib

    from entrepot_adapters.filesystem import FilesystemBlobs
    from entrepot_adapters.polars.tables import PolarsTables

    digest = hashlib.sha256(parquet.read_bytes()).hexdigest()
    return PolarsTables(FilesystemBlobs(folder / "home"), cache_bytes=2**30), digest


def _words(folder: Path, parquet: Path) -> None:
    """Rows that have a text in some column of text: each time another."""
    import duckdb

    from entrepot_core.rows.query import RowQuery
    from entrepot_core.rows.selection import select
    from entrepot_core.schema import FieldType

    texts = [field.name for field in _schema(parquet).fields if field.type is FieldType.STRING]
    tables, digest = _reader(folder, parquet)
    connection = duckdb.connect()
    connection.sql(f"CREATE TABLE t AS FROM read_parquet('{parquet}')")
    lite = sqlite3.connect(folder / "sqlite.sqlite3")
    lite.execute(
        f"CREATE VIRTUAL TABLE f USING fts5({', '.join(texts)}, content='t', content_rowid='_id', tokenize='trigram')"
    )
    lite.execute("INSERT INTO f(f) VALUES ('rebuild')")

    def ours(word: str) -> list[int]:
        chosen = select(RowQuery(q=word, columns=("_id",)), _schema(parquet))
        return _ids(tables.page([digest], chosen, 0, PAGE).rows)

    def theirs(word: str) -> list[int]:
        either = " OR ".join(f"contains(lower({name}), '{word}')" for name in texts)
        return [
            row[0]
            for row in connection.execute(f"SELECT _id FROM t WHERE {either} ORDER BY _id LIMIT {PAGE}").fetchall()
        ]

    def lites(word: str) -> list[int]:
        sql = f"SELECT rowid FROM f WHERE f MATCH ? ORDER BY rowid LIMIT {PAGE}"
        return [row[0] for row in lite.execute(sql, (f'"{word}"',)).fetchall()]

    words = [f"{number:04x}" for number in range(0x1A00, 0x1A00 + 20)]
    for word in words[:3]:
        if not ours(word) == theirs(word) == lites(word):
            sys.exit(f"the contenders answer differently to {word}")
    told = [_told([_timed(partial(ask, word)) for word in words]) for ask in (ours, theirs, lites)]
    print(
        f"\na text in any column: entrepot {told[0]}, duckdb's own table {told[1]}, sqlite's FTS5 (trigrams) {told[2]}"
    )


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or ROWS)
