"""A source of a list and its pictures on loopback, in which everything is wrong that is wrong with such sources."""

import csv
import hashlib
import io
import threading
from collections import Counter
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from enum import IntEnum
from functools import cache

from attrs import define, field, frozen

from tests.painting import LOGIN, SCRIPT, Painting, bomb, large, painted
from tests.serving import free_port
from tests.sources import Handler, giving, sources

FIRST, LAST = 377, 476
"""The ``id`` of the first row, and that of the last."""

LARGE = 3_000_000
"""How large the picture of ``Row.LARGE`` is at least, in bytes; a test's limit has to be below."""

_LIST = "/lists/cars.csv"
_SECONDS = 60.0
"""For how long the source says nothing where it does not answer, unless it goes away before."""


class Row(IntEnum):
    """The ``id`` of each row that there is something about."""

    SCHEME = 379  # htp:/x
    EMPTY = 381
    TEXT = 384  # "not a url"
    HEALING = 388  # answers 500 the first time
    MISSING = 390  # answers 404
    NEVER = 395  # does not answer
    REDIRECTED = 399  # to a good picture
    LOGIN = 401  # HTML that is said to be a JPEG
    CUT = 408  # half a JPEG
    RELATIVE = 411  # as seen from the list
    BOMB = 414
    SCRIPT = 421  # an SVG that does something
    ROUND = 430  # redirects for ever
    LARGE = 444
    TWIN = 450  # has the URL of the row before


FAILING = frozenset({
    Row.SCHEME, Row.TEXT, Row.MISSING, Row.NEVER, Row.LOGIN, Row.CUT, Row.BOMB, Row.SCRIPT, Row.ROUND, Row.LARGE
})  # fmt: skip
"""The rows whose picture can't be had."""

SHOWN = frozenset(range(FIRST, LAST + 1)) - FAILING - {Row.EMPTY}
"""The rows whose picture can be had; that of ``Row.HEALING`` at the second try."""

_TEXTS = {
    Row.SCHEME: "htp:/x",
    Row.EMPTY: "",
    Row.TEXT: "not a url",
    Row.MISSING: "{url}/missing.jpg",
    Row.NEVER: "{url}/never.jpg",
    Row.REDIRECTED: "{url}/moved.jpg",
    Row.LOGIN: "{url}/login.jpg",
    Row.CUT: "{url}/cut.jpg",
    Row.RELATIVE: "..{path}",
    Row.BOMB: "{url}/bomb.png",
    Row.SCRIPT: "{url}/script.svg",
    Row.ROUND: "{url}/round.jpg",
    Row.LARGE: "{url}/large.png",
}


@frozen
class _Page:
    """What stands at a path, and when it came there, in days."""

    content: bytes = b""
    media_type: str = ""
    status: int = 200
    location: str = ""
    day: int = 0

    def give(self, handler: Handler) -> int:
        """Answer with it, or that the client has it; tell how many bytes of it were sent."""
        said = {"Content-Type": self.media_type, "Location": self.location}
        if self.content:
            said["ETag"] = f'"{hashlib.sha256(self.content).hexdigest()[:16]}"'
            said["Last-Modified"] = format_datetime(datetime(2024, 5, 1, tzinfo=UTC) + timedelta(self.day), usegmt=True)
        tag, date = (handler.headers.get(name) for name in ("If-None-Match", "If-Modified-Since"))
        is_known = tag == said.get("ETag") if tag else date is not None and date == said.get("Last-Modified")
        content, status = (b"", 304) if is_known else (self.content, self.status)
        giving(content, status, **said)(handler)
        return len(content)


