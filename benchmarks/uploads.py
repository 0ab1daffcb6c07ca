"""Measures what an upload costs the server: its memory while a large file comes in, its answers while slow ones do.

    python benchmarks/uploads.py                # 2 GB, raw and as a multipart form
    python benchmarks/uploads.py --gigabytes 6

Every upload goes to a server of its own, made while it is sent, over a real socket, and is imported. The peak is the
resident memory of the process that answers requests (Linux); the import runs in a process of its own, which is not
counted. Then 50 uploads trickle in while `/health` is asked, with as many asked before for comparison.
"""

import argparse
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event, Thread

import httpx
import psutil

ROW = b"fiat,1,2.5,Torino\n"
BLOCK = ROW * 58_255  # about a mebibyte
HEADER = b"make,a,b,city\n"
SLOW = 50
ASKED = 500


class Server:
    """A server that runs, and the process of it that answers requests."""

    def __init__(self, url: str, process: psutil.Process) -> None:
        self.url = url
        (self._worker,) = process.children()

    @property
    def peak(self) -> float:
        """The most memory that the process had so far, in MB."""
        status = Path(f"/proc/{self._worker.pid}/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1e3


@contextmanager
def served() -> Generator[Server]:
    """Serve an empty home of its own."""
    with tempfile.TemporaryDirectory(prefix="uploads-") as folder:
        port = free_port()
        environ = os.environ | {"ENTREPOT_STORE": folder, "ENTREPOT_PORT": str(port), "ENTREPOT_WORKERS": "1"}
        process = subprocess.Popen(
            [sys.executable, "-m", "entrepot", "serve"],
            env=environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for(url)
            yield Server(url, psutil.Process(process.pid))
        finally:
            process.terminate()
            process.wait()


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str) -> None:
    """Wait until a server answers."""
    for _ in range(600):
        try:
            httpx.get(f"{url}/health").raise_for_status()
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    sys.exit("the server did not come up")


def raw(blocks: int) -> Iterator[bytes]:
    """A CSV file of so many mebibytes."""
    yield HEADER
    for _ in range(blocks):
        yield BLOCK


def multipart(blocks: int) -> Iterator[bytes]:
    """The same in a form."""
    yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    yield from raw(blocks)
    yield b"\r\n--x--\r\n"


def measure_upload(name: str, make: Callable[[int], Iterator[bytes]], media_type: str, blocks: int) -> None:
    """Upload a file and print what it took."""
    with served() as server:
        before, start = server.peak, time.monotonic()
        answer = httpx.post(
            f"{server.url}/datasets/", content=make(blocks), headers={"content-type": media_type}, timeout=3600
        ).raise_for_status()
        size, wall = answer.json()["size"], time.monotonic() - start
        print(f"| {name} | {size / 1e9:.2f} | {wall:.0f} | {before:.0f} | {server.peak:.0f} |")


def measure_health() -> None:
    """Ask for the server's health with and without slow uploads, and print how long it took."""
    with served() as server, ExitStack() as stack:
        alone = ask(server.url)
        slow = [stack.enter_context(begun(server.url)) for _ in range(SLOW)]
        done = Event()
        thread = Thread(target=trickle, args=(slow, done))
        thread.start()
        beside = ask(server.url)
        done.set()
        thread.join()
    for name, times in (("alone", alone), (f"beside {SLOW} slow uploads", beside)):
        print(f"| {name} | {statistics.median(times) * 1e3:.1f} | {times[int(len(times) * 0.99)] * 1e3:.1f} |")


def ask(url: str) -> list[float]:
    """How many seconds each answer of `/health` took, sorted."""
    times: list[float] = []
    with httpx.Client() as client:
        for _ in range(ASKED):
            start = time.perf_counter()
            client.get(f"{url}/health").raise_for_status()
            times.append(time.perf_counter() - start)
    return sorted(times)


@contextmanager
def begun(url: str) -> Generator[socket.socket]:
    """An upload that has begun and goes no further by itself."""
    host, _, port = url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port))) as found:
        found.sendall(
            b"POST /datasets/ HTTP/1.1\r\nHost: localhost\r\n"
            b"Content-Type: text/csv\r\nContent-Length: 100000000\r\n\r\n"
        )
        found.sendall(HEADER)
        yield found


def trickle(slow: list[socket.socket], done: Event) -> None:
    """Send a little on each of these now and then."""
    while not done.wait(0.1):
        for one in slow:
            one.sendall(ROW)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gigabytes", type=float, default=2.0)
    wished = round(parser.parse_args().gigabytes * 1e9 / len(BLOCK))
    print("| upload | GB | s, import included | MB before | MB at the peak |\n|" + "---|" * 5)
    measure_upload("raw", raw, "text/csv", wished)
    measure_upload("multipart", multipart, "multipart/form-data; boundary=x", wished)
    print(f"\n| `/health`, {ASKED} times | median ms | 99th percentile ms |\n|" + "---|" * 3)
    measure_health()
