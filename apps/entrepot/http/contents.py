"""The routes of what is in a dataset: its file, what was set aside of it, statistics, charts, workbook and exports."""

from functools import partial
from typing import Literal

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response.base import ASGIResponse

from entrepot.http import examples
from entrepot.http.backend import Backend
from entrepot.http.exchange import AnyRequest
from entrepot.http.negotiation import choose_format
from entrepot.http.operation import CONTENTS, Answer, Operation, told
from entrepot.http.parameters import ChartFormat, Pinned, TableFormat, asked
from entrepot.http.problems import NotAcceptable, RangeNotSatisfiable
from entrepot.http.reading import Reading, begin
from entrepot.http.responses import JSON
from entrepot_core.describing import Description
from entrepot_core.errors import (
    DatasetNotFound,
    InvalidCursor,
    InvalidFilter,
    InvalidOption,
    NoOriginal,
    NoRejects,
    NothingToPlot,
    NotRepresentable,
    UnknownColumn,
    UnknownFormat,
    VersionNotFound,
)
from entrepot_core.formats import CHART_FORMATS, TABLE_FORMATS, Compression, Format
from entrepot_core.rows.query import RowQuery
from entrepot_core.statistics import Statistics

_MISSING = (DatasetNotFound, VersionNotFound, InvalidOption)


class Described(msgspec.Struct, frozen=True):
    """Which columns to describe.

    Attributes:
        include: ``all`` for every column with all of pandas' rows; the numeric ones by default.
    """

    include: Literal["all"] | None = None


class Plotted(msgspec.Struct, frozen=True):
    """What to draw.

    Attributes:
        columns: The numeric columns to draw, with commas between; all of them by default.
        bins: Into how many bins; by default as many as the stored histograms have.
    """

    columns: tuple[str, ...] | None = None
    bins: int | None = None


TABLES = {
    **{one.media_type: examples.BINARY for one in TABLE_FORMATS},
    Format.CSV.media_type: examples.CSV,
    Format.TSV.media_type: examples.CSV.replace(",", "\t"),
    Format.JSON.media_type: examples.ARRAY,
    Format.NDJSON.media_type: examples.NDJSON,
}
"""An example of every format that tables come in and go out in."""
_PACKED = {one.media_type: examples.BINARY for one in Compression}


@get(
    "/datasets/{ds:str}/file",
    opt=told(
        Operation(
            CONTENTS,
            Answer("The file, under its name.", {**TABLES, **_PACKED}),
            query=(Pinned,),
            problems=(*_MISSING, NoOriginal, RangeNotSatisfiable),
        )
    ),
)
async def open_file(request: AnyRequest, backend: NamedDependency[Backend], ds: FromPath[str]) -> ASGIResponse:
    """Give back the file that the version was imported from, byte for byte, or a part of it."""
    return await (await begin(request, backend, ds, "file")).stream(backend.operations.open_file)


@get(
    "/datasets/{ds:str}/rejects",
    opt=told(
        Operation(
            CONTENTS,
            Answer("The rows.", {"text/csv": examples.CSV}),
            query=(Pinned,),
            problems=(*_MISSING, NoRejects, RangeNotSatisfiable),
        )
    ),
)
async def open_rejects(request: AnyRequest, backend: NamedDependency[Backend], ds: FromPath[str]) -> ASGIResponse:
    """Give the rows that the import of the version set aside, as CSV."""
    return await (await begin(request, backend, ds, "rejects")).stream(backend.operations.open_rejects)


@get(
    "/datasets/{ds:str}/stats",
    opt=told(
        Operation(
            CONTENTS,
            Answer("Column to the rows of `describe()`.", {JSON: examples.STATS}, Description),
            query=(Described, Pinned),
            problems=_MISSING,
        )
    ),
)
async def describe(request: AnyRequest, backend: NamedDependency[Backend], ds: FromPath[str]) -> ASGIResponse:
    """Describe the columns in the numbers that pandas gives."""
    include_all = asked(request, Described).include == "all"
    reading = await begin(request, backend, ds, "stats")
    return await reading.document(partial(backend.operations.describe, include_all=include_all))


