"""Imports what an import needs, before the worker loses sight of all files."""

import io
import tempfile
from contextlib import suppress
from importlib import import_module
from typing import BinaryIO, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from entrepot_adapters.polars.importer import PolarsImporter
from entrepot_adapters.sandbox.encoding_modules import keep_at_hand
from entrepot_core.dialect import ImportOptions
from entrepot_core.ports.importer import ImportTask

_TEXT = b"n\n1\n"
"""As small as can be: it is for what is loaded when a table is first written, not for what is computed."""


_LATE = ("numpy.ma", "polars._utils.parquet")
"""What numpy and polars import when they first need it."""


def warm_up() -> None:
    """Read a small file into a table, as a job will: libraries load parts, and start threads, when first used."""
    tempfile.tempdir = "."  # the worker's own folder, whatever the root of the file system is
    for name in _LATE:
        import_module(name)
    keep_at_hand()
    with suppress(ZoneInfoNotFoundError):
        ZoneInfo("UTC")
    task = ImportTask(None, None, ImportOptions())
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as table:
        source.write(_TEXT)
        PolarsImporter().load(_binary(source), _binary(table), io.BytesIO(), task, lambda *_: None)


def _binary(file: object) -> BinaryIO:
    return cast("BinaryIO", file)
