"""What goes wrong with records of the metadata registry."""

from typing import ClassVar

import msgspec

from entrepot_core.errors.tree import NotFound, Refused


class RecordNotFound(NotFound):
    """No record of the registry has this id.

    >>> print(RecordNotFound(record="019aa5c0"))
    There is no record '019aa5c0'. List the records to see their ids.
    """

    record: str
    code: ClassVar[str] = "record_not_found"

    def __str__(self) -> str:
        return f"There is no record {self.record!r}. List the records to see their ids."


class NoRecords(NotFound):
    """No record of the registry fits.

    >>> print(NoRecords())
    No record fits. Register one, or ask with other filters.
    """

    code: ClassVar[str] = "no_records"

    def __str__(self) -> str:
        return "No record fits. Register one, or ask with other filters."


class InvalidRecord(Refused):
    """A field of a record can't be what was given.

    >>> print(InvalidRecord(field="name", value="", reason="give a text"))
    name='': give a text.
    """

    field: str
    value: str
    reason: str
    code: ClassVar[str] = "invalid_record"

    def __str__(self) -> str:
        return f"{self.field}={self.value!r}: {self.reason}."


class PayloadError(msgspec.Struct, frozen=True):
    """What is wrong at one place of a payload.

    >>> PayloadError(pointer="/sourceName", detail="5 is not of type 'string'").pointer
    '/sourceName'

    Attributes:
        pointer: The place, as a JSON pointer (RFC 6901); empty for the whole.
        detail: What is wrong there.
    """

    pointer: str
    detail: str


class InvalidPayload(Refused):
    """A payload is no JSON, or does not fit the schema that this store holds payloads to; nothing was written.

    >>> print(InvalidPayload(errors=[PayloadError(pointer="/sourceName", detail="5 is not of type 'string'")]))
    payload at /sourceName: 5 is not of type 'string'. Nothing was written.
    """

    errors: list[PayloadError]
    code: ClassVar[str] = "invalid_payload"

    def __str__(self) -> str:
        first, more = self.errors[0], len(self.errors) - 1
        place = f" at {first.pointer}" if first.pointer else ""
        others = f" And {more:,} more." if more else ""
        return f"payload{place}: {first.detail}. Nothing was written.{others}"