@get(
    "/datasets/{ds:str}/statistics",
    opt=told(
        Operation(
            CONTENTS,
            Answer("The statistics of each column.", {JSON: examples.STATISTICS}, Statistics),
            query=(Pinned,),
            problems=_MISSING,
        )
    ),
)
async def get_statistics(request: AnyRequest, backend: NamedDependency[Backend], ds: FromPath[str]) -> ASGIResponse:
    """Give the statistics and the histogram of each column, in the shape of the Hugging Face dataset viewer."""
    return await (await begin(request, backend, ds, "statistics")).document(backend.operations.get_statistics)


@get(
    "/datasets/{ds:str}/plot",
    opt=told(
        Operation(
            CONTENTS,
            Answer("The charts.", {one.media_type: examples.BINARY for one in CHART_FORMATS}),
            query=(Plotted, ChartFormat, Pinned),
            problems=(*_MISSING, NothingToPlot, UnknownColumn, UnknownFormat, NotAcceptable),
        )
    ),
)
async def plot(request: AnyRequest, backend: NamedDependency[Backend], ds: FromPath[str]) -> ASGIResponse:
    """Draw the histograms of the numeric columns, as PDF, SVG or PNG."""
    wish, named = asked(request, Plotted), asked(request, ChartFormat).format
    form = choose_format(request, named, CHART_FORMATS, Format.PDF)
    reading = await begin(request, backend, ds, form, negotiated=named is None, titled=True)
    return await reading.stream(
        lambda ref, version: backend.operations.plot(ref, form, version, columns=wish.columns, bins=wish.bins),
        inline=True,
    )


@get(
    "/datasets/{ds:str}/excel",
    opt=told(
        Operation(
            CONTENTS,
            Answer("The workbook.", {Format.XLSX.media_type: examples.BINARY}),
            query=(Pinned,),
            problems=(*_MISSING, NotRepresentable),
        )
    ),
)
async def get_excel(request: AnyRequest, backend: NamedDependency[Backend], ds: FromPath[str]) -> ASGIResponse:
    """Give the whole table as an Excel workbook."""
    reading = await begin(request, backend, ds, Format.XLSX, titled=True)
    return await reading.stream(
        lambda ref, version: backend.operations.export(ref, Format.XLSX, RowQuery(limit=None), version)
    )


@get(
    "/datasets/{ds:str}/export",
    opt=told(
        Operation(
            CONTENTS,
            Answer("The rows.", TABLES, list[dict[str, object]]),
            query=(RowQuery, TableFormat, Pinned),
            problems=(
                *_MISSING,
                InvalidCursor,
                InvalidFilter,
                UnknownColumn,
                UnknownFormat,
                NotAcceptable,
                NotRepresentable,
                RangeNotSatisfiable,
            ),
        )
    ),
)
async def export(request: AnyRequest, backend: NamedDependency[Backend], ds: FromPath[str]) -> ASGIResponse:
    """Write the table, or the selected part, in any format; CSV by default. There is no default limit.

    Every parameter that is none of those below is a filter, as where rows are read. `_id` is only there where
    `columns` names it. The whole table as Parquet can be had in parts.
    """
    named = asked(request, TableFormat).format
    form = choose_format(request, named, TABLE_FORMATS, Format.CSV)
    query = asked(request, RowQuery, limit=None)
    titled = form is Format.XLSX
    reading = await begin(request, backend, ds, form, negotiated=named is None, titled=titled, query=query)
    return await stream_table(reading, form)


async def stream_table(reading: Reading, form: Format) -> ASGIResponse:
    """Answer with the selected rows in a table format."""
    query = asked(reading.request, RowQuery, limit=None)
    operations = reading.backend.operations
    return await reading.stream(lambda ref, version: operations.export(ref, form, query, version))
