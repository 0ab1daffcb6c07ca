"""Edits of one dataset at the same time: by threads, and by processes on one home."""

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from entrepot.settings import MEMORY, Settings
from entrepot.wiring import connect, open_home
from entrepot_core.errors import Stale, VersionNotFound
from entrepot_core.formats import Format
from entrepot_core.names import DatasetRef
from entrepot_core.ports.operations import Operations
from entrepot_core.rows.query import RowFilter, RowQuery
from entrepot_core.use_cases.editing import in_use
from tests.contracts.operations import add, ref

EDITS = 12
ROWS = 20
LAST = 45
"""The last version of a dataset that is edited while others read it."""

CSV = "who,n\n" + "".join(f"start,{n}\n" for n in range(ROWS))
SHARED = DatasetRef("shared")
COUNTER = 1
"""The row whose number all count on."""

Acknowledged = list[tuple[str, list[int]]]


def edit(operations: Operations, name: str) -> Acknowledged:
    """Add rows, count on, take some of one's own away again; answer what has to be there."""
    mine: Acknowledged = []
    for number in range(EDITS):
        mark = f"{name}-{number}"
        mine.append((mark, list(operations.append_rows(SHARED, [{"who": mark}, {"who": mark}]).ids)))
        _count_on(operations)
        if number % 3 == 2:
            gone, ids = mine.pop(0)
            if number % 2:
                operations.remove_rows(SHARED, ids)
            else:
                operations.remove_rows(SHARED, RowFilter(where=(("who", gone),)))
    return mine


def _count_on(operations: Operations) -> None:
    """Add one to the counter, as someone does who must not lose what another has counted meanwhile."""
    while True:
        with suppress(Stale):
            revision = operations.get_dataset(SHARED).revision
            row = json.loads(bytes(operations.get_row(SHARED, COUNTER).row))
            operations.update_rows(SHARED, [{"_id": COUNTER, "n": row["n"] + 1}], revision)
            return


def edit_at(home: Path, name: str) -> Acknowledged:
    """The same, in a process of its own."""
    with connect(home, Settings()) as connection:
        return edit(connection.operations, name)


def check(operations: Operations, before: int, all_acknowledged: list[Acknowledged]) -> None:
    """Nothing acknowledged is lost, nothing else is there, and no number was given twice."""
    rows = _rows(operations)
    there = {row["_id"]: row["who"] for row in rows[ROWS:]}
    assert there == {number: mark for one in all_acknowledged for mark, ids in one for number in ids}
    assert len(rows) == ROWS + len(there)
    assert [row["_id"] for row in rows] == sorted(row["_id"] for row in rows)
    editors = len(all_acknowledged)
    assert rows[COUNTER - 1]["n"] == editors * EDITS
    edits = editors * (EDITS * 2 + EDITS // 3)
    assert operations.get_dataset(SHARED).version == before + edits


def _rows(operations: Operations) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    query = RowQuery(limit=1000)
    while True:
        page = operations.read_rows(SHARED, query)
        found += json.loads(bytes(page.rows))
        if page.next is None:
            return found
        query = RowQuery(limit=1000, cursor=page.next)


@pytest.fixture(params=["memory", "disk"])
def operations(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Operations]:
    place = MEMORY if request.param == "memory" else tmp_path / "home"
    with connect(place, Settings()) as connection:
        yield connection.operations


def _all(pool: Executor, work: Callable[[str], Acknowledged], editors: int) -> list[Acknowledged]:
    with pool:
        return list(pool.map(work, [f"editor {number}" for number in range(editors)]))


def test_threads_lose_nothing(operations: Operations) -> None:
    add(operations, CSV, name="shared")
    check(operations, 1, _all(ThreadPoolExecutor(4), partial(edit, operations), 4))


def test_processes_lose_nothing(tmp_path: Path) -> None:
    place = tmp_path / "home"
    with open_home(str(place), Settings()) as home:
        add(home.operations, CSV, name="shared")
        pool = ProcessPoolExecutor(2, mp_context=get_context("spawn"))
        check(home.operations, 1, _all(pool, partial(edit_at, place), 2))
        assert home.driven.blobs.leavings(lambda: in_use(home.driven)).blobs == ()


@pytest.mark.parametrize("place", ["memory", "disk"])
def test_readers_are_right_while_old_versions_are_swept(tmp_path: Path, place: str) -> None:
    """Every version has its own number in all rows, so that an answer which mixes two shows."""
    with open_home(MEMORY if place == "memory" else str(tmp_path / "home"), Settings(keep_versions=1)) as home:
        operations, done = home.operations, threading.Event()
        dataset = add(operations, "n,m\n" + "1,1\n" * ROWS, name="shared")

        def write() -> int:
            try:
                for number in range(2, LAST + 1):
                    rows = [{"_id": row, "n": number, "m": number} for row in range(1, ROWS + 1)]
                    assert operations.update_rows(SHARED, rows).version == number
            finally:
                done.set()
            return 0

        def read(look: Callable[[Operations, int | None], int]) -> int:
            answers = 0
            while not (answers and done.is_set()):
                pinned = operations.get_dataset(SHARED).version if answers % 2 else None
                with suppress(VersionNotFound):
                    found = look(operations, pinned)
                    assert pinned in {None, found}
                answers += 1
            return answers

        with ThreadPoolExecutor(5) as pool:
            working = [pool.submit(write), *(pool.submit(read, look) for look in (_page, _export, _statistics))]
            for one in working:
                one.result()
        assert operations.get_dataset(ref(dataset)).version == LAST
        assert home.driven.blobs.leavings(lambda: in_use(home.driven)).blobs == ()


@pytest.mark.parametrize("place", ["memory", "disk"])
def test_what_is_read_already_ends_as_it_began(tmp_path: Path, place: str) -> None:
    with open_home(MEMORY if place == "memory" else str(tmp_path / "home"), Settings(keep_versions=1)) as home:
        add(home.operations, CSV, name="shared")
        with home.operations.export(SHARED, Format.CSV, RowQuery(limit=None)) as download:
            home.operations.remove_rows(SHARED, [1])
            assert download.read().decode() == CSV
        with pytest.raises(VersionNotFound):
            home.operations.export(SHARED, Format.CSV, RowQuery(limit=None), 1)


def _page(operations: Operations, version: int | None) -> int:
    page = operations.read_rows(SHARED, RowQuery(where=(("n__gt", "0"),), sort=("-m",)), version)
    (found,) = {(row["n"], row["m"]) for row in json.loads(bytes(page.rows))}
    assert found == (page.version, page.version)
    assert page.total == ROWS
    return page.version


def _export(operations: Operations, version: int | None) -> int:
    with operations.export(SHARED, Format.CSV, RowQuery(limit=None), version) as download:
        lines = b"".join(download.chunks).decode().split()[1:]
    (line,) = set(lines)
    assert len(lines) == ROWS
    return int(line.split(",")[0])


def _statistics(operations: Operations, version: int | None) -> int:
    found = operations.get_statistics(SHARED, version).statistics
    (low, high), _ = [(one["column_statistics"]["min"], one["column_statistics"]["max"]) for one in found]  # type: ignore[index]  # it is a JSON object
    assert low == high
    return int(low)
