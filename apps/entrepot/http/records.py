"""The routes of the metadata registry."""

import msgspec
from litestar import delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response.base import ASGIResponse

from entrepot.http import examples_records as examples
from entrepot.http.backend import Backend
from entrepot.http.conditions import tags_expected
from entrepot.http.documents_records import (
    EntryBody,
    HistoryDocument,
    RecordDocument,
    RecordResult,
    RecordResults,
    RecordsDocument,
    history_links,
    path_to_record,
    record_links,
)
from entrepot.http.exchange import AnyRequest
from entrepot.http.items import MOST_BATCH_BYTES, Outcome, items_of, outcome, text_of
from entrepot.http.links import pages, path_to
from entrepot.http.merging import decode_object
from entrepot.http.operation import METADATA, Answer, Body, Operation, told
from entrepot.http.parameters import asked, query_of
from entrepot.http.problems import InvalidRequest, UnsupportedMediaType
from entrepot.http.responses import JSON, document
from entrepot.http.uploads import read_text
from entrepot_core.errors import (
    InvalidCursor,
    InvalidOption,
    InvalidPayload,
    InvalidRecord,
    NoRecords,
    RecordNotFound,
    Stale,
)
from entrepot_core.json_text import decode_json
from entrepot_core.record import Record, RecordEntry, RecordQuery

_WRITING = (InvalidRequest, UnsupportedMediaType, InvalidRecord, InvalidPayload)
_ENTRY = Body({JSON: examples.ENTRY}, kind=EntryBody)


def document_of(record: Record) -> RecordDocument:
    """A record with its links."""
    return RecordDocument(**msgspec.structs.asdict(record), links=record_links(record))


@get(
    "/metadata",
    opt=told(
        Operation(
            METADATA,
            Answer("A page of records.", {JSON: examples.RECORDS}, RecordsDocument, headers={"Link": "Other pages."}),
            query=(RecordQuery,),
            problems=(NoRecords, InvalidOption, InvalidCursor),
        )
    ),
)
async def list_records(request: AnyRequest, backend: NamedDependency[Backend]) -> ASGIResponse:
    """List the records that fit, the oldest first; where none does, 404."""
    page = await backend.query(backend.operations.list_records, asked(request, RecordQuery))
    if not page.total:
        raise NoRecords
    path = path_to("metadata").rstrip("/")
    around = pages(path, query_of(request), limit=page.limit, offset=page.offset, following=page.next)
    listed = RecordsDocument(
        items=tuple(document_of(record) for record in page.items),
        total=page.total,
        limit=page.limit,
        offset=page.offset,
        next=page.next,
        next_url=around.next,
        links=around.links,
    )
    return document(request, listed, headers={"link": around.header})


@post(
    "/metadata",
    status_code=200,
    opt=told(
        Operation(
            METADATA,
            Answer("The record.", {JSON: examples.RECORD}, RecordDocument, headers={"Location": "Where it is."}),
            body=_ENTRY,
            problems=_WRITING,
        )
    ),
)
async def add_record(request: AnyRequest, backend: NamedDependency[Backend]) -> ASGIResponse:
    """Register a record: a name, and a payload that fits the store's schema."""
    record = await backend.command(backend.operations.add_record, await _entry(request))
    return _written(record, {"location": path_to_record(record.id)})


@get(
    "/metadata/{record:str}",
    opt=told(
        Operation(
            METADATA,
            Answer("The record.", {JSON: examples.RECORD}, RecordDocument),
            problems=(RecordNotFound,),
            path_example=examples.ID,
        )
    ),
)
async def get_record(request: AnyRequest, backend: NamedDependency[Backend], record: FromPath[str]) -> ASGIResponse:
    """Show a record."""
    found = await backend.query(backend.operations.get_record, record)
    return document(request, document_of(found), tag=f'"{found.tag}"')


@put(
    "/metadata/{record:str}",
    opt=told(
        Operation(
            METADATA,
            Answer("The record as it is now.", {JSON: examples.RECORD}, RecordDocument),
            body=_ENTRY,
            problems=(RecordNotFound, Stale, *_WRITING),
            path_example=examples.ID,
        )
    ),
)
async def update_record(request: AnyRequest, backend: NamedDependency[Backend], record: FromPath[str]) -> ASGIResponse:
    """Give a record another name and payload; its history keeps what it was."""
    entry, expected = await _entry(request), await _expected(request, backend, record)
    return _written(await backend.command(backend.operations.update_record, record, entry, expected))


