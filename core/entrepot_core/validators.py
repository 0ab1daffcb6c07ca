"""What sources say by which to tell whether a file has changed."""

import msgspec


class Validators(msgspec.Struct, frozen=True, omit_defaults=True):
    """By what a source tells whether a file is still the one that it gave (RFC 9110, 8.8).

    Attributes:
        etag: Its ``ETag``, as it was given.
        last_modified: Its ``Last-Modified``, as it was given.
    """

    etag: str | None = None
    last_modified: str | None = None


NO_VALIDATORS = Validators()
