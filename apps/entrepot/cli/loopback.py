"""A folder as a source of files, for this machine only."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from os import PathLike, fspath

HERE = "127.0.0.1"
"""Where it is served; nobody else reaches that."""

_SECONDS_BETWEEN_LOOKS = 0.05


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serving_files(folder: PathLike[str]) -> Generator[str]:
    """Serve a folder's files at a free port for as long as this lasts, and give the URL."""
    with ThreadingHTTPServer((HERE, 0), partial(_Quiet, directory=fspath(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, args=(_SECONDS_BETWEEN_LOOKS,))
        thread.start()
        try:
            yield f"http://{HERE}:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
