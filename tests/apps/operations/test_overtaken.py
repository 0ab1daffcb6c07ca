"""Edits that another overtakes at the worst moment, and what can go wrong once an edit is recorded."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from attrs import define, evolve, field

from entrepot.settings import Settings
from entrepot.wiring import Home, open_home
from entrepot_adapters.polars.importer import PolarsImporter
from entrepot_core.changes import DatasetChanges
from entrepot_core.errors import (
    DatasetNotFound,
    DiskFull,
    InvalidRows,
    NoFilter,
    Stale,
    StoreBusy,
    VersionNotFound,
)
from entrepot_core.names import DatasetId, DatasetRef, Digest
from entrepot_core.ports.blobs import InUse, Leavings
from entrepot_core.ports.editor import Edited, Editor
from entrepot_core.ports.operations import Operations
from entrepot_core.rows.edits import TypedRow
from entrepot_core.rows.query import RowFilter
from entrepot_core.use_cases.editing import in_use
from entrepot_core.use_cases.local import LocalOperations
from tests.contracts.operations import add

SHARED = DatasetRef("shared")


@define
class LateEditor:
    """An editor that is so slow that other things happen first; one for each edit that is begun."""

    inner: Editor
    first: list[Callable[[], object]] = field(factory=list)

    def append(self, parts: Sequence[Digest], rows: Sequence[TypedRow], first: int) -> Edited:
        edited = self.inner.append(parts, rows, first)
        if self.first:
            self.first.pop(0)()
        return edited

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the editor has
        return getattr(self.inner, name)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with open_home(str(tmp_path / "home"), Settings()) as home:
        here = LocalOperations(evolve(home.driven, importer=PolarsImporter()))
        add(here, "n\n1\n", name="shared")
        here.close()
        yield home


@pytest.fixture
def quick(home: Home) -> Operations:
    return home.operations


@pytest.fixture
def late(home: Home) -> LateEditor:
    return LateEditor(home.driven.editor)


@pytest.fixture
def slow(home: Home, late: LateEditor) -> Operations:
    return LocalOperations(evolve(home.driven, editor=late))


def replace(operations: Operations) -> None:
    """A next version, past the turns that edits wait for in one process."""
    operations.restore_version(SHARED, 1)


def leavings(home: Home) -> Leavings:
    return home.driven.blobs.leavings(lambda: in_use(home.driven))


def test_an_edit_that_was_overtaken_is_made_again(
    home: Home, quick: Operations, slow: Operations, late: LateEditor
) -> None:
    late.first = [partial(replace, quick)] * 3
    answer = slow.append_rows(SHARED, [{"n": 5}])
    assert (answer.version, answer.ids) == (5, (2,))
    assert leavings(home) == Leavings()


@pytest.mark.parametrize("change", [replace, lambda one: one.edit_dataset(SHARED, DatasetChanges(title="x"))])
def test_an_edit_of_what_has_changed_meanwhile_is_stale(
    home: Home, quick: Operations, slow: Operations, late: LateEditor, change: Callable[[Operations], object]
) -> None:
    late.first = [partial(change, quick)]
    with pytest.raises(Stale):
        slow.append_rows(SHARED, [{"n": 5}], quick.get_dataset(SHARED).revision)
    assert leavings(home) == Leavings()


def test_a_description_does_not_hold_up_an_edit(quick: Operations, slow: Operations, late: LateEditor) -> None:
    late.first = [lambda: quick.edit_dataset(SHARED, DatasetChanges(title="x"))]
    assert slow.append_rows(SHARED, [{"n": 5}]).version == 2
    assert quick.get_dataset(SHARED).title == "x"


def test_an_edit_of_what_was_removed_meanwhile_leaves_nothing(
    home: Home, quick: Operations, slow: Operations, late: LateEditor
) -> None:
    late.first = [lambda: quick.remove_dataset(SHARED)]
    with pytest.raises(DatasetNotFound):
        slow.append_rows(SHARED, [{"n": 5}])
    assert leavings(home) == Leavings()


def test_a_restore_insists_on_a_version_that_is_still_there(home: Home, quick: Operations) -> None:
    @define
    class LateClock:
        def new_id(self) -> DatasetId:
            return home.driven.clock.new_id()

        def now(self) -> datetime:
            quick.append_rows(SHARED, [{"n": 2}])
            home.driven.catalogue.forget(SHARED, 1)
            return home.driven.clock.now()

    quick.append_rows(SHARED, [{"n": 1}])
    with pytest.raises(VersionNotFound):
        LocalOperations(evolve(home.driven, clock=LateClock())).restore_version(SHARED, 1)


@pytest.mark.parametrize("error", [StoreBusy(), DiskFull()])
def test_what_fails_after_an_edit_was_recorded_is_not_told_as_its_failure(home: Home, error: Exception) -> None:
    @define
    class BrokenSweeps:
        inner: Any

        def sweep(self, _in_use: InUse) -> Leavings:
            raise error

        def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the blobs have
            return getattr(self.inner, name)

    blobs = BrokenSweeps(home.driven.blobs)
    operations = LocalOperations(evolve(home.driven, blobs=blobs, keep_versions=1))
    assert operations.append_rows(SHARED, [{"n": 5}]).version == 2


def test_a_search_for_nothing_removes_nothing(quick: Operations) -> None:
    with pytest.raises(NoFilter):
        quick.remove_rows(SHARED, RowFilter(q='  ""'))
    assert quick.get_dataset(SHARED).rows == 1


def test_a_value_that_can_not_be_stored_is_shown_as_it_was_given(quick: Operations) -> None:
    with pytest.raises(InvalidRows) as caught:
        quick.append_rows(SHARED, [{"n": 1}, {"n": 2**63}])
    (error,) = caught.value.errors
    assert (error.row, error.column, error.value) == (2, "n", str(2**63))
