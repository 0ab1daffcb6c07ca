"""The jobs in an SQL database."""

from collections.abc import Callable
from typing import Any, Protocol, cast

from sqlalchemy import Engine, Row, delete, func, select

from entrepot_adapters.sql.models import JobRow
from entrepot_adapters.sql.repository import Repository
from entrepot_core.errors import JobNotFound
from entrepot_core.job import FINISHED, Job, JobId, JobKind, JobPage, JobQuery, JobState, page_of
from entrepot_core.names import DatasetId

_JOBS = select(*JobRow.__table__.columns)


class Processes(Protocol):
    """The processes that share a store."""

    @property
    def own(self) -> str:
        """This process's name among them, which no other ever has."""
        ...

    def is_alive(self, name: str) -> bool:
        """Whether the process of this name still works on the store."""
        ...


class SqlJobs(Repository):
    """Remembers jobs in a database whose tables are there already; ``open_database`` sees to that.

    Args:
        engine: The connections, which may be shared with the catalogue.
        processes: Tells whose job is whose, and who is alive.
    """

    def __init__(self, engine: Engine, processes: Processes) -> None:
        super().__init__(engine)
        self._processes = processes

    def add(self, job: Job) -> None:
        """Record a new job, as one of this process."""
        with self.writing() as session:
            session.add(_written(JobRow(id=job.id, process=self._processes.own), job))

    def find(self, job_id: JobId) -> Job:
        """A job as it is now."""
        with self.reading() as connection:
            row = connection.execute(_JOBS.where(JobRow.id == job_id)).one_or_none()
        if row is None:
            raise JobNotFound(job=job_id)
        return _job(row)

    def list(self, query: JobQuery) -> JobPage:
        """The jobs that fit, the newest first, one page of them."""
        fits = [] if query.state is None else [JobRow.state == query.state]
        wanted = _JOBS.where(*fits).order_by(JobRow.id.desc()).limit(query.limit + 1)
        place = query.place
        wanted = wanted.offset(query.offset) if place is None else wanted.where(JobRow.id < place.id)
        with self.reading() as connection:
            total = connection.scalars(select(func.count()).select_from(JobRow).where(*fits)).one()
            found = [_job(row) for row in connection.execute(wanted).all()]
        return page_of(found, total, query)

    def change(self, job_id: JobId, edit: Callable[[Job], Job]) -> Job:
        """Replace a job by what ``edit`` makes of it, while no other writer is let in; answer that."""
        with self.writing() as session:
            row = session.scalars(select(JobRow).where(JobRow.id == job_id).with_for_update()).one_or_none()
            if row is None:
                raise JobNotFound(job=job_id)
            after = edit(_job(row))
            _written(row, after)
        return after

    def abandoned(self) -> tuple[Job, ...]:
        """The jobs that have not ended though the process they belong to has."""
        unfinished = _JOBS.where(JobRow.state.not_in(FINISHED))
        with self.reading() as connection:
            rows = connection.execute(unfinished).all()
        dead = {process for process in {row.process for row in rows} if not self._processes.is_alive(process)}
        return tuple(_job(row) for row in rows if row.process in dead)

    def trim(self, keep: int) -> None:
        """Forget jobs that have ended, but for the ``keep`` newest of them."""
        ended = select(JobRow.id).where(JobRow.state.in_(FINISHED)).order_by(JobRow.id.desc())
        with self.reading() as connection:
            oldest = connection.scalars(ended.offset(keep).limit(1)).one_or_none()
        if oldest is not None:
            with self.writing() as session:
                session.execute(delete(JobRow).where(JobRow.state.in_(FINISHED), JobRow.id <= oldest))


def _written(row: JobRow, job: Job) -> JobRow:
    row.kind, row.file_name, row.state, row.cancelling = job.kind, job.file_name, job.state, job.cancelling
    row.progress, row.problem = job.progress, job.problem
    row.dataset_id, row.version = job.dataset, job.version
    row.created_at, row.started_at, row.ended_at = job.created_at, job.started_at, job.ended_at
    return row


def _job(row: JobRow | Row[*tuple[Any, ...]]) -> Job:
    return Job(
        id=JobId(row.id),
        kind=cast("JobKind", row.kind),
        file_name=row.file_name,
        state=cast("JobState", row.state),
        cancelling=row.cancelling,
        progress=row.progress,
        dataset=None if row.dataset_id is None else DatasetId(row.dataset_id),
        version=row.version,
        problem=row.problem,
        created_at=row.created_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
    )
