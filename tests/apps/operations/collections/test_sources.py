"""Sources that are fetched again, through every implementation of ``Operations``: in memory, on disk, on a server."""

import pytest

from entrepot_core import errors
from entrepot_core.changes import DatasetChanges
from entrepot_core.dialect import ImportOptions, no_report
from entrepot_core.names import DatasetRef
from entrepot_core.ports.operations import Operations, Source
from entrepot_core.source import Label, Link, NewDataset
from entrepot_core.views import DatasetView
from tests.apps.operations.collections.conftest import CARS, ended
from tests.contracts.operations import ref
from tests.sources import Sources


def test_a_source_is_fetched_again(operations: Operations, cars: DatasetView, source: Sources) -> None:
    assert operations.refresh_dataset(ref(cars), no_report).version == 1
    source.gives("/cars.csv", CARS.replace("Bo", "Bob").encode())
    again = operations.refresh_dataset(ref(cars), lambda *_: None)
    assert (again.version, again.rows) == (2, 4)
    with pytest.raises(errors.Stale):
        operations.refresh_dataset(ref(cars), no_report, cars.revision)
    source.gives("/cars.csv", CARS.encode())
    done = ended(operations, operations.begin_refresh_dataset(ref(cars), again.revision))
    assert (done.kind, done.state, done.dataset, done.version) == ("refresh", "succeeded", cars.id, 3)


def test_what_came_from_no_url_is_not_fetched_again(operations: Operations) -> None:
    added = operations.add_dataset(Source([b"a\n1\n"], Label("a.csv")), NewDataset(), ImportOptions(), no_report)
    with pytest.raises(errors.NoSource):
        operations.refresh_dataset(ref(added), no_report)
    with pytest.raises(errors.DatasetNotFound):
        operations.refresh_dataset(DatasetRef("trucks"), no_report)


def test_how_a_dataset_is_shown_is_changed(operations: Operations, cars: DatasetView) -> None:
    changes = DatasetChanges(published=False, images=("make", "photo"), refresh=5_400)
    changed = operations.edit_dataset(ref(cars), changes)
    assert (changed.published, changed.images, changed.refresh and changed.refresh.every) == (
        False,
        ("make", "photo"),
        5_400,
    )
    link = Source(Link(changed.refresh.url if changed.refresh else ""))
    again = operations.replace_dataset(
        ref(cars), link, DatasetChanges(published=True, images=(), refresh=0), ImportOptions(), no_report
    )
    assert (again.published, again.images, again.refresh and again.refresh.every) == (True, (), None)
