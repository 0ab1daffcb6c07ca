"""What pages of other origins may read, and which may change things too (Fetch, 3.3)."""

from typing import Final

from entrepot.origins import Origins

COLLECTIONS = "/api"
"""Where published datasets are collections, each under its name, beside this API's own prefix."""

IMAGES = "/images"
"""Where images are."""

Headers = list[tuple[bytes, bytes]]

_READ: Final[Headers] = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"Content-Range, ETag, Link, X-Correlation-ID, X-Total-Count"),
    (b"cross-origin-resource-policy", b"cross-origin"),
]
"""What every answer says that all pages may read, problems too."""

_EXPOSED = (
    b"Accept-Ranges, Allow, Content-Disposition, Content-Range, ETag, Link, Location, Preference-Applied, Retry-After, "
    b"X-Correlation-ID, X-Total-Count"
)
_TAKEN = (
    b"Authorization, Content-Encoding, Content-Type, If-Match, If-None-Match, If-Range, Last-Event-ID, Prefer, Range, "
    b"X-Correlation-ID, *"
)
"""Headers that a request may have; ``*`` is all but the first."""

_LASTING: Final = (b"access-control-max-age", b"86400")


def is_collection(path: str) -> bool:
    """Whether a path, without the API's prefix, is that of collections, of one, or of what is in it."""
    return path == COLLECTIONS or path.startswith(f"{COLLECTIONS}/")


def is_open(path: str) -> bool:
    """Whether pages of any site may read what is at a path, without the API's prefix."""
    return is_collection(path) or path.startswith(f"{IMAGES}/")


def shared(path: str, origins: list[str], allowed: Origins) -> Headers:
    """What an answer says of the pages that may read it.

    Args:
        path: What was asked for, without the API's prefix.
        origins: Where the request says that it comes from.
        allowed: The origins whose pages may read and change everything.
    """
    if is_open(path):
        return _READ
    if not allowed:
        return []
    if allowed.are_all:
        return _readable_by(b"*")
    is_allowed = len(origins) == 1 and origins[0] in allowed
    return [(b"vary", b"Origin"), *(_readable_by(origins[0].encode("latin-1")) if is_allowed else [])]


def preflight(methods: str, said: Headers) -> Headers:
    """What a browser is told that asks first.

    Args:
        methods: The methods that there are.
        said: What every answer there says of the pages that may read it.
    """
    if said is _READ:
        return _asked(methods.encode(), b"*")
    is_allowed = any(name == b"access-control-allow-origin" for name, _ in said)
    return _asked(methods.encode(), _TAKEN) if is_allowed else []


def _readable_by(origin: bytes) -> Headers:
    return [(b"access-control-allow-origin", origin), (b"access-control-expose-headers", _EXPOSED)]


def _asked(methods: bytes, headers: bytes) -> Headers:
    return [(b"access-control-allow-methods", methods), (b"access-control-allow-headers", headers), _LASTING]
