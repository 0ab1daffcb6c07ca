"""The error tree: each error is a fact with a stable ``code`` and typed fields.

Nothing here knows of HTTP or exit statuses: ``entrepot.failures`` translates. The fields of an error
are members of its problem document, from which a remote client builds the same exception again.
Errors are named for the fact they state, not with an ``Error`` suffix.
"""

from collections.abc import Iterator
from typing import ClassVar

from attrs import define

_SHOWN = 20
"""How many columns a message names at the most."""


class EntrepotError(Exception):
    """Anything that Entrepot refuses or fails to do. ``str(error)`` says what is wrong and what to do."""

    code: ClassVar[str]
    """Stable, ``snake_case``; part of every contract."""


class NotFound(EntrepotError):
    """What was asked for is not there."""


class Refused(EntrepotError):
    """The input, or a wish about it, can't be taken as it is."""


class Conflict(EntrepotError):
    """It would clash with what is stored."""


class Unavailable(EntrepotError):
    """The store or the server can't do its work now."""


# --- not found ---------------------------------------------------------------------------------


@define(slots=False)
class DatasetNotFound(NotFound):
    """No dataset has this id or name."""

    ref: str
    code: ClassVar[str] = "dataset_not_found"

    def __str__(self) -> str:
        return f"There is no dataset {self.ref!r}. List the datasets to see their names."


@define(slots=False)
class VersionNotFound(NotFound):
    """The dataset has no version of this number."""

    ref: str
    version: int
    latest: int
    code: ClassVar[str] = "version_not_found"

    def __str__(self) -> str:
        return f"Dataset {self.ref!r} has no version {self.version}; its latest is {self.latest}."


@define(slots=False)
class NoOriginal(NotFound):
    """The version was not made from a file, so there is no original to give back."""

    ref: str
    version: int
    code: ClassVar[str] = "no_original"

    def __str__(self) -> str:
        return f"Version {self.version} of {self.ref!r} was not made from a file. Export it instead."


@define(slots=False)
class FileMissing(NotFound):
    """A file that was to be read is not there or can't be opened."""

    path: str
    reason: str
    code: ClassVar[str] = "file_missing"

    def __str__(self) -> str:
        return f"Can't read {self.path}: {self.reason}."


# --- refused -----------------------------------------------------------------------------------


@define(slots=False)
class InvalidName(Refused):
    """A dataset can't be called this."""

    name: str
    reason: str
    code: ClassVar[str] = "invalid_name"

    def __str__(self) -> str:
        return f"{self.name!r} can't be a dataset's name: {self.reason}."


@define(slots=False)
class InvalidOption(Refused):
    """An option or parameter has a value it can't have."""

    option: str
    value: str
    reason: str
    code: ClassVar[str] = "invalid_option"

    def __str__(self) -> str:
        return f"{self.option}={self.value!r}: {self.reason}."


@define(slots=False)
class InvalidCursor(Refused):
    """A paging cursor that this store did not make."""

    cursor: str
    code: ClassVar[str] = "invalid_cursor"

    def __str__(self) -> str:
        return f"{self.cursor!r} is not a cursor of this store. Start again without a cursor."


@define(slots=False)
class UnknownColumn(Refused):
    """The dataset has no column of this name."""

    column: str
    columns: list[str]
    code: ClassVar[str] = "unknown_column"

    def __str__(self) -> str:
        known = ", ".join(self.columns[:_SHOWN]) + (", …" if len(self.columns) > _SHOWN else "")
        return f"There is no column {self.column!r}. The columns are: {known}."


@define(slots=False)
class EmptyInput(Refused):
    """The input has no content at all."""

    file_name: str | None = None
    code: ClassVar[str] = "empty_input"

    def __str__(self) -> str:
        return f"{self.file_name or 'The input'} is empty. A table needs at least a header."


@define(slots=False)
class UnreadableInput(Refused):
    """The input is in no format that Entrepot reads."""

    reason: str
    formats: list[str]
    file_name: str | None = None
    code: ClassVar[str] = "unreadable_input"

    def __str__(self) -> str:
        what = self.file_name or "the input"
        return f"Can't read {what}: {self.reason}. What can be read: {', '.join(self.formats)}."


@define(slots=False)
class UnknownFormat(Refused):
    """What was asked for can't be written in this format."""

    format: str
    formats: list[str]
    code: ClassVar[str] = "unknown_format"

    def __str__(self) -> str:
        return f"{self.format} is not a format that can be used here. Use one of: {', '.join(self.formats)}."


