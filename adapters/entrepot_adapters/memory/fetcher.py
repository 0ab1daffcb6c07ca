"""A fetcher that has what it fetches in memory: for tests, and for places without a network."""

from collections.abc import Mapping

from attrs import field, frozen

from entrepot_core.dialect import Report
from entrepot_core.errors import FetchFailed, LimitExceeded
from entrepot_core.ports.blobs import Staged
from entrepot_core.ports.fetcher import Fetched
from entrepot_core.source import Label, Link, base_name
from entrepot_core.validators import NO_VALIDATORS, Validators

_NOT_FOUND = 404


@frozen
class Page:
    """What stands at a URL.

    Attributes:
        content: Its bytes.
        media_type: What it is said to be.
        file_name: What it is called, where that is not the end of its URL.
        etag: Its entity tag.
        last_modified: When it was changed last.
    """

    content: bytes
    media_type: str | None = None
    file_name: str | None = None
    etag: str | None = None
    last_modified: str | None = None

    @property
    def validators(self) -> Validators:
        """By what to ask for it the next time."""
        return Validators(self.etag, self.last_modified)

    def is_known(self, known: Validators) -> bool:
        """Whether it is the one of which this was said; its date counts where no entity tag is known."""
        if known.etag is not None:
            return known.etag == self.etag
        return known.last_modified is not None and known.last_modified == self.last_modified


@frozen
class MemoryFetcher:
    """A ``Fetcher`` of pages that it was given.

    Attributes:
        pages: What stands where.
        max_bytes: The most bytes of a file.
        bytes_limit: What that limit is called in errors.
    """

    pages: Mapping[str, Page]
    max_bytes: int = field(default=10 * 10**9, kw_only=True)
    bytes_limit: str = field(default="ENTREPOT_FETCH_BYTES", kw_only=True)

    def fetch(self, link: Link, into: Staged, report: Report, known: Validators = NO_VALIDATORS) -> Fetched:
        """Fetch a file; see ``Fetcher``."""
        page = self.pages.get(link.url)
        if page is None:
            raise FetchFailed(url=link.shown, reason="it answers 404 Not Found", answered=_NOT_FOUND)
        label = Label(base_name(page.file_name or "") or link.file_name, page.media_type)
        if page.is_known(known):
            return Fetched(label, page.validators, is_unchanged=True)
        size = len(page.content)
        if size > self.max_bytes:
            raise LimitExceeded(limit=self.bytes_limit, allowed=self.max_bytes)
        into.write(page.content)
        report("fetch", size, size)
        return Fetched(label, page.validators)
