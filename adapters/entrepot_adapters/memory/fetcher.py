"""A fetcher that has what it fetches in memory: for tests, and for places without a network."""

from collections.abc import Mapping

from attrs import field, frozen

from entrepot_core.dialect import Report
from entrepot_core.errors import FetchFailed, LimitExceeded
from entrepot_core.ports.blobs import Staged
from entrepot_core.source import Label, Link, base_name

_NOT_FOUND = 404


@frozen
class Page:
    """What stands at a URL.

    Attributes:
        content: Its bytes.
        media_type: What it is said to be.
        file_name: What it is called, where that is not the end of its URL.
    """

    content: bytes
    media_type: str | None = None
    file_name: str | None = None


@frozen
class MemoryFetcher:
    """A ``Fetcher`` of pages that it was given.

    Attributes:
        pages: What stands where.
        max_bytes: The most bytes of a file.
    """

    pages: Mapping[str, Page]
    max_bytes: int = field(default=10 * 10**9, kw_only=True)

    def fetch(self, link: Link, into: Staged, report: Report) -> Label:
        """Fetch a file; see ``Fetcher``."""
        page = self.pages.get(link.url)
        if page is None:
            raise FetchFailed(url=link.shown, reason="it answers 404 Not Found", answered=_NOT_FOUND)
        size = len(page.content)
        if size > self.max_bytes:
            raise LimitExceeded(limit="ENTREPOT_FETCH_BYTES", allowed=self.max_bytes)
        into.write(page.content)
        report("fetch", size, size)
        return Label(base_name(page.file_name or "") or link.file_name, page.media_type)
