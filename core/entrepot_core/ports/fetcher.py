"""Fetches files that others serve."""

from typing import Protocol

from attrs import frozen

from entrepot_core.dialect import Report
from entrepot_core.ports.blobs import Staged
from entrepot_core.source import Label, Link
from entrepot_core.validators import NO_VALIDATORS, Validators


@frozen
class Fetched:
    """What a source says of a file.

    Attributes:
        label: What it is.
        validators: By what to ask for it the next time.
        is_unchanged: Whether it is still the one that was known, so that nothing came.
    """

    label: Label
    validators: Validators = NO_VALIDATORS
    is_unchanged: bool = False


class Fetcher(Protocol):
    """Fetches what a URL names, and looks at none of its bytes. One instance may be used by several threads at once."""

    def fetch(self, link: Link, into: Staged, report: Report, known: Validators = NO_VALIDATORS) -> Fetched:
        """Fetch a file into a scratch file, byte for byte as it was sent; answer what its source says of it.

        With ``known``, it is only sent where it is another than the one that the source said this of.

        It ends within a time and a number of bytes that are the adapter's. Where it may go is the adapter's as
        well, and holds for every address that a connection is made to, redirects included. When this raises,
        what stands in ``into`` is worthless. No error shows a password of the URL.

        ``report`` is told of bytes, as the stage ``fetch``. It may raise, which stops the fetching and passes through.

        Raises:
            FetchFailed: The source can't be reached, or it does not give the file.
            AddressRefused: It is at an address that may not be fetched from.
            LimitExceeded: The file is too large, or takes too long.
            DiskFull: There is no room for it.
        """
        ...
