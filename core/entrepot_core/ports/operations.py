"""The driving port: the one table of what Entrepot can do. Every transport covers it."""

from collections.abc import Iterable, Iterator
from typing import Protocol, runtime_checkable

from attrs import frozen

from entrepot_core.dataset import DatasetChanges
from entrepot_core.describing import Description
from entrepot_core.dialect import ImportOptions, Report, TypeChanges
from entrepot_core.download import Download
from entrepot_core.formats import Format
from entrepot_core.job import Job, JobId, JobPage, JobQuery
from entrepot_core.names import DatasetRef
from entrepot_core.ports.blobs import Staged
from entrepot_core.selection import DatasetQuery, RowQuery
from entrepot_core.source import Label, Link, NewDataset
from entrepot_core.statistics import Statistics
from entrepot_core.views import DatasetPage, DatasetView, RowsPage


@frozen
class Source:
    """A file on its way in.

    Attributes:
        content: Its bytes: chunks, to be read once, or what a transport has staged already; who made it closes it.
            Or where the store is to fetch them.
        label: What the sender says of them.
        size: How many are coming, if that is known.
    """

    content: Iterable[bytes] | Staged | Link
    label: Label = Label()
    size: int | None = None

    @property
    def known(self) -> Label:
        """What is said of the file before it comes: by the sender, else by the end of its URL."""
        return self.label.over(Label(self.content.file_name)) if isinstance(self.content, Link) else self.label


@runtime_checkable
class Queries(Protocol):
    """What reads. ``version`` is a version's number, by default the newest.

    What takes a dataset raises ``DatasetNotFound``, and ``VersionNotFound`` for a number that isn't there.
    A remote implementation also raises ``ServerUnreachable`` and ``ServerFailed``.
    """

    def list_datasets(self, query: DatasetQuery) -> DatasetPage:
        """List the datasets that fit, a page of them.

        Raises:
            InvalidCursor: The query's cursor is of another list or order.
        """
        ...

    def get_dataset(self, ref: DatasetRef, version: int | None = None) -> DatasetView:
        """Show a dataset at a version."""
        ...

    def describe(self, ref: DatasetRef, version: int | None = None, *, include_all: bool = False) -> Description:
        """Answer pandas' ``describe()``: of the numeric columns, or of all with ``include_all``."""
        ...

    def get_statistics(self, ref: DatasetRef, version: int | None = None) -> Statistics:
        """Give the statistics and histogram of each column."""
        ...

    def read_rows(self, ref: DatasetRef, query: RowQuery, version: int | None = None) -> RowsPage:
        """Read a page of rows. A cursor pins the version it began on, whatever ``version`` says.

        Raises:
            UnknownColumn: The query names a column that isn't there.
            InvalidCursor: The cursor is not one of this table.
        """
        ...

    def open_file(self, ref: DatasetRef, version: int | None = None) -> Download:
        """Give back the file that the version was imported from, byte for byte.

        Raises:
            NoOriginal: It was not made from a file.
        """
        ...

    def open_rejects(self, ref: DatasetRef, version: int | None = None) -> Download:
        """Give the rows that the import of the version set aside, as CSV.

        Raises:
            NoRejects: There were none.
        """
        ...

    def export(self, ref: DatasetRef, format: Format, query: RowQuery, version: int | None = None) -> Download:
        """Write the table, or the part that ``query`` selects (its ``limit`` may be none), in a table format.

        Raises:
            UnknownColumn: The query names a column that isn't there.
            UnknownFormat: The format is not for tables.
            NotRepresentable: The format can't hold the table.
        """
        ...

    def plot(
        self,
        ref: DatasetRef,
        format: Format,
        version: int | None = None,
        *,
        columns: tuple[str, ...] | None = None,
        bins: int | None = None,
    ) -> Download:
        """Draw the histograms of numeric columns, by default of all, as PDF, SVG or PNG.

        Raises:
            NothingToPlot: None of the columns is numeric with a finite value.
            UnknownColumn: A named column isn't there.
            UnknownFormat: The format is not for charts.
            InvalidOption: ``bins`` is not 1 to 1,000.
        """
        ...

    def list_jobs(self, query: JobQuery) -> JobPage:
        """List the jobs that fit, the newest first, a page of them.

        Raises:
            InvalidCursor: The query's cursor is of another list.
        """
        ...

    def get_job(self, job_id: JobId) -> Job:
        """Show a job as it is now.

        Raises:
            JobNotFound: There is none.
        """
        ...

    def watch_job(self, job_id: JobId) -> Iterator[Job]:
        """Show a job now, whenever it has changed, and last when it has ended; closing this stops watching.

        Raises:
            JobNotFound: There is none; with the first item.
        """
        ...


