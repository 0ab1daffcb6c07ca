"""Work that goes on in a store, as people hold it."""

from datetime import datetime
from typing import Self

from attrs import define

from entrepot.library.dataset import Dataset
from entrepot.library.progress import reporting
from entrepot_core import job as core
from entrepot_core.dialect import Report
from entrepot_core.errors import EntrepotError
from entrepot_core.names import DatasetRef
from entrepot_core.ports.operations import Operations


@define(eq=False, repr=False)
class Job:
    """An import, or what else takes long, that goes on while nobody waits, as it was when this object last looked.

    >>> job = store.add("cars.csv", "more-cars", wait=False)
    >>> job.wait()
    <Dataset 'more-cars': 6 rows × 4 columns, version 1>
    >>> job
    <Job of 'cars.csv': succeeded>

    Attributes:
        document: All that is known of it, as one value; the properties are its parts.
    """

    document: core.Job
    _operations: Operations

    @property
    def id(self) -> core.JobId:
        """Its permanent id."""
        return self.document.id

    @property
    def state(self) -> core.JobState:
        """``queued`` or ``running``; then ``succeeded``, ``failed`` or ``cancelled`` for good."""
        return self.document.state

    @property
    def progress(self) -> core.Progress | None:
        """How far it has come: the stage it is at, and how much of that is done."""
        return self.document.progress

    @property
    def error(self) -> EntrepotError | None:
        """Why it failed, if it did."""
        return self.document.error

    @property
    def created_at(self) -> datetime:
        """When it was asked for, UTC."""
        return self.document.created_at

    def refresh(self) -> Self:
        """Look at how it is now.

        >>> job = store.add("cars.csv", wait=False)
        >>> job.refresh().state in {"queued", "running", "succeeded"}
        True
        """
        self.document = self._operations.get_job(self.id)
        return self

    def wait(self, *, progress: Report | bool = True) -> Dataset:
        """Wait until it has ended, and give the dataset that it made or changed.

        >>> store.add("cars.csv", "more-cars", wait=False).wait().name
        'more-cars'

        Args:
            progress: Takes reports ``(stage, done, total)``, or ``False`` for no progress bar.

        Raises:
            Cancelled: Somebody cancelled it.
            EntrepotError: Whatever it failed of, as ``Store.add`` raises it.
        """
        with reporting(self.document.file_name or "the table", progress=progress) as report:
            self.document = core.follow(self._operations.watch_job(self.id), report)
        if self.document.error is not None:
            raise self.document.error
        made = DatasetRef(self.document.dataset or "")
        return Dataset(self._operations.get_dataset(made, self.document.version), self._operations)

    def cancel(self) -> Self:
        """Ask for it to be cancelled. It ends a moment later and leaves nothing, unless it is done by then.

        >>> job = store.add("cars.csv", "more-cars", wait=False)
        >>> job.wait().name
        'more-cars'
        >>> job.cancel()
        Traceback (most recent call last):
            ...
        entrepot_core.errors.conflicts.JobFinished: Job ... has ended already: succeeded.

        Raises:
            JobFinished: It has ended.
        """
        self.document = self._operations.cancel_job(self.id)
        return self

    def __repr__(self) -> str:
        without_name = "images" if self.document.kind == "images" else "a table"
        what = without_name if self.document.file_name is None else repr(self.document.file_name)
        return f"<Job of {what}: {self.state}>"
