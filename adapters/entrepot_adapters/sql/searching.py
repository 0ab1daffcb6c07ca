"""Finds datasets by a text."""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, case, exists, func, or_, select

from entrepot_adapters.sql.loading import HEADS, load
from entrepot_adapters.sql.models import DatasetRow, FieldRow, TagRow, VersionRow
from entrepot_core.changes import is_text
from entrepot_core.ports.catalogue import Match
from entrepot_core.selection import fold


def search(connection: Connection, text: str, limit: int) -> tuple[Match, ...]:
    """The datasets that have a text, best first; see ``Catalogue.search``."""
    if not is_text(text):
        return ()
    folded = fold(text)
    places = [
        has(DatasetRow.name, folded),
        has(DatasetRow.folded_title, folded),
        exists().where(TagRow.dataset_id == DatasetRow.id, has(TagRow.folded_tag, folded)),
        has(DatasetRow.folded_description, folded),
        exists().where(FieldRow.version_id == VersionRow.id, has(FieldRow.folded_name, folded)),
    ]
    rank = case(*((place, number) for number, place in enumerate(places)))
    wanted = HEADS.where(or_(*places)).order_by(rank, DatasetRow.updated_at.desc(), DatasetRow.id.desc())
    heads = connection.execute(wanted.limit(limit)).all()
    columns = _columns(connection, folded, [head.version for head in heads])
    datasets = load(connection, heads)
    return tuple(Match(one, tuple(columns[head.version])) for one, head in zip(datasets, heads, strict=True))


def has(column: ColumnElement[str] | object, text: str) -> ColumnElement[bool]:
    """Whether a column's text has this one, and so changes when it is taken out; LIKE has wildcards and a limit."""
    return func.replace(column, text, "") != column


def _columns(connection: Connection, folded: str, versions: Iterable[int]) -> dict[int, list[str]]:
    fits = (FieldRow.version_id.in_(list(versions)), has(FieldRow.folded_name, folded))
    wanted = select(FieldRow.version_id, FieldRow.name).where(*fits).order_by(FieldRow.version_id, FieldRow.position)
    found: defaultdict[int, list[str]] = defaultdict(list)
    for version, name in connection.execute(wanted).all():
        found[version].append(name)
    return found
