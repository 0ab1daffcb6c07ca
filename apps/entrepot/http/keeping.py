"""Answers that are kept: given again as long as nothing in the store has changed, without asking it anything else."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from http import HTTPStatus

from attrs import define, field, frozen
from litestar.types import HTTPScope, Message

from entrepot.http.addresses import Network, UnusableAddress, base_url
from entrepot.http.cors import is_collection

_SINGULAR = frozenset({b"authorization", b"cookie", b"range", b"content-length", b"transfer-encoding"})
"""Headers of requests whose answers are nobody else's, or that say more than a read does."""

_LONGEST_KEY = 2_048
"""What is asked for in more words than that is not asked for again."""

Headers = tuple[tuple[bytes, bytes], ...]
Key = tuple[str, bytes, bytes, bytes, str]


@frozen
class KeptAnswer:
    """An answer as the app gave it.

    Attributes:
        status: Its status.
        headers: Its headers, before those that each answer has of its own.
        body: Its body.
        route: The template of the path that was asked for.
    """

    status: int
    headers: Headers
    body: bytes
    route: str | None

    def size(self, key: Key) -> int:
        """About how many bytes it takes, with the key that it is kept under."""
        return len(self.body) + sum(map(len, key)) + 1_000


@define
class KeptAnswers:
    """Answers to reads, those that were wanted last, under a budget of bytes. It is used on the event loop alone.

    Attributes:
        stamp: Tells the store's state: equal ones mean that nothing has changed in between.
        budget: How many bytes are kept at the most; of one answer, a sixteenth.
    """

    stamp: Callable[[], object]
    budget: int
    _seen: object = field(default=None, init=False)
    _kept: OrderedDict[Key, KeptAnswer] = field(factory=OrderedDict, init=False)
    _bytes: int = field(default=0, init=False)

    @property
    def size(self) -> int:
        """About how many bytes are kept."""
        return self._bytes

    def look(self, key: Key) -> tuple[KeptAnswer | None, object]:
        """The answer that is kept for a request, if there is one, and the store's state."""
        stamp = self.stamp()
        if stamp != self._seen:
            self._kept.clear()
            self._bytes, self._seen = 0, stamp
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found, stamp

    def keep(self, key: Key, stamp: object, answer: KeptAnswer) -> None:
        """Keep an answer that was made of the store, whose state was ``stamp`` before; unless others came since."""
        size = answer.size(key)
        if stamp != self._seen or key in self._kept or size > self.budget // 16:
            return
        self._kept[key] = answer
        self._bytes += size
        while self._bytes > self.budget:
            oldest, gone = self._kept.popitem(last=False)
            self._bytes -= gone.size(oldest)


@define
class Recording:
    """An answer on its way, noted so that it can be given again; what comes in several pieces is not."""

    _start: tuple[int, Headers] | None = field(default=None, init=False)
    _body: bytes | None = field(default=None, init=False)
    _pieces: int = field(default=0, init=False)

    def note(self, message: Message) -> None:
        """Note a part of the answer, before what is added to every answer."""
        if message["type"] == "http.response.start":
            self._start = message["status"], tuple(message["headers"])
        elif message["type"] == "http.response.body":
            self._pieces += 1
            self._body = None if message.get("more_body") else bytes(message["body"])

    def answer(self, route: str | None) -> KeptAnswer | None:
        """The whole answer of a route, if all went well and it is whole."""
        if self._start is None or self._body is None or self._pieces > 1:
            return None
        status, headers = self._start
        if status not in {HTTPStatus.OK, HTTPStatus.NOT_MODIFIED}:
            return None
        return KeptAnswer(status, headers, self._body, route)


def key_of(scope: HTTPScope, trusted: Sequence[Network] = (), prefix: str = "") -> Key | None:
    """What two requests have in common that have the same answer; none where nobody else's will do.

    Args:
        scope: The request.
        trusted: The networks of trusted proxies; see ``base_url``.
        prefix: What the client sees this server's paths below; see ``prefix_of``.
    """
    if scope["method"] != "GET":
        return None
    path, accept, fresh = scope["path"], b"", b""
    for name, value in scope["headers"]:
        if name in _SINGULAR:
            return None
        if name == b"accept":
            accept += b"," + value
        elif name == b"if-none-match":
            fresh += b"," + value
    try:  # the URLs in a collection begin with where the client sees this server, other links with the prefix
        base = base_url(scope, trusted) if is_collection(path) else prefix
    except UnusableAddress:
        return None
    key = path, scope["query_string"], accept, fresh, base
    return key if sum(map(len, key)) <= _LONGEST_KEY else None
