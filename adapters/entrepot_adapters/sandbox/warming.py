"""Imports what an import needs, before the worker loses sight of all files."""

import codecs
import encodings
import io
import tempfile
from contextlib import suppress
from importlib import import_module
from pkgutil import iter_modules
from typing import BinaryIO, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from entrepot_adapters.polars.importer import PolarsImporter
from entrepot_core.dialect import NO_ENCODINGS, ImportOptions
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
    _load_encodings()
    with suppress(ZoneInfoNotFoundError):
        ZoneInfo("UTC")
    task = ImportTask(None, None, ImportOptions())
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as table:
        source.write(_TEXT)
        PolarsImporter().load(_binary(source), _binary(table), io.BytesIO(), task, lambda *_: None)


def _load_encodings() -> None:
    """Any of them may be asked for; each is a module. Some of them no alias names."""
    for module in iter_modules(encodings.__path__):
        if module.name not in NO_ENCODINGS:
            with suppress(LookupError):  # it is no encoding
                codecs.lookup(module.name)


def _binary(file: object) -> BinaryIO:
    return cast("BinaryIO", file)
