"""What a worker says may be the words of the file that took it over: it is believed as far as it can be true."""

import logging
from collections.abc import Iterator

from entrepot_adapters.sandbox.footer import Footer, read_footer
from entrepot_core.dialect import SHOWN_FLAWS, ImportReport
from entrepot_core.errors import ImportCrashed
from entrepot_core.formats import TABLE_FORMATS
from entrepot_core.limits import Limits
from entrepot_core.ports.importer import Imported

LOG = logging.getLogger("entrepot.imports")
"""What a worker says is for whoever runs this, not for whoever sent the file: it may name paths, or lie."""
LOG.addHandler(logging.NullHandler())  # where nobody wants a log, nothing is printed

_ID = b"_id"
_MEDIA_TYPES = {format_.media_type for format_ in TABLE_FORMATS}


def senseless(detail: object) -> ImportCrashed:
    """The error for what no worker says; what is wrong with it is logged."""
    LOG.warning("an import worker's answer makes no sense: %r", str(detail)[:1000])
    return ImportCrashed(reason="the worker's answer makes no sense")


def check(imported: Imported, table: int, limits: Limits) -> None:
    """Refuse an answer that is not true of the table, which the worker can't change any more.

    Args:
        imported: The answer.
        table: The descriptor of the table.
        limits: What the worker was to keep to.

    Raises:
        ImportCrashed: It is not.
    """
    try:
        footer = read_footer(table)
    except (OSError, ValueError) as error:
        raise senseless(f"the table: {error}") from error
    if wrong := next(_wrong(imported, footer, limits), None):
        raise senseless(wrong)


def _wrong(imported: Imported, footer: Footer, limits: Limits) -> Iterator[str]:
    names, rows = imported.schema.names, imported.rows
    if imported.media_type not in _MEDIA_TYPES:
        yield "there is no such media type"
    if rows != footer.rows or rows != imported.profile.rows or rows < 0:
        yield "the table has other rows"
    if limits.rows is not None and rows > limits.rows:
        yield "the table has too many rows"
    if len(names) > limits.columns:
        yield "the table has too many columns"
    if [_ID, *(name.encode() for name in names)] != footer.columns or len({"_id", *names}) != len(footer.columns):
        yield "the table has other columns"
    if [(field.name, field.type) for field in imported.schema.fields] != [
        (column.name, column.type) for column in imported.profile.columns
    ]:
        yield "the statistics are those of other columns"
    if not _is_sane(imported.report):
        yield "the report has impossible numbers"


def _is_sane(report: ImportReport) -> bool:
    shown = (len(report.repairs), len(report.rejects))
    return report.repaired >= 0 and report.rejected >= 0 and max(shown) <= SHOWN_FLAWS
