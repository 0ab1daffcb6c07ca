"""What is refused before anything looks at it: changes that pages of other origins make, and hosts they made up.

A proxy's prefix that can be none is refused too: no link in the answer would lead anywhere.
"""

from attrs import field, frozen
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from entrepot.http.addresses import (
    Network,
    UnusableAddress,
    base_url,
    is_by_loopback,
    is_by_proxy,
    prefix_of,
    values_of,
)
from entrepot.http.exchange import AnyRequest
from entrepot.http.problems import InvalidRequest, problem
from entrepot.origins import Origins, bare_host, is_this_machine, normalised
from entrepot_core.errors import ForeignOrigin, UnknownHost

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_FOREIGN, _OWN = frozenset({"cross-site", "same-site"}), frozenset({"same-origin", "none"})
"""What ``Sec-Fetch-Site`` says of a page: another port of this host is the same site."""
_LONGEST_HOST = 300
"""How long a host may be with its port (a name has 253 characters at the most); what is longer is not remembered."""


@frozen
class Gate:
    """Tells requests that web pages make from others: a browser sends them for whoever wrote the page.

    Attributes:
        allowed: The origins whose pages may read and change everything.
        trusted: The networks of trusted proxies.
    """

    allowed: Origins = field(factory=Origins)
    trusted: tuple[Network, ...] = ()

    def instead(self, scope: HTTPScope) -> ASGIApp | None:
        """What answers in place of the app, where a request is refused."""
        error = self.refusal(scope)
        return None if error is None else _telling(error)

    def refusal(self, scope: HTTPScope) -> ForeignOrigin | InvalidRequest | UnknownHost | None:
        """Why a request is refused, if it is."""
        host = self._unknown_host(scope)
        if host is not None:
            return UnknownHost(host=host[:200])
        try:
            prefix_of(scope, self.trusted)
        except UnusableAddress as error:
            return InvalidRequest(reason=f"The proxy's X-Forwarded-Prefix can't be used: {error}.")
        if scope["method"] in _SAFE:
            return None
        origins, sites = values_of(scope, b"origin"), set(values_of(scope, b"sec-fetch-site"))
        if self.allowed.are_all or (origins and all(one in self.allowed for one in origins)):
            return None
        if sites & _FOREIGN or (not sites & _OWN and self._is_foreign(scope, origins)):
            return ForeignOrigin(origin=next((one[:200] for one in origins if one not in {"", "null"}), None))
        return None

    def _unknown_host(self, scope: HTTPScope) -> str | None:
        """The host that was asked for, where it has to be this machine and is not.

        A page's own host may be made to lead to this machine, whose server then is of the page's origin.
        """
        if not is_by_loopback(scope) or is_by_proxy(scope, self.trusted):
            return None
        hosts = (host for host in values_of(scope, b"host") if host)  # Granian makes an empty one of none
        return next((host for host in hosts if not self._is_known(host)), None)

    def _is_known(self, host: str) -> bool:
        if self.allowed.are_all:
            return True
        if len(host) > _LONGEST_HOST:
            return False
        bare = bare_host(host)
        return is_this_machine(bare) or self.allowed.has_host(bare)

    def _is_foreign(self, scope: HTTPScope, origins: list[str]) -> bool:
        """Whether one of the origins is not where the client sees this server."""
        if not origins:
            return False
        try:
            own = normalised("/".join(base_url(scope, self.trusted).split("/")[:3]))
        except UnusableAddress:
            return True
        return any(normalised(origin) != own for origin in origins)


def _telling(error: Exception) -> ASGIApp:
    """An app that answers everything with a problem."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        request = AnyRequest(scope, receive, send)
        await problem(request, error).to_asgi_response(None, request)(scope, receive, send)

    return answer
