"""The remote ``Operations``: another Entrepot's HTTP API."""

from urllib.parse import urlencode

import httpx
import msgspec

from entrepot_adapters.http import parameters
from entrepot_adapters.http.answers import check, decode, transport_errors
from entrepot_adapters.http.collections import RemoteCollections
from entrepot_adapters.http.connection import ASYNC, BEGIN, WORK, path_to
from entrepot_adapters.http.multipart import FilePart, MultipartForm
from entrepot_adapters.http.records import RemoteRecords
from entrepot_adapters.http.rows import RemoteRows
from entrepot_adapters.http.sending import reported
from entrepot_core.changes import DatasetChanges
from entrepot_core.describing import Description
from entrepot_core.dialect import ImportOptions, Report, TypeChanges, no_report
from entrepot_core.download import Download
from entrepot_core.formats import Format
from entrepot_core.job import Job
from entrepot_core.names import DatasetRef
from entrepot_core.paging import DEFAULT_LIMIT
from entrepot_core.ports.operations import Source
from entrepot_core.rows.lists import write_names
from entrepot_core.rows.query import RowQuery
from entrepot_core.selection import DatasetQuery
from entrepot_core.source import Link, NewDataset
from entrepot_core.statistics import Statistics
from entrepot_core.views import DatasetPage, DatasetView, Findings


