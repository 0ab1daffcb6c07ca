"""The error tree: each error is a fact with a stable ``code`` and typed fields.

Nothing here knows of HTTP or exit statuses: ``entrepot.failures`` translates. The fields of an error
are members of its problem document, from which a remote client builds the same exception again.
Errors are named for the fact they state, not with an ``Error`` suffix.
"""

from collections.abc import Iterator

from entrepot_core.errors.access import ForeignOrigin, UnknownHost
from entrepot_core.errors.conflicts import Cancelled, JobFinished, NameTaken, Stale
from entrepot_core.errors.facts import Fact
from entrepot_core.errors.fetching import AddressRefused, FetchFailed
from entrepot_core.errors.images import (
    CollectionNotFound,
    ImageError,
    ImageNotFound,
    InvalidImage,
    ItemNotFound,
    NoImages,
    NoSource,
)
from entrepot_core.errors.missing import (
    DatasetNotFound,
    FileMissing,
    JobNotFound,
    NoOriginal,
    NoRejects,
    RowNotFound,
    VersionNotFound,
)
from entrepot_core.errors.records import InvalidPayload, InvalidRecord, NoRecords, PayloadError, RecordNotFound
from entrepot_core.errors.refused import (
    EmptyInput,
    ImportCrashed,
    InvalidCursor,
    InvalidName,
    InvalidOption,
    LimitExceeded,
    MalformedInput,
    NothingToPlot,
    NotRepresentable,
    UnknownColumn,
    UnknownFormat,
    UnreadableInput,
    UploadTooLarge,
)
from entrepot_core.errors.rows import CellError, InvalidFilter, InvalidRows, NoFilter
from entrepot_core.errors.tree import Conflict, EntrepotError, NotFound, Refused, Unavailable
from entrepot_core.errors.unavailable import (
    BlobDamaged,
    DiskFull,
    Interrupted,
    ReadOnlyStore,
    SandboxUnavailable,
    ServerFailed,
    ServerUnreachable,
    StoreBusy,
    StoreUnusable,
)

# pylint: disable=duplicate-code  # what the library offers under its own name stands there again, for readers
__all__ = [
    "AddressRefused",
    "BlobDamaged",
    "Cancelled",
    "CellError",
    "CollectionNotFound",
    "Conflict",
    "DatasetNotFound",
    "DiskFull",
    "EmptyInput",
    "EntrepotError",
    "Fact",
    "FetchFailed",
    "FileMissing",
    "ForeignOrigin",
    "ImageError",
    "ImageNotFound",
    "ImportCrashed",
    "Interrupted",
    "InvalidCursor",
    "InvalidFilter",
    "InvalidImage",
    "InvalidName",
    "InvalidOption",
    "InvalidPayload",
    "InvalidRecord",
    "InvalidRows",
    "ItemNotFound",
    "JobFinished",
    "JobNotFound",
    "LimitExceeded",
    "MalformedInput",
    "NameTaken",
    "NoFilter",
    "NoImages",
    "NoOriginal",
    "NoRecords",
    "NoRejects",
    "NoSource",
    "NotFound",
    "NotRepresentable",
    "NothingToPlot",
    "PayloadError",
    "ReadOnlyStore",
    "RecordNotFound",
    "Refused",
    "RowNotFound",
    "SandboxUnavailable",
    "ServerFailed",
    "ServerUnreachable",
    "Stale",
    "StoreBusy",
    "StoreUnusable",
    "Unavailable",
    "UnknownColumn",
    "UnknownFormat",
    "UnknownHost",
    "UnreadableInput",
    "UploadTooLarge",
    "VersionNotFound",
    "every_error",
]
# pylint: enable=duplicate-code


def every_error() -> Iterator[type[EntrepotError]]:
    """All errors that can be raised: the classes of the tree that have a ``code``."""
    waiting: list[type[EntrepotError]] = [EntrepotError]
    while waiting:
        error = waiting.pop()
        waiting.extend(error.__subclasses__())
        if "code" in vars(error):
            yield error
