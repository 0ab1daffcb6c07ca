"""Changing rows: each edit makes the next version, of the parts that stay and of new ones."""

from collections.abc import Callable, Generator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import ExitStack, contextmanager
from threading import Lock
from time import monotonic

import msgspec

from entrepot_core.changes import DatasetChanges
from entrepot_core.dataset import Cause, Dataset, Distribution, Role
from entrepot_core.errors import BlobDamaged, DatasetNotFound, NoFilter, RowNotFound, StoreBusy, Unavailable
from entrepot_core.formats import Format
from entrepot_core.names import DatasetId, DatasetRef, as_id, is_id
from entrepot_core.ports.blobs import Staged
from entrepot_core.ports.driven import Driven
from entrepot_core.ports.editor import Edited
from entrepot_core.rows.edits import Row, changed_rows, new_rows, shown_as_given
from entrepot_core.rows.query import RowFilter
from entrepot_core.rows.selection import filters
from entrepot_core.rows.views import RowsChanged
from entrepot_core.schema import Schema
from entrepot_core.use_cases.editing import tidy
from entrepot_core.use_cases.history import retain

_PATIENCE = 30.0
"""For how many seconds an edit is begun anew because another process was quicker."""


class _Overtaken(Exception):
    """Another changed the dataset since this edit began."""


_TURNS = tuple(Lock() for _ in range(64))
"""One edit of a dataset at a time in this process: others wait, where they would only be overtaken."""

Edit = Callable[[Dataset], tuple[Edited, Cause]]
"""Makes the changed table of a dataset at its newest version."""


def append_rows(driven: Driven, ref: DatasetRef, rows: Sequence[Row], expected: int | None) -> RowsChanged:
    """Add rows, numbered after all that there ever were.

    Raises:
        LimitExceeded: The table would be longer than allowed.
    """

    def edit(dataset: Dataset) -> tuple[Edited, Cause]:
        version = dataset.version
        typed = new_rows(rows, version.schema)
        driven.limits.check_rows(version.rows + len(typed))
        with shown_as_given(rows):
            edited = driven.editor.append(version.parts, typed, version.next_row)
        return edited, Cause(kind="edit", added=len(typed))

    return _edit(driven, ref, edit if rows else None, expected)


def update_rows(
    driven: Driven, ref: DatasetRef, rows: Sequence[Row], expected: int | None, *, whole: bool
) -> RowsChanged:
    """Change rows, each named by its ``_id``."""

    def edit(dataset: Dataset) -> tuple[Edited, Cause]:
        version = dataset.version
        typed = changed_rows(rows, version.schema)
        with shown_as_given(rows):
            edited = driven.editor.update(version.parts, typed, whole=whole)
        _insist_on_all(dataset, [row.id or 0 for row in typed], edited)
        return edited, Cause(kind="edit", changed=len(typed))

    return _edit(driven, ref, edit if rows else None, expected)


def remove_rows(driven: Driven, ref: DatasetRef, rows: Sequence[int] | RowFilter, expected: int | None) -> RowsChanged:
    """Remove rows, by their numbers or by a filter."""
    if isinstance(rows, RowFilter) and rows.is_empty:
        raise NoFilter

    def edit(dataset: Dataset) -> tuple[Edited, Cause]:
        version = dataset.version
        if isinstance(rows, RowFilter):
            wanted = filters(rows, version.schema)
            if not wanted:  # a search for nothing but spaces
                raise NoFilter
            edited = driven.editor.remove(version.parts, wanted)
        else:
            edited = driven.editor.remove(version.parts, rows)
            _insist_on_all(dataset, rows, edited)
        return edited, Cause(kind="edit", removed=len(edited.ids))

    return _edit(driven, ref, edit if isinstance(rows, RowFilter) or rows else None, expected)


