"""What stands in front of URLs in answers to a request, and of images."""

from attrs import frozen

from entrepot.http.addresses import FORWARDED, UnusableAddress, base_url
from entrepot.http.backend import Backend, HttpSettings
from entrepot.http.exchange import AnyRequest
from entrepot.http.problems import InvalidRequest


@frozen
class Bases:
    """Where a client sees this server.

    Attributes:
        server: What stands in front of the server's own paths.
        images: What stands in front of the paths of images.
        vary: The headers that this depends on.
    """

    server: str
    images: str
    vary: str


def bases_of(request: AnyRequest, backend: Backend) -> Bases:
    """Find out where the client of a request sees this server.

    Raises:
        InvalidRequest: A header that says so can't be right.
    """
    settings = backend.settings
    try:
        server = base_url(request.scope, settings.trusted_proxies)
    except UnusableAddress as error:
        raise InvalidRequest(reason=f"The request does not say where it was sent to: {error}.") from error
    return Bases(server, (settings.image_base_url or server).rstrip("/"), _vary(settings))


def _vary(settings: HttpSettings) -> str:
    """A cache that minds only the path would give one host's URLs to another's clients."""
    proxied = FORWARDED if settings.trusted_proxies else ()
    return ", ".join(name.title() for name in ("host", *proxied))
