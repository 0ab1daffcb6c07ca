"""The routes of datasets: listing, adding, changing and removing them."""

from functools import partial

import msgspec
from litestar import delete, get, patch, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Response
from litestar.response.base import ASGIResponse

from entrepot.http import examples
from entrepot.http.backend import Backend
from entrepot.http.conditions import precondition, tag_of_dataset
from entrepot.http.documents import DatasetDocument, DatasetsDocument, JobDocument
from entrepot.http.exchange import AnyRequest, exchange_of
from entrepot.http.jobs import APPLIED, begun_with, prefers_async
from entrepot.http.links import dataset_links, pages, path_to
from entrepot.http.merging import PATCHES, Changes, changes_of, read_patch
from entrepot.http.operation import DATASETS, Answer, Body, Operation, told
from entrepot.http.parameters import Given, Pinned, asked, decode, query_of
from entrepot.http.problems import InvalidRequest, UnsupportedMediaType
from entrepot.http.responses import JSON, changed, created, document, entity
from entrepot.http.uploads import FileName, FileUrl, receive
from entrepot_core.changes import DatasetChanges
from entrepot_core.dialect import ImportOptions, no_report
from entrepot_core.errors import (
    AddressRefused,
    Cancelled,
    DatasetNotFound,
    EmptyInput,
    FetchFailed,
    InvalidCursor,
    InvalidName,
    InvalidOption,
    LimitExceeded,
    MalformedInput,
    NameTaken,
    NoSource,
    Stale,
    UnknownColumn,
    UnreadableInput,
    UploadTooLarge,
    VersionNotFound,
)
from entrepot_core.names import DatasetRef
from entrepot_core.ports.operations import Operations
from entrepot_core.selection import DatasetQuery
from entrepot_core.source import NewDataset
from entrepot_core.views import DatasetView

REFUSALS = (
    InvalidOption,
    InvalidRequest,
    UnknownColumn,
    InvalidName,
    EmptyInput,
    MalformedInput,
    UnreadableInput,
    UploadTooLarge,
    UnsupportedMediaType,
    LimitExceeded,
    FetchFailed,
    AddressRefused,
    Cancelled,
)
_FILE = {"text/csv": examples.CSV, "application/json": examples.ARRAY, "application/octet-stream": examples.BINARY}
_DEFERRED = Answer(
    "The file has come; a job reads it in.",
    {JSON: examples.RUNNING},
    JobDocument,
    202,
    {"Location": "Where the job is.", APPLIED: "That the wish was granted."},
)
_IF_MATCH = "Send the dataset's ETag as If-Match to change only what you have seen."


@get(
    "/datasets",
    opt=told(
        Operation(
            DATASETS,
            Answer(
                "A page of datasets.", {JSON: examples.DATASETS}, DatasetsDocument, headers={"Link": "Other pages."}
            ),
            query=(DatasetQuery,),
            problems=(InvalidOption, InvalidCursor),
        )
    ),
)
async def list_datasets(request: AnyRequest, backend: NamedDependency[Backend]) -> ASGIResponse:
    """List datasets, newest first, with filters and pages."""
    body, link = await backend.query(_listed, backend.operations, query_of(request))
    return entity(request, body, JSON, headers={"link": link})


def _listed(operations: Operations, given: Given) -> tuple[bytes, str]:
    """A page of datasets, encoded, and its ``Link`` header; a long page is too much work for the event loop."""
    page = operations.list_datasets(decode(given, DatasetQuery))
    around = pages(path_to("datasets"), given, limit=page.limit, offset=page.offset, following=page.next)
    listed = DatasetsDocument(
        items=tuple(document_of(dataset) for dataset in page.items),
        total=page.total,
        limit=page.limit,
        offset=page.offset,
        next=page.next,
        next_url=around.next,
        links=around.links,
    )
    return msgspec.json.encode(listed), around.header


@post(
    "/datasets",
    request_max_body_size=None,  # uploads have a limit of their own
    opt=told(
        Operation(
            DATASETS,
            Answer(
                "The new dataset.",
                {JSON: examples.DATASET},
                DatasetDocument,
                201,
                {"Location": "Where the dataset is."},
            ),
            query=(NewDataset, ImportOptions, FileName, FileUrl),
            body=Body(_FILE, form=(NewDataset, ImportOptions, FileName, FileUrl)),
            problems=(*REFUSALS, NameTaken),
            deferred=_DEFERRED,
        )
    ),
)
async def add_dataset(request: AnyRequest, backend: NamedDependency[Backend]) -> ASGIResponse:
    """Add a dataset: a file, as the body or as a form's part called file, or the url to fetch it from.

    The other fields stand in the query or in the form; what is left out is found by looking at the file. With the
    header `Prefer: respond-async` a job reads the file in, and the answer is where to follow it.
    """
    async with receive(request, backend, NewDataset, ImportOptions) as upload:
        details, options = decode(upload.fields, NewDataset), decode(upload.fields, ImportOptions)
        if prefers_async(request):
            begin = partial(backend.operations.begin_add_dataset, upload.source, details, options, no_report)
            return await begun_with(backend, upload, begin)
        land = backend.fetch if upload.is_fetched else backend.command
        added = await land(backend.operations.add_dataset, upload.source, details, options, no_report)
    return created(document_of(added), path_to("datasets", added.id), tag_of_dataset(added))


