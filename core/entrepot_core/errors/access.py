"""What a server does not do for whoever asks."""

from typing import ClassVar

from entrepot_core.errors.tree import Refused


class ForeignOrigin(Refused):
    """A web page of another origin wants to change something; nothing was changed.

    >>> print(ForeignOrigin(origin="https://app.example.org"))
    A page of https://app.example.org may change nothing here. If it should, name it in ENTREPOT_ALLOW_ORIGINS.
    >>> print(ForeignOrigin(origin=None))
    A page of another origin may change nothing here. If it should, name its origin in ENTREPOT_ALLOW_ORIGINS.
    """

    origin: str | None
    code: ClassVar[str] = "foreign_origin"

    def __str__(self) -> str:
        whose, named = ("another origin", "its origin") if self.origin is None else (self.origin, "it")
        return f"A page of {whose} may change nothing here. If it should, name {named} in ENTREPOT_ALLOW_ORIGINS."


class UnknownHost(Refused):
    """A server was asked on its own machine under a name that is not this machine's.

    The name may be one that a web page's owner has made lead to this machine.

    >>> print(UnknownHost(host="a.example"))
    Here this server is localhost, not 'a.example'. For a proxy set ENTREPOT_TRUSTED_PROXIES or ENTREPOT_ALLOW_ORIGINS.
    """

    host: str
    code: ClassVar[str] = "unknown_host"

    def __str__(self) -> str:
        settings = "ENTREPOT_TRUSTED_PROXIES or ENTREPOT_ALLOW_ORIGINS"
        return f"Here this server is localhost, not {self.host!r}. For a proxy set {settings}."
