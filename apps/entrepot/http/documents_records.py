"""The metadata registry's documents: the core's values with links."""

from typing import Annotated

import msgspec

from entrepot.http.documents import PROBLEM_SCHEMA
from entrepot.http.exchange import PREFIX
from entrepot.http.links import Link, Links
from entrepot.http.prefixes import seen
from entrepot_core.record import Record, RecordHistory, RecordPage


class EntryBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A record to be registered.

    Attributes:
        name: Any text but the empty one, of at most 1,000 characters.
        payload: A JSON object, or its text, which is stored as it is.
    """

    name: str
    payload: Annotated[msgspec.Raw, msgspec.Meta(extra_json_schema={"type": ["string", "object"]})]


class RecordDocument(Record, frozen=True):
    """A record of the metadata registry."""

    links: Links = msgspec.field(name="_links")


class RecordsDocument(RecordPage, frozen=True):
    """A page of the metadata registry.

    Attributes:
        next_url: The page after this one; null on the last.
    """

    items: tuple[RecordDocument, ...]
    next_url: str | None
    links: Links = msgspec.field(name="_links")


class HistoryDocument(RecordHistory, frozen=True):
    """All that a record ever was, the newest first."""

    links: Links = msgspec.field(name="_links")


class RecordResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of one item of a batch.

    Attributes:
        status: The HTTP status that the item would have had alone.
        record: The record, where there is one.
        problem: What went wrong, if something did.
    """

    status: int
    record: RecordDocument | msgspec.UnsetType = msgspec.UNSET
    problem: Annotated[dict[str, object], msgspec.Meta(extra_json_schema=PROBLEM_SCHEMA)] | msgspec.UnsetType = (
        msgspec.UNSET
    )


class RecordResults(msgspec.Struct, frozen=True):
    """What became of each item of a batch, in the order they were given."""

    results: tuple[RecordResult, ...]


def path_to_record(record: str) -> str:
    """The canonical path of a record."""
    return seen(f"{PREFIX}/metadata/{record}")


def record_links(record: Record) -> Links:
    """Where a record and its history are."""
    here = path_to_record(record.id)
    return {"self": Link(here), "history": Link(f"{here}/history")}


def history_links(record: str) -> Links:
    """Where a record's history and the record are."""
    here = path_to_record(record)
    return {"self": Link(f"{here}/history"), "record": Link(here)}
