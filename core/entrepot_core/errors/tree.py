"""The root and the branches of the error tree."""

from typing import ClassVar

from entrepot_core.errors.facts import Fact


class EntrepotError(Fact):
    """Anything that Entrepot refuses or fails to do. ``str(error)`` says what is wrong and what to do.

    >>> issubclass(Refused, EntrepotError)
    True
    """

    code: ClassVar[str]
    """Stable, ``snake_case``; part of every contract."""


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
