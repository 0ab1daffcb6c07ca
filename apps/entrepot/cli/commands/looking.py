"""``list``, ``show``, ``stats``, ``statistics`` and ``rows``: what is there."""

from itertools import islice
from typing import Annotated

import msgspec
from cyclopts import Parameter

from entrepot.cli.documents import print_document, print_list, print_statistics
from entrepot.cli.output import FIGURES, print_json, print_table, say
from entrepot.cli.parameters import Columns, Ref, Version, names_of
from entrepot.cli.session import Given
from entrepot.library.listing import every_dataset
from entrepot_core.names import DatasetRef
from entrepot_core.rows.query import RowQuery
from entrepot_core.selection import MAX_LIMIT, DatasetQuery, ListOrder


def list_(
    *,
    q: str | None = None,
    tag: str | None = None,
    sort: ListOrder = "-created_at",
    limit: int | None = None,
    session: Given,
) -> None:
    """List the datasets, the newest first.

    Args:
        q: Text in the name, title or description.
        tag: A tag they have.
        sort: The order; a minus in front turns it round.
        limit: The most; by default all.
        session: The store and how to print.
    """
    query = DatasetQuery(q=q, tag=tag, sort=sort, limit=MAX_LIMIT if limit is None else min(limit, MAX_LIMIT))
    found = list(islice(every_dataset(session.operations, query), limit))
    if session.json:
        print_json(found)
    elif found:
        print_list(found)
    else:
        say("No dataset fits." if q or tag else "There are no datasets yet. Add one: entrepot add FILE")


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


def rows(
    dataset: Ref,
    /,
    *,
    columns: Columns = None,
    limit: int = 20,
    offset: int = 0,
    cursor: Annotated[str | None, Parameter(help="Go on where a page before left off.")] = None,
    version: Version = None,
    session: Given,
) -> None:
    """Show some rows.

    Args:
        limit: How many, at most 10,000.
        offset: How many to skip.
    """
    query = RowQuery(columns=names_of(columns), limit=limit, offset=offset, cursor=cursor)
    page = session.operations.read_rows(DatasetRef(dataset), query, version)
    if session.json:
        print_json(page)
        return
    names = list(dict.fromkeys(["_id", *(column.name for column in page.columns)]))
    found = msgspec.json.decode(page.rows, type=list[dict[str, object]])
    left_out = print_table(names, [[_cell(row.get(name)) for name in names] for row in found])
    if left_out:
        say(f"{left_out} columns do not fit; choose some with --columns, or see all with --json.")
    if page.next:
        say(f"{page.offset + len(found):,} of {page.total:,} rows; see more with --limit and --offset.")


def _cell(value: object) -> str | int | float | bool | None:
    """A value as a cell; nested ones as JSON."""
    return value if value is None or isinstance(value, str | int | float) else msgspec.json.encode(value).decode()
