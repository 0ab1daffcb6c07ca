"""No transport lags behind: every operation has its route, command, method and remote implementation."""

import inspect

import pytest

from entrepot import Dataset, Job, Store
from entrepot.cli.app import app as cli
from entrepot.cli.table import FAMILIES
from entrepot.http.app import HttpSettings, create_app
from entrepot.http.openapi import openapi
from entrepot.library.registry import Registry
from entrepot.settings import MEMORY, Settings
from entrepot.wiring import open_home
from entrepot_adapters.http.remote import RemoteOperations
from entrepot_core.ports.collections import CollectionCommands, CollectionQueries
from entrepot_core.ports.operations import Commands, Operations, Queries
from entrepot_core.ports.registry import RecordCommands, RecordQueries
from entrepot_core.use_cases.local import LocalOperations

COVERED = {
    "list_datasets": ("GET /datasets", "list", Store.list),
    "get_dataset": ("GET /datasets/{ds}", "show", Store.__getitem__),
    "describe": ("GET /datasets/{ds}/stats", "stats", Dataset.stats),
    "get_statistics": ("GET /datasets/{ds}/statistics", "statistics", Dataset.statistics),
    "read_rows": ("GET /datasets/{ds}/rows", "rows", Dataset.rows),
    "get_row": ("GET /datasets/{ds}/rows/{row}", "row", Dataset.row),
    "facets": ("GET /datasets/{ds}/facets", "facets", Dataset.facets),
    "list_versions": ("GET /datasets/{ds}/versions", "versions", Dataset.versions),
    "diff": ("GET /datasets/{ds}/diff", "diff", Dataset.diff),
    "search": ("GET /search", "search", Store.search),
    "open_file": ("GET /datasets/{ds}/file", "file", Dataset.file),
    "open_rejects": ("GET /datasets/{ds}/rejects", "rejects", Dataset.rejects),
    "export": ("GET /datasets/{ds}/export", "export", Dataset.export),
    "plot": ("GET /datasets/{ds}/plot", "plot", Dataset.plot),
    "add_dataset": ("POST /datasets", "add", Store.add),
    "replace_dataset": ("PUT /datasets/{ds}", "replace", Dataset.replace),
    "retype_dataset": ("PATCH /datasets/{ds}/schema", "schema", Dataset.retype),
    "edit_dataset": ("PATCH /datasets/{ds}", "edit", Dataset.edit),
    "remove_dataset": ("DELETE /datasets/{ds}", "remove", Dataset.delete),
    "append_rows": ("POST /datasets/{ds}/rows", "append", Dataset.append),
    "update_rows": ("PATCH /datasets/{ds}/rows", "update", Dataset.update),
    "remove_rows": ("DELETE /datasets/{ds}/rows", "drop-rows", Dataset.drop_rows),
    "restore_version": ("POST /datasets/{ds}/restore", "restore", Dataset.restore),
    "list_records": ("GET /metadata", "metadata list", Registry.list),
    "get_record": ("GET /metadata/{record}", "metadata show", Registry.get),
    "get_record_history": ("GET /metadata/{record}/history", "metadata show", Registry.history),
    "add_record": ("POST /metadata", "metadata add", Registry.add),
    "update_record": ("PUT /metadata/{record}", "metadata update", Registry.update),
    "remove_record": ("DELETE /metadata/{record}", "metadata remove", Registry.remove),
    "read_collection": ("GET /api/{name}", "collection", Dataset.collection),
    "get_item": ("GET /api/{name}/{item}", "collection", Dataset.item),
    "list_images": ("GET /datasets/{ds}/images", "images", Dataset.images),
    "open_image": ("GET /images/{image}/{rendition}", "image", Dataset.image),
    "fetch_images": ("POST /datasets/{ds}/images/retry", "images", Dataset.retry_images),
    "begin_fetch_images": ("POST /datasets/{ds}/images/retry", "images", Dataset.retry_images),
    "put_images": ("PUT /datasets/{ds}/images", "images", Dataset.put_images),
    "refresh_dataset": ("POST /datasets/{ds}/refresh", "replace", Dataset.refresh),
    "begin_refresh_dataset": ("POST /datasets/{ds}/refresh", "replace", Dataset.refresh),
    "list_jobs": ("GET /jobs", "jobs list", Store.jobs),
    "get_job": ("GET /jobs/{job}", "jobs show", Store.job),
    "watch_job": ("GET /jobs/{job}/events", "jobs show", Job.wait),
    "begin_add_dataset": ("POST /datasets", "add", Store.add),
    "begin_replace_dataset": ("PUT /datasets/{ds}", "replace", Dataset.replace),
    "cancel_job": ("DELETE /jobs/{job}", "jobs cancel", Job.cancel),
}
"""Operation to its route, its command and its method of the facade."""

BATCHES = {
    "POST /datasets/batch": "add_dataset",
    "PATCH /datasets/batch": "edit_dataset",
    "DELETE /datasets/batch": "remove_dataset",
    "POST /metadata/batch": "add_record",
    "DELETE /metadata/batch": "remove_record",
}
"""The routes that do an operation several times, to the operation."""

OPERATIONS = [
    name
    for half in (Queries, Commands, RecordQueries, RecordCommands, CollectionQueries, CollectionCommands)
    for name in vars(half)
    if not name.startswith("_")
]


def test_every_operation_is_in_the_table() -> None:
    assert set(COVERED) == set(OPERATIONS)


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("implementation", [LocalOperations, RemoteOperations])
def test_an_implementation_has_the_operation_with_its_signature(implementation: type, name: str) -> None:
    assert inspect.signature(getattr(implementation, name)) == inspect.signature(getattr(Operations, name))


def routes() -> set[str]:
    with open_home(MEMORY, Settings()) as home:
        app = create_app(home.operations, home.driven.blobs.stage, checks=dict, settings=HttpSettings())
    paths = openapi(app, "0")["paths"]
    return {f"{method.upper()} {path.rstrip('/')}" for path, item in paths.items() for method in item}


def test_every_operation_has_a_route() -> None:
    assert {route for route, _, _ in COVERED.values()} <= routes()


def test_every_batch_is_of_an_operation_and_has_a_route() -> None:
    assert set(BATCHES.values()) <= set(OPERATIONS)
    assert set(BATCHES) == {route for route in routes() if route.endswith("/batch")}


def test_every_operation_has_a_command() -> None:
    known = {*cli, *(f"{family} {name}" for family in FAMILIES for name in cli[family])}
    assert {command for _, command, _ in COVERED.values()} <= known
