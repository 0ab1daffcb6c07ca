"""A page of a collection, made of a server's array and headers."""

import re
from urllib.parse import parse_qs, urlsplit

import httpx
import msgspec

from entrepot_core.collection import CollectionPage
from entrepot_core.errors import ServerFailed
from entrepot_core.rows.query import RowQuery
from entrepot_core.schema import ROW_ID, FieldType
from entrepot_core.views import Column, DatasetView

_TOTAL = "X-Total-Count"
_NEXT = re.compile(r'<([^>]*)>\s*;\s*rel="?next"?')


def page_of(
    items: tuple[dict[str, msgspec.Raw], ...],
    answer: httpx.Response,
    document: DatasetView,
    query: RowQuery,
    offset: int,
) -> CollectionPage:
    """Make the page that a server's answer is.

    Args:
        items: What the answer's body holds.
        answer: The answer, whose headers tell how many items there are, and where the next are.
        document: The dataset, at the version that was read.
        query: What was asked for.
        offset: How many items come before these.
    """
    kinds = {field.name: field.type.value for field in document.schema.fields}
    named_by_row = "id" not in kinds
    names = ["id", *kinds] if named_by_row else list(kinds)
    if query.columns is not None:
        names = ["id" if name == ROW_ID and named_by_row else name for name in dict.fromkeys(query.columns)]
    columns = tuple(Column(name, kinds.get(name, FieldType.INTEGER.value)) for name in names)
    images = tuple(name for name in document.images if name in names)
    return CollectionPage(items, columns, images, _total(answer), query.page_limit, offset, _next(answer))


def _total(answer: httpx.Response) -> int | None:
    told = answer.headers.get(_TOTAL)
    if told is not None and not told.isdecimal():
        raise ServerFailed(answered=answer.status_code, reason=f"the answer's {_TOTAL} is no number")
    return None if told is None else int(told)


def _next(answer: httpx.Response) -> str | None:
    """The cursor that is in the link to the next page."""
    link = _NEXT.search(answer.headers.get("Link", ""))
    return None if link is None else next(iter(parse_qs(urlsplit(link[1]).query).get("cursor", [])), None)
