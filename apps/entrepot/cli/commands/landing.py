"""``add`` and ``replace``: files in."""

import sys
from pathlib import Path
from typing import Annotated, BinaryIO

import msgspec
from cyclopts import Parameter

from entrepot.cli.documents import print_brief
from entrepot.cli.failing import Misused, tell_of
from entrepot.cli.parameters import AS_FOUND, Reading, Ref, Tags
from entrepot.cli.session import STDIN, Given, Session
from entrepot.library.incoming import opened
from entrepot.library.naming import new_name
from entrepot.library.progress import reporting
from entrepot_core.dataset import DatasetChanges
from entrepot_core.dialect import ImportOptions
from entrepot_core.errors import EntrepotError, Unavailable
from entrepot_core.names import DatasetRef, parse_name
from entrepot_core.source import NewDataset
from entrepot_core.views import DatasetView


def add(
    *files: str,
    name: str | None = None,
    title: str | None = None,
    description: str | None = None,
    tag: Tags = None,
    replace: Annotated[bool, Parameter(negative=())] = False,
    reading: Reading = AS_FOUND,
    session: Given,
) -> int:
    """Land files as datasets: CSV, TSV, JSON, NDJSON, Parquet, Arrow or Excel, which is found by looking.

    Args:
        files: Paths, or - for the standard input.
        name: Its name; by default made of the file's name.
        title: For people.
        description: For people.
        tag: A word to find it by; repeatable.
        replace: Where there is a dataset of that name, make this its next version.
        reading: How to read them.
        session: The store and how to print.
    """
    if not files:
        raise Misused("Give a file to add, or - for the standard input.")
    if name is not None and len(files) > 1:
        raise Misused("--name is for one file; of several, each is named after its file.")
    options = reading.options()
    session.expect_import()
    described = NewDataset(
        name=None if name is None else parse_name(name),
        title=title,
        description=description,
        tags=None if tag is None else tuple(tag),
        if_exists="replace" if replace else "fail",
    )
    statuses = [_add_one(session, file, described, options) for file in files]
    return next((status for status in statuses if status), 0)


def replace(dataset: Ref, file: str, /, *, reading: Reading = AS_FOUND, session: Given) -> None:
    """Read a file into a dataset's next version; it is read as before, but for what is said here.

    Args:
        dataset: Its name or id.
        file: A path, or - for the standard input.
        reading: How to read it.
        session: The store and how to print.
    """
    options = reading.options()
    session.expect_import()
    with opened(_place(file)) as source, reporting(_shown(file), progress=True) as report:
        view = session.operations.replace_dataset(DatasetRef(dataset), source, DatasetChanges(), options, report)
    print_brief(view, as_json=session.json)


def _add_one(session: Session, file: str, described: NewDataset, options: ImportOptions) -> int:
    """Land one file; what is wrong with it is told, and harms no other."""
    try:
        view = _landed(session, file, described, options)
    except Unavailable:
        raise
    except EntrepotError as error:
        return tell_of(_shown(file), error, debug=session.debug)
    print_brief(view, as_json=session.json)
    return 0


def _landed(session: Session, file: str, described: NewDataset, options: ImportOptions) -> DatasetView:
    with opened(_place(file)) as source:
        name = new_name(described.name, source.label, replace=described.if_exists == "replace")
        details = msgspec.structs.replace(described, name=name)
        with reporting(_shown(file), progress=True) as report:
            return session.operations.add_dataset(source, details, options, report)


def _place(file: str) -> Path | BinaryIO:
    return sys.stdin.buffer if file == STDIN else Path(file)


def _shown(file: str) -> str:
    return "the standard input" if file == STDIN else file