def _insist_on_all(dataset: Dataset, wanted: Sequence[int], edited: Edited) -> None:
    missing = set(wanted) - set(edited.ids)
    if missing:
        with edited:
            raise RowNotFound(ref=dataset.name, row=min(missing))


def _edit(driven: Driven, ref: DatasetRef, edit: Edit | None, expected: int | None) -> RowsChanged:
    """Make an edit; where another process made a version meanwhile, make it again of that one."""
    dataset_id = as_id(ref) if is_id(ref) else driven.catalogue.find(ref).id
    with ExitStack() as afterwards, _turn(dataset_id):
        until = monotonic() + _PATIENCE
        while True:
            dataset = driven.catalogue.find(DatasetRef(dataset_id))
            dataset.require(expected)
            if edit is None:
                return _unchanged(dataset)
            try:
                return _made(driven, dataset, edit, expected)
            except _Overtaken:
                afterwards.callback(tidy, driven)
            except (DatasetNotFound, Unavailable):
                afterwards.callback(tidy, driven)  # parts may have been kept for nothing
                raise
            if monotonic() > until:
                raise StoreBusy


@contextmanager
def _turn(dataset_id: DatasetId) -> Generator[None]:
    """The turn of an edit of a dataset.

    Raises:
        StoreBusy: Others take too long.
    """
    turn = _TURNS[hash(dataset_id) % len(_TURNS)]
    if not turn.acquire(timeout=_PATIENCE):
        raise StoreBusy
    try:
        yield
    finally:
        turn.release()


def _made(driven: Driven, dataset: Dataset, edit: Edit, expected: int | None) -> RowsChanged:
    with _present(driven, dataset):
        edited, cause = edit(dataset)
    with edited:
        if edited.parts == dataset.version.parts:
            return _unchanged(dataset)
        return _record(driven, dataset, edited, cause, expected)


@contextmanager
def _present(driven: Driven, dataset: Dataset) -> Generator[None]:
    """Tell damage from parts that went because their version did, while it was read."""
    try:
        yield
    except BlobDamaged as error:
        if driven.catalogue.find(DatasetRef(dataset.id)).latest != dataset.latest:
            raise _Overtaken from error
        raise


def _unchanged(dataset: Dataset) -> RowsChanged:
    return RowsChanged(dataset.version.number, dataset.revision, ())


def _record(driven: Driven, before: Dataset, edited: Edited, cause: Cause, expected: int | None) -> RowsChanged:
    """Keep the new parts, then record the version that has them."""
    old = before.version
    known = {form.digest: form for form in old.distributions if form.role is Role.PART}
    parts = (known[part] if isinstance(part, str) else _kept(driven, part) for part in edited.parts)
    rejects = () if old.rejects is None else (old.rejects,)  # which the report goes on to speak of
    version = msgspec.structs.replace(
        old,
        created_at=driven.clock.now(),
        schema=_schema(old.schema, edited.with_nulls),
        rows=old.rows + cause.added - cause.removed,
        distributions=(*parts, *rejects),
        next_row=old.next_row + cause.added,
        cause=cause,
    )

    def succeed(dataset: Dataset) -> Dataset:
        if dataset.latest != old.number or expected not in {None, dataset.revision}:
            raise _Overtaken  # which of the two it was is told when it is looked at anew
        return dataset.succeeded_by(version, DatasetChanges())

    after = driven.catalogue.change(DatasetRef(before.id), succeed)
    retain(driven, after)
    return RowsChanged(after.version.number, after.revision, edited.ids)


def _kept(driven: Driven, part: Staged) -> Distribution:
    blob = driven.blobs.keep(part)
    return Distribution(Role.PART, Format.PARQUET.media_type, blob.size, blob.digest)


def _schema(schema: Schema, with_nulls: AbstractSet[str]) -> Schema:
    fields = (
        msgspec.structs.replace(field, nullable=field.nullable or field.name in with_nulls) for field in schema.fields
    )
    return Schema(tuple(fields))
