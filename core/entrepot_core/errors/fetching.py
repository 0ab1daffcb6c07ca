"""What a URL names can't be fetched."""

from typing import ClassVar

from entrepot_core.errors.tree import Refused

_PASSING = {408, 425, 429, 500, 502, 503, 504}
"""Answers of HTTP that say: not now."""


class FetchFailed(Refused):
    """The source of a URL did not give the file.

    >>> print(FetchFailed(url="https://example.org/cars.csv", reason="it answers 404 Not Found", answered=404))
    Can't fetch https://example.org/cars.csv: it answers 404 Not Found. Nothing was stored.
    """

    url: str
    reason: str
    answered: int | None = None
    code: ClassVar[str] = "fetch_failed"

    @property
    def is_passing(self) -> bool:
        """Whether trying again may help: there was no answer, or one that says not now."""
        return self.answered is None or self.answered in _PASSING

    def __str__(self) -> str:
        return f"Can't fetch {self.url}: {self.reason}. Nothing was stored."


class AddressRefused(Refused):
    """A URL leads to an address that is not fetched from.

    >>> print(AddressRefused(host="localhost", reason="it is this machine itself"))
    Won't fetch from localhost: it is this machine itself. ENTREPOT_FETCH_ALLOW names networks that may be fetched from.
    """

    host: str
    reason: str
    code: ClassVar[str] = "address_refused"

    def __str__(self) -> str:
        way = "ENTREPOT_FETCH_ALLOW names networks that may be fetched from."
        return f"Won't fetch from {self.host}: {self.reason}. {way}"
