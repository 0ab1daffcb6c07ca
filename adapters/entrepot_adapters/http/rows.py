"""The rows and versions of another Entrepot's datasets, over its HTTP API."""

from collections.abc import Sequence

import msgspec

from entrepot_adapters.http import editing, parameters
from entrepot_adapters.http.answers import decode, transport_errors
from entrepot_adapters.http.connection import RemoteConnection, path_to
from entrepot_core.names import DatasetRef
from entrepot_core.paging import DEFAULT_LIMIT
from entrepot_core.rows.edits import Row
from entrepot_core.rows.query import FacetQuery, RowFilter, RowQuery
from entrepot_core.rows.views import Differences, Facets, RowsChanged, RowView
from entrepot_core.selection import VersionQuery
from entrepot_core.views import DatasetView, RowsPage, VersionPage


class RemoteRows(RemoteConnection):
    """What ``RemoteOperations`` does with rows and versions."""

    def read_rows(self, ref: DatasetRef, query: RowQuery, version: int | None = None) -> RowsPage:
        """Read a page of rows."""
        return decode(self._get(path_to(ref, "rows/"), parameters.of_rows(query, version)), RowsPage)

    def get_row(self, ref: DatasetRef, row: int, version: int | None = None) -> RowView:
        """Read one row, by its number."""
        response = self._get(path_to(ref, f"rows/{row}"), parameters.of_version(version))
        return RowView(decode(response, msgspec.Raw), editing.seen(response).version)

    def facets(self, ref: DatasetRef, query: FacetQuery, version: int | None = None) -> Facets:
        """Count the values of some columns, among the rows that fit."""
        return decode(self._get(path_to(ref, "facets/"), parameters.of_facets(query, version)), Facets)

    def list_versions(self, ref: DatasetRef, query: VersionQuery) -> VersionPage:
        """List a dataset's versions, the newest first, a page of them."""
        return decode(self._get(path_to(ref, "versions/"), parameters.of_versions(query)), VersionPage)

    def diff(self, ref: DatasetRef, before: int, after: int, limit: int = DEFAULT_LIMIT) -> Differences:
        """Compare two versions."""
        fields = [("from", str(before)), ("to", str(after)), ("limit", str(limit))]
        return decode(self._get(path_to(ref, "diff/"), fields), Differences)

    def append_rows(self, ref: DatasetRef, rows: Sequence[Row], expected: int | None = None) -> RowsChanged:
        """Add rows."""
        return self._edit("POST", ref, expected, editing.body_of(rows))

    def update_rows(
        self, ref: DatasetRef, rows: Sequence[Row], expected: int | None = None, *, whole: bool = False
    ) -> RowsChanged:
        """Change rows, each named by its ``_id``."""
        return self._edit("PUT" if whole else "PATCH", ref, expected, editing.body_of(rows))

    def remove_rows(self, ref: DatasetRef, rows: Sequence[int] | RowFilter, expected: int | None = None) -> RowsChanged:
        """Remove rows, by their numbers or by a filter."""
        if isinstance(rows, RowFilter):
            return self._edit("DELETE", ref, expected, None, parameters.of_filters(rows))
        return self._edit("DELETE", ref, expected, msgspec.json.encode(rows))

    def restore_version(self, ref: DatasetRef, version: int, expected: int | None = None) -> DatasetView:
        """Make an older version the next one."""
        headers = {"Content-Type": "application/json", **self._if_match(ref, expected)}
        with transport_errors(self._url):
            body = msgspec.json.encode({"version": version})
            return decode(self._client.post(path_to(ref, "restore/"), content=body, headers=headers), DatasetView)

    def _edit(
        self,
        method: str,
        ref: DatasetRef,
        expected: int | None,
        rows: bytes | None,
        filters: parameters.Fields | None = None,
    ) -> RowsChanged:
        headers = self._if_match(ref, expected) | ({} if rows is None else {"Content-Type": "application/json"})
        with transport_errors(self._url):
            fields = tuple(filters or ())
            answer = self._client.request(method, path_to(ref, "rows/"), content=rows, headers=headers, params=fields)
            return editing.changed(answer)
