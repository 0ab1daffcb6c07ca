"""Column types that keep the core's values as they are."""

from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy import JSON, DateTime, Dialect, String
from sqlalchemy.types import TypeDecorator

_T = TypeVar("_T")

ASCII = String().with_variant(String(collation="C"), "postgresql")
"""Text that is compared byte by byte, in every database."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, to the microsecond: stored in UTC, and aware again when it comes back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """In UTC; SQLite stores the text without a zone."""
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the base class's signature
        """In UTC, and saying so."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class Struct(TypeDecorator[_T], Generic[_T]):
    """A msgspec value, stored as JSON. It is read and written whole, never queried."""

    impl = JSON
    cache_ok = True

    def __init__(self, kind: type[_T]) -> None:
        super().__init__()
        self.kind = kind
        # Two threads that are the first to convert to a struct can crash the process: msgspec shows one of them what
        # the other has half made of its fields. They are made here, on import.
        msgspec.json.Decoder(kind)

    def process_bind_param(self, value: _T | None, dialect: Dialect) -> Any:  # noqa: ANN401, ARG002 - the base class's signature
        """As JSON's own kinds of values."""
        return msgspec.to_builtins(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> _T | None:  # noqa: ANN401, ARG002 - the base class's signature
        """As the core's value."""
        return None if value is None else msgspec.convert(value, self.kind)
