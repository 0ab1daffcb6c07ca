"""Entrepot: land a file as a typed dataset; get statistics, histograms, Excel and Parquet out.

>>> store = entrepot.connect()
>>> store.add("cars.csv", "my-cars").shape
(6, 4)
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from entrepot.library.chart import Chart
    from entrepot.library.dataset import Dataset
    from entrepot.library.facets import Facets
    from entrepot.library.finding import Finding
    from entrepot.library.history import Differences, RowChange, Versions
    from entrepot.library.images import Images
    from entrepot.library.job import Job
    from entrepot.library.registry import Registry
    from entrepot.library.rows import Rows
    from entrepot.library.store import Store, connect
    from entrepot_core.errors import (
        AddressRefused,
        BlobDamaged,
        Cancelled,
        CellError,
        CollectionNotFound,
        Conflict,
        DatasetNotFound,
        DiskFull,
        EmptyInput,
        EntrepotError,
        FetchFailed,
        FileMissing,
        ForeignOrigin,
        ImageError,
        ImageNotFound,
        ImportCrashed,
        Interrupted,
        InvalidCursor,
        InvalidFilter,
        InvalidImage,
        InvalidName,
        InvalidOption,
        InvalidPayload,
        InvalidRecord,
        InvalidRows,
        ItemNotFound,
        JobFinished,
        JobNotFound,
        LimitExceeded,
        MalformedInput,
        NameTaken,
        NoFilter,
        NoImages,
        NoOriginal,
        NoRecords,
        NoRejects,
        NoSource,
        NotFound,
        NothingToPlot,
        NotRepresentable,
        PayloadError,
        ReadOnlyStore,
        RecordNotFound,
        Refused,
        RowNotFound,
        SandboxUnavailable,
        ServerFailed,
        ServerUnreachable,
        Stale,
        StoreBusy,
        StoreUnusable,
        Unavailable,
        UnknownColumn,
        UnknownFormat,
        UnknownHost,
        UnreadableInput,
        UploadTooLarge,
        VersionNotFound,
    )

__all__ = [
    "AddressRefused",
    "BlobDamaged",
    "Cancelled",
    "CellError",
    "Chart",
    "CollectionNotFound",
    "Conflict",
    "Dataset",
    "DatasetNotFound",
    "Differences",
    "DiskFull",
    "EmptyInput",
    "EntrepotError",
    "Facets",
    "FetchFailed",
    "FileMissing",
    "Finding",
    "ForeignOrigin",
    "ImageError",
    "ImageNotFound",
    "Images",
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
    "Job",
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
    "Registry",
    "RowChange",
    "RowNotFound",
    "Rows",
    "SandboxUnavailable",
    "ServerFailed",
    "ServerUnreachable",
    "Stale",
    "Store",
    "StoreBusy",
    "StoreUnusable",
    "Unavailable",
    "UnknownColumn",
    "UnknownFormat",
    "UnknownHost",
    "UnreadableInput",
    "UploadTooLarge",
    "VersionNotFound",
    "Versions",
    "connect",
]

_HOMES = {
    "Chart": "entrepot.library.chart",
    "Dataset": "entrepot.library.dataset",
    "Differences": "entrepot.library.history",
    "Facets": "entrepot.library.facets",
    "Finding": "entrepot.library.finding",
    "Images": "entrepot.library.images",
    "Job": "entrepot.library.job",
    "Registry": "entrepot.library.registry",
    "RowChange": "entrepot.library.history",
    "Rows": "entrepot.library.rows",
    "Store": "entrepot.library.store",
    "Versions": "entrepot.library.history",
    "connect": "entrepot.library.store",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used, so that the command line starts quickly."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(_HOMES.get(name, "entrepot_core.errors")), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
