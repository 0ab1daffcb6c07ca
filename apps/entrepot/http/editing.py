"""The routes that change rows: each makes the dataset's next version, all of it or nothing."""

from collections.abc import Callable

import msgspec
from attrs import frozen
from litestar import delete, patch, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Response
from litestar.response.base import ASGIResponse

from entrepot.http import examples
from entrepot.http.backend import Backend
from entrepot.http.conditions import precondition, tag_of
from entrepot.http.documents import ChangedRows
from entrepot.http.exchange import AnyRequest
from entrepot.http.links import path_to
from entrepot.http.merging import PATCHES
from entrepot.http.operation import ROWS, Answer, Body, Operation, told
from entrepot.http.parameters import asked
from entrepot.http.problems import InvalidRequest, UnsupportedMediaType
from entrepot.http.responses import JSON
from entrepot.http.row_bodies import read_numbers, read_row, read_rows, rows_body
from entrepot_core.errors import (
    DatasetNotFound,
    InvalidFilter,
    InvalidOption,
    InvalidRows,
    MalformedInput,
    NoFilter,
    RowNotFound,
    Stale,
    UnknownColumn,
    VersionNotFound,
)
from entrepot_core.names import DatasetRef
from entrepot_core.ports.operations import Operations
from entrepot_core.rows.edits import MOST_ROW_ID
from entrepot_core.rows.query import RowFilter
from entrepot_core.rows.views import RowsChanged, RowView

TAG = {"ETag": "The dataset's, for the next If-Match."}
_PROBLEMS = (DatasetNotFound, InvalidRequest, InvalidRows, MalformedInput, Stale, UnsupportedMediaType)
CHANGED = Answer(
    "The version that was made, and the rows' numbers.", {JSON: examples.CHANGED}, ChangedRows, headers=TAG
)
CHANGED_ROW = Answer("The row as it is now.", {JSON: examples.ROW}, dict[str, object], headers=TAG)


@frozen
class Edit:
    """An edit that was made.

    Attributes:
        ref: The dataset, by its id.
        made: What it made.
    """

    ref: DatasetRef
    made: RowsChanged

    @property
    def tag(self) -> str:
        """The dataset's entity tag since."""
        return tag_of(self.ref, self.made.revision, self.made.version)

    def answer(self, status: int = 200, **headers: str) -> ASGIResponse:
        """Tell which version was made, and the numbers of the rows."""
        body = msgspec.json.encode(ChangedRows(self.made.version, self.made.ids))
        return ASGIResponse(body=body, status_code=status, media_type=JSON, headers={"etag": self.tag, **headers})


async def make_edit(
    request: AnyRequest,
    backend: Backend,
    ds: str,
    edit: Callable[[DatasetRef, int | None], RowsChanged],
) -> Edit:
    """Make an edit of what the client has seen, if it says what that was."""
    ref, expected = await precondition(request, backend, DatasetRef(ds))
    return Edit(ref, await backend.command(edit, ref, expected))


@post(
    "/datasets/{ds:str}/rows",
    request_max_body_size=None,  # rows_body has a limit of its own
    opt=told(
        Operation(
            ROWS,
            Answer(
                "The version that was made, and the new rows' numbers.",
                {JSON: examples.APPENDED},
                ChangedRows,
                201,
                {**TAG, "Location": "Where the row is, if it is one."},
            ),
            body=Body({JSON: examples.ARRAY}, kind=dict[str, object] | list[dict[str, object]]),
            problems=_PROBLEMS,
        )
    ),
)
async def append_rows(request: AnyRequest, backend: NamedDependency[Backend], ds: FromPath[str]) -> ASGIResponse:
    """Add rows: an object, or a list of objects, of columns and their values. Columns that aren't given are null.

    Dates and times are ISO 8601, binary is base64. A body has at most 32 MiB and 100,000 rows.
    """
    body, append = await rows_body(request), backend.operations.append_rows
    edit = await make_edit(request, backend, ds, lambda ref, expected: append(ref, read_rows(body), expected))
    ids = edit.made.ids
    where = {"location": path_to("datasets", edit.ref, "rows", str(ids[0])).rstrip("/")} if len(ids) == 1 else {}
    return edit.answer(201, **where)


@put(
    "/datasets/{ds:str}/rows",
    request_max_body_size=None,  # as above
    opt=told(
        Operation(
            ROWS, CHANGED, body=Body({JSON: examples.WHOLE_ROWS}, kind=list[dict[str, object]]),
            problems=(*_PROBLEMS, RowNotFound),
        )
    ),
)  # fmt: skip
async def replace_rows(request: AnyRequest, backend: NamedDependency[Backend], ds: FromPath[str]) -> ASGIResponse:
    """Replace several rows, each named by its _id. Columns that aren't given become null."""
    return await _update(request, backend, ds, whole=True)


