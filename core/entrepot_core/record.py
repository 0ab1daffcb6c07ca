"""Records of the metadata registry: what configures a platform's sources, as JSON under a name."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any, ClassVar, NewType, cast

import msgspec

from entrepot_core.changes import is_text
from entrepot_core.errors import InvalidPayload, InvalidRecord, PayloadError, RecordNotFound, Stale
from entrepot_core.json_text import MOST_LEVELS, check_keys, decode_json, is_deeper
from entrepot_core.names import as_id, is_id
from entrepot_core.paging import PagedById

RecordId = NewType("RecordId", str)
"""A UUIDv7 in its canonical lower-case form."""

LONGEST_NAME = 1_000
MOST_PAYLOAD_BYTES = 1_000_000


class Record(msgspec.Struct, frozen=True):
    """One entry of the registry.

    Attributes:
        id: Its permanent id, a UUIDv7.
        registered_on: When it was registered, UTC.
        name: What it is called; several may have one name.
        payload: A JSON object, as the text that was registered.
    """

    id: RecordId
    registered_on: datetime
    name: str
    payload: str

    @property
    def tag(self) -> str:
        """Tells this state of it from others."""
        return blake2b(msgspec.json.encode((self.id, self.name, self.payload)), digest_size=16).hexdigest()

    def require(self, expected: str | None) -> None:
        """Insist that this is the state of that tag, if one is given.

        Raises:
            Stale: It isn't.
        """
        if expected not in {None, self.tag}:
            raise Stale(ref=self.name)


class RecordEntry(msgspec.Struct, frozen=True):
    """A name and a payload, to be registered.

    Attributes:
        name: Any text but the empty one, of at most 1,000 characters.
        payload: JSON text, of at most a megabyte and 64 levels.
    """

    name: str
    payload: str

    def __post_init__(self) -> None:
        if not self.name.strip() or len(self.name) > LONGEST_NAME or not is_text(self.name):
            reason = f"give a text of 1 to {LONGEST_NAME:,} characters, without NUL"
            raise InvalidRecord(field="name", value=ascii(self.name)[1:-1][:100], reason=reason)

    @property
    def value(self) -> Any:  # noqa: ANN401 - any JSON
        """What the payload says.

        Raises:
            InvalidPayload: It is no JSON, larger than a megabyte, nested more than 64 levels deep, or has a key twice.
        """
        if len(self.payload.encode("utf-8", "surrogatepass")) > MOST_PAYLOAD_BYTES:
            raise _refused(f"it is larger than {MOST_PAYLOAD_BYTES:,} bytes")
        if not is_text(self.payload):
            raise _refused("NUL and half characters can't be stored")
        try:
            found = decode_json(self.payload, object)
        except msgspec.DecodeError as error:
            raise _refused(f"it is no JSON ({error})") from error
        if is_deeper(found):
            raise _refused(f"it is nested more than {MOST_LEVELS} levels deep")
        try:
            check_keys(self.payload)
        except msgspec.DecodeError as error:
            raise _refused(str(error)) from error
        return found


class RecordRevision(msgspec.Struct, frozen=True):
    """What a record was at some time.

    Attributes:
        number: 1 for the first, each next one more.
        changed_at: Since when, UTC.
        name: What it was called.
        payload: What it held.
    """

    number: int
    changed_at: datetime
    name: str
    payload: str


class RecordHistory(msgspec.Struct, frozen=True):
    """All that a record ever was, the newest first."""

    items: tuple[RecordRevision, ...]


class RecordQuery(PagedById, frozen=True, omit_defaults=True, kw_only=True):
    """Which records to list, the oldest first, and which page of them.

    Attributes:
        name: The exact name.
        source_name: The exact ``sourceName`` of the payload.
        limit: The most items of a page.
        offset: How many matches to skip; not with ``cursor``.
        cursor: Where a page before left off.
    """

    listed: ClassVar[str] = "records"
    name: str | None = None
    source_name: str | None = None


class RecordPage(msgspec.Struct, frozen=True):
    """Part of the registry.

    Attributes:
        items: The records, the oldest first.
        total: How many match in all.
        limit: The most items a page has.
        offset: How many matches come before the first item.
        next: The cursor of the page after this one; null on the last.
    """

    items: tuple[Record, ...]
    total: int
    limit: int
    offset: int
    next: str | None


def page_of(found: Sequence[Record], total: int, query: RecordQuery) -> RecordPage:
    """A page of the records found for ``query`` at its place, of which there may be one more than a page has."""
    return RecordPage(tuple(found[: query.limit]), total, query.limit, query.begins, query.following(found))


def parse_record_id(text: str) -> RecordId:
    """The id of a record.

    Raises:
        RecordNotFound: It is no id, so that no record has it.
    """
    if not is_id(text):
        raise RecordNotFound(record=text[:100].encode("utf-8", "backslashreplace").decode())
    return RecordId(as_id(text))


def source_name(payload: str) -> str | None:
    """The ``sourceName`` of a payload, if it has one that is a text."""
    value = msgspec.json.decode(payload)
    found = cast("dict[str, object]", value).get("sourceName") if isinstance(value, dict) else None
    return found if isinstance(found, str) else None


def _refused(detail: str) -> InvalidPayload:
    return InvalidPayload(errors=[PayloadError(pointer="", detail=detail)])
