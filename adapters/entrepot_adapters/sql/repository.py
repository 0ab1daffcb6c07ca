"""What everything that is kept in the database shares."""

from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from entrepot_adapters.sql.engine import for_reading, for_writing
from entrepot_adapters.sql.faults import faults_of


class Repository:
    """Something kept in a database whose tables are there already; close it to let go of the connections."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._for_reading, self._for_writing = for_reading(engine), for_writing(engine)

    def close(self) -> None:
        """Let go of the connections; closing twice is allowed."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Generator[Connection]:
        """A transaction that reads: all its statements see one state."""
        with faults_of(self._engine.url), self._for_reading.connect() as connection:
            yield connection

    @contextmanager
    def writing_rows(self) -> Generator[Connection]:
        """As ``writing``, for plain statements: they take a third of the time that the ORM's unit of work does."""
        with faults_of(self._engine.url), self._for_writing.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Generator[Session]:
        """A transaction that reads and then writes; it is done when this is left, and undone by what is raised."""
        with faults_of(self._engine.url), Session(self._for_writing) as session, session.begin():
            yield session