@define
class Pictures:
    """The source, while it is served.

    Attributes:
        url: Where it is.
        asked: How many requests came, by path.
        sent: How many bytes of bodies were sent, by path.
    """

    url: str
    asked: Counter[str] = field(factory=Counter, init=False)
    sent: Counter[str] = field(factory=Counter, init=False)
    _rows: dict[int, dict[str, str]] = field(factory=dict, init=False)
    _paintings: dict[int, Painting] = field(factory=dict, init=False)
    _pages: dict[str, _Page] = field(init=False)
    _day: int = field(default=0, init=False)
    _is_silent: bool = field(default=True, init=False)
    _lock: threading.Lock = field(factory=threading.Lock, init=False, repr=False)
    _is_away: threading.Event = field(factory=threading.Event, init=False, repr=False)
    _stack: ExitStack = field(factory=ExitStack, init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        self._pages = dict(_faults())
        for row in sorted(SHOWN - {Row.TWIN}):
            self._show(row, painted(row))
        self._pages["/moved.jpg"] = _Page(status=302, location=self.path(Row.REDIRECTED))
        for row in range(FIRST, LAST + 1):
            image = _TEXTS[Row(row)] if row in _TEXTS else "{url}{path}"
            told = {"title": f"Car {row}", "description": f"Made for a test, as number {row}"}
            path = self.path(row) if row in SHOWN else ""
            self._rows[row] = {"id": str(row), **told, "image": image.format(url=self.url, path=path)}
        self._list()

    @property
    def list_url(self) -> str:
        """Where the list is: CSV, a hundred rows of ``id``, ``title``, ``description`` and ``image``."""
        return self.url + _LIST

    def painting(self, row: int) -> Painting:
        """The picture of a row that has one."""
        return self._paintings[row - 1 if row == Row.TWIN else row]

    def path(self, row: int) -> str:
        """Where that is, after all redirects."""
        return f"/images/{row - 1 if row == Row.TWIN else row}.{self.painting(row).kind}"

    def repaint(self, row: int) -> None:
        """Have another picture where that of a row is, in the same format."""
        self._day += 1
        self._show(row, painted(row, self._day))

    def edit(self, row: int, **cells: str) -> None:
        """Change a row of the list, or add one."""
        self._day += 1
        self._rows[row] = self._rows.get(row, {"id": str(row)}) | cells
        self._list()

    def speak(self) -> None:
        """Answer 404 where it did not answer, for tests that are not about the wait."""
        self._pages["/never.jpg"] = _Page(status=404)
        self._is_silent = False

    def come(self) -> None:
        """Be there, if it has gone away."""
        self._is_away.clear()
        served = self._stack.enter_context(sources(port=int(self.url.rpartition(":")[2])))
        served.at.update(dict.fromkeys(self._pages, self._give))

    def give(self, text: str) -> None:
        """Have something else come where the list was."""
        self._day += 1
        self._pages[_LIST] = _Page(text.encode(), "text/csv; charset=utf-8", day=self._day)

    def go(self) -> None:
        """Go away; nobody is left waiting."""
        self._is_away.set()
        self._stack.close()

    def _show(self, row: int, painting: Painting) -> None:
        self._paintings[row] = painting
        self._pages[self.path(row)] = _Page(painting.content, painting.media_type, day=self._day)

    def _list(self) -> None:
        out = io.StringIO()
        writer = csv.DictWriter(out, ["id", "title", "description", "image"], lineterminator="\n")
        writer.writeheader()
        writer.writerows(self._rows.values())
        self._pages[_LIST] = _Page(out.getvalue().encode(), "text/csv; charset=utf-8", day=self._day)

    def _give(self, handler: Handler) -> None:
        path = handler.path
        with self._lock:
            self.asked[path] += 1
            page = self._pages[path]
            if path == self.path(Row.HEALING) and self.asked[path] == 1:
                page = _Page(status=500)
        if path == "/never.jpg" and self._is_silent:
            self._is_away.wait(_SECONDS)
            return
        sent = page.give(handler)
        with self._lock:
            self.sent[path] += sent


@contextmanager
def pictures() -> Generator[Pictures]:
    """Serve the list and its pictures for as long as this lasts."""
    found = Pictures(f"http://127.0.0.1:{free_port()}")
    found.come()
    try:
        yield found
    finally:
        found.go()


def number_of(row: int) -> int:
    """The number of a row in the dataset made of the list, its ``_id``, given its ``id``."""
    return row - FIRST + 1


@cache
def _faults() -> dict[str, _Page]:
    photo = painted(3 * Row.CUT).content
    return {
        "/missing.jpg": _Page(status=404),
        "/never.jpg": _Page(),
        "/login.jpg": _Page(LOGIN, "image/jpeg"),
        "/cut.jpg": _Page(photo[: len(photo) // 2], "image/jpeg"),
        "/bomb.png": _Page(bomb(), "image/png"),
        "/script.svg": _Page(SCRIPT, "image/svg+xml"),
        "/round.jpg": _Page(status=302, location="/round.jpg"),
        "/large.png": _Page(large(LARGE), "image/png"),
    }
