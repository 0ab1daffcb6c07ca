"""What pages of other sites may read: collections and images, which are published for everybody (Fetch, 3.3)."""

from typing import Final

COLLECTIONS = "/api"
"""Where published datasets are collections, each under its name, beside this API's own prefix."""

IMAGES = "/images"
"""Where images are."""

_OPEN = (f"{COLLECTIONS}/", f"{IMAGES}/")

Headers = list[tuple[bytes, bytes]]

ANSWERED: Final[Headers] = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"Content-Range, ETag, Link, X-Correlation-ID, X-Total-Count"),
    (b"cross-origin-resource-policy", b"cross-origin"),
]
"""What every answer there says, problems too."""

PREFLIGHT: Final[Headers] = [
    (b"access-control-allow-methods", b"GET, HEAD, OPTIONS"),
    (b"access-control-allow-headers", b"*"),
    (b"access-control-max-age", b"86400"),
]
"""What a browser is told that asks first."""


def is_open(path: str) -> bool:
    """Whether pages of any site may read what is at a path, without the API's prefix."""
    return path.startswith(_OPEN)
