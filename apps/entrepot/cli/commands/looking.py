"""``list``, ``show``, ``stats``, ``statistics`` and ``search``: what is there."""

from typing import Annotated

from cyclopts import Parameter

from entrepot.cli.documents import print_document, print_list, print_statistics
from entrepot.cli.output import FIGURES, Cell, print_json, print_table, say
from entrepot.cli.parameters import Ref, Version
from entrepot.cli.session import Given
from entrepot.library.listing import every_dataset, first
from entrepot_core.names import DatasetRef
from entrepot_core.paging import MAX_LIMIT
from entrepot_core.selection import DatasetQuery, ListOrder


def list_(
    *,
    q: str | None = None,
    tag: str | None = None,
    published: bool | None = None,
    failing: bool | None = None,
    sort: ListOrder = "-created_at",
    limit: int | None = None,
    session: Given,
) -> None:
    """List the datasets, the newest first.

    Args:
        q: Text in the name, title or description.
        tag: A tag they have.
        published: Only those that are published, or only the others; by default all.
        failing: Only those whose source could not be fetched at the last attempt, or only the others; by default all.
        sort: The order; a minus in front turns it round.
        limit: The most; by default all.
        session: The store and how to print.
    """
    page = MAX_LIMIT if limit is None else min(limit, MAX_LIMIT)
    query = DatasetQuery(q=q, tag=tag, published=published, failing=failing, sort=sort, limit=page)
    found = first(every_dataset(session.operations, query), limit)
    if session.json:
        print_json(found)
    elif found:
        print_list(found)
    else:
        say(
            "No dataset fits."
            if q or tag or (published, failing) != (None, None)
            else f"There are no datasets in {session.place} yet. Add one: entrepot add FILE"
        )


def show(dataset: Ref, /, *, version: Version = None, session: Given) -> None:
    """Show a dataset: its columns, and how its file was read."""
    view = session.operations.get_dataset(DatasetRef(dataset), version)
    if session.json:
        print_json(view)
    else:
        print_document(view)


def stats(
    dataset: Ref,
    /,
    *,
    all_columns: Annotated[bool, Parameter(name="--all", negative=(), help="Every column, not only numbers.")] = False,
    version: Version = None,
    session: Given,
) -> None:
    """Describe the numeric columns, as df.describe() does."""
    description = session.operations.describe(DatasetRef(dataset), version, include_all=all_columns)
    if session.json:
        print_json(description)
        return
    names = list(dict.fromkeys(name for values in description.values() for name in values))
    rows = [[column, *(values.get(name) for name in names)] for column, values in description.items()]
    print_table(["column", *names], rows, FIGURES)


def statistics(dataset: Ref, /, *, version: Version = None, session: Given) -> None:
    """Show each column's statistics with a histogram."""
    found = session.operations.get_statistics(DatasetRef(dataset), version)
    if session.json:
        print_json(found)
    else:
        print_statistics(found)


def search(text: str, /, *, limit: int = 20, session: Given) -> None:
    """Find datasets by a text, also by the names of their columns.

    Args:
        text: The text, in the name, title, tags, description or a column's name, whatever its case.
        limit: The most.
        session: The store and how to print.
    """
    found = session.operations.search(text, limit)
    if session.json:
        print_json(found)
        return
    rows: list[list[Cell]] = [
        [one.dataset.name, one.dataset.title, one.dataset.rows, ", ".join(one.columns)] for one in found.items
    ]
    if rows:
        print_table(["name", "title", "rows", "columns found"], rows)
    else:
        say("Nothing was found.")
    if found.more:
        say("There is more; see it with --limit.")
