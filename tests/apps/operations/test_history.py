"""Edits, versions, restores and reads in any order, held to plain lists of dicts."""

import json
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from entrepot.settings import MEMORY, Settings
from entrepot.wiring import open_home
from entrepot_adapters.polars.editing import PolarsEditor
from entrepot_adapters.polars.importer import PolarsImporter
from entrepot_core.changes import DatasetChanges
from entrepot_core.dialect import ImportOptions, no_report
from entrepot_core.errors import InvalidRows, NoOriginal, RowNotFound, Stale, UnknownColumn, VersionNotFound
from entrepot_core.names import DatasetRef
from entrepot_core.ports.driven import Driven
from entrepot_core.ports.operations import Source
from entrepot_core.rows.query import RowFilter, RowQuery
from entrepot_core.schema import FieldType
from entrepot_core.selection import VersionQuery
from entrepot_core.source import Label, NewDataset
from entrepot_core.use_cases.editing import in_use
from entrepot_core.use_cases.local import LocalOperations
from tests.apps.operations.history_model import SHAPES, History, Row, State, differences

_OPEN = ExitStack()
VALUES: dict[FieldType, st.SearchStrategy[Any]] = {
    FieldType.INTEGER: st.integers(-3, 3),
    FieldType.NUMBER: st.sampled_from([-1.5, 0.5, 2.25]),
    FieldType.STRING: st.sampled_from(["a", "b", "Ä", "a b"]),
    FieldType.BOOLEAN: st.booleans(),
}


@pytest.fixture(scope="module", autouse=True)
def _closing() -> Any:  # noqa: ANN401 - a fixture's generator
    yield
    _OPEN.close()
    _in_memory.cache_clear()
    _on_disk.cache_clear()


def _small_parts(driven: Driven) -> Driven:
    """The store, with parts so short that a few rows make several, and imports in this process."""
    return evolve(driven, importer=PolarsImporter(), editor=PolarsEditor(driven.blobs, most=4, small=3))


@cache
def _in_memory() -> Driven:
    return _small_parts(_OPEN.enter_context(open_home(MEMORY, Settings())).driven)


@cache
def _on_disk() -> Driven:
    folder = Path(_OPEN.enter_context(tempfile.TemporaryDirectory())) / "home"
    return _small_parts(_OPEN.enter_context(open_home(str(folder), Settings())).driven)


def _rows(types: dict[str, FieldType], *, partial: bool) -> st.SearchStrategy[Row]:
    values = {name: st.none() | VALUES[kind] for name, kind in types.items()}
    return st.fixed_dictionaries({}, optional=values) if partial else st.fixed_dictionaries(values)


def _csv(types: dict[str, FieldType], rows: Sequence[Row]) -> Source:
    lines = [
        ",".join(types),
        *(",".join("" if cell is None else str(cell) for cell in map(row.get, types)) for row in rows),
    ]
    return Source(["\n".join([*lines, ""]).encode()], Label("rows.csv", "text/csv"))


