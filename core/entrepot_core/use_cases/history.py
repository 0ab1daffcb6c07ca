"""A dataset's versions: listing them, comparing them, going back to one, and forgetting old ones."""

from contextlib import suppress

import msgspec

from entrepot_core.changes import DatasetChanges
from entrepot_core.dataset import Cause, Dataset
from entrepot_core.errors import NotFound, Unavailable
from entrepot_core.names import DatasetRef
from entrepot_core.paging import check_page, write_cursor
from entrepot_core.ports.driven import Driven
from entrepot_core.rows.views import ChangedField, Differences, SchemaDifferences
from entrepot_core.schema import Schema
from entrepot_core.selection import VersionCursor, VersionQuery
from entrepot_core.use_cases.editing import tidy
from entrepot_core.use_cases.finding import found
from entrepot_core.views import VersionPage, view_version


def list_versions(driven: Driven, ref: DatasetRef, query: VersionQuery) -> VersionPage:
    """List a dataset's versions, the newest first, a page of them."""
    part = driven.catalogue.versions(ref, query)
    end = part.offset + len(part.items)
    return VersionPage(
        items=tuple(view_version(version) for version in part.items),
        total=part.total,
        limit=query.limit,
        offset=part.offset,
        next=write_cursor(VersionCursor(part.items[-1].number)) if part.items and end < part.total else None,
    )


def diff(driven: Driven, ref: DatasetRef, before: int, after: int, limit: int) -> Differences:
    """Compare two versions: their columns, and their rows by their numbers."""
    check_page(limit, 0, None)
    with found(driven, ref, before) as first, found(driven, DatasetRef(first.id), after) as second:
        old, new = first.version, second.version
        schema = _schema_differences(old.schema, new.schema)
        apart = {field.name for field in (*schema.added, *schema.removed)} | {one.name for one in schema.changed}
        shared = [name for name in new.schema.names if name not in apart]
        rows = driven.tables.differences(old.parts, new.parts, shared, limit)
    return Differences(before=old.number, after=new.number, schema=schema, rows=rows)


def restore_version(driven: Driven, ref: DatasetRef, version: int, expected: int | None) -> Dataset:
    """Make an older version the next one, with its file and all."""
    at = driven.clock.now()
    restored = driven.catalogue.find(ref, version)
    cause = Cause(kind="restore", restored=version)
    again = msgspec.structs.replace(restored.version, created_at=at, cause=cause)

    def restore(dataset: Dataset) -> Dataset:
        dataset.require(expected)
        return dataset.succeeded_by(again, DatasetChanges())

    after = driven.catalogue.change(DatasetRef(restored.id), restore, having=version)
    retain(driven, after)
    return after


def retain(driven: Driven, dataset: Dataset) -> None:
    """Forget the versions that are older than this store keeps, and remove what only they had.

    The newest version is recorded by now, so that nothing which goes wrong here may be told as its failure; the next
    one's makes up for it.
    """
    keep = driven.keep_versions
    if keep is not None and dataset.latest > keep:
        with suppress(NotFound, Unavailable):
            if driven.catalogue.forget(DatasetRef(dataset.id), keep):
                driven.images.forget(dataset.id, dataset.latest - keep + 1)
                tidy(driven)


def _schema_differences(before: Schema, after: Schema) -> SchemaDifferences:
    old, new = {field.name: field for field in before.fields}, {field.name: field for field in after.fields}
    changed = (ChangedField(name, old[name].type, new[name].type) for name in new if name in old)
    return SchemaDifferences(
        added=tuple(field for field in after.fields if field.name not in old),
        removed=tuple(field for field in before.fields if field.name not in new),
        changed=tuple(one for one in changed if one.before is not one.after),
    )
