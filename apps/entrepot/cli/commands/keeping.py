"""``edit``, ``schema`` and ``remove``."""

import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Annotated

from cyclopts import Parameter

from entrepot.cli.documents import print_brief, print_notes, print_schema
from entrepot.cli.failing import UNFORESEEN, Misused, tell_of
from entrepot.cli.nearest import add_hint
from entrepot.cli.output import print_json, say
from entrepot.cli.parameters import AS_IT_IS, Ref, Shown, Tags, Version, retyped
from entrepot.cli.session import Given
from entrepot.cli.upkeep import tell_of_columns, tell_who_fetches
from entrepot.library.progress import reporting
from entrepot.wording import counted
from entrepot_core.changes import DatasetChanges
from entrepot_core.dialect import DateOrder, DecimalMark, TypeChanges
from entrepot_core.errors import EntrepotError, Refused, Unavailable
from entrepot_core.names import DatasetRef, parse_name


def edit(
    dataset: Ref,
    /,
    *,
    name: str | None = None,
    title: str | None = None,
    description: str | None = None,
    tag: Tags = None,
    shown: Shown = AS_IT_IS,
    session: Given,
) -> None:
    """Change a dataset's name, title, description or tags, or how it is shown.

    Args:
        name: Its new name.
        title: For people.
        description: For people.
        tag: A tag; repeatable. These take the place of those it has; --tag "" leaves none.
        shown: How it is shown; --image "" says that no column holds images.
    """
    changes = DatasetChanges(
        name=None if name is None else parse_name(name),
        title=title,
        description=description,
        tags=None if tag is None else tuple(tag),
        published=shown.publish,
        images=shown.images,
        refresh=shown.seconds,
    )
    if changes == DatasetChanges():
        options = "--name, --title, --description, --tag, --image, --publish or --refresh"
        raise Misused(f"Say what to change: {options}.")
    view = session.operations.edit_dataset(DatasetRef(dataset), changes)
    print_brief(view, as_json=session.json)
    if changes.published and changes.images is None:
        tell_of_columns(view)
    if changes.refresh:
        tell_who_fetches(session, view)
    if view.images and (changes.images or changes.published):
        way = "The server fetches the images; see" if session.settings.is_remote else "Have the images fetched:"
        say(f"{way} entrepot images {view.name}{'' if session.settings.is_remote else ' --retry'}")


def schema(
    dataset: Ref,
    /,
    *,
    types: Annotated[list[str] | None, Parameter(name="--set", negative=())] = None,
    date_order: DateOrder | None = None,
    decimal: DecimalMark | None = None,
    null: Annotated[list[str] | None, Parameter(negative=(), allow_leading_hyphen=True)] = None,
    version: Version = None,
    session: Given,
) -> None:
    """Show a dataset's fields, or with --set have its file read again with other types, as its next version.

    Args:
        types: COLUMN=TYPE, repeatable; *=TYPE for all others, COLUMN=auto to find the type by looking again.
        date_order: Which comes first in dates such as 03/04/2024, in columns whose values could be either way round.
        decimal: What stands before decimals in numbers such as 1,234, in columns that could be meant either way.
        null: A text that means null, repeatable; in place of those that did before ('' for none).
    """
    if not (types or date_order or decimal or null):
        view = session.operations.get_dataset(DatasetRef(dataset), version)
    elif version is not None:
        raise Misused("That makes a next version of the newest one; leave --version out.")
    else:
        with _saying_that_nothing_changed(), reporting(dataset, progress=True) as report:
            changes = TypeChanges(dict(map(retyped, types or ())), date_order, decimal, tuple(null or ()))
            view = session.operations.retype_dataset(DatasetRef(dataset), changes, report)
        print_notes(view)
        say(f"{view.name} is at version {view.version} now, with {counted(view.rows, 'row')}.")
    if session.json:
        print_json(view.schema)
    else:
        print_schema(view.schema)


@contextmanager
def _saying_that_nothing_changed() -> Generator[None]:
    """Add to what is refused that nothing came of it."""
    try:
        yield
    except Refused as error:
        error.add_note("Nothing was changed.")
        raise


def remove(*datasets: str, yes: Annotated[bool, Parameter(alias="-y", negative=())] = False, session: Given) -> int:
    """Remove datasets with all their versions.

    At a terminal it asks first.

    Args:
        datasets: Their names or ids.
        yes: Ask nothing.
    """
    if not datasets:
        raise Misused("Say which datasets to remove.")
    if not (yes or _is_agreed(datasets)):
        say("Nothing was removed.")
        return UNFORESEEN
    statuses: list[int] = []
    for ref in datasets:
        try:
            session.operations.remove_dataset(DatasetRef(ref))
        except Unavailable:
            raise
        except EntrepotError as error:
            add_hint(session, error)
            statuses.append(tell_of(ref, error, debug=session.debug))
        else:
            say(f"Removed {ref}.")
    return next(iter(statuses), 0)


def _is_agreed(datasets: Sequence[str]) -> bool:
    """Whether somebody at a terminal says that these are to go; where nobody is, whoever gave the command did."""
    if sys.stdin is None or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return True
    named = datasets[0] if len(datasets) == 1 else f"{counted(len(datasets), 'dataset')} ({', '.join(datasets)})"
    print(f"Remove {named} with all versions? They can't be had back. [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in {"y", "yes"}