class HistoryMachine(RuleBasedStateMachine):
    """One dataset and its model. Subclasses say where it is kept, and how many versions."""

    keep: int | None = None

    def store(self) -> Driven:
        raise NotImplementedError

    @initialize(data=st.data(), shape=st.sampled_from(SHAPES))
    def add(self, data: st.DataObject, shape: dict[str, FieldType]) -> None:
        self.driven = evolve(self.store(), keep_versions=self.keep)
        self.operations = LocalOperations(self.driven)
        self.model = History(self.keep)
        rows = data.draw(st.lists(_rows(shape, partial=False), max_size=10))
        added = self.operations.add_dataset(
            _csv(shape, rows), NewDataset(), ImportOptions(types=dict(shape)), no_report
        )
        self.ref = DatasetRef(added.id)
        self.model.replace(shape, rows)

    def teardown(self) -> None:
        if hasattr(self, "ref"):
            self.operations.remove_dataset(self.ref)
            self.operations.close()
            assert self.driven.blobs.leavings(lambda: in_use(self.driven)).blobs == ()

    # --- edits ---

    @rule(data=st.data())
    def append(self, data: st.DataObject) -> None:
        rows = data.draw(st.lists(_rows(dict(self.model.now.types), partial=True), max_size=6))
        answer = self.operations.append_rows(self.ref, rows)
        assert list(answer.ids) == self.model.append(rows)
        assert answer.version == len(self.model.states)

    @precondition(lambda self: self.model.now.rows)
    @rule(data=st.data(), whole=st.booleans())
    def update(self, data: st.DataObject, *, whole: bool) -> None:
        ids = data.draw(st.lists(st.sampled_from(self.model.now.ids), unique=True, min_size=1, max_size=4))
        rows = [{**data.draw(_rows(dict(self.model.now.types), partial=True)), "_id": number} for number in ids]
        answer = self.operations.update_rows(self.ref, rows, whole=whole)
        before = len(self.model.states)
        self.model.update(rows, whole=whole)
        assert answer.version == len(self.model.states)
        assert list(answer.ids) == (sorted(ids) if len(self.model.states) > before else [])

    @precondition(lambda self: self.model.now.rows)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        ids = data.draw(st.lists(st.sampled_from(self.model.now.ids), min_size=1, max_size=4))
        assert list(self.operations.remove_rows(self.ref, ids).ids) == sorted(set(ids))
        self.model.remove(ids)

    @rule(least=st.integers(-3, 3))
    def remove_by_a_filter(self, least: int) -> None:
        gone = [row["_id"] for row in self.model.now.rows if row["n"] is not None and row["n"] >= least]
        answer = self.operations.remove_rows(self.ref, RowFilter(where=(("n__gte", str(least)),)))
        assert list(answer.ids) == gone
        self.model.remove(gone)

    @rule(data=st.data(), shape=st.sampled_from(SHAPES))
    def replace(self, data: st.DataObject, shape: dict[str, FieldType]) -> None:
        rows = data.draw(st.lists(_rows(shape, partial=False), max_size=10))
        options = ImportOptions(types=dict(shape))
        self.operations.replace_dataset(self.ref, _csv(shape, rows), DatasetChanges(), options, no_report)
        self.model.replace(shape, rows)

    @rule(data=st.data())
    def restore(self, data: st.DataObject) -> None:
        version = data.draw(st.sampled_from(self.model.kept))
        assert self.operations.restore_version(self.ref, version).version == len(self.model.states) + 1
        self.model.restore(version)

    @rule(title=st.sampled_from("xyz"))
    def describe_otherwise(self, title: str) -> None:
        self.operations.edit_dataset(self.ref, DatasetChanges(title=title))

    # --- what is refused changes nothing ---

    @rule()
    def refused(self) -> None:
        beyond, revision = self.model.next_row, self.operations.get_dataset(self.ref).revision
        ids = [*self.model.now.ids[:1], beyond]
        with pytest.raises(RowNotFound):
            self.operations.update_rows(self.ref, [{"_id": number, "n": 1} for number in ids])
        with pytest.raises(RowNotFound):
            self.operations.remove_rows(self.ref, ids)
        with pytest.raises(InvalidRows):
            self.operations.append_rows(self.ref, [{"n": 1}, {"n": "x"}])
        with pytest.raises(UnknownColumn):
            self.operations.remove_rows(self.ref, RowFilter(where=(("zz", "1"),)))
        with pytest.raises(Stale):
            self.operations.append_rows(self.ref, [{"n": 1}], revision - 1)
        with pytest.raises(VersionNotFound):
            self.operations.restore_version(self.ref, len(self.model.states) + 1)

    # --- reads ---

    @rule(data=st.data())
    def read(self, data: st.DataObject) -> None:
        version = data.draw(st.sampled_from(self.model.kept))
        self._compare(version, self.model.states[version - 1])

    @rule(data=st.data(), text=VALUES[FieldType.STRING])
    def read_what_fits(self, data: st.DataObject, text: str) -> None:
        version = data.draw(st.sampled_from(self.model.kept))
        query = RowQuery(where=(("t", text),), sort=("-n",), columns=("n",))
        page = self.operations.read_rows(self.ref, query, version)
        fitting = [row for row in self.model.states[version - 1].rows if row["t"] == text]
        expected = sorted(fitting, key=lambda row: (row["n"] is None, -(row["n"] or 0), row["_id"]))
        assert [row["_id"] for row in json.loads(bytes(page.rows))] == [row["_id"] for row in expected]
        assert page.total == len(expected)

    @rule(data=st.data())
    def compare(self, data: st.DataObject) -> None:
        one, other = (data.draw(st.sampled_from(self.model.kept)) for _ in range(2))
        before, after = self.model.states[one - 1], self.model.states[other - 1]
        found = self.operations.diff(self.ref, one, other, 1000)
        added, removed, changed = differences(before, after)
        assert (found.rows.added, found.rows.removed, found.rows.changed) == (len(added), len(removed), len(changed))
        assert [item.id for item in found.rows.items] == sorted([*added, *removed, *changed])

    @rule(data=st.data())
    def look_at_the_statistics(self, data: st.DataObject) -> None:
        version = data.draw(st.sampled_from(self.model.kept))
        state = self.model.states[version - 1]
        found = self.operations.get_statistics(self.ref, version)
        assert found.num_examples == len(state.rows)
        for entry in found.statistics:
            name, measures = str(entry["column_name"]), entry["column_statistics"]
            values = [row[name] for row in state.rows if row[name] is not None]
            assert isinstance(measures, dict)
            assert measures["nan_count"] == len(state.rows) - len(values)
            if state.types[name].is_numeric:
                assert (measures["min"], measures["max"]) == ((min(values), max(values)) if values else (None, None))

    @invariant()
    def it_is_as_it_should_be(self) -> None:
        if not hasattr(self, "ref"):
            return
        now = len(self.model.states)
        self._compare(None, self.model.now)
        view = self.operations.get_dataset(self.ref)
        assert (view.version, view.rows, view.columns) == (now, len(self.model.now.rows), len(self.model.now.types))
        page = self.operations.list_versions(self.ref, VersionQuery(limit=1000))
        assert [one.version for one in page.items] == self.model.kept[::-1]
        assert [one.rows for one in page.items] == [len(self.model.states[n - 1].rows) for n in self.model.kept[::-1]]
        if self.model.kept[0] > 1:
            with pytest.raises(VersionNotFound):
                self.operations.read_rows(self.ref, RowQuery(), self.model.kept[0] - 1)
        if page.items[0].cause.kind == "edit":
            with pytest.raises(NoOriginal):
                self.operations.open_file(self.ref)
        assert self.driven.blobs.leavings(lambda: in_use(self.driven)).blobs == ()

    def _compare(self, version: int | None, state: State) -> None:
        page = self.operations.read_rows(self.ref, RowQuery(limit=1000), version)
        assert json.loads(bytes(page.rows)) == state.rows
        assert {column.name: column.type for column in page.columns} == state.types


class MemoryMachine(HistoryMachine):
    def store(self) -> Driven:
        return _in_memory()


class DiskMachine(HistoryMachine):
    def store(self) -> Driven:
        return _on_disk()


class ForgetfulMachine(DiskMachine):
    keep = 2


def _settled(machine: type[HistoryMachine], share: int) -> Any:  # noqa: ANN401 - hypothesis makes a class of it
    """Few examples on every run, many where new ones are looked for."""
    test = machine.TestCase
    test.settings = settings(max_examples=settings().max_examples // share, stateful_step_count=15)
    return test


TestInMemory = _settled(MemoryMachine, 5)
TestOnDisk = _settled(DiskMachine, 25)  # where every step is synced
TestForgetful = _settled(ForgetfulMachine, 25)