@get(
    "/datasets/{ds:str}",
    opt=told(
        Operation(
            DATASETS,
            Answer("The dataset.", {JSON: examples.DATASET}, DatasetDocument, headers={"ETag": _IF_MATCH}),
            query=(Pinned,),
            problems=(DatasetNotFound, VersionNotFound),
        )
    ),
)
async def get_dataset(request: AnyRequest, backend: NamedDependency[Backend], ds: FromPath[str]) -> ASGIResponse:
    """Show a dataset, by its id or its name."""
    exchange_of(request.scope).may_be_kept = True
    version = asked(request, Pinned).version
    dataset = await backend.query(backend.operations.get_dataset, DatasetRef(ds), version)
    return document(request, document_of(dataset, pinned=version is not None), tag=tag_of_dataset(dataset))


@put(
    "/datasets/{ds:str}",
    request_max_body_size=None,  # uploads have a limit of their own
    opt=told(
        Operation(
            DATASETS,
            Answer("The dataset at its new version.", {JSON: examples.DATASET}, DatasetDocument),
            query=(DatasetChanges, ImportOptions, FileName, FileUrl),
            body=Body(_FILE, form=(DatasetChanges, ImportOptions, FileName, FileUrl)),
            problems=(*REFUSALS, DatasetNotFound, NameTaken, Stale),
            deferred=_DEFERRED,
        )
    ),
)
async def replace_dataset(request: AnyRequest, backend: NamedDependency[Backend], ds: FromPath[str]) -> ASGIResponse:
    """Replace a dataset's content by that of a new file, which makes its next version.

    Import options that are not given are those of the version before. `Prefer: respond-async` makes it a job.
    """
    ref, expected = await precondition(request, backend, DatasetRef(ds))
    async with receive(request, backend, DatasetChanges, ImportOptions) as upload:
        changes, options = decode(upload.fields, DatasetChanges), decode(upload.fields, ImportOptions)
        given = (ref, upload.source, changes, options, no_report, expected)
        if prefers_async(request):
            return await begun_with(backend, upload, partial(backend.operations.begin_replace_dataset, *given))
        has_images = bool((await backend.query(backend.operations.get_dataset, ref)).images)
        land = backend.fetch if has_images or upload.is_fetched else backend.command
        dataset = await land(backend.operations.replace_dataset, *given)
    return changed(document_of(dataset), tag_of_dataset(dataset))


@patch(
    "/datasets/{ds:str}",
    opt=told(
        Operation(
            DATASETS,
            Answer("The changed dataset.", {JSON: examples.DATASET}, DatasetDocument),
            body=Body(dict.fromkeys(PATCHES, examples.CHANGES), kind=Changes),
            problems=(
                DatasetNotFound,
                InvalidName,
                InvalidOption,
                InvalidRequest,
                NameTaken,
                NoSource,
                Stale,
                UnsupportedMediaType,
            ),
        )
    ),
)
async def edit_dataset(request: AnyRequest, backend: NamedDependency[Backend], ds: FromPath[str]) -> ASGIResponse:
    """Change how a dataset is described, by a JSON merge patch."""
    changes = changes_of(await read_patch(request, Changes))
    ref, expected = await precondition(request, backend, DatasetRef(ds))
    dataset = await backend.command(backend.operations.edit_dataset, ref, changes, expected)
    return changed(document_of(dataset), tag_of_dataset(dataset))


@delete(
    "/datasets/{ds:str}",
    opt=told(Operation(DATASETS, Answer("It is gone.", status=204), problems=(DatasetNotFound, Stale))),
)
async def remove_dataset(request: AnyRequest, backend: NamedDependency[Backend], ds: FromPath[str]) -> Response[None]:
    """Remove a dataset with all its versions."""
    ref, expected = await precondition(request, backend, DatasetRef(ds))
    await backend.command(backend.operations.remove_dataset, ref, expected)
    return Response(None, status_code=204)


def document_of(dataset: DatasetView, *, pinned: bool = False) -> DatasetDocument:
    """A dataset with its links."""
    return DatasetDocument(**msgspec.structs.asdict(dataset), links=dataset_links(dataset, pinned=pinned))
