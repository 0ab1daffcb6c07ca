"""``excel``, ``plot``, ``export``, ``file`` and ``rejects``: what comes out."""

from contextlib import closing
from typing import Annotated, TypeAlias

from cyclopts import Parameter

from entrepot.cli.failing import Misused
from entrepot.cli.output import default_place, deliver
from entrepot.cli.parameters import EVERYTHING, Columns, Output, Ref, Selected, Version, names_of
from entrepot.cli.session import Given
from entrepot.library.outgoing import check_ending
from entrepot_core.download import Download
from entrepot_core.formats import CHART_FORMATS, TABLE_FORMATS, Format, format_of_file_name, parse_format
from entrepot_core.names import DatasetRef

STDOUT = "-"
Limit: TypeAlias = Annotated[int | None, Parameter(help="How many rows; by default all.")]


def excel(
    dataset: Ref,
    /,
    *,
    output: Output = None,
    selected: Selected = EVERYTHING,
    limit: Limit = None,
    version: Version = None,
    session: Given,
) -> None:
    """Write an Excel workbook: by default DATASET.xlsx, in this folder.

    Args:
        output: Where to; - for the standard output.
    """
    check_ending(output or "", Format.XLSX)
    query = selected.query(limit)
    download = session.operations.export(DatasetRef(dataset), Format.XLSX, query, version)
    _deliver(download, output, as_json=session.json)


def plot(
    dataset: Ref,
    /,
    *,
    output: Output = None,
    format: str | None = None,
    columns: Columns = None,
    bins: int | None = None,
    version: Version = None,
    session: Given,
) -> None:
    """Draw the histograms of the numeric columns: by default into DATASET.pdf, in this folder.

    Args:
        output: Where to; its ending tells the format. - for the standard output.
        format: pdf, svg or png.
        bins: How many bars, 1 to 1,000.
    """
    chosen = _format(format, output, CHART_FORMATS, Format.PDF)
    ref, names = DatasetRef(dataset), names_of(columns)
    download = session.operations.plot(ref, chosen, version, columns=names, bins=bins)
    _deliver(download, output, as_json=session.json)


def export(
    dataset: Ref,
    /,
    *,
    output: Output = None,
    format: str | None = None,
    selected: Selected = EVERYTHING,
    limit: Limit = None,
    version: Version = None,
    session: Given,
) -> None:
    """Write the table, or a part of it, in any format: by default as csv to the standard output.

    Args:
        output: Where to; its ending tells the format. - for the standard output.
        format: csv, tsv, json, ndjson, parquet, arrow or xlsx.
    """
    chosen = _format(format, output, TABLE_FORMATS, Format.CSV)
    download = session.operations.export(DatasetRef(dataset), chosen, selected.query(limit), version)
    deliver(download, output or STDOUT, as_json=session.json)


def file(dataset: Ref, /, *, output: Output = None, version: Version = None, session: Given) -> None:
    """Give back the file a dataset was made from, byte for byte: by default to the standard output.

    Args:
        output: Where to; a folder takes it under its own name.
    """
    download = session.operations.open_file(DatasetRef(dataset), version)
    deliver(download, output or STDOUT, as_json=session.json)


def rejects(dataset: Ref, /, *, output: Output = None, version: Version = None, session: Given) -> None:
    """Give the rows that an import set aside, as csv: by default to the standard output.

    Args:
        output: Where to; a folder takes them under a name of their own.
    """
    download = session.operations.open_rejects(DatasetRef(dataset), version)
    deliver(download, output or STDOUT, as_json=session.json)


def _deliver(download: Download, output: str | None, *, as_json: bool) -> None:
    """Write a download to a path, or else under its own name into this folder."""
    with closing(download):
        deliver(download, output or default_place(download.file_name), as_json=as_json)


def _format(given: str | None, output: str | None, allowed: tuple[Format, ...], default: Format) -> Format:
    """The format that is named, else that of the path's ending; without either, the default."""
    if given is not None:
        return parse_format(given, allowed)
    if output is None or output == STDOUT:
        return default
    found = format_of_file_name(output)
    if found is None or found not in allowed:
        told = f"The ending of {output!r} tells no format that can be used here"
        raise Misused(f"{told}: give one of {', '.join(allowed)}, or say --format.")
    return found