class RemoteOperations(RemoteRows, RemoteCollections, RemoteRecords):
    """Has the work done by a server. The methods are those of ``Operations``; it may be used by several threads."""

    def list_datasets(self, query: DatasetQuery) -> DatasetPage:
        """List the datasets that fit, a page of them."""
        return decode(self._get("datasets/", parameters.of_list(query)), DatasetPage)

    def get_dataset(self, ref: DatasetRef, version: int | None = None) -> DatasetView:
        """Show a dataset at a version."""
        return decode(self._get(path_to(ref), parameters.of_version(version)), DatasetView)

    def describe(self, ref: DatasetRef, version: int | None = None, *, include_all: bool = False) -> Description:
        """Answer pandas' ``describe()``."""
        include = [("include", "all")] if include_all else []
        return decode(self._get(path_to(ref, "stats/"), [*include, *parameters.of_version(version)]), Description)

    def get_statistics(self, ref: DatasetRef, version: int | None = None) -> Statistics:
        """Give the statistics and histogram of each column."""
        return decode(self._get(path_to(ref, "statistics/"), parameters.of_version(version)), Statistics)

    def search(self, text: str, limit: int = DEFAULT_LIMIT) -> Findings:
        """Find datasets by a text."""
        return decode(self._get("search", [("q", text), ("limit", str(limit))]), Findings)

    def open_file(self, ref: DatasetRef, version: int | None = None) -> Download:
        """Give back the original file, streamed."""
        return self._download(path_to(ref, "file/"), parameters.of_version(version))

    def open_rejects(self, ref: DatasetRef, version: int | None = None) -> Download:
        """Give the rows that the import set aside, streamed."""
        return self._download(path_to(ref, "rejects/"), parameters.of_version(version))

    def export(self, ref: DatasetRef, format: Format, query: RowQuery, version: int | None = None) -> Download:
        """Have the table written in a table format, streamed."""
        fields = [("format", str(format)), *parameters.of_rows(query, version)]
        return self._download(path_to(ref, "export/"), fields)

    def plot(
        self,
        ref: DatasetRef,
        format: Format,
        version: int | None = None,
        *,
        columns: tuple[str, ...] | None = None,
        bins: int | None = None,
    ) -> Download:
        """Have the histograms of numeric columns drawn."""
        fields = [("format", str(format)), *parameters.of_version(version)]
        if columns is not None:
            fields.append(("columns", write_names(columns)))
        if bins is not None:
            fields.append(("bins", str(bins)))
        return self._download(path_to(ref, "plot/"), fields)

    def add_dataset(self, source: Source, details: NewDataset, options: ImportOptions, report: Report) -> DatasetView:
        """Send a file, streamed, or where it is, to become a new dataset; with a report, by a job that is followed."""
        if report is not no_report:
            return self._made(self.begin_add_dataset(source, details, options, report), report)
        fields = parameters.of_import(details, options)
        return decode(self._send("POST", "datasets/", source, fields, report, {}), DatasetView)

    def replace_dataset(
        self,
        ref: DatasetRef,
        source: Source,
        changes: DatasetChanges,
        options: ImportOptions,
        report: Report,
        expected: int | None = None,
    ) -> DatasetView:
        """Send a file, streamed, or where it is, to become a dataset's next version; see ``add_dataset``."""
        if report is not no_report:
            job = self.begin_replace_dataset(ref, source, changes, options, report, expected)
            return self._made(job, report)
        fields, headers = parameters.of_import(changes, options), self._if_match(ref, expected)
        return decode(self._send("PUT", path_to(ref), source, fields, report, headers), DatasetView)

    def retype_dataset(
        self,
        ref: DatasetRef,
        changes: TypeChanges,
        report: Report,  # noqa: ARG002 - nothing is sent from here
        expected: int | None = None,
    ) -> DatasetView:
        """Have a dataset's original file read again, with other types; how far that is, the server does not tell."""
        headers = {"Content-Type": "application/merge-patch+json", **self._if_match(ref, expected)}
        with transport_errors(self._url):
            body = msgspec.json.encode(changes)
            return decode(self._client.patch(path_to(ref, "schema/"), content=body, headers=headers), DatasetView)

    def edit_dataset(self, ref: DatasetRef, changes: DatasetChanges, expected: int | None = None) -> DatasetView:
        """Change how a dataset is described."""
        headers = {"Content-Type": "application/merge-patch+json", **self._if_match(ref, expected)}
        with transport_errors(self._url):
            body = msgspec.json.encode(changes)
            return decode(self._client.patch(path_to(ref), content=body, headers=headers), DatasetView)

    def remove_dataset(self, ref: DatasetRef, expected: int | None = None) -> None:
        """Remove a dataset with all its versions."""
        with transport_errors(self._url):
            check(self._client.delete(path_to(ref), headers=self._if_match(ref, expected)))

    def begin_add_dataset(self, source: Source, details: NewDataset, options: ImportOptions, report: Report) -> Job:
        """Send a file, streamed, and have it read into a new dataset while nobody waits."""
        fields = parameters.of_import(details, options)
        return decode(self._send("POST", "datasets/", source, fields, report, ASYNC), Job)

    def begin_replace_dataset(
        self,
        ref: DatasetRef,
        source: Source,
        changes: DatasetChanges,
        options: ImportOptions,
        report: Report,
        expected: int | None = None,
    ) -> Job:
        """Send a file, streamed, and have it read into a dataset's next version while nobody waits."""
        fields, headers = parameters.of_import(changes, options), self._if_match(ref, expected) | ASYNC
        return decode(self._send("PUT", path_to(ref), source, fields, report, headers), Job)

    def _send(
        self,
        method: str,
        path: str,
        source: Source,
        fields: parameters.Fields,
        report: Report,
        headers: dict[str, str],
    ) -> httpx.Response:
        fields = _with_name(fields, source)
        if isinstance(source.content, Link):
            kind = "application/x-www-form-urlencoded"
            with transport_errors(self._url):
                body = urlencode([*fields, ("url", source.content.url)]).encode()
                return self._client.request(method, path, content=body, headers={"Content-Type": kind, **headers})
        form = MultipartForm(fields, [FilePart("file", source.label, reported(source.content, source.size, report))])
        headers = {"Content-Type": form.content_type, **headers}
        timeout = BEGIN if headers.keys() & ASYNC.keys() else WORK
        with transport_errors(self._url):
            return self._client.request(method, path, content=iter(form), headers=headers, timeout=timeout)


def _with_name(fields: parameters.Fields, source: Source) -> parameters.Fields:
    name = source.label.file_name
    return fields if name is None else [*fields, ("file_name", name)]
