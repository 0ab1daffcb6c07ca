"""Examples of the metadata registry for the OpenAPI document."""

from datetime import UTC, datetime

from entrepot.http.documents_records import (
    HistoryDocument,
    RecordDocument,
    RecordResult,
    RecordResults,
    RecordsDocument,
    history_links,
    record_links,
)
from entrepot.http.links import Link
from entrepot_core.record import Record, RecordId, RecordRevision

ID = "019aa5c0-8a11-7d0e-b2c4-1f2e3d4c5b6a"
_PAYLOAD = '{"sourceName": "flights", "jobCluster": {"min_workers": 2}, "partitioning": "day"}'
_RECORD = Record(RecordId(ID), datetime(2026, 1, 31, 12, tzinfo=UTC), "flights", _PAYLOAD)

ENTRY = {"name": "flights", "payload": {"sourceName": "flights", "jobCluster": {"min_workers": 2}}}
RECORD = RecordDocument(_RECORD.id, _RECORD.registered_on, _RECORD.name, _RECORD.payload, links=record_links(_RECORD))
RECORDS = RecordsDocument(
    items=(RECORD,),
    total=1,
    limit=100,
    offset=0,
    next=None,
    next_url=None,
    links={"self": Link("/api/v1/metadata"), "first": Link("/api/v1/metadata")},
)
HISTORY = HistoryDocument(
    items=(RecordRevision(1, _RECORD.registered_on, _RECORD.name, _RECORD.payload),), links=history_links(ID)
)
BATCH = RecordResults((RecordResult(200, record=RECORD),))
