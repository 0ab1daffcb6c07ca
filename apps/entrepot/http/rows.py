"""The routes that read a dataset's rows: a page or all that are selected, one of them, and counts of values."""

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
from entrepot.http.exchange import AnyRequest, exchange_of
from entrepot.http.links import dataset_links, pages, path_to
from entrepot.http.negotiation import choose_format
from entrepot.http.operation import ROWS, Answer, Operation, told
from entrepot.http.parameters import Pinned, TableFormat, asked, query_of
from entrepot.http.problems import InvalidRequest, NotAcceptable, RangeNotSatisfiable
from entrepot.http.reading import Reading, begin
from entrepot.http.responses import JSON, document, not_modified
from entrepot_core.errors import (
    DatasetNotFound,
    InvalidCursor,
    InvalidFilter,
    InvalidOption,
    NotRepresentable,
    RowNotFound,
    UnknownColumn,
    UnknownFormat,
    VersionNotFound,
)
from entrepot_core.formats import TABLE_FORMATS, Format
from entrepot_core.names import DatasetRef
from entrepot_core.rows.query import FacetQuery, RowQuery
from entrepot_core.rows.views import Facets
from entrepot_core.views import RowsPage

_PROBLEMS = (
    DatasetNotFound, VersionNotFound, InvalidOption, InvalidCursor, InvalidFilter, UnknownColumn, UnknownFormat,
    NotAcceptable, NotRepresentable, RangeNotSatisfiable,
)  # fmt: skip

_ANSWERS = {JSON: examples.ROWS, **{kind: example for kind, example in TABLES.items() if kind != JSON}}
"""By media type; what comes unless another is asked for is first, as makers of clients go by that."""


@get(
    "/datasets/{ds:str}/rows",
    opt=told(
        Operation(
            ROWS,
            Answer(
                "A page of rows as JSON, or all selected rows in another format.",
                _ANSWERS,
                RowsDocument,
                headers={"Link": "Other pages."},
            ),
            query=(RowQuery, TableFormat, Pinned),
            problems=_PROBLEMS,
        )
    ),
)
async def read_rows(request: AnyRequest, backend: NamedDependency[Backend], ds: FromPath[str]) -> ASGIResponse:
    """Read rows: a page of them as JSON; in other formats all that are selected, streamed.

    The whole table as Parquet can be had in parts.

    Every parameter that is none of those below is a filter. Times are in UTC; a column that is called like one of the
    parameters is reached as `limit__exact`.
    """
    named = asked(request, TableFormat).format
    form = choose_format(request, named, TABLE_FORMATS, Format.JSON)
    query = asked(request, RowQuery)
    named_form, titled = f"rows-{form}", form is Format.XLSX
    reading = await begin(request, backend, ds, named_form, negotiated=named is None, titled=titled, query=query)
    if form is not Format.JSON:
        return await stream_table(reading, form)
    exchange_of(request.scope).may_be_kept = True
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


@get(
    "/datasets/{ds:str}/rows/{row:int}",
    opt=told(
        Operation(
            ROWS,
            Answer("The row.", {JSON: examples.ROW}, dict[str, object]),
            query=(Pinned,),
            problems=(DatasetNotFound, InvalidOption, InvalidRequest, VersionNotFound, RowNotFound),
        )
    ),
)
async def get_row(
    request: AnyRequest, backend: NamedDependency[Backend], ds: FromPath[str], row: FromPath[int]
) -> ASGIResponse:
    """Read one row, by its number: a flat object."""

    def read(ref: DatasetRef, version: int) -> msgspec.Raw:
        return backend.operations.get_row(ref, row, version).row

    return await (await begin(request, backend, ds, "row")).document(read)


@get(
    "/datasets/{ds:str}/facets",
    opt=told(
        Operation(
            ROWS,
            Answer("The most frequent values of each column.", {JSON: examples.FACETS}, Facets),
            query=(FacetQuery, Pinned),
            needed={"columns": ["make"]},
            problems=(DatasetNotFound, VersionNotFound, InvalidOption, InvalidFilter, UnknownColumn),
        )
    ),
)
async def get_facets(request: AnyRequest, backend: NamedDependency[Backend], ds: FromPath[str]) -> ASGIResponse:
    """Count the values of some columns among the rows that fit, the most frequent first."""
    query = asked(request, FacetQuery)
    reading = await begin(request, backend, ds, "facets")
    return await reading.document(lambda ref, version: backend.operations.facets(ref, query, version))
