"""A proxy on loopback that has another server below a prefix, as nginx does."""

import socket
from collections.abc import Generator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread
from typing import cast
from urllib.parse import urlsplit

from typing_extensions import override

_PIECE = 1 << 16
_REPLACED = ("connection:", "forwarded:", "x-forwarded-")


class _Proxy(ThreadingTCPServer):
    """Listens at a port, and passes on what is asked below the prefix; one request a connection."""

    daemon_threads = True

    def __init__(self, url: str, prefix: str) -> None:
        super().__init__(("127.0.0.1", 0), _Passing)
        self.inner = urlsplit(url)
        self.prefix = prefix

    @property
    def url(self) -> str:
        """Where the other server is for clients."""
        return f"http://127.0.0.1:{self.server_address[1]}{self.prefix}"


class _Passing(StreamRequestHandler):
    @override
    def handle(self) -> None:
        proxy = cast("_Proxy", self.server)
        method, target, version = self.rfile.readline().decode("latin-1").rstrip().split(" ")
        head = [line.decode("latin-1").rstrip() for line in iter(self.rfile.readline, b"\r\n")]
        if not target.startswith(f"{proxy.prefix}/"):
            self.wfile.write(f"HTTP/1.1 {HTTPStatus.BAD_GATEWAY} Outside\r\nConnection: close\r\n\r\n".encode())
            return
        kept = [line for line in head if not line.lower().startswith(_REPLACED)]
        said = [f"X-Forwarded-Prefix: {proxy.prefix}", "X-Forwarded-Proto: http", "Connection: close"]
        first = f"{method} {target.removeprefix(proxy.prefix)} {version}"
        with socket.create_connection((proxy.inner.hostname, proxy.inner.port)) as inner:
            inner.sendall("\r\n".join([first, *kept, *said, "", ""]).encode("latin-1"))
            Thread(target=self._send_body, args=(inner,), daemon=True).start()
            with suppress(ConnectionError):
                while piece := inner.recv(_PIECE):
                    self.wfile.write(piece)

    def _send_body(self, inner: socket.socket) -> None:
        with suppress(OSError, ValueError):
            while piece := self.rfile.read1(_PIECE):
                inner.sendall(piece)


@contextmanager
def below(url: str, prefix: str) -> Generator[str]:
    """Have a server below a prefix of a proxy's; give its URL there."""
    with _Proxy(url, prefix) as proxy:
        thread = Thread(target=proxy.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield proxy.url
        finally:
            proxy.shutdown()
            thread.join()
