"""Keeps Pillow's warnings from whoever runs this: they are about a stranger's file, and end in errors of ours."""

import warnings
from collections.abc import Generator
from contextlib import contextmanager
from threading import Lock

_PILLOW = r"PIL\b"


class _Quiet:
    """Filters while anybody needs it. ``catch_warnings`` alone, in threads that overlap, may leave its filter."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._users = 0
        self._caught = warnings.catch_warnings()

    def enter(self) -> None:
        """Begin, if this is the first."""
        with self._lock:
            if not self._users:
                self._caught = warnings.catch_warnings()
                self._caught.__enter__()
                warnings.filterwarnings("ignore", module=_PILLOW)
            self._users += 1

    def leave(self) -> None:
        """End, if this is the last."""
        with self._lock:
            self._users -= 1
            if not self._users:
                self._caught.__exit__(None, None, None)


_QUIET = _Quiet()


@contextmanager
def quiet() -> Generator[None]:
    """While this lasts, nobody hears Pillow warn."""
    _QUIET.enter()
    try:
        yield
    finally:
        _QUIET.leave()
