"""The route of a dataset's rows: a page of them as JSON, or all that are selected in another format."""

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response.base import ASGIResponse

from entrepot.http import examples
from entrepot.http.backend import Backend
from entrepot.http.conditions import is_fresh
from entrepot.http.contents import TABLES, stream_table
from entrepot.http.documents import RowsDocument
from entrepot.http.exchange import AnyRequest
from entrepot.http.links import dataset_links, pages, path_to
from entrepot.http.negotiation import choose_format
from entrepot.http.operation import ROWS, Answer, Operation, told
from entrepot.http.parameters import Pinned, TableFormat, asked, query_of
from entrepot.http.problems import NotAcceptable
from entrepot.http.reading import Reading, begin
from entrepot.http.responses import JSON, document, not_modified
from entrepot_core.errors import (
    DatasetNotFound,
    InvalidCursor,
    InvalidOption,
    NotRepresentable,
    UnknownColumn,
    UnknownFormat,
    VersionNotFound,
)
from entrepot_core.formats import TABLE_FORMATS, Format
from entrepot_core.rows.query import RowQuery
from entrepot_core.views import RowsPage

_PROBLEMS = (
    DatasetNotFound, VersionNotFound, InvalidOption, InvalidCursor, UnknownColumn, UnknownFormat, NotAcceptable,
    NotRepresentable,
)  # fmt: skip


@get(
    "/datasets/{ds:str}/rows",
    opt=told(
        Operation(
            ROWS,
            Answer(
                "A page of rows as JSON, or all selected rows in another format.",
                {**TABLES, JSON: examples.ROWS},
                RowsDocument,
                headers={"Link": "Other pages."},
            ),
            query=(RowQuery, TableFormat, Pinned),
            problems=_PROBLEMS,
        )
    ),
)
async def read_rows(request: AnyRequest, backend: NamedDependency[Backend], ds: FromPath[str]) -> ASGIResponse:
    """Read rows: a page of them as JSON; in other formats all that are selected, streamed."""
    named = asked(request, TableFormat).format
    form = choose_format(request, named, TABLE_FORMATS, Format.JSON)
    query = asked(request, RowQuery)
    reading = await begin(request, backend, ds, f"rows-{form}", negotiated=named is None)
    if form is not Format.JSON:
        return await stream_table(reading, form)
    if is_fresh(request, reading.headers["etag"]):
        return not_modified(reading.headers)
    page = await backend.query(backend.operations.read_rows, reading.ref, query, reading.dataset.version)
    return _document(reading, page)


def _document(reading: Reading, page: RowsPage) -> ASGIResponse:
    given = query_of(reading.request)
    if "cursor" in given:  # what it pins, the links that have no cursor must pin too
        given = {**given, "version": [str(page.version)]}
    path = path_to("datasets", reading.dataset.id, "rows")
    around = pages(path, given, limit=page.limit, offset=page.offset, following=page.next)
    links = around.links | {"dataset": dataset_links(reading.dataset, pinned=reading.is_pinned)["self"]}
    rows = RowsDocument(**msgspec.structs.asdict(page), next_url=around.next, links=links)
    tag = reading.headers["etag"]
    return document(reading.request, rows, tag=tag, headers={**reading.headers, "link": around.header})
