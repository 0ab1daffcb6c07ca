"""Uploads and downloads over a real socket: what is slow, what breaks off, what is large."""

import json
import socket
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psutil
import pytest

from tests.serving import served

MEBIBYTE = 1 << 20
LINES = b"fiat,1,2.5,Torino\n" * 58_255  # about a mebibyte
HEADER = b"make,a,b,city\n"


class Running:
    """A server, and the home it serves."""

    def __init__(self, url: str, home: Path) -> None:
        self.url, self.home = url, home

    @property
    def staged(self) -> list[Path]:
        """The scratch files that are there."""
        return [path for path in self.home.glob("tmp/*/*") if path.is_file() and path.name != "lock"]

    @contextmanager
    def begun(self, *lines: str, body: bytes = b"") -> Generator[socket.socket]:
        """A request that was begun by hand, on a socket of its own."""
        parts = urlsplit(self.url)
        with socket.create_connection((str(parts.hostname), int(parts.port or 0)), timeout=30) as found:
            found.sendall("".join(f"{line}\r\n" for line in (*lines, "Host: localhost", "")).encode() + body)
            yield found


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home = tmp_path_factory.mktemp("streams")
    with served(home, MAX_UPLOAD_BYTES="10MB", LOG_LEVEL="info", LOG_FORMAT="json") as url:
        yield Running(url, home)


def until(fact: Callable[[], bool]) -> None:
    """Wait for something to become so."""
    end = time.monotonic() + 30
    while not fact():
        assert time.monotonic() < end, "it never became so"
        time.sleep(0.02)


def upload(body: bytes, length: int = 9 * MEBIBYTE) -> tuple[tuple[str, ...], bytes]:
    """The beginning of an upload that announces more than it sends."""
    return ("POST /datasets/ HTTP/1.1", "Content-Type: text/csv", f"Content-Length: {length}"), body


def test_fifty_slow_uploads_hold_up_nobody(server: Running) -> None:
    with ExitStack() as stack, httpx.Client(timeout=10) as client:
        lines, body = upload(HEADER)
        slow = [stack.enter_context(server.begun(*lines, body=body)) for _ in range(50)]
        until(lambda: len(server.staged) == 50)
        done = threading.Event()
        trickle = threading.Thread(target=_trickle, args=(slow, done))
        trickle.start()
        try:
            for _ in range(20):
                assert client.get(f"{server.url}/health").status_code == 200
            quick = client.post(f"{server.url}/datasets/?name=quick", content=HEADER + b"a,1,2,b\n")
            assert quick.status_code == 201
            assert client.get(f"{server.url}/datasets/quick/rows/").json()["total"] == 1
        finally:
            done.set()
            trickle.join()
    until(lambda: server.staged == [])


def _trickle(slow: list[socket.socket], done: threading.Event) -> None:
    while not done.wait(0.05):
        for one in slow:
            one.sendall(b"a,1,2,b\n")


@pytest.mark.parametrize("sent", [0, 1000, 3 * MEBIBYTE])
@pytest.mark.parametrize("form", [False, True])
def test_an_upload_that_breaks_off_leaves_nothing(server: Running, sent: int, form: bool) -> None:  # noqa: FBT001 - a parameter of a test
    before = httpx.get(f"{server.url}/datasets/").json()["total"]
    lines, body = upload(HEADER + b"x" * sent)
    if form:
        lines = tuple(line.replace("text/csv", "multipart/form-data; boundary=x") for line in lines)
        body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n' + body
    with server.begun(*lines, body=body):
        until(lambda: len(server.staged) == 1)
    until(lambda: server.staged == [])
    assert httpx.get(f"{server.url}/datasets/").json()["total"] == before


def test_a_chunked_upload_that_breaks_off_leaves_nothing(server: Running) -> None:
    lines = ("POST /datasets/ HTTP/1.1", "Content-Type: text/csv", "Transfer-Encoding: chunked")
    with server.begun(*lines, body=b"5\r\na,b\r\n\r\n"):
        until(lambda: len(server.staged) == 1)
    until(lambda: server.staged == [])


def test_an_upload_of_many_chunks_arrives_whole(server: Running) -> None:
    def chunks() -> Iterator[bytes]:
        yield HEADER
        for _ in range(8):
            yield LINES

    added = httpx.post(
        f"{server.url}/datasets/?name=whole", content=chunks(), headers={"content-type": "text/csv"}, timeout=60
    ).json()
    assert (added["size"], added["rows"]) == (len(HEADER) + 8 * len(LINES), 8 * 58_255)
    with httpx.stream("GET", f"{server.url}/datasets/whole/file/") as answer:
        assert sum(len(chunk) for chunk in answer.iter_raw()) == added["size"]
    assert server.staged == []


