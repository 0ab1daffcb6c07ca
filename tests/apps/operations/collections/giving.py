"""Lists whose source gives something else later."""

import json
from typing import Any

import pytest

from entrepot_core.dialect import ImportOptions, no_report
from entrepot_core.errors import MalformedInput
from entrepot_core.names import DatasetName
from entrepot_core.ports.operations import Operations, Source
from entrepot_core.rows.query import RowQuery
from entrepot_core.source import Link, NewDataset
from entrepot_core.views import DatasetView
from tests.contracts.operations import ref
from tests.sources import Sources


def land(operations: Operations, source: Sources, content: str | bytes, path: str = "/list.csv") -> DatasetView:
    """Land what a source gives."""
    give(source, content, path)
    new = NewDataset(name=DatasetName("list"), published=True)
    return operations.add_dataset(Source(Link(f"{source.url}{path}")), new, ImportOptions(), no_report)


def give(source: Sources, content: str | bytes, path: str = "/list.csv") -> None:
    """Have a source give something else from now on."""
    source.gives(path, content.encode() if isinstance(content, str) else content)


def types(dataset: DatasetView) -> dict[str, str]:
    """The types of its columns."""
    return {field.name: str(field.type) for field in dataset.schema.fields}


def values(operations: Operations, dataset: DatasetView, column: str) -> list[Any]:
    """The values of a column."""
    page = operations.read_rows(ref(dataset), RowQuery(limit=None))
    return [row[column] for row in json.loads(bytes(page.rows))]


def refused(operations: Operations, dataset: DatasetView) -> str:
    """Why what the source gives now is refused, as the dataset tells it too."""
    with pytest.raises(MalformedInput) as caught:
        operations.refresh_dataset(ref(dataset), no_report)
    told = operations.get_dataset(ref(dataset))
    assert told.refresh is not None
    assert (told.version, told.refresh.problem) == (dataset.version, str(caught.value))
    return str(caught.value)
