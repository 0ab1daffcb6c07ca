"""What the operating system's complaints mean for a store."""

import errno
from collections.abc import Generator
from contextlib import contextmanager

from entrepot_adapters.disks import FULL
from entrepot_core.errors import DiskFull, StoreBusy, StoreUnusable

_TOO_MANY = {errno.EMFILE, errno.ENFILE}
"""As many files are open as may be, in this process or in all."""
_OURS = {errno.EBADF, errno.EINVAL}
"""What says something about this process, not about the store."""


@contextmanager
def faults_of(place: object) -> Generator[None]:
    """Translate what goes wrong with files at ``place``.

    Raises:
        DiskFull: There is no room, or the user's quota is used up.
        StoreBusy: Too many files are open.
        StoreUnusable: They can't be read or written.
    """
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise DiskFull from error
        if error.errno in _TOO_MANY:
            raise StoreBusy from error
        if error.errno in _OURS:
            raise
        if error.errno == errno.EFBIG:
            reason = "a file may not be that large here (see ulimit -f), or its file system takes none of that size"
            raise StoreUnusable(f"Can't store all of it: {reason}. Nothing was stored.") from error
        is_file = error.errno in {errno.EEXIST, errno.ENOTDIR}
        reason = "it is a file, not a folder" if is_file else error.strerror or str(error)
        raise StoreUnusable(
            f"Can't use the store at {place}: {reason}. Check the folder and its permissions."
        ) from error
