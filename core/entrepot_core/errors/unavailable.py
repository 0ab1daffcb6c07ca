"""What the store or the server can't do now."""

from typing import ClassVar

from entrepot_core.errors.tree import Unavailable


class StoreBusy(Unavailable):
    """Another process held the store for too long, or as much is going on in this one as may.

    >>> print(StoreBusy())
    The store is busy. Try again in a moment.
    """

    code: ClassVar[str] = "store_busy"

    def __str__(self) -> str:
        return "The store is busy. Try again in a moment."


class DiskFull(Unavailable):
    """No room is left where the store lives; nothing was changed.

    >>> print(DiskFull())
    The disk of the store is full. Nothing was stored; make room and try again.
    """

    code: ClassVar[str] = "disk_full"

    def __str__(self) -> str:
        return "The disk of the store is full. Nothing was stored; make room and try again."


class StoreUnusable(Unavailable):
    """The home can't be opened: not a home, damaged, or made by newer software.

    >>> print(StoreUnusable(reason="This folder holds something else."))
    This folder holds something else.
    """

    reason: str
    code: ClassVar[str] = "store_unusable"

    def __str__(self) -> str:
        return self.reason


class ReadOnlyStore(Unavailable):
    """The store can only be read here, as its folder can't be written, or is a backup; nothing was changed.

    >>> print(ReadOnlyStore())
    This store can only be read here, as its folder can't be written, or is a backup. Nothing was changed.
    """

    code: ClassVar[str] = "read_only_store"

    def __str__(self) -> str:
        return "This store can only be read here, as its folder can't be written, or is a backup. Nothing was changed."


class BlobDamaged(Unavailable):
    """Stored bytes are missing or don't match their digest.

    >>> print(BlobDamaged(digest="9f86d081884c7d65"))
    The stored bytes 9f86d081884c… are missing or damaged. Restore them from a backup.
    """

    digest: str
    code: ClassVar[str] = "blob_damaged"

    def __str__(self) -> str:
        return f"The stored bytes {self.digest[:12]}… are missing or damaged. Restore them from a backup."


class Interrupted(Unavailable):
    """The work was cut off before it was done.

    >>> print(Interrupted(reason="the process that did it has ended"))
    The work was cut off: the process that did it has ended. Look what is there, then begin it again.
    """

    reason: str
    code: ClassVar[str] = "interrupted"

    def __str__(self) -> str:
        return f"The work was cut off: {self.reason}. Look what is there, then begin it again."


class SandboxUnavailable(Unavailable):
    """Imports have to run in a sandbox, which this system can't close.

    >>> print(SandboxUnavailable(missing=["landlock", "seccomp"]))
    Imports must run in a sandbox (ENTREPOT_SANDBOX=require), but this system lacks landlock, seccomp of it.
    """

    missing: list[str]
    code: ClassVar[str] = "sandbox_unavailable"

    def __str__(self) -> str:
        lacking = ", ".join(self.missing)
        return f"Imports must run in a sandbox (ENTREPOT_SANDBOX=require), but this system lacks {lacking} of it."


class ServerUnreachable(Unavailable):
    """No Entrepot server answers there.

    >>> print(ServerUnreachable(url="http://127.0.0.1:8000", reason="connection refused"))
    No Entrepot server answers at http://127.0.0.1:8000: connection refused.
    """

    url: str
    reason: str
    code: ClassVar[str] = "server_unreachable"

    def __str__(self) -> str:
        return f"No Entrepot server answers at {self.url}: {self.reason}."


class ServerFailed(Unavailable):
    """The server answered with something this client can't make sense of, or with a fault of its own.

    >>> print(ServerFailed(answered=500, reason="internal error"))
    The server answered 500: internal error
    """

    answered: int
    reason: str
    correlation_id: str | None = None
    code: ClassVar[str] = "server_failed"

    def __str__(self) -> str:
        trail = f" (correlation id {self.correlation_id})" if self.correlation_id else ""
        return f"The server answered {self.answered}: {self.reason}{trail}"
