"""The routes of collections: published datasets as plain lists, for web pages and apps."""

from collections.abc import Iterable

import msgspec
from attrs import frozen
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response.base import ASGIResponse

from entrepot.http import examples_images as examples
from entrepot.http.backend import Backend
from entrepot.http.bases import Bases, bases_of
from entrepot.http.documents_collections import CollectionDocument, Listing
from entrepot.http.exchange import AnyRequest, exchange_of
from entrepot.http.links import pages, url_of_collection
from entrepot.http.operation import COLLECTIONS, Answer, Operation, told
from entrepot.http.parameters import Given, check_known, decode, query_of
from entrepot.http.problems import InvalidRequest, RouteNotFound
from entrepot.http.responses import JSON, entity
from entrepot_core.collection import CollectionPage
from entrepot_core.errors import (
    CollectionNotFound,
    InvalidCursor,
    InvalidFilter,
    InvalidOption,
    ItemNotFound,
    UnknownColumn,
)
from entrepot_core.image import may_be_platform
from entrepot_core.names import RESERVED_NAMES
from entrepot_core.ports.operations import Operations
from entrepot_core.rows.query import RowQuery
from entrepot_core.selection import DatasetQuery
from entrepot_core.views import DatasetView

_PAGES = {"Link": "Other pages.", "X-Total-Count": "How many items fit in all."}
_LISTING = (CollectionNotFound, InvalidOption, InvalidCursor, InvalidFilter, InvalidRequest, UnknownColumn)

_Item = dict[str, msgspec.Raw]


@frozen
class _Reading:
    """One read of a collection; its methods run in a thread.

    Attributes:
        operations: The use cases.
        bases: Where the client sees this server.
        name: The collection's name.
        given: The query.
    """

    operations: Operations
    bases: Bases
    name: str
    given: Given

    def page(self, platform: str | None = None) -> tuple[bytes, dict[str, str]]:
        """A page, encoded, and its headers."""
        page = self.operations.read_collection(self.name, decode(self.given, RowQuery), platform)
        return msgspec.json.encode(self._shown(page.items, page.images)), self._headers(page, platform)

    def item(self, item: str, platform: str | None = None) -> tuple[bytes, dict[str, str]]:
        """An item, encoded, and its headers."""
        view = self.operations.get_item(self.name, item, platform)
        check_known(self.given, ())
        (shown,) = self._shown([view.item], view.images)
        return msgspec.json.encode(shown), {"vary": self.bases.vary}

    def page_or_item(self, item: str) -> tuple[bytes, dict[str, str]]:
        """The page for a platform of this name, if there is one, else the item with this id."""
        if may_be_platform(item):
            try:
                return self.page(item)
            except ItemNotFound:
                pass
        return self.item(item)

    def _shown(self, items: Iterable[_Item], columns: tuple[str, ...]) -> list[_Item]:
        """Items whose images have URLs that lead there from everywhere."""
        base = msgspec.json.encode(self.bases.images)[:-1]  # a text without its end
        return [{name: _at(base, raw) if name in columns else raw for name, raw in item.items()} for item in items]

    def _headers(self, page: CollectionPage, platform: str | None) -> dict[str, str]:
        url = url_of_collection(self.bases.server, self.name, *([] if platform is None else [platform]))
        around = pages(url, self.given, limit=page.limit, offset=page.offset, following=page.next)
        counted = {} if page.total is None else {"x-total-count": str(page.total)}
        return {"vary": self.bases.vary, "link": around.header, **counted}


def _at(base: bytes, raw: msgspec.Raw) -> msgspec.Raw:
    """A path, encoded, behind the beginning of a URL; what is none stays as it is."""
    text = bytes(raw)
    return msgspec.Raw(base + text[1:]) if text.startswith(b'"/') else raw


def _begin(request: AnyRequest, backend: Backend, name: str) -> _Reading:
    if name in RESERVED_NAMES:  # /api/v2/…, or a path that lacks its /v1
        raise RouteNotFound
    exchange_of(request.scope).may_be_kept = True
    return _Reading(backend.operations, bases_of(request, backend), name, query_of(request))


