"""The catalogue in an SQL database."""

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from contextlib import suppress
from datetime import datetime

import msgspec
from sqlalchemy import Engine, select

from entrepot_adapters.sql import listing, loading, searching, storing
from entrepot_adapters.sql.models import DatasetRow, DistributionRow
from entrepot_adapters.sql.remembering import Remembered
from entrepot_adapters.sql.repository import Repository
from entrepot_core.dataset import Dataset, Distribution
from entrepot_core.errors import DatasetNotFound
from entrepot_core.names import DatasetId, DatasetName, DatasetRef, Digest
from entrepot_core.ports.catalogue import DatasetList, Match, VersionList
from entrepot_core.selection import DatasetQuery, VersionQuery


class SqlCatalogue(Repository):
    """Remembers datasets in a database whose tables are there already; ``open_catalogue`` sees to that.

    Every method is one transaction. Close the catalogue to let go of its connections.

    Args:
        engine: Makes the connections.
        stamp: Tells the database's state, where it can: datasets are read once as long as it stays equal.
    """

    def __init__(self, engine: Engine, stamp: Callable[[], object] = object) -> None:
        super().__init__(engine)
        self._found = Remembered[Dataset](stamp)

    def list(self, query: DatasetQuery) -> DatasetList:
        """The datasets that fit, in order, one page of them."""
        with self.reading() as connection:
            return listing.listed(connection, query)

    def find(self, ref: DatasetRef, version: int | None = None) -> Dataset:
        """A dataset by its id or name, at a version, by default its newest."""
        return self._found.get((ref, version), lambda: self._find(ref, version))

    def _find(self, ref: DatasetRef, version: int | None) -> Dataset:
        with self.reading() as connection:
            return loading.find(connection, ref, version)

    def add(self, dataset: Dataset, names: Iterable[DatasetName]) -> Dataset:
        """Record a new dataset with its first version, under the first of ``names`` that is free."""
        with self.writing() as session:
            added = msgspec.structs.replace(dataset, name=storing.free_name(session, names))
            storing.store(session, added)
        return added

    def change(self, ref: DatasetRef, edit: Callable[[Dataset], Dataset], having: int | None = None) -> Dataset:
        """Replace a dataset by what ``edit`` makes of it, while no other writer is let in; answer that."""
        with self.writing() as session:
            row = storing.lock(session, ref)
            before = loading.find(session.connection(), ref)
            if having is not None:
                loading.find(session.connection(), ref, having)
            after = edit(before)
            storing.replace(session, row, before, after)
        return after

    def remove(self, ref: DatasetRef, check: Callable[[Dataset], None]) -> None:
        """Forget a dataset and all its versions, unless ``check`` of it raises."""
        with self.writing() as session:
            row = storing.lock(session, ref)
            check(loading.find(session.connection(), ref))
            session.delete(row)

    def versions(self, ref: DatasetRef, query: VersionQuery) -> VersionList:
        """The versions of a dataset, the newest first, one page of them."""
        with self.reading() as connection:
            return loading.load_versions(connection, ref, query)

    def complete(self, ref: DatasetRef, version: int, form: Distribution) -> None:
        """Record a form that was made of a version later, unless it has one of that role, or is there no more."""
        with self.writing() as session, suppress(DatasetNotFound):
            storing.complete(session, storing.lock(session, ref), version, form)

    def forget(self, ref: DatasetRef, keep: int) -> int:
        """Forget all versions of a dataset but its newest ``keep``; answer how many."""
        with self.writing() as session:
            return storing.forget(session, storing.lock(session, ref), keep)

    def search(self, text: str, limit: int) -> tuple[Match, ...]:
        """The datasets that have a text, best first."""
        with self.reading() as connection:
            return searching.search(connection, text, limit)

    def due(self, at: datetime) -> tuple[DatasetId, ...]:
        """The datasets whose source is to be fetched again by then, or that have images nobody has asked for."""
        is_free = DatasetRow.claimed_until.is_(None) | (DatasetRow.claimed_until <= at)
        wanted = select(DatasetRow.id).where((DatasetRow.due_at <= at) | DatasetRow.pending, is_free)
        with self.reading() as connection:
            return tuple(DatasetId(one) for one in connection.scalars(wanted.order_by(DatasetRow.id)))

    def digests(self) -> AbstractSet[Digest]:
        """The blobs that some version refers to."""
        with self.reading() as connection:
            return {Digest(digest) for digest in connection.scalars(select(DistributionRow.digest).distinct())}
