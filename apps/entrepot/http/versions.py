"""The routes of a dataset's versions: listing them, showing one, comparing two, and going back to one."""

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response.base import ASGIResponse

from entrepot.http import examples
from entrepot.http.backend import Backend
from entrepot.http.conditions import cache_control, is_fresh, precondition, tag_of_dataset
from entrepot.http.datasets import document_of
from entrepot.http.documents import DatasetDocument, VersionItem, VersionsDocument
from entrepot.http.exchange import AnyRequest
from entrepot.http.links import dataset_links, pages, path_to, version_links
from entrepot.http.merging import read_json
from entrepot.http.operation import HISTORY, Answer, Body, Operation, told
from entrepot.http.parameters import asked, query_of
from entrepot.http.problems import InvalidRequest, UnsupportedMediaType
from entrepot.http.responses import JSON, created, document, not_modified
from entrepot_core.errors import DatasetNotFound, InvalidCursor, InvalidOption, Stale, VersionNotFound
from entrepot_core.names import DatasetRef
from entrepot_core.paging import DEFAULT_LIMIT
from entrepot_core.rows.views import Differences
from entrepot_core.selection import VersionQuery


class Compared(msgspec.Struct, frozen=True):
    """What to compare.

    Attributes:
        before: The number of the first version; by default that of the one before the second.
        after: The number of the second version; the newest by default.
        limit: The most rows that are shown.
    """

    before: int | None = None
    after: int | None = None
    limit: int = DEFAULT_LIMIT


class Restored(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to restore.

    Attributes:
        version: The number of the version to go back to.
    """

    version: int


@get(
    "/datasets/{ds:str}/versions",
    opt=told(
        Operation(
            HISTORY,
            Answer("A page of versions.", {JSON: examples.HISTORY}, VersionsDocument, headers={"Link": "Other pages."}),
            query=(VersionQuery,),
            problems=(DatasetNotFound, InvalidOption, InvalidCursor),
        )
    ),
)
async def list_versions(request: AnyRequest, backend: NamedDependency[Backend], ds: FromPath[str]) -> ASGIResponse:
    """List a dataset's versions, the newest first, and how each came to be."""
    dataset = await backend.query(backend.operations.get_dataset, DatasetRef(ds))
    query = asked(request, VersionQuery)
    page = await backend.query(backend.operations.list_versions, DatasetRef(dataset.id), query)
    path, given = path_to("datasets", dataset.id, "versions"), query_of(request)
    around = pages(path, given, limit=page.limit, offset=page.offset, following=page.next)
    listed = VersionsDocument(
        items=tuple(
            VersionItem(**msgspec.structs.asdict(one), links=version_links(dataset.id, one.version))
            for one in page.items
        ),
        total=page.total,
        limit=page.limit,
        offset=page.offset,
        next=page.next,
        next_url=around.next,
        links=around.links | {"dataset": dataset_links(dataset, pinned=False)["self"]},
    )
    return document(request, listed, headers={"link": around.header})


@get(
    "/datasets/{ds:str}/versions/{number:int}",
    opt=told(
        Operation(
            HISTORY,
            Answer("The dataset at that version.", {JSON: examples.DATASET}, DatasetDocument),
            problems=(DatasetNotFound, InvalidRequest, VersionNotFound),
        )
    ),
)
async def get_dataset_version(
    request: AnyRequest, backend: NamedDependency[Backend], ds: FromPath[str], number: FromPath[int]
) -> ASGIResponse:
    """Show a dataset at one of its versions, as `?version=` does."""
    dataset = await backend.query(backend.operations.get_dataset, DatasetRef(ds), number)
    return document(request, document_of(dataset, pinned=True), tag=tag_of_dataset(dataset))


@post(
    "/datasets/{ds:str}/restore",
    opt=told(
        Operation(
            HISTORY,
            Answer(
                "The dataset at its new version.",
                {JSON: examples.DATASET},
                DatasetDocument,
                201,
                {"Location": "Where the new version is."},
            ),
            body=Body({JSON: examples.RESTORE}, kind=Restored),
            problems=(DatasetNotFound, InvalidRequest, Stale, UnsupportedMediaType, VersionNotFound),
        )
    ),
)
async def restore_version(request: AnyRequest, backend: NamedDependency[Backend], ds: FromPath[str]) -> ASGIResponse:
    """Make an older version the next one, with its file and all. Nothing in between is lost."""
    wish = await read_json(request, Restored)
    ref, expected = await precondition(request, backend, DatasetRef(ds))
    dataset = await backend.command(backend.operations.restore_version, ref, wish.version, expected)
    where = path_to("datasets", dataset.id, "versions", str(dataset.version))
    return created(document_of(dataset), where, tag_of_dataset(dataset))


@get(
    "/datasets/{ds:str}/diff",
    opt=told(
        Operation(
            HISTORY,
            Answer("How the versions differ.", {JSON: examples.DIFFERENCES}, Differences),
            query=(Compared,),
            problems=(DatasetNotFound, InvalidOption, VersionNotFound),
        )
    ),
)
async def compare_versions(request: AnyRequest, backend: NamedDependency[Backend], ds: FromPath[str]) -> ASGIResponse:
    """Compare two versions: their columns, and their rows by their numbers."""
    wish = asked(request, Compared)
    dataset = await backend.query(backend.operations.get_dataset, DatasetRef(ds), wish.after)
    headers = {
        "etag": tag_of_dataset(dataset, "diff"),
        "cache-control": cache_control(DatasetRef(ds), wish.before and wish.after),
    }
    if is_fresh(request, headers["etag"]):
        return not_modified(headers)
    before = max(1, dataset.version - 1) if wish.before is None else wish.before
    found = await backend.query(backend.operations.diff, DatasetRef(dataset.id), before, dataset.version, wish.limit)
    return document(request, found, tag=headers["etag"], headers=headers)
