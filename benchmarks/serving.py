"""Measures how many answers a second a server gives: a dataset's document, and a page of 100 rows.

    apt-get install wrk
    python benchmarks/serving.py               # 64 connections, 10 seconds each
    python benchmarks/serving.py --seconds 30 --log-level warning

Peers run in the same server (granian, one process, ASGI): a bare Litestar handler that answers a small document, and
FastAPI that answers the same 100 rows from a list of dicts. Each is asked by wrk alone, one after the other; the
server and wrk share the machine. The rates are of one run: compare them with each other only.
"""

import argparse
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx

CONNECTIONS = 64
ROWS = 100_000
COLUMNS = 10

BARE = """
from litestar import Litestar, get

@get("/datasets/cars/", sync_to_thread=False)
def bare() -> dict[str, str]:
    return {"hello": "world"}

app = Litestar([bare], openapi_config=None, logging_config=None)
"""

FASTAPI = """
import json, os
from fastapi import FastAPI

ROWS = json.load(open(os.environ["ROWS"]))
app = FastAPI()

@app.get("/rows")
async def rows():
    return {"rows": ROWS, "total": 100_000}
"""


class Rate(NamedTuple):
    """What wrk says: answers a second, milliseconds at the median and the 99th percentile, and how many failed."""

    rate: float
    median: float
    p99: float
    errors: int


def main(seconds: int, log_level: str) -> None:
    """Serve each, ask it, and print a table of Markdown."""
    if shutil.which("wrk") is None:
        sys.exit("wrk is missing: apt-get install wrk")
    print("| | answers a second | to its peer | p50 ms | p99 ms | errors |\n|" + "---|" * 6)
    with tempfile.TemporaryDirectory(prefix="serving-") as name:
        folder = Path(name)
        with entrepot(folder / "home", log_level) as url:
            document, rows = f"{url}/datasets/cars/", f"{url}/datasets/cars/rows/?limit=100"
            (folder / "rows.json").write_bytes(httpx.get(rows).content)
            sizes = [len(httpx.get(one).content) for one in (document, rows)]
            mine = [ask(one, seconds) for one in (document, rows)]
            filtered = ask(f"{url}/datasets/cars/rows/?limit=100&n__gte=1000&sort=-x", seconds)
            made = ask(f"{url}/datasets/cars/rows/?limit=100", seconds, "-H", "Origin: nobody")
        bare = peer(folder, "bare", BARE, "/datasets/cars/", seconds)
        fastapi = peer(folder, "fastapi", FASTAPI, "/rows", seconds)
    show("a bare Litestar handler", bare, bare)
    show(f"Entrepot, a dataset's document ({sizes[0]:,} bytes)", mine[0], bare)
    show("FastAPI, 100 rows from a list of dicts", fastapi, fastapi)
    show(f"Entrepot, 100 rows ({sizes[1]:,} bytes)", mine[1], fastapi)
    show("Entrepot, 100 rows, filtered and sorted", filtered, fastapi)
    show("Entrepot, 100 rows, made anew each time", made, fastapi)


def show(name: str, rate: Rate, to: Rate) -> None:
    """Print a line of the table."""
    times = f"{rate.median:.1f} | {rate.p99:.1f}"
    print(f"| {name} | {rate.rate:,.0f} | {rate.rate / to.rate:.2f} | {times} | {rate.errors} |")


def ask(url: str, seconds: int, *options: str) -> Rate:
    """Ask for a URL as quickly as it is answered."""
    httpx.get(url).raise_for_status()
    command = ["wrk", "-t", "1", "-c", str(CONNECTIONS), "-d", f"{seconds}s", "--latency", *options, url]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    failed = re.findall(r"Non-2xx or 3xx responses: (\d+)|(?:connect|read|write|timeout) (\d+)", said)
    return Rate(
        float(re.findall(r"Requests/sec:\s+([\d.]+)", said)[0]),
        *(milliseconds(re.findall(rf"{share}%\s+([\d.]+)(us|ms|s)", said)[0]) for share in (50, 99)),
        sum(int(number or 0) for pair in failed for number in pair),
    )


def milliseconds(found: tuple[str, str]) -> float:
    """What wrk wrote with its unit."""
    return float(found[0]) * {"us": 1e-3, "ms": 1, "s": 1e3}[found[1]]


@contextmanager
def entrepot(home: Path, log_level: str) -> Generator[str]:
    """A server of one process with a table of 100,000 rows."""
    port = free_port()
    given = {"STORE": str(home), "PORT": str(port), "WORKERS": "1", "LOG_LEVEL": log_level, "LOG_FORMAT": "json"}
    environ = os.environ | {f"ENTREPOT_{key}": value for key, value in given.items()}
    with run([sys.executable, "-m", "entrepot", "serve"], environ, port) as url:
        names = ["n", "x", *(f"city_{number}" for number in range(COLUMNS - 2))]
        lines = (f"{n},{n / 8}," + ",".join(f"city {n % 97 + m}" for m in range(COLUMNS - 2)) for n in range(ROWS))
        body = "\n".join([",".join(names), *lines])
        httpx.post(f"{url}/datasets/?name=cars", content=body, timeout=600).raise_for_status()
        yield url


def peer(folder: Path, name: str, program: str, path: str, seconds: int) -> Rate:
    """Serve a small app with the same server, and ask it."""
    (folder / f"{name}_peer.py").write_text(program)
    rows = folder / "only_rows.json"
    rows.write_text(re.sub(r'.*"rows":(\[.*?\]),"total".*', r"\1", (folder / "rows.json").read_text()))
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--workers", "1", "--port", str(port)]
    command += ["--log-level", "error", "--no-ws", f"{name}_peer:app"]
    with run(command, os.environ | {"PYTHONPATH": str(folder), "ROWS": str(rows)}, port) as url:
        return ask(f"{url}{path}", seconds)


@contextmanager
def run(command: list[str], environ: dict[str, str], port: int) -> Generator[str]:
    """A server that runs."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, env=environ, stdout=log, stderr=log)
        try:
            wait_for(port, process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait()


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Wait until somebody listens."""
    for _ in range(600):
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            time.sleep(0.5)
            return
    sys.exit(f"{process.args} did not come up")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--log-level", default="info")
    wished = parser.parse_args()
    main(wished.seconds, wished.log_level)