@runtime_checkable
class Commands(Protocol):
    """What writes. Every method is all or nothing, and durable when it returns.

    ``expected`` is the revision a caller last saw; where the dataset has another, ``Stale`` is raised. Any may
    raise ``StoreBusy`` or ``DiskFull``, what imports ``SandboxUnavailable``, and a remote implementation
    ``ServerUnreachable`` or ``ServerFailed``.
    """

    def add_dataset(self, source: Source, details: NewDataset, options: ImportOptions, report: Report) -> DatasetView:
        """Read a file into a new dataset.

        Raises:
            NameTaken: Its given name is another's, and ``details`` don't say to replace that.
            Refused: What ``Importer.load`` raises of it, or ``Fetcher.fetch`` of its URL.
            Cancelled: It took long, and somebody cancelled it.
        """
        ...

    def replace_dataset(
        self,
        ref: DatasetRef,
        source: Source,
        changes: DatasetChanges,
        options: ImportOptions,
        report: Report,
        expected: int | None = None,
    ) -> DatasetView:
        """Read a file into a dataset's next version; options not given are those of the version before.

        Raises:
            DatasetNotFound: There is none.
            Stale: It has changed since.
            Refused: What ``Importer.load`` raises of the file, or ``Fetcher.fetch`` of its URL.
            Cancelled: It took long, and somebody cancelled it.
        """
        ...

    def retype_dataset(
        self, ref: DatasetRef, types: TypeChanges, report: Report, expected: int | None = None
    ) -> DatasetView:
        """Read a dataset's original file again, with these types beside those asked for before: its next version.

        Raises:
            DatasetNotFound: There is none.
            NoOriginal: Its newest version was not made from a file.
            Stale: It has changed since.
            UnknownColumn: A column is not there.
            InvalidOption: No column is named.
            Refused: What ``Importer.load`` raises of the file, as of a value that does not fit.
            Cancelled: It took long, and somebody cancelled it.
        """
        ...

    def edit_dataset(self, ref: DatasetRef, changes: DatasetChanges, expected: int | None = None) -> DatasetView:
        """Change how a dataset is described.

        Raises:
            DatasetNotFound: There is none.
            NameTaken: Its new name is another's.
            Stale: It has changed since.
        """
        ...

    def remove_dataset(self, ref: DatasetRef, expected: int | None = None) -> None:
        """Remove a dataset with all its versions.

        Raises:
            DatasetNotFound: There is none.
            Stale: It has changed since.
        """
        ...

    def begin_add_dataset(self, source: Source, details: NewDataset, options: ImportOptions, report: Report) -> Job:
        """Take a file in, and have it read into a new dataset while nobody waits.

        ``report`` is told while the file is taken in. What was staged already is taken over, and closed here. What
        ``add_dataset`` raises of the dataset and the file becomes the job's problem.
        """
        ...

    def begin_replace_dataset(
        self,
        ref: DatasetRef,
        source: Source,
        changes: DatasetChanges,
        options: ImportOptions,
        report: Report,
        expected: int | None = None,
    ) -> Job:
        """Take a file in, and have it read into a dataset's next version; see ``begin_add_dataset``."""
        ...

    def cancel_job(self, job_id: JobId) -> Job:
        """Ask for a job to be cancelled. It ends a moment later, and leaves nothing; unless it is done by then.

        Raises:
            JobNotFound: There is none.
            JobFinished: It has ended.
        """
        ...


@runtime_checkable
class Operations(Queries, Commands, Protocol):
    """All that Entrepot can do with datasets, reads and writes together."""
