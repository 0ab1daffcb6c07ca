"""Parts of a file: the ``Range`` and ``If-Range`` headers (RFC 9110, 14)."""

import re

from entrepot.http.exchange import AnyRequest, exchange_of
from entrepot.http.problems import RangeNotSatisfiable

_SINGLE = re.compile(r"bytes\s*=\s*([0-9]{0,18})\s*-\s*([0-9]{0,18})", re.IGNORECASE | re.ASCII)


def wanted(request: AnyRequest, tag: str, size: int) -> range | None:
    """The bytes of a file that a client wants; none for the whole file.

    A header that asks for several ranges, or that is no such header, is passed over, as the standard allows.

    Args:
        request: Asks for the file.
        tag: The file's entity tag.
        size: How many bytes it has.

    Raises:
        RangeNotSatisfiable: None of the bytes that are wanted is there.
    """
    found = _SINGLE.fullmatch(request.headers.get("range", "").strip())
    if found is None or found[0].rstrip().endswith("=-") or exchange_of(request.scope).is_head:
        return None
    if request.headers.get("if-range", tag).strip() != tag:
        return None
    first, last = found[1], found[2]
    if not first:
        span = range(max(0, size - int(last)), size) if last else range(0)
    elif last and int(last) < int(first):
        return None  # which is no range at all
    else:
        span = range(int(first), min(size, int(last) + 1) if last else size)
    if not span:
        raise RangeNotSatisfiable(size=size)
    return span
