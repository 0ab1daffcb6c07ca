"""Measures reading rows of a stored table against duckdb and SQLite, one question after the other in this process.

    python benchmarks/rows.py                    # 1 million rows of 20 columns
    python benchmarks/rows.py 1000000 6000000

duckdb reads the same Parquet file, and a table of its own; SQLite a table with and without indexes, and for full text
an FTS5 index. Hot: the question was asked before; each time with another value. Cold: a new reader, the operating
system's cache warm, as it is for the others. Answers are compared before anything is measured. Times are milliseconds:
the median and the 99th percentile.
"""

import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from row_peers import PAGE, Ask, duckdbs, entrepots, ids, questions, reader, schema_of, sqlites

ROWS = (1_000_000,)
TIMES = 60
COLD_TIMES = 7


def main(rows: tuple[int, ...]) -> None:
    """Ask all contenders, and print a table of Markdown for each number of rows."""
    for number in rows:
        with tempfile.TemporaryDirectory(prefix="rows-") as folder:
            _measure(Path(folder), number)


def _measure(folder: Path, rows: int) -> None:
    parquet = _stored(folder, rows)
    contenders = {**entrepots(folder, parquet), **duckdbs(parquet), **sqlites(folder, parquet)}
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


def _cell(ask: Ask, name: str, rows: int, *, cold: bool) -> str:
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
    from tables import generate

    from entrepot_adapters.polars.importer import PolarsImporter
    from entrepot_core.dialect import ImportOptions, no_report
    from entrepot_core.formats import Format
    from entrepot_core.ports.importer import ImportTask
    from entrepot_core.profile import Profile

    csv, parquet = folder / "data.csv", folder / "data.parquet"
    generate(str(csv), str(rows))
    importer = PolarsImporter(profile=lambda *_, **__: Profile(0, (), dates_are_text=True))
    task = ImportTask(Format.CSV, "data.csv", ImportOptions())
    with csv.open("rb") as source, parquet.open("w+b") as out, tempfile.TemporaryFile() as rejects:
        importer.load(source, out, rejects, task, no_report)
    csv.unlink()
    return parquet


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
        tables, digest = reader(folder, parquet)
        asked = (
            partial(tables.facets, [digest], select(RowQuery(columns=("city",), where=where), schema_of(parquet)), 20),
            partial(connection.sql, sql.format(condition)),
            partial(lite.execute, sql.format(condition)),
        )
        cells = [_told([_timed(partial(_all, ask)) for _ in range(20)]) for ask in asked]
        print(f"\n{name}: entrepot {cells[0]}, duckdb's own table {cells[1]}, sqlite, indexed {cells[2]}")


def _all(ask: Callable[[], Any]) -> list[Any]:
    found = ask()
    return found.fetchall() if hasattr(found, "fetchall") else list(found)


def _words(folder: Path, parquet: Path) -> None:
    """Rows that have a text in some column of text: each time another."""
    import duckdb

    from entrepot_core.rows.query import RowQuery
    from entrepot_core.rows.selection import select
    from entrepot_core.schema import FieldType

    texts = [field.name for field in schema_of(parquet).fields if field.type is FieldType.STRING]
    tables, digest = reader(folder, parquet)
    connection = duckdb.connect()
    connection.sql(f"CREATE TABLE t AS FROM read_parquet('{parquet}')")
    lite = sqlite3.connect(folder / "sqlite.sqlite3")
    lite.execute(
        f"CREATE VIRTUAL TABLE f USING fts5({', '.join(texts)}, content='t', content_rowid='_id', tokenize='trigram')"
    )
    lite.execute("INSERT INTO f(f) VALUES ('rebuild')")

    def ours(word: str) -> list[int]:
        chosen = select(RowQuery(q=word, columns=("_id",)), schema_of(parquet))
        return ids(tables.page([digest], chosen, 0, PAGE).rows)

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
