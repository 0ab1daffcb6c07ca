"""Looks at a catalogue's database without changing it."""

from pathlib import Path

import msgspec

from entrepot_adapters.sql.engine import for_reading, open_engine
from entrepot_adapters.sql.faults import faults_of
from entrepot_adapters.sql.opening import REVISION, revision

_PATIENCE = 10.0
_MOST_FAULTS = 20


class CatalogueState(msgspec.Struct, frozen=True):
    """How a catalogue's database is.

    Attributes:
        revision: The newest migration it has seen; none where it has no tables yet.
        newest: The newest migration of this software.
        faults: What its own check complains of, the first few.
    """

    revision: str | None
    newest: str
    faults: tuple[str, ...]

    @property
    def is_well(self) -> bool:
        """Whether it is up to date and whole."""
        return self.revision == self.newest and not self.faults


def inspect_catalogue(place: Path) -> CatalogueState:
    """Look at the SQLite file at ``place``.

    Raises:
        StoreUnusable: It is no catalogue, or can't be read.
        StoreBusy: Others hold it for too long.
    """
    engine = open_engine(place, _PATIENCE)
    try:
        with faults_of(engine.url):
            found = revision(engine)
            with for_reading(engine).connect() as connection:
                said = connection.exec_driver_sql(f"PRAGMA integrity_check({_MOST_FAULTS})").scalars().all()
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    finally:
        engine.dispose()
    faults = [str(text) for text in said if text != "ok"]
    faults += [f"a row of {row[0]} refers to one of {row[2]} that is not there" for row in broken[:_MOST_FAULTS]]
    return CatalogueState(found, REVISION, tuple(faults))
