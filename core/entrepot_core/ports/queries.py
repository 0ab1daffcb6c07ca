"""The driving port's half that reads."""

from collections.abc import Iterator
from typing import Protocol, runtime_checkable

from entrepot_core.describing import Description
from entrepot_core.download import Download
from entrepot_core.formats import Format
from entrepot_core.job import Job, JobId, JobPage, JobQuery
from entrepot_core.names import DatasetRef
from entrepot_core.paging import DEFAULT_LIMIT
from entrepot_core.rows.query import FacetQuery, RowQuery
from entrepot_core.rows.views import Differences, Facets, RowView
from entrepot_core.selection import DatasetQuery, VersionQuery
from entrepot_core.statistics import Statistics
from entrepot_core.views import DatasetPage, DatasetView, Findings, RowsPage, VersionPage


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
            InvalidFilter: A filter does not fit its column.
            InvalidCursor: The cursor is not one of this table, or of other rows.
        """
        ...

    def get_row(self, ref: DatasetRef, row: int, version: int | None = None) -> RowView:
        """Read one row, by its number.

        Raises:
            RowNotFound: There is none.
        """
        ...

    def facets(self, ref: DatasetRef, query: FacetQuery, version: int | None = None) -> Facets:
        """Count the values of some columns, among the rows that fit.

        Raises:
            UnknownColumn: The query names a column that isn't there.
            InvalidFilter: A filter does not fit its column.
            InvalidOption: No column is named.
        """
        ...

    def list_versions(self, ref: DatasetRef, query: VersionQuery) -> VersionPage:
        """List a dataset's versions, the newest first, a page of them.

        Raises:
            InvalidCursor: The query's cursor is of another list.
        """
        ...

    def diff(self, ref: DatasetRef, before: int, after: int, limit: int = DEFAULT_LIMIT) -> Differences:
        """Compare two versions: their columns, and their rows by their numbers, of which ``limit`` are shown."""
        ...

    def search(self, text: str, limit: int = DEFAULT_LIMIT) -> Findings:
        """Find datasets by a text in what describes them, and in the names of their columns.

        Raises:
            InvalidOption: The text is empty.
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
            InvalidFilter: A filter does not fit its column.
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
