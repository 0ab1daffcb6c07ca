"""What is asked of the database: the right rows, in few questions."""

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, event

from entrepot_adapters.memory import MemoryCatalogue
from entrepot_adapters.sql import SqlCatalogue
from entrepot_adapters.sql.engine import open_engine
from entrepot_core.names import DatasetRef
from entrepot_core.ports.catalogue import Catalogue
from entrepot_core.selection import DatasetQuery, ListOrder
from tests.contracts.datasets import NOON, add, add_several, dataset, version

HOUR = timedelta(hours=1)
WORDS = ["Čars", "ČARS 2", "%", "_", "Straße", "a", "", "A\\b"]
ORDERS: tuple[ListOrder, ...] = ("created_at", "-created_at", "updated_at", "-updated_at", "name", "-name")
TIMES = st.none() | st.integers(-1, 5).map(lambda hours: NOON + hours * HOUR)
QUERIES = st.builds(
    DatasetQuery,
    q=st.none() | st.sampled_from([*WORDS, "c", "STRASSE", "s"]),
    tag=st.none() | st.sampled_from(WORDS),
    media_type=st.none() | st.sampled_from(["text/csv", "application/vnd.apache.parquet", "application/json"]),
    published=st.none() | st.booleans(),
    created_after=TIMES,
    created_before=TIMES,
    sort=st.sampled_from(ORDERS),
    limit=st.integers(1, 6),
    offset=st.integers(0, 4),
)

Both = tuple[Catalogue, Catalogue]


def count_statements(engine: Engine, use: Callable[[], object]) -> int:
    statements: list[str] = []

    def note(*args: object) -> None:
        statements.append(str(args[2]))

    event.listen(engine, "before_cursor_execute", note)
    use()
    event.remove(engine, "before_cursor_execute", note)
    return sum(not statement.startswith("BEGIN") for statement in statements)


def test_the_number_of_questions_does_not_grow_with_the_list(url: str) -> None:
    engine = open_engine(url, 1)
    catalogue = SqlCatalogue(engine)
    add_several(catalogue, 1)
    assert count_statements(engine, lambda: catalogue.list(DatasetQuery())) == 5
    for number in range(10):
        add(catalogue, dataset(f"other-{number}", tags=("a", "b")))
    assert count_statements(engine, lambda: catalogue.list(DatasetQuery())) == 5
    assert count_statements(engine, lambda: catalogue.find(DatasetRef("d0"))) == 4
    catalogue.close()


@pytest.fixture(scope="module")
def both(empty_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """The same thirty datasets in memory and in SQLite."""
    path = tmp_path_factory.mktemp("both") / "catalogue.sqlite3"
    shutil.copy(empty_file, path)
    sql, memory = SqlCatalogue(open_engine(f"sqlite:///{path}", 1)), MemoryCatalogue()
    for number in range(30):
        one = dataset(
            f"d{number:02}" if number % 3 else f"d-{number:02}",
            title=WORDS[number % len(WORDS)],
            description=WORDS[number * 3 % len(WORDS)],
            tags=tuple(sorted({WORDS[number % 5], WORDS[number % 7]})),
            at=NOON + number % 4 * HOUR,
            of=version(table_only=number % 4 == 0),
            published=number % 5 < 2,
        )
        add(sql, one)
        add(memory, one)
    yield sql, memory
    sql.close()


@given(query=QUERIES)
def test_sql_lists_what_memory_lists(both: Both, query: DatasetQuery) -> None:
    sql, memory = both
    found = sql.list(query)
    assert found == memory.list(query)
    if found.next:
        following = msgspec.structs.replace(query, offset=0, cursor=found.next)
        assert sql.list(following) == memory.list(following)
