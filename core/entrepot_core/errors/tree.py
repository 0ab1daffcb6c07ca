"""The root and the branches of the error tree."""

from typing import ClassVar

from attrs import define, fields


@define(slots=False, repr=False)
class EntrepotError(Exception):
    """Anything that Entrepot refuses or fails to do. ``str(error)`` says what is wrong and what to do.

    >>> issubclass(Refused, EntrepotError)
    True
    """

    code: ClassVar[str]
    """Stable, ``snake_case``; part of every contract."""

    def __repr__(self) -> str:
        """As ``attrs`` would write it, which takes as long to prepare for every error as all else of it."""
        given = (f"{field.name}={getattr(self, field.name)!r}" for field in fields(type(self)))
        return f"{type(self).__name__}({', '.join(given)})"


class NotFound(EntrepotError):
    """What was asked for is not there.

    >>> issubclass(DatasetNotFound, NotFound)
    True
    """


class Refused(EntrepotError):
    """The input, or a wish about it, can't be taken as it is.

    >>> issubclass(MalformedInput, Refused)
    True
    """


class Conflict(EntrepotError):
    """It would clash with what is stored.

    >>> issubclass(NameTaken, Conflict)
    True
    """


class Unavailable(EntrepotError):
    """The store or the server can't do its work now.

    >>> issubclass(DiskFull, Unavailable)
    True
    """
