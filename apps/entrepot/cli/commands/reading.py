"""``rows``, ``row`` and ``facets``: what a table holds."""

from typing import Annotated

from cyclopts import Parameter

from entrepot.cli.documents import tell_left_out, tell_more
from entrepot.cli.output import Cell, print_json, print_table, say
from entrepot.cli.parameters import ALL_ROWS, EVERYTHING, Ref, Selected, Version, Which
from entrepot.cli.session import Given
from entrepot.cli.values import cell_of, read_values
from entrepot_core.names import DatasetRef
from entrepot_core.rows.lists import read_names
from entrepot_core.rows.query import FacetQuery
from entrepot_core.schema import ROW_ID


def rows(
    dataset: Ref,
    /,
    *,
    selected: Selected = EVERYTHING,
    limit: int = 20,
    cursor: Annotated[str | None, Parameter(help="Go on where a page before left off, with the same filters.")] = None,
    version: Version = None,
    session: Given,
) -> None:
    """Show some rows: filtered, sorted, searched.

    Args:
        limit: How many, at most 10,000.
    """
    page = session.operations.read_rows(DatasetRef(dataset), selected.query(limit, cursor), version)
    if session.json:
        print_json(page)
        return
    names = list(dict.fromkeys([ROW_ID, *(column.name for column in page.columns)]))
    found: list[dict[str, object]] = read_values(page.rows)
    left_out = print_table(names, [[cell_of(row.get(name)) for name in names] for row in found])
    if left_out and found:
        tell_left_out(left_out)
    tell_more(page, len(found), "row")


def row(dataset: Ref, row_id: int, /, *, version: Version = None, session: Given) -> None:
    """Show one row whole, by its number.

    Args:
        row_id: Its number, the _id.
    """
    found = session.operations.get_row(DatasetRef(dataset), row_id, version)
    if session.json:
        print_json(found.row)
        return
    values: dict[str, object] = read_values(found.row)
    print_table(["column", "value"], [[name, cell_of(value)] for name, value in values.items()])


def facets(
    dataset: Ref,
    /,
    *,
    columns: Annotated[str, Parameter(help="The columns, as a,b (a name with a comma in double quotes).")],
    which: Which = ALL_ROWS,
    limit: int = 10,
    version: Version = None,
    session: Given,
) -> None:
    """Count the values of some columns, the most frequent first.

    Args:
        limit: How many values of each, at most 1,000.
    """
    wanted = which.filter()
    query = FacetQuery(wanted.where, wanted.any_of, wanted.q, read_names(columns), limit)
    found = session.operations.facets(DatasetRef(dataset), query, version)
    if session.json:
        print_json(found)
        return
    lines: list[list[Cell]] = [
        [facet.column, cell_of(read_values(one.value)), one.count] for facet in found.facets for one in facet.values
    ]
    print_table(["column", "value", "rows"], lines)
    for facet in found.facets:
        if facet.more:
            say(f"{facet.column} has more values; see them with --limit.")