@patch(
    "/datasets/{ds:str}/rows",
    request_max_body_size=None,  # as above
    opt=told(
        Operation(
            ROWS, CHANGED, body=Body(dict.fromkeys(PATCHES, examples.CHANGED_ROWS), kind=list[dict[str, object]]),
            problems=(*_PROBLEMS, RowNotFound),
        )
    ),
)  # fmt: skip
async def update_rows(request: AnyRequest, backend: NamedDependency[Backend], ds: FromPath[str]) -> ASGIResponse:
    """Change several rows, each named by its _id. Columns that aren't given stay as they are."""
    return await _update(request, backend, ds, whole=False)


async def _update(request: AnyRequest, backend: Backend, ds: str, *, whole: bool) -> ASGIResponse:
    body, update = await rows_body(request), backend.operations.update_rows
    edit = await make_edit(
        request, backend, ds, lambda ref, expected: update(ref, read_rows(body), expected, whole=whole)
    )
    return edit.answer()


@delete(
    "/datasets/{ds:str}/rows",
    status_code=200,
    request_max_body_size=None,  # as above
    opt=told(
        Operation(
            ROWS,
            CHANGED,
            query=(RowFilter,),
            body=Body({JSON: [1, 2]}, kind=list[int], is_required=False),
            problems=(
                DatasetNotFound, InvalidFilter, InvalidOption, InvalidRequest, NoFilter, RowNotFound, Stale,
                UnknownColumn, UnsupportedMediaType,
            ),
        )
    ),
)  # fmt: skip
async def remove_rows(request: AnyRequest, backend: NamedDependency[Backend], ds: FromPath[str]) -> ASGIResponse:
    """Remove several rows: those that filters in the query fit, or those whose numbers the body lists."""
    body, fitting = await rows_body(request), asked(request, RowFilter)
    if body and not fitting.is_empty:
        raise InvalidRequest(reason="There are both filters and a list of numbers. Send one of them.")
    remove = backend.operations.remove_rows
    edit = await make_edit(
        request, backend, ds, lambda ref, expected: remove(ref, read_numbers(body) if body else fitting, expected)
    )
    return edit.answer()


@put(
    "/datasets/{ds:str}/rows/{row:int}",
    request_max_body_size=None,  # as above
    opt=told(
        Operation(
            ROWS, CHANGED_ROW, body=Body({JSON: examples.ARRAY[0]}, kind=dict[str, object]),
            problems=(*_PROBLEMS, RowNotFound),
        )
    ),
)  # fmt: skip
async def replace_row(
    request: AnyRequest, backend: NamedDependency[Backend], ds: FromPath[str], row: FromPath[int]
) -> ASGIResponse:
    """Replace a row. Columns that aren't given become null."""
    return await _update_one(request, backend, ds, row, whole=True)


@patch(
    "/datasets/{ds:str}/rows/{row:int}",
    request_max_body_size=None,  # as above
    opt=told(
        Operation(
            ROWS, CHANGED_ROW, body=Body(dict.fromkeys(PATCHES, examples.CHANGED_ROW), kind=dict[str, object]),
            problems=(*_PROBLEMS, RowNotFound),
        )
    ),
)  # fmt: skip
async def update_row(
    request: AnyRequest, backend: NamedDependency[Backend], ds: FromPath[str], row: FromPath[int]
) -> ASGIResponse:
    """Change a row. Columns that aren't given stay as they are; a nested value is replaced as a whole."""
    return await _update_one(request, backend, ds, row, whole=False)


async def _update_one(request: AnyRequest, backend: Backend, ds: str, row: int, *, whole: bool) -> ASGIResponse:
    body, operations = await rows_body(request), backend.operations

    def update(ref: DatasetRef, expected: int | None) -> RowsChanged:
        insist_on_number(ds, row)
        return operations.update_rows(ref, [read_row(body, row)], expected, whole=whole)

    edit = await make_edit(request, backend, ds, update)
    view = await backend.query(row_after, operations, edit, row)
    return ASGIResponse(body=bytes(view.row), media_type=JSON, headers={"etag": edit.tag})


def row_after(operations: Operations, edit: Edit, row: int) -> RowView:
    """A row as an edit left it; where that version is kept no longer, because others came since, as it is now."""
    try:
        return operations.get_row(edit.ref, row, edit.made.version)
    except VersionNotFound:
        return operations.get_row(edit.ref, row)


@delete(
    "/datasets/{ds:str}/rows/{row:int}",
    opt=told(
        Operation(
            ROWS,
            Answer("It is gone.", status=204, headers=TAG),
            problems=(DatasetNotFound, InvalidRequest, RowNotFound, Stale),
        )
    ),
)
async def remove_row(
    request: AnyRequest, backend: NamedDependency[Backend], ds: FromPath[str], row: FromPath[int]
) -> Response[None]:
    """Remove a row. Its number is never used again."""

    def remove(ref: DatasetRef, expected: int | None) -> RowsChanged:
        insist_on_number(ds, row)
        return backend.operations.remove_rows(ref, [row], expected)

    edit = await make_edit(request, backend, ds, remove)
    return Response(None, status_code=204, headers={"etag": edit.tag})


def insist_on_number(ds: str, row: int) -> None:
    """Insist on a number that a row can have.

    Raises:
        RowNotFound: No row ever has it.
    """
    if not 0 < row <= MOST_ROW_ID:
        raise RowNotFound(ref=ds, row=row)
