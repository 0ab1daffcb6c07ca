"""Where a client sees this server's paths: below a prefix, where a trusted proxy names one."""

from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar

_PREFIX: ContextVar[str] = ContextVar("entrepot_prefix", default="")

_AT_THE_ROOT = nullcontext()
"""Is entered for most requests, and takes no time."""


def seen(path: str) -> str:
    """A path of this server as the client sees it whose request is being answered, also in the threads of it."""
    return _PREFIX.get() + path


def seen_below(prefix: str) -> AbstractContextManager[None]:
    """Answer a request whose client sees all paths below a prefix, which may be empty."""
    return _seen_below(prefix) if prefix else _AT_THE_ROOT


@contextmanager
def _seen_below(prefix: str) -> Generator[None]:
    token = _PREFIX.set(prefix)
    try:
        yield
    finally:
        _PREFIX.reset(token)
