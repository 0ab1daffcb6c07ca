"""The catalogue in an SQL database."""

from collections.abc import Callable, Generator, Iterable
from collections.abc import Set as AbstractSet
from contextlib import contextmanager

import msgspec
from sqlalchemy import Connection, Engine, select
from sqlalchemy.orm import Session

from entrepot_adapters.sql import listing, loading, storing
from entrepot_adapters.sql.engine import for_reading, for_writing
from entrepot_adapters.sql.faults import faults_of
from entrepot_adapters.sql.models import DistributionRow
from entrepot_core.dataset import Dataset
from entrepot_core.names import DatasetName, DatasetRef, Digest
from entrepot_core.ports.catalogue import DatasetList
from entrepot_core.selection import DatasetQuery


class SqlCatalogue:
    """Remembers datasets in a database whose tables are there already; ``open_catalogue`` sees to that.

    Every method is one transaction. Close the catalogue to let go of its connections.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._for_reading, self._for_writing = for_reading(engine), for_writing(engine)

    def list(self, query: DatasetQuery) -> DatasetList:
        """The datasets that fit, in order, one page of them."""
        with self._reading() as connection:
            return listing.listed(connection, query)

    def find(self, ref: DatasetRef, version: int | None = None) -> Dataset:
        """A dataset by its id or name, at a version, by default its newest."""
        with self._reading() as connection:
            return loading.find(connection, ref, version)

    def add(self, dataset: Dataset, names: Iterable[DatasetName]) -> Dataset:
        """Record a new dataset with its first version, under the first of ``names`` that is free."""
        with self._writing() as session:
            added = msgspec.structs.replace(dataset, name=storing.free_name(session, names))
            storing.store(session, added)
        return added

    def change(self, ref: DatasetRef, edit: Callable[[Dataset], Dataset]) -> Dataset:
        """Replace a dataset by what ``edit`` makes of it, while no other writer is let in; answer that."""
        with self._writing() as session:
            row = storing.lock(session, ref)
            before = loading.find(session.connection(), ref)
            after = edit(before)
            storing.replace(session, row, before, after)
        return after

    def remove(self, ref: DatasetRef, check: Callable[[Dataset], None]) -> None:
        """Forget a dataset and all its versions, unless ``check`` of it raises."""
        with self._writing() as session:
            row = storing.lock(session, ref)
            check(loading.find(session.connection(), ref))
            session.delete(row)

    def digests(self) -> AbstractSet[Digest]:
        """The blobs that some version refers to."""
        with self._reading() as connection:
            return {Digest(digest) for digest in connection.scalars(select(DistributionRow.digest).distinct())}

    def close(self) -> None:
        """Let go of the connections; closing twice is allowed."""
        self._engine.dispose()

    @contextmanager
    def _reading(self) -> Generator[Connection]:
        with faults_of(self._engine.url), self._for_reading.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Generator[Session]:
        with faults_of(self._engine.url), Session(self._for_writing) as session, session.begin():
            yield session
