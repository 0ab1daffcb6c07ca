"""The single table from an error to what each transport makes of it."""

from inspect import getdoc

from attrs import frozen

from entrepot_core import errors
from entrepot_core.errors import EntrepotError


@frozen
class Failure:
    """What the transports make of an error.

    Attributes:
        status: Its HTTP status.
        exit_status: The command line's exit status: 1 unforeseen, 2 usage, 3 not found, 4 input refused,
            5 conflict, 6 server unreachable, 7 not allowed.
    """

    status: int
    exit_status: int


FAILURES: dict[type[EntrepotError], Failure] = {
    errors.DatasetNotFound: Failure(404, 3),
    errors.VersionNotFound: Failure(404, 3),
    errors.JobNotFound: Failure(404, 3),
    errors.NoOriginal: Failure(404, 3),
    errors.NoRejects: Failure(404, 3),
    errors.RowNotFound: Failure(404, 3),
    errors.RecordNotFound: Failure(404, 3),
    errors.NoRecords: Failure(404, 3),
    errors.ImageNotFound: Failure(404, 3),
    errors.CollectionNotFound: Failure(404, 3),
    errors.ItemNotFound: Failure(404, 3),
    errors.NoImages: Failure(404, 3),
    errors.NoSource: Failure(404, 3),
    errors.FileMissing: Failure(422, 3),
    errors.InvalidName: Failure(422, 2),
    errors.InvalidOption: Failure(400, 2),
    errors.InvalidCursor: Failure(400, 2),
    errors.UnknownColumn: Failure(400, 2),
    errors.InvalidFilter: Failure(400, 2),
    errors.NoFilter: Failure(400, 2),
    errors.UnknownFormat: Failure(400, 2),
    errors.EmptyInput: Failure(422, 4),
    errors.UnreadableInput: Failure(415, 4),
    errors.MalformedInput: Failure(422, 4),
    errors.InvalidRows: Failure(422, 4),
    errors.InvalidRecord: Failure(422, 4),
    errors.InvalidPayload: Failure(422, 4),
    errors.LimitExceeded: Failure(422, 4),
    errors.UploadTooLarge: Failure(413, 4),
    errors.FetchFailed: Failure(422, 4),
    errors.AddressRefused: Failure(422, 4),
    errors.InvalidImage: Failure(422, 4),
    errors.NothingToPlot: Failure(422, 4),
    errors.NotRepresentable: Failure(422, 4),
    errors.ImportCrashed: Failure(422, 4),
    errors.NameTaken: Failure(409, 5),
    errors.Stale: Failure(412, 5),
    errors.Cancelled: Failure(409, 5),
    errors.JobFinished: Failure(409, 5),
    errors.StoreBusy: Failure(503, 1),
    errors.DiskFull: Failure(507, 1),
    errors.StoreUnusable: Failure(503, 1),
    errors.ReadOnlyStore: Failure(403, 7),
    errors.ForeignOrigin: Failure(403, 7),
    errors.UnknownHost: Failure(421, 7),
    errors.BlobDamaged: Failure(500, 1),
    errors.Interrupted: Failure(503, 1),
    errors.SandboxUnavailable: Failure(503, 1),
    errors.ServerUnreachable: Failure(502, 6),
    errors.ServerFailed: Failure(502, 1),
}
"""Every error that can be raised stands here; a test says so."""


def failure_of(error: EntrepotError) -> Failure:
    """What the transports make of this error."""
    return FAILURES[type(error)]


def title_of(error: type[Exception]) -> str:
    """What an error means, in a few words: the first line of its docstring, as plain text."""
    return (getdoc(error) or error.__name__).partition("\n")[0].removesuffix(".").replace("``", "")
