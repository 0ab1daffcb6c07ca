"""Fetching over TLS, from a real server whose certificate is made here."""

import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from pathlib import Path
from threading import Thread

import pytest

from entrepot_adapters.http.fetcher import HttpFetcher
from entrepot_core.errors import FetchFailed
from tests.contracts.fetcher import fetch

HERE = (ip_network("127.0.0.1/32"),)
CONTENT = bytes(range(256)) * 5000
_MAKE = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1"


class Answering(BaseHTTPRequestHandler):
    """Gives the content, hesitating in the middle; longer than a fetcher waits at a time."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        self.wfile.write(CONTENT[:1000])
        time.sleep(0.5)
        self.wfile.write(CONTENT[1000:])

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl to make a certificate")
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    command = [*_MAKE.split(), "-keyout", "key.pem", "-out", file.name]
    made = subprocess.run(command, cwd=file.parent, capture_output=True, check=False)
    assert made.returncode == 0, made.stderr
    return file


@pytest.fixture
def url(certificate: Path) -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        server.daemon_threads = True
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"https://127.0.0.1:{server.server_address[1]}/cars.csv"
        server.shutdown()
        thread.join()


def test_a_file_comes_over_a_secure_connection(url: str, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert fetch(HttpFetcher(allowed=HERE), url)[0] == CONTENT


def test_a_certificate_that_nobody_vouches_for_is_refused(url: str) -> None:
    with pytest.raises(FetchFailed, match="no secure connection: certificate verify failed"):
        fetch(HttpFetcher(allowed=HERE), url)