@get(
    "/api",
    opt=told(
        Operation(
            COLLECTIONS,
            Answer("A page of collections.", {JSON: examples.COLLECTIONS}, list[CollectionDocument], headers=_PAGES),
            query=(Listing,),
            problems=(InvalidOption, InvalidCursor, InvalidRequest),
            is_apart=True,
        )
    ),
)
async def list_collections(request: AnyRequest, backend: NamedDependency[Backend]) -> ASGIResponse:
    """List the collections there are, by their names, so that an app needs to know none: an array, in pages."""
    exchange_of(request.scope).may_be_kept = True
    body, headers = await backend.query(_listed, backend.operations, bases_of(request, backend), query_of(request))
    return entity(request, body, JSON, headers=headers)


def _listed(operations: Operations, bases: Bases, given: Given) -> tuple[bytes, dict[str, str]]:
    """A page of collections, encoded, and its headers."""
    place = decode(given, Listing)
    query = DatasetQuery(published=True, sort="name", limit=place.limit, offset=place.offset, cursor=place.cursor)
    page = operations.list_datasets(query)
    url = url_of_collection(bases.server)
    around = pages(url, given, limit=page.limit, offset=page.offset, following=page.next)
    body = msgspec.json.encode([_told(dataset, bases.server) for dataset in page.items])
    return body, {"vary": bases.vary, "link": around.header, "x-total-count": str(page.total)}


def _told(dataset: DatasetView, server: str) -> CollectionDocument:
    return CollectionDocument(
        name=dataset.name,
        title=dataset.title,
        description=dataset.description,
        tags=dataset.tags,
        rows=dataset.rows,
        updated_at=dataset.updated_at,
        href=url_of_collection(server, dataset.name),
        images=dataset.images,
    )


@get(
    "/api/{name:str}",
    opt=told(
        Operation(
            COLLECTIONS,
            Answer("A page of items.", {JSON: examples.COLLECTION}, list[dict[str, object]], headers=_PAGES),
            query=(RowQuery,),
            problems=_LISTING,
            is_apart=True,
        )
    ),
)
async def read_collection(request: AnyRequest, backend: NamedDependency[Backend], name: FromPath[str]) -> ASGIResponse:
    """Read a collection: a dataset that is published, as an array of its rows.

    Each has an `id`, its row's number where the data has no such column. In a column of images there is the URL of the
    original as it is stored here, or null. Every parameter that is none of those below is a filter.
    """
    reading = _begin(request, backend, name)
    body, headers = await backend.query(reading.page)
    return entity(request, body, JSON, headers=headers)


@get(
    "/api/{name:str}/{item:str}",
    opt=told(
        Operation(
            COLLECTIONS,
            Answer(
                "The item; or a page of items, with the platform's images.",
                {JSON: examples.ITEM},
                dict[str, object] | list[dict[str, object]],
                headers=_PAGES,
            ),
            query=(RowQuery,),
            problems=(*_LISTING, ItemNotFound),
            is_apart=True,
        )
    ),
)
async def get_item(
    request: AnyRequest, backend: NamedDependency[Backend], name: FromPath[str], item: FromPath[str]
) -> ASGIResponse:
    """Read a collection as a platform sees it, with images of the size that it wishes; or read one item, by its id.

    An item takes no parameters. Where a platform is called like an item, `/api/{name}/{platform}/{key}` reads the item.
    """
    reading = _begin(request, backend, name)
    body, headers = await backend.query(reading.page_or_item, item)
    return entity(request, body, JSON, headers=headers)


@get(
    "/api/{name:str}/{platform:str}/{key:str}",
    opt=told(
        Operation(
            COLLECTIONS,
            Answer("The item.", {JSON: examples.ON_MOBILE}, dict[str, object]),
            problems=(CollectionNotFound, InvalidRequest, ItemNotFound),
            is_apart=True,
        )
    ),
)
async def get_item_of_platform(
    request: AnyRequest,
    backend: NamedDependency[Backend],
    name: FromPath[str],
    platform: FromPath[str],
    key: FromPath[str],
) -> ASGIResponse:
    """Read one item of a collection, by its id, as a platform sees it."""
    reading = _begin(request, backend, name)
    body, headers = await backend.query(reading.item, key, platform)
    return entity(request, body, JSON, headers=headers)
