"""The local ``Operations``: the use cases, bound to one adapter for each driven port."""

from collections.abc import Iterator, Sequence

from attrs import frozen

from entrepot_core.changes import DatasetChanges
from entrepot_core.dataset import Dataset
from entrepot_core.describing import Description
from entrepot_core.dialect import ImportOptions, Report, TypeChanges
from entrepot_core.download import Download
from entrepot_core.formats import Format
from entrepot_core.job import Job, JobId, JobPage, JobQuery
from entrepot_core.names import DatasetRef
from entrepot_core.paging import DEFAULT_LIMIT
from entrepot_core.ports.operations import Source
from entrepot_core.rows.edits import Row
from entrepot_core.rows.query import FacetQuery, RowFilter, RowQuery
from entrepot_core.rows.views import Differences, Facets, RowsChanged, RowView
from entrepot_core.selection import DatasetQuery, VersionQuery
from entrepot_core.source import Label, NewDataset
from entrepot_core.statistics import Statistics
from entrepot_core.use_cases import (
    amending,
    browsing,
    editing,
    following,
    history,
    importing,
    picturing,
    reading,
    rendering,
)
from entrepot_core.use_cases.publishing import LocalCollections
from entrepot_core.use_cases.working import do
from entrepot_core.views import DatasetPage, DatasetView, Findings, RowsPage, VersionPage, view


