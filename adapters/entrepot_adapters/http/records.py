"""The metadata registry of another Entrepot, over its HTTP API."""

import httpx
import msgspec

from entrepot_adapters.http import parameters
from entrepot_adapters.http.answers import decode, transport_errors
from entrepot_core.errors import NoRecords
from entrepot_core.record import Record, RecordEntry, RecordHistory, RecordPage, RecordQuery, parse_record_id


class RemoteRecords:
    """The registry's part of ``RemoteOperations``, whose connections it uses."""

    _url: str
    _client: httpx.Client

    def list_records(self, query: RecordQuery) -> RecordPage:
        """List the records that fit, the oldest first, a page of them; where none fits, an empty one."""
        try:
            return decode(self._ask("GET", "metadata", parameters.of_records(query)), RecordPage)
        except NoRecords:
            return RecordPage((), total=0, limit=query.limit, offset=query.offset, next=None)

    def get_record(self, record_id: str) -> Record:
        """Show a record."""
        return decode(self._ask("GET", _path(record_id)), Record)

    def get_record_history(self, record_id: str) -> RecordHistory:
        """Show all that a record ever was, the newest first."""
        return decode(self._ask("GET", f"{_path(record_id)}/history"), RecordHistory)

    def add_record(self, entry: RecordEntry) -> Record:
        """Register a record."""
        return decode(self._ask("POST", "metadata", entry=entry), Record)

    def update_record(self, record_id: str, entry: RecordEntry, expected: str | None = None) -> Record:
        """Give a record another name and payload, if it has the tag that is expected of it."""
        return decode(self._ask("PUT", _path(record_id), entry=entry, expected=expected), Record)

    def remove_record(self, record_id: str, expected: str | None = None) -> Record:
        """Remove a record with its history, if it has the tag that is expected of it."""
        return decode(self._ask("DELETE", _path(record_id), expected=expected), Record)

    def _ask(
        self,
        method: str,
        path: str,
        fields: parameters.Fields | None = None,
        entry: RecordEntry | None = None,
        expected: str | None = None,
    ) -> httpx.Response:
        body = None if entry is None else msgspec.json.encode(entry)
        headers = {} if entry is None else {"Content-Type": "application/json"}
        if expected is not None:
            headers["If-Match"] = f'"{expected}"'
        with transport_errors(self._url):
            return self._client.request(method, path, params=tuple(fields or ()), content=body, headers=headers)


def _path(record_id: str) -> str:
    """Where a record is.

    Raises:
        RecordNotFound: It is no record's id.
    """
    return f"metadata/{parse_record_id(record_id)}"