@define(slots=False)
class MalformedInput(Refused):
    """The input breaks the rules of its own format; nothing was stored."""

    reason: str
    line: int | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None
    code: ClassVar[str] = "malformed_input"

    def __str__(self) -> str:
        places = (("line", self.line), ("row", self.row), ("column", self.column))
        where = ", ".join(f"{name} {place}" for name, place in places if place is not None)
        what = f"{where}: {self.reason}" if where else self.reason
        return what if self.value is None else f"{what} (found {self.value!r})"


@define(slots=False)
class LimitExceeded(Refused):
    """The input passes a limit of this store; ``limit`` is the setting's name."""

    limit: str
    allowed: int
    code: ClassVar[str] = "limit_exceeded"

    def __str__(self) -> str:
        return f"The input passes {self.limit} = {self.allowed:,}. Send less, or raise that setting."


@define(slots=False)
class UploadTooLarge(LimitExceeded):
    """More bytes were sent than an upload may have."""

    code: ClassVar[str] = "upload_too_large"


@define(slots=False)
class NothingToPlot(Refused):
    """None of the columns is numeric and has values."""

    ref: str
    code: ClassVar[str] = "nothing_to_plot"

    def __str__(self) -> str:
        return f"{self.ref!r} has no numeric column with values, so there is no histogram to draw."


@define(slots=False)
class NotRepresentable(Refused):
    """The table can't be written in the format that was asked for without losing data."""

    format: str
    reason: str
    code: ClassVar[str] = "not_representable"

    def __str__(self) -> str:
        return f"This table does not fit into {self.format}: {self.reason}"


@define(slots=False)
class ImportCrashed(Refused):
    """The import worker ended before it answered; nothing was stored."""

    reason: str
    code: ClassVar[str] = "import_crashed"

    def __str__(self) -> str:
        return f"The import stopped: {self.reason}. Nothing was stored."


# --- conflict ----------------------------------------------------------------------------------


@define(slots=False)
class NameTaken(Conflict):
    """Another dataset has this name already."""

    name: str
    code: ClassVar[str] = "name_taken"

    def __str__(self) -> str:
        return f"There is a dataset named {self.name!r} already. Choose another name, or replace that one."


@define(slots=False)
class Stale(Conflict):
    """The dataset changed since the caller last read it."""

    ref: str
    code: ClassVar[str] = "stale"

    def __str__(self) -> str:
        return f"Dataset {self.ref!r} has changed since you read it. Read it again, then repeat the change."


# --- unavailable -------------------------------------------------------------------------------


@define(slots=False)
class StoreBusy(Unavailable):
    """Another process held the store for too long."""

    code: ClassVar[str] = "store_busy"

    def __str__(self) -> str:
        return "The store is busy. Try again in a moment."


@define(slots=False)
class DiskFull(Unavailable):
    """No room is left where the store lives; nothing was changed."""

    code: ClassVar[str] = "disk_full"

    def __str__(self) -> str:
        return "The disk of the store is full. Nothing was stored; make room and try again."


@define(slots=False)
class StoreUnusable(Unavailable):
    """The home can't be opened: not a home, damaged, or made by newer software."""

    reason: str
    code: ClassVar[str] = "store_unusable"

    def __str__(self) -> str:
        return self.reason


@define(slots=False)
class BlobDamaged(Unavailable):
    """Stored bytes are missing or don't match their digest."""

    digest: str
    code: ClassVar[str] = "blob_damaged"

    def __str__(self) -> str:
        return f"The stored bytes {self.digest[:12]}… are missing or damaged. Restore them from a backup."


@define(slots=False)
class ServerUnreachable(Unavailable):
    """No Entrepot server answers there."""

    url: str
    reason: str
    code: ClassVar[str] = "server_unreachable"

    def __str__(self) -> str:
        return f"No Entrepot server answers at {self.url}: {self.reason}."


@define(slots=False)
class ServerFailed(Unavailable):
    """The server answered with something this client can't make sense of, or with a fault of its own."""

    answered: int
    reason: str
    correlation_id: str | None = None
    code: ClassVar[str] = "server_failed"

    def __str__(self) -> str:
        trail = f" (correlation id {self.correlation_id})" if self.correlation_id else ""
        return f"The server answered {self.answered}: {self.reason}{trail}"


def every_error() -> Iterator[type[EntrepotError]]:
    """All errors that can be raised: the classes of the tree that have a ``code``."""
    waiting: list[type[EntrepotError]] = [EntrepotError]
    while waiting:
        error = waiting.pop()
        waiting.extend(error.__subclasses__())
        if "code" in vars(error):
            yield error
