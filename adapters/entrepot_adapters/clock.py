"""The system's clock and UUIDv7 ids."""

from datetime import UTC, datetime

import uuid_utils

from entrepot_core.names import DatasetId


class SystemClock:
    """Tells the time of the machine and makes ids that sort by the time they were made."""

    def now(self) -> datetime:
        """The time in UTC, to the microsecond."""
        return datetime.now(UTC)

    def new_id(self) -> DatasetId:
        """A new UUIDv7."""
        return DatasetId(str(uuid_utils.uuid7()))
