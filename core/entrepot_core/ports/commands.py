"""The driving port's half that writes."""

from collections.abc import Iterable, Sequence
from typing import Protocol, runtime_checkable

from attrs import frozen

from entrepot_core.changes import DatasetChanges
from entrepot_core.dialect import ImportOptions, Report, TypeChanges
from entrepot_core.job import Job, JobId
from entrepot_core.names import DatasetRef
from entrepot_core.ports.blobs import Staged
from entrepot_core.rows.edits import Row
from entrepot_core.rows.query import RowFilter
from entrepot_core.rows.views import RowsChanged
from entrepot_core.source import Label, Link, NewDataset
from entrepot_core.views import DatasetView


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
        self, ref: DatasetRef, changes: TypeChanges, report: Report, expected: int | None = None
    ) -> DatasetView:
        """Read a dataset's original file again, with these changes to how that was asked for before: its next version.

        Raises:
            DatasetNotFound: There is none.
            NoOriginal: Its newest version was not made from a file.
            Stale: It has changed since.
            UnknownColumn: A column is not there.
            InvalidOption: Nothing is to be changed.
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

    def append_rows(self, ref: DatasetRef, rows: Sequence[Row], expected: int | None = None) -> RowsChanged:
        """Add rows, which makes the next version; columns that aren't given are null.

        Raises:
            DatasetNotFound: There is none.
            Stale: It has changed since.
            InvalidRows: A value does not fit its column, or a column is not there.
        """
        ...

    def update_rows(
        self, ref: DatasetRef, rows: Sequence[Row], expected: int | None = None, *, whole: bool = False
    ) -> RowsChanged:
        """Change rows, each named by its ``_id``, which makes the next version.

        Columns that aren't given stay as they are, or are null where the rows are ``whole``.

        Raises:
            DatasetNotFound: There is none.
            RowNotFound: It has no row of one of the numbers.
            Stale: It has changed since.
            InvalidRows: A value does not fit its column, or a column is not there.
        """
        ...

    def remove_rows(self, ref: DatasetRef, rows: Sequence[int] | RowFilter, expected: int | None = None) -> RowsChanged:
        """Remove rows, by their numbers or by a filter, which makes the next version.

        Raises:
            DatasetNotFound: There is none.
            RowNotFound: It has no row of one of the numbers.
            Stale: It has changed since.
            NoFilter: Nothing says which.
            UnknownColumn: The filter names a column that isn't there.
            InvalidFilter: The filter does not fit its column.
        """
        ...

    def restore_version(self, ref: DatasetRef, version: int, expected: int | None = None) -> DatasetView:
        """Make an older version the next one, with its file and all.

        Raises:
            DatasetNotFound: There is none.
            VersionNotFound: It has no such version.
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