@delete(
    "/metadata/{record:str}",
    status_code=200,
    opt=told(
        Operation(
            METADATA,
            Answer("The record that was removed.", {JSON: examples.RECORD}, RecordDocument),
            problems=(RecordNotFound, Stale),
            path_example=examples.ID,
        )
    ),
)
async def remove_record(request: AnyRequest, backend: NamedDependency[Backend], record: FromPath[str]) -> ASGIResponse:
    """Remove a record with its history."""
    expected = await _expected(request, backend, record)
    return _written(await backend.command(backend.operations.remove_record, record, expected))


@get(
    "/metadata/{record:str}/history",
    opt=told(
        Operation(
            METADATA,
            Answer("All that it was, the newest first.", {JSON: examples.HISTORY}, HistoryDocument),
            problems=(RecordNotFound,),
            path_example=examples.ID,
        )
    ),
)
async def get_record_history(
    request: AnyRequest, backend: NamedDependency[Backend], record: FromPath[str]
) -> ASGIResponse:
    """Show all that a record ever was."""
    found = await backend.query(backend.operations.get_record_history, record)
    return document(request, HistoryDocument(items=found.items, links=history_links(record)))


@post(
    "/metadata/batch",
    status_code=207,
    opt=told(
        Operation(
            METADATA,
            Answer("What became of each, in the order given.", {JSON: examples.BATCH}, RecordResults, 207),
            body=Body({JSON: [examples.ENTRY, {"name": "trains", "payload": "{}"}]}, kind=list[EntryBody]),
            problems=(InvalidRequest, UnsupportedMediaType),
        )
    ),
)
async def add_records(request: AnyRequest, backend: NamedDependency[Backend]) -> ASGIResponse:
    """Register several records; one that does not fit harms no other."""

    async def add(item: msgspec.Raw) -> Record:
        return await backend.command(backend.operations.add_record, _read(item))

    return _results([await outcome(request, 200, add, item) for item in await items_of(request)])


@delete(
    "/metadata/batch",
    status_code=207,
    opt=told(
        Operation(
            METADATA,
            Answer("What became of each, in the order given.", {JSON: examples.BATCH}, RecordResults, 207),
            body=Body({JSON: [examples.ID]}, kind=list[str]),
            problems=(InvalidRequest, UnsupportedMediaType),
        )
    ),
)
async def remove_records(request: AnyRequest, backend: NamedDependency[Backend]) -> ASGIResponse:
    """Remove several records with their histories, by their ids."""

    async def remove(item: msgspec.Raw) -> Record:
        return await backend.command(backend.operations.remove_record, text_of(item, "id of a record"))

    return _results([await outcome(request, 200, remove, item) for item in await items_of(request)])


async def _expected(request: AnyRequest, backend: Backend, record: str) -> str | None:
    """The tag that the record has to have, if the client says by ``If-Match`` how it knows it.

    Raises:
        RecordNotFound: There is none.
        Stale: The client knows it as it was.
    """
    known = tags_expected(request)
    if known is None:
        return None
    found = await backend.query(backend.operations.get_record, record)
    if found.tag not in known:
        raise Stale(ref=found.name)
    return found.tag


async def _entry(request: AnyRequest) -> RecordEntry:
    if request.content_type[0].lower() != JSON:
        raise UnsupportedMediaType(reason=f"Send a JSON object with name and payload, as {JSON}.")
    return _read(await read_text(request, MOST_BATCH_BYTES))


def _read(body: bytes | msgspec.Raw) -> RecordEntry:
    """A name and a payload, which may be a JSON object or its text.

    Raises:
        InvalidRequest: It is no object with these two.
        InvalidRecord: The name can't be one.
    """
    given = decode_object(body, EntryBody, "record", inside=False)  # of its payload it is said with a place
    text = bytes(given.payload)
    try:
        payload = decode_json(text, str) if text.startswith(b'"') else text.decode()
    except msgspec.MsgspecError as error:
        raise InvalidRequest(reason=f"This is no record: {error}.") from error
    return RecordEntry(name=given.name, payload=payload)


def _written(record: Record, headers: dict[str, str] | None = None) -> ASGIResponse:
    body = msgspec.json.encode(document_of(record))
    return ASGIResponse(body=body, media_type=JSON, headers={"etag": f'"{record.tag}"', **(headers or {})})


def _results(outcomes: list[Outcome[Record]]) -> ASGIResponse:
    results = tuple(
        RecordResult(one.status, problem=one.problem or msgspec.UNSET)
        if one.made is None
        else RecordResult(one.status, record=document_of(one.made))
        for one in outcomes
    )
    return ASGIResponse(body=msgspec.json.encode(RecordResults(results)), media_type=JSON, status_code=207)
