"""Where a client sees this server's paths: below a prefix, where a trusted proxy names one."""

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar

_PREFIX: ContextVar[str] = ContextVar("entrepot_prefix", default="")


def seen(path: str) -> str:
    """A path of this server as the client sees it whose request is being answered, also in the threads of it."""
    return _PREFIX.get() + path


@contextmanager
def seen_below(prefix: str) -> Generator[None]:
    """Answer a request whose client sees all paths below a prefix, which may be empty."""
    token = _PREFIX.set(prefix)
    try:
        yield
    finally:
        _PREFIX.reset(token)
