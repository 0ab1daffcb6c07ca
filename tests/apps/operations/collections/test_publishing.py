"""What is no collection, through every implementation of ``Operations``: in memory, on disk, over a real server."""

import pytest

from entrepot_core import errors
from entrepot_core.changes import DatasetChanges
from entrepot_core.ports.operations import Operations
from entrepot_core.rows.query import RowQuery
from entrepot_core.views import DatasetView
from tests.contracts.operations import ref


def test_only_what_is_published_is_a_collection(operations: Operations, cars: DatasetView) -> None:
    operations.edit_dataset(ref(cars), DatasetChanges(published=False))
    for read in (operations.read_collection, lambda name, _: operations.get_item(name, "377")):
        with pytest.raises(errors.CollectionNotFound):
            read(cars.name, RowQuery())
        with pytest.raises(errors.CollectionNotFound):
            read("trucks", RowQuery())