@frozen
class LocalOperations(LocalCollections):
    """Does the work in this process, on its own store. The methods are those of ``Operations``.

    Attributes:
        driven: The store.
    """

    def list_datasets(self, query: DatasetQuery) -> DatasetPage:
        """List the datasets that fit, a page of them."""
        return browsing.list_datasets(self.driven, query)

    def get_dataset(self, ref: DatasetRef, version: int | None = None) -> DatasetView:
        """Show a dataset at a version."""
        return browsing.get_dataset(self.driven, ref, version)

    def describe(self, ref: DatasetRef, version: int | None = None, *, include_all: bool = False) -> Description:
        """Answer pandas' ``describe()``."""
        return browsing.describe(self.driven, ref, version, include_all=include_all)

    def get_statistics(self, ref: DatasetRef, version: int | None = None) -> Statistics:
        """Give the statistics and histogram of each column."""
        return browsing.get_statistics(self.driven, ref, version)

    def read_rows(self, ref: DatasetRef, query: RowQuery, version: int | None = None) -> RowsPage:
        """Read a page of rows."""
        return reading.read_rows(self.driven, ref, query, version)

    def get_row(self, ref: DatasetRef, row: int, version: int | None = None) -> RowView:
        """Read one row, by its number."""
        return reading.get_row(self.driven, ref, row, version)

    def facets(self, ref: DatasetRef, query: FacetQuery, version: int | None = None) -> Facets:
        """Count the values of some columns, among the rows that fit."""
        return reading.facets(self.driven, ref, query, version)

    def list_versions(self, ref: DatasetRef, query: VersionQuery) -> VersionPage:
        """List a dataset's versions, the newest first, a page of them."""
        return history.list_versions(self.driven, ref, query)

    def diff(self, ref: DatasetRef, before: int, after: int, limit: int = DEFAULT_LIMIT) -> Differences:
        """Compare two versions."""
        return history.diff(self.driven, ref, before, after, limit)

    def search(self, text: str, limit: int = DEFAULT_LIMIT) -> Findings:
        """Find datasets by a text in what describes them, and in the names of their columns."""
        return browsing.search(self.driven, text, limit)

    def open_file(self, ref: DatasetRef, version: int | None = None) -> Download:
        """Give back the original file."""
        return reading.open_file(self.driven, ref, version)

    def open_rejects(self, ref: DatasetRef, version: int | None = None) -> Download:
        """Give the rows that the import set aside."""
        return reading.open_rejects(self.driven, ref, version)

    def export(self, ref: DatasetRef, format: Format, query: RowQuery, version: int | None = None) -> Download:
        """Write the table in a table format."""
        return reading.export(self.driven, ref, format, query, version)

    def plot(
        self,
        ref: DatasetRef,
        format: Format,
        version: int | None = None,
        *,
        columns: tuple[str, ...] | None = None,
        bins: int | None = None,
    ) -> Download:
        """Draw the histograms of numeric columns."""
        return rendering.plot(self.driven, ref, format, version, columns, bins)

    def add_dataset(self, source: Source, details: NewDataset, options: ImportOptions, report: Report) -> DatasetView:
        """Read a file into a new dataset."""

        def work(told: Report) -> Dataset:
            return self._pictured(importing.add_dataset(self.driven, source, details, options, told), told)

        return view(do("import", source.known, work, report, self._background.endings))

    def replace_dataset(
        self,
        ref: DatasetRef,
        source: Source,
        changes: DatasetChanges,
        options: ImportOptions,
        report: Report,
        expected: int | None = None,
    ) -> DatasetView:
        """Read a file into a dataset's next version."""

        def work(told: Report) -> Dataset:
            made = importing.replace_dataset(self.driven, ref, source, changes, options, told, expected)
            return self._pictured(made, told)

        return view(do("replace", source.known, work, report, self._background.endings))

    def retype_dataset(
        self, ref: DatasetRef, changes: TypeChanges, report: Report, expected: int | None = None
    ) -> DatasetView:
        """Read a dataset's original file again, with other types or order of dates, into its next version."""

        def work(told: Report) -> Dataset:
            made = importing.retype_dataset(self.driven, ref, changes, told, expected)
            return picturing.with_images(self.driven, made, told, "new")

        return view(do("replace", Label(), work, report, self._background.endings))

    def edit_dataset(self, ref: DatasetRef, changes: DatasetChanges, expected: int | None = None) -> DatasetView:
        """Change how a dataset is described."""
        return view(editing.edit_dataset(self.driven, ref, changes, expected))

    def remove_dataset(self, ref: DatasetRef, expected: int | None = None) -> None:
        """Remove a dataset with all its versions."""
        editing.remove_dataset(self.driven, ref, expected)

    def append_rows(self, ref: DatasetRef, rows: Sequence[Row], expected: int | None = None) -> RowsChanged:
        """Add rows, which makes the next version."""
        return amending.append_rows(self.driven, ref, rows, expected)

    def update_rows(
        self, ref: DatasetRef, rows: Sequence[Row], expected: int | None = None, *, whole: bool = False
    ) -> RowsChanged:
        """Change rows, each named by its ``_id``, which makes the next version."""
        return amending.update_rows(self.driven, ref, rows, expected, whole=whole)

    def remove_rows(self, ref: DatasetRef, rows: Sequence[int] | RowFilter, expected: int | None = None) -> RowsChanged:
        """Remove rows, by their numbers or by a filter, which makes the next version."""
        return amending.remove_rows(self.driven, ref, rows, expected)

    def restore_version(self, ref: DatasetRef, version: int, expected: int | None = None) -> DatasetView:
        """Make an older version the next one."""
        return view(history.restore_version(self.driven, ref, version, expected))

    def list_jobs(self, query: JobQuery) -> JobPage:
        """List the jobs that fit, a page of them."""
        return following.list_jobs(self.driven, query)

    def get_job(self, job_id: JobId) -> Job:
        """Show a job as it is now."""
        return following.get_job(self.driven, job_id)

    def watch_job(self, job_id: JobId) -> Iterator[Job]:
        """Show a job whenever it has changed, until it has ended."""
        return following.watch_job(self.driven, job_id)

    def begin_add_dataset(self, source: Source, details: NewDataset, options: ImportOptions, report: Report) -> Job:
        """Take a file in, and have it read into a new dataset while nobody waits."""

        def work(taken: Source, told: Report) -> Dataset:
            return self._pictured(importing.add_dataset(self.driven, taken, details, options, told), told)

        has_images = bool(details.published or details.images)
        return self._background.begin("import", source, work, report, dataset=details.name, has_images=has_images)

    def begin_replace_dataset(
        self,
        ref: DatasetRef,
        source: Source,
        changes: DatasetChanges,
        options: ImportOptions,
        report: Report,
        expected: int | None = None,
    ) -> Job:
        """Take a file in, and have it read into a dataset's next version while nobody waits."""

        def work(taken: Source, told: Report) -> Dataset:
            made = importing.replace_dataset(self.driven, ref, taken, changes, options, told, expected)
            return self._pictured(made, told)

        has_images = bool(changes.images or self.driven.catalogue.find(ref).images)
        return self._background.begin("replace", source, work, report, dataset=ref, has_images=has_images)

    def cancel_job(self, job_id: JobId) -> Job:
        """Ask for a job to be cancelled."""
        job = following.cancel_job(self.driven, job_id)
        if job.is_finished:
            self._background.let_go(job.id)
        return job

    def _pictured(self, dataset: Dataset, told: Report) -> Dataset:
        """A dataset that was read anew, once its images have been asked for."""
        return picturing.with_images(self.driven, dataset, told)
