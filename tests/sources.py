"""Sources on loopback to fetch from, of every manner, and a canary that nothing must reach."""

import socket
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from attrs import define, field

Handler = BaseHTTPRequestHandler
Serve = Callable[[Handler], None]

_LONGEST_DRIP = 20.0


@define
class Sources:
    """A server, and what it does with a request, by path.

    Attributes:
        url: Where it is.
        at: What it does, by path.
        asked: The requests that came: the path and the headers of each.
    """

    url: str
    at: dict[str, Serve] = field(factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(factory=list)

    def gives(self, path: str, content: bytes = b"", status: int = 200, **headers: str) -> str:
        """Have an answer at a path; underscores in the names of headers are hyphens. Answers the URL."""
        self.at[path] = giving(content, status, **headers)
        return self.url + path

    def redirects(self, path: str, to: str, status: int = 302) -> str:
        """Have a redirect at a path, and answer its URL."""
        return self.gives(path, b"", status, Location=to)


def giving(content: bytes, status: int = 200, **headers: str) -> Serve:
    """Answer with some content."""

    def serve(handler: Handler) -> None:
        handler.send_response(status)
        given = {
            "Content-Length": str(len(content)),
            **{name.replace("_", "-"): text for name, text in headers.items()},
        }
        for name, text in given.items():
            if text:
                handler.send_header(name, text)
        handler.end_headers()
        handler.wfile.write(content)

    return serve


def conditionally(content: bytes, etag: str, last_modified: str, **headers: str) -> Serve:
    """Answer with some content, but to one who has it already, that it has not changed."""

    def serve(handler: Handler) -> None:
        asked = handler.headers.get("If-None-Match"), handler.headers.get("If-Modified-Since")
        is_known = asked[0] == etag if asked[0] is not None else asked[1] is not None and asked[1] == last_modified
        said = {**headers, "ETag": etag, "Last-Modified": last_modified}
        answer = giving(b"", 304, **said) if is_known else giving(content, 200, **said)
        answer(handler)

    return serve


def speaking(said: bytes) -> Serve:
    """Answer with what need be no HTTP."""

    def serve(handler: Handler) -> None:
        handler.wfile.write(said)

    return serve


def dripping(before: bytes, drop: bytes) -> Serve:
    """Begin to answer, then send a little now and again, for longer than any test lasts."""

    def serve(handler: Handler) -> None:
        handler.wfile.write(before)
        until = time.monotonic() + _LONGEST_DRIP
        while time.monotonic() < until:
            handler.wfile.write(drop)
            handler.wfile.flush()
            time.sleep(0.05)

    return serve


def breaking_off(handler: Handler) -> None:
    """Promise more than comes."""
    giving(b"a,b\n1,2\n", Content_Length="1000")(handler)
    handler.close_connection = True


@contextmanager
def sources(host: str = "127.0.0.1", port: int = 0) -> Generator[Sources]:
    """Serve on loopback for as long as this lasts."""

    class Handling(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            found.asked.append((self.path, dict(self.headers.items())))
            found.at.get(path, giving(b"", 404))(self)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """Clients go away; that is part of the tests."""

    with Server((host, port), Handling) as server:
        found = Sources(f"http://{host}:{server.server_address[1]}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield found
        finally:
            server.shutdown()
            thread.join()


@define
class Canary:
    """Something that listens on loopback, and must not be connected to.

    Attributes:
        port: Its port.
    """

    port: int
    _listening: list[socket.socket]

    @property
    def was_reached(self) -> bool:
        """Whether somebody connected to it."""
        return any(_was_reached(one) for one in self._listening)


@contextmanager
def canary(port: int = 0) -> Generator[Canary]:
    """Listen on loopback, of IPv4 and where there is one of IPv6, for as long as this lasts."""
    with socket.create_server(("127.0.0.1", port)) as first:
        listening = [first]
        port = first.getsockname()[1]
        with suppress(OSError):  # there may be no IPv6 here
            listening.append(socket.create_server(("::1", port), family=socket.AF_INET6))
        try:
            yield Canary(port, listening)
        finally:
            for one in listening:
                one.close()


def _was_reached(listening: socket.socket) -> bool:
    listening.settimeout(0)
    try:
        listening.accept()[0].close()
    except BlockingIOError:
        return False
    return True
