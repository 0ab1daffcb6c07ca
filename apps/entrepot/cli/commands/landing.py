"""``add`` and ``replace``: files in."""

import shlex
from typing import Annotated

import msgspec
from cyclopts import Parameter

from entrepot.cli.documents import print_begun, print_brief
from entrepot.cli.failing import Misused, tell_of
from entrepot.cli.output import say
from entrepot.cli.parameters import AS_FOUND, AS_IT_IS, Reading, Ref, Shown, Tags, Wait
from entrepot.cli.pictures import tell_of_images
from entrepot.cli.session import STDIN, Given, Session, place_of
from entrepot.cli.upkeep import every_before, tell_of_columns, tell_what_ended, tell_who_fetches
from entrepot.cli.waiting import check_wait, followed
from entrepot.library.incoming import opened, shown
from entrepot.library.naming import new_name
from entrepot.library.progress import reporting
from entrepot_core.changes import DatasetChanges
from entrepot_core.dialect import ImportOptions
from entrepot_core.errors import EntrepotError, Unavailable
from entrepot_core.job import Job
from entrepot_core.names import DatasetRef, parse_name, slug
from entrepot_core.source import NewDataset
from entrepot_core.views import DatasetView


def add(  # noqa: PLR0913 - one parameter for each thing people say of a file
    *files: str,
    name: str | None = None,
    title: str | None = None,
    description: str | None = None,
    tag: Tags = None,
    shown: Shown = AS_IT_IS,
    replace: Annotated[bool, Parameter(negative=())] = False,
    wait: Wait = True,
    reading: Reading = AS_FOUND,
    session: Given,
) -> int:
    """Land files, or what URLs name: CSV, TSV, JSON, NDJSON, Parquet, Arrow or Excel, found by looking.

    Args:
        files: Paths, URLs, or - for the standard input.
        name: Its name; by default made of the file's name.
        title: For people.
        description: For people.
        tag: A word to find it by; repeatable.
        shown: How it is shown.
        replace: Where there is a dataset of that name, make this its next version.
        wait: Whether to wait until they are read; a server also reads them while nobody waits, as jobs.
        reading: How to read them.
        session: The store and how to print.
    """
    if not files:
        raise Misused("Give a file to add, or - for the standard input.")
    if name is not None and len(files) > 1:
        raise Misused("--name is for one file; of several, each is named after its file.")
    options = reading.options()
    check_wait(session, wait=wait)
    session.expect_import()
    described = NewDataset(
        name=None if name is None else parse_name(name),
        title=title,
        description=description,
        tags=None if tag is None else tuple(tag),
        published=shown.publish,
        images=shown.images,
        refresh=shown.seconds,
        if_exists="replace" if replace else "fail",
    )
    statuses = [_add_one(session, file, described, options, wait=wait) for file in files]
    if len(files) > 1 and any(statuses):
        say(f"Landed {statuses.count(0)} of {len(files)} files.")
    return next((status for status in statuses if status), 0)


def replace(
    dataset: Ref, file: str | None = None, /, *, wait: Wait = True, reading: Reading = AS_FOUND, session: Given
) -> None:
    """Read a file into a dataset's next version, or without a file fetch its URL again; it is read as before.

    Args:
        dataset: Its name or id.
        file: A path, a URL, or - for the standard input; by default where it came from, if that is a URL.
        wait: Whether to wait until it is read; a server also reads it while nobody waits, as a job.
        reading: How to read it, where that is not as before.
        session: The store and how to print.
    """
    ref, options = DatasetRef(dataset), reading.options()
    check_wait(session, wait=wait)
    session.expect_import()
    if file is None:
        _refresh(session, ref, wait=wait, is_read_otherwise=reading != AS_FOUND)
        return
    every = every_before(session, ref)
    with opened(place_of(file)) as source, reporting(_shown(file), progress=True) as report:
        run = session.operations.replace_dataset if wait else session.operations.begin_replace_dataset
        made = run(ref, source, DatasetChanges(), options, followed(report, session))
    _print(made, session)
    tell_what_ended(every, made, dataset, file)


def _refresh(session: Session, ref: DatasetRef, *, wait: bool, is_read_otherwise: bool) -> None:
    """Fetch a dataset's source again; it tells where nothing has changed."""
    if is_read_otherwise:
        raise Misused("To read it otherwise, say of what: give its URL or a file.")
    if not wait:
        _print(session.operations.begin_refresh_dataset(ref), session)
        return
    before = session.operations.get_dataset(ref).version
    with reporting(ref, progress=True) as report:
        view = session.operations.refresh_dataset(ref, followed(report, session))
    if view.version == before:
        say(f"{view.name}: its source has not changed.")
    _print(view, session)


def _add_one(session: Session, file: str, described: NewDataset, options: ImportOptions, *, wait: bool) -> int:
    """Land one file; what is wrong with it is told, and harms no other."""
    try:
        _land(session, file, described, options, wait=wait)
    except Unavailable:
        raise
    except EntrepotError as error:
        return tell_of(_shown(file), error, debug=session.debug)
    return 0


def _land(session: Session, file: str, described: NewDataset, options: ImportOptions, *, wait: bool) -> None:
    with opened(place_of(file)) as source:
        name = new_name(described.name, source.known, replace=described.if_exists == "replace")
        is_next = described.if_exists == "replace"
        every = every_before(session, DatasetRef(name)) if name is not None and is_next else None
        details = msgspec.structs.replace(described, name=name)
        with reporting(_shown(file), progress=True) as report:
            run = session.operations.add_dataset if wait else session.operations.begin_add_dataset
            made = run(source, details, options, followed(report, session))
        stem = source.known.stem
    _print(made, session)
    if name is not None:
        tell_what_ended(every, made, name, file)
    elif stem and isinstance(made, DatasetView):
        _tell_of_name(made, slug(stem), file)
    if isinstance(made, DatasetView):
        _tell_how_shown(session, made, described)


def _tell_of_name(made: DatasetView, wished: str, file: str) -> None:
    """Say so where the name that a file makes was another's: it may have been meant as that one's next version."""
    if made.name != wished:
        command = shlex.join(["entrepot", "replace", wished, file])
        say(f"There is a dataset named {wished!r} already. To make this its next version: {command}")


def _tell_how_shown(session: Session, view: DatasetView, described: NewDataset) -> None:
    if described.published and described.images is None:
        tell_of_columns(view)
    if described.refresh:
        tell_who_fetches(session, view)


def _print(made: DatasetView | Job, session: Session) -> None:
    if isinstance(made, Job):
        print_begun(made, as_json=session.json)
    else:
        print_brief(made, as_json=session.json)
        tell_of_images(made)


def _shown(file: str) -> str:
    return "the standard input" if file == STDIN else shown(file)
