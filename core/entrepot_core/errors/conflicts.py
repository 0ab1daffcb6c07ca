"""What would clash with what is stored."""

from typing import ClassVar

from entrepot_core.errors.tree import Conflict


class NameTaken(Conflict):
    """Another dataset has this name already.

    >>> print(NameTaken(name="cars"))
    There is a dataset named 'cars' already. Choose another name, or replace that one.
    """

    name: str
    code: ClassVar[str] = "name_taken"

    def __str__(self) -> str:
        return f"There is a dataset named {self.name!r} already. Choose another name, or replace that one."


class Stale(Conflict):
    """The dataset or record changed since the caller last read it.

    >>> print(Stale(ref="cars"))
    'cars' has changed since you read it. Read it again, then repeat the change.
    """

    ref: str
    code: ClassVar[str] = "stale"

    def __str__(self) -> str:
        return f"{self.ref!r} has changed since you read it. Read it again, then repeat the change."


class Cancelled(Conflict):
    """Somebody cancelled the work while it went on; nothing was stored.

    >>> print(Cancelled(job="019aa5c0-7d1e-7c3b-9f5e-2b6d1c0a4e77"))
    Job 019aa5c0-7d1e-7c3b-9f5e-2b6d1c0a4e77 was cancelled. Nothing was stored.
    """

    job: str
    code: ClassVar[str] = "cancelled"

    def __str__(self) -> str:
        return f"Job {self.job} was cancelled. Nothing was stored."


class JobFinished(Conflict):
    """The job has ended, so there is nothing to cancel.

    >>> print(JobFinished(job="019aa5c0-7d1e-7c3b-9f5e-2b6d1c0a4e77", state="succeeded"))
    Job 019aa5c0-7d1e-7c3b-9f5e-2b6d1c0a4e77 has ended already: succeeded.
    """

    job: str
    state: str
    code: ClassVar[str] = "job_finished"

    def __str__(self) -> str:
        return f"Job {self.job} has ended already: {self.state}."
