"""The routes of batches: several datasets at once, each item by itself, as if it had been sent alone."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import msgspec
from litestar import delete, patch, post
from litestar.di import NamedDependency
from litestar.response.base import ASGIResponse

from entrepot.http import examples
from entrepot.http.backend import Backend
from entrepot.http.datasets import document_of
from entrepot.http.documents import BatchDocument, BatchResult
from entrepot.http.exchange import AnyRequest
from entrepot.http.items import items_of, outcome, text_of
from entrepot.http.merging import Changes, changes_of, decode_patch
from entrepot.http.operation import DATASETS, Answer, Body, Operation, told
from entrepot.http.parameters import decode
from entrepot.http.problems import InvalidRequest, UnsupportedMediaType
from entrepot.http.responses import JSON
from entrepot.http.several import Arrival, receive_several
from entrepot.http.uploads import FileUrl
from entrepot_core.dialect import ImportOptions, no_report
from entrepot_core.errors import InvalidOption
from entrepot_core.names import DatasetRef
from entrepot_core.source import NewDataset
from entrepot_core.views import DatasetView

_Item = TypeVar("_Item")


class Common(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is said of all files of a batch; each dataset is named after its file.

    Attributes:
        description: For people.
        tags: Words to find them by.
        published: Whether they are served as collections under their names.
        images: Which of their columns hold images; by default those of published datasets that look like it.
        refresh: After how long their sources, where they are URLs, are to be fetched again, as ``1h``; or ``none``.
    """

    description: str | None = None
    tags: tuple[str, ...] | None = None
    published: bool | None = None
    images: tuple[str, ...] | None = None
    refresh: int | None = None


class ChangesOf(Changes, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What to change in one dataset; ``null`` empties a thing, and what is left out stays as it is.

    Attributes:
        id: The dataset's id or name.
        name: Its new name.
        title: For people.
        description: For people.
        tags: All of its tags; none has a comma.
        published: Whether it is served as a collection under its name.
        images: All of its columns that hold images.
        refresh: After how long its source is to be fetched again: a text as ``1h``, or seconds; ``null`` for never.
    """

    id: str


def _answer(example: object) -> Answer:
    return Answer("What became of each, in the order given.", {JSON: example}, BatchDocument, 207)


@post(
    "/datasets/batch",
    request_max_body_size=None,  # each file has a limit of its own
    opt=told(
        Operation(
            DATASETS,
            _answer(examples.BATCH_ADDED),
            query=(Common, ImportOptions, FileUrl),
            body=Body(form=(Common, ImportOptions, FileUrl), several=True),
            problems=(InvalidOption, InvalidRequest, UnsupportedMediaType),
        )
    ),
)
async def add_datasets(request: AnyRequest, backend: NamedDependency[Backend]) -> ASGIResponse:
    """Add several datasets: each a part of the form called file, or a part called url that says where to fetch it.

    The other fields hold for all of them. One that can't be read harms no other.
    """
    async with receive_several(request, backend, Common, ImportOptions) as arrivals:
        common, options = decode(arrivals.fields, Common), decode(arrivals.fields, ImportOptions)
        details = NewDataset(**msgspec.structs.asdict(common))

        async def add(arrival: Arrival) -> DatasetView:
            land = backend.command if arrival.link is None else backend.fetch
            return await land(backend.operations.add_dataset, arrival.source, details, options, no_report)

        return _results([await _result(request, 201, add, arrival) for arrival in arrivals.files])


@patch(
    "/datasets/batch",
    opt=told(
        Operation(
            DATASETS,
            _answer(examples.BATCH_CHANGED),
            body=Body({JSON: [{"id": "cars", **examples.CHANGES}]}, kind=list[ChangesOf]),
            problems=(InvalidRequest, UnsupportedMediaType),
        )
    ),
)
async def edit_datasets(request: AnyRequest, backend: NamedDependency[Backend]) -> ASGIResponse:
    """Change how several datasets are described, each by a merge patch with the dataset's id or name beside it."""

    async def edit(item: msgspec.Raw) -> DatasetView:
        change = decode_patch(item, ChangesOf)
        return await backend.command(backend.operations.edit_dataset, DatasetRef(change.id), changes_of(change))

    return _results([await _result(request, 200, edit, item) for item in await items_of(request)])


@delete(
    "/datasets/batch",
    status_code=207,
    opt=told(
        Operation(
            DATASETS,
            _answer(examples.BATCH_REMOVED),
            body=Body({JSON: ["cars", "trucks"]}, kind=list[str]),
            problems=(InvalidRequest, UnsupportedMediaType),
        )
    ),
)
async def remove_datasets(request: AnyRequest, backend: NamedDependency[Backend]) -> ASGIResponse:
    """Remove several datasets with all their versions, by their ids or names."""

    async def remove(item: msgspec.Raw) -> None:
        ref = DatasetRef(text_of(item, "id and no name of a dataset"))
        await backend.command(backend.operations.remove_dataset, ref)

    return _results([await _result(request, 204, remove, item) for item in await items_of(request)])


async def _result(
    request: AnyRequest, status: int, work: Callable[[_Item], Awaitable[DatasetView | None]], item: _Item
) -> BatchResult:
    became = await outcome(request, status, work, item)
    if became.problem is not None:
        return BatchResult(became.status, problem=became.problem)
    return BatchResult(became.status, dataset=msgspec.UNSET if became.made is None else document_of(became.made))


def _results(results: list[BatchResult]) -> ASGIResponse:
    return ASGIResponse(body=msgspec.json.encode(BatchDocument(tuple(results))), media_type=JSON, status_code=207)