def test_a_download_that_its_client_leaves_is_closed(server: Running) -> None:
    body = HEADER + LINES * 8
    httpx.post(f"{server.url}/datasets/?name=left", content=body, headers={"content-type": "text/csv"}, timeout=60)
    until(lambda: server.staged == [])
    # A workbook is written into a scratch file first, which shows whether the download was closed.
    with server.begun("GET /datasets/left/excel/ HTTP/1.1") as client:
        client.recv(1000)
        assert len(server.staged) == 1
    until(lambda: server.staged == [])


def test_a_download_that_can_not_begin_is_a_problem(server: Running) -> None:
    httpx.post(f"{server.url}/datasets/?name=damaged", content=HEADER + LINES, headers={"content-type": "text/csv"})
    for blob in server.home.glob("blobs/**/*"):
        if blob.is_file() and blob.read_bytes().startswith(b"PAR1"):
            blob.chmod(0o600)
            blob.write_bytes(b"PAR1")
    answer = httpx.get(f"{server.url}/datasets/damaged/export/")
    assert (answer.status_code, answer.json()["code"]) == (500, "blob_damaged")


def test_a_head_of_a_download_is_closed_too(server: Running) -> None:
    httpx.post(f"{server.url}/datasets/?name=head", content=HEADER + LINES, headers={"content-type": "text/csv"})
    answer = httpx.head(f"{server.url}/datasets/head/excel/")
    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer.headers["content-length"]) > 0
    until(lambda: server.staged == [])


@pytest.mark.parametrize("announced", [True, False])
def test_a_refusal_reaches_a_client_that_is_still_sending(server: Running, announced: bool) -> None:  # noqa: FBT001 - a parameter of a test
    length = {"content-length": str(50 * MEBIBYTE)} if announced else {}
    chunks = iter([bytes(MEBIBYTE)] * 50)
    answer = httpx.post(f"{server.url}/datasets/", content=chunks, headers={"content-type": "text/csv", **length})
    assert (answer.status_code, answer.json()["code"]) == (413, "upload_too_large")
    until(lambda: server.staged == [])


@pytest.mark.parametrize("size", [10, 100_000, 2 * MEBIBYTE])
def test_a_connection_whose_body_was_not_read_is_not_used_again(server: Running, size: int) -> None:
    with httpx.Client(base_url=server.url) as client:
        for _ in range(5):
            early = client.put("/datasets/nobody/", content=iter([bytes(size)] * 2))
            assert (early.status_code, early.headers["connection"]) == (404, "close")
            later = client.patch("/datasets/nobody/", json={"title": "x"})
            assert later.status_code == 404
            assert "connection" not in later.headers


def test_each_request_has_a_line_in_the_log(server: Running) -> None:
    httpx.get(f"{server.url}/version", headers={"x-correlation-id": "seen-1"})
    log = server.home.with_name(f"{server.home.name}.log")
    until(lambda: "seen-1" in log.read_text())
    (line,) = [line for line in log.read_text().splitlines() if "seen-1" in line]
    assert json.loads(line)["path"] == "/version"


@pytest.mark.heavy
@pytest.mark.parametrize("form", [False, True])
def test_two_gigabytes_take_the_server_less_than_200_megabytes(tmp_path: Path, form: bool) -> None:  # noqa: FBT001 - as above
    def chunks() -> Iterator[bytes]:
        if form:
            yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
        yield HEADER
        for _ in range(2048):
            yield LINES
        if form:
            yield b"\r\n--x--\r\n"

    kind = "multipart/form-data; boundary=x" if form else "text/csv"
    with served(tmp_path / "home") as url:
        answer = httpx.post(f"{url}/datasets/", content=chunks(), headers={"content-type": kind}, timeout=1800)
        assert answer.status_code == 201, answer.text
        for worker in _workers():
            status = Path(f"/proc/{worker.pid}/status").read_text()
            peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
            assert peak < 200_000


def _workers() -> list[psutil.Process]:
    """The processes that answer requests: the children of the one that was started."""
    found = [one for server in psutil.Process().children() for one in server.children()]
    assert found
    return found
