"""Measures how many answers a second a server gives: a dataset's document, a page of 100 rows, a picture.

    apt-get install wrk
    python benchmarks/serving.py               # 64 connections, 10 seconds each, three times
    python benchmarks/serving.py --seconds 30 --log-level warning

Peers run in the same server (granian, one process, ASGI): a bare Litestar handler that answers a small document, and
FastAPI that answers the same 100 rows from a list of dicts, and Litestar's static files with the same picture. wrk asks
one after the other, several times round; a ratio is the median of the rounds'. Entrepot writes its log; the servers and
wrk share the machine.
"""

import argparse
import io
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
from PIL import Image, ImageFilter

CONNECTIONS = 64
ROWS = 100_000
WEBP = {"Accept": "image/webp"}
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


STATIC = """
import os
from litestar import Litestar
from litestar.static_files import create_static_files_router

files = create_static_files_router(path="/", directories=[os.environ["PICTURES"]])
app = Litestar([files], openapi_config=None, logging_config=None)
"""


class Rate(NamedTuple):
    """What wrk says: answers a second, milliseconds at the median and the 99th percentile, and how many failed."""

    rate: float
    median: float
    p99: float
    errors: int


def main(seconds: int, rounds: int, log_level: str) -> None:
    """Serve all, ask each in turn, and print a table of Markdown."""
    if shutil.which("wrk") is None:
        sys.exit("wrk is missing: apt-get install wrk")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="serving-")))
        mine = f"{stack.enter_context(entrepot(folder / 'home', log_level))}/datasets/cars/"
        page = httpx.get(f"{mine}rows/?limit=100", timeout=60)
        (folder / "rows.json").write_text(json.dumps(page.json()["rows"]))
        bare = f"{stack.enter_context(peer(folder, 'bare', BARE))}/datasets/cars/"
        fastapi = f"{stack.enter_context(peer(folder, 'fastapi', FASTAPI))}/rows"
        (folder / "pictures").mkdir()
        shown = f"{add_picture(mine.removesuffix('datasets/cars/'))}/web"
        (folder / "pictures" / "web.webp").write_bytes(httpx.get(shown, headers=WEBP).raise_for_status().content)
        static = f"{stack.enter_context(peer(folder, 'static', STATIC))}/web.webp"
        contenders: list[tuple[str, str, str, tuple[str, ...]]] = [
            ("a bare Litestar handler", bare, bare, ()),
            (f"Entrepot, a dataset's document ({len(httpx.get(mine).content):,} bytes)", mine, bare, ()),
            ("FastAPI, 100 rows from a list of dicts", fastapi, fastapi, ()),
            (f"Entrepot, the same rows ({len(page.content):,} bytes)", f"{mine}rows/?limit=100", fastapi, ()),
            ("Entrepot, a page made anew for each request", f"{mine}rows/?limit=100", fastapi, ("-H", "Origin: x")),
            ("Litestar, a static file of a picture", static, static, ()),
            ("Entrepot, the same bytes as a rendition", f"{shown}.webp", static, ()),
            ("Entrepot, a rendition looked up for each request", f"{shown}.webp", static, ("-H", "Cookie: x")),
        ]
        taken = [[ask(url, seconds, *options) for _, url, _, options in contenders] for _ in range(rounds)]
    print("| | answers a second | to its peer | p50 ms | p99 ms | errors |\n|" + "---|" * 6)
    rates = {name: [found[place] for found in taken] for place, (name, *_) in enumerate(contenders)}
    peers = {bare: contenders[0][0], fastapi: contenders[2][0], static: contenders[5][0]}
    for name, _, base, _ in contenders:
        show(name, rates[name], rates[peers[base]])


def add_picture(server: str) -> str:
    """Add a collection of one picture; answer where that is, without its rendition."""
    picture = Image.effect_noise((1600, 1200), 40).convert("RGB").filter(ImageFilter.GaussianBlur(4))
    content = io.BytesIO()
    picture.save(content, "JPEG", quality=90)
    table = "name,image\nAda,none.jpg\n"
    httpx.post(f"{server}datasets/?name=pictures&published=true&image=image", content=table).raise_for_status()
    row = f"{server}datasets/pictures/rows/1/images/image"
    httpx.put(row, content=content.getvalue(), timeout=60).raise_for_status()
    return str(httpx.get(f"{server}api/pictures/").json()[0]["image"]).removesuffix("/original")


def show(name: str, mine: list[Rate], its: list[Rate]) -> None:
    """Print a line of the table: medians of the rounds."""
    rate, p50, p99 = (statistics.median(one[place] for one in mine) for place in range(3))
    ratio = statistics.median(one.rate / other.rate for one, other in zip(mine, its, strict=True))
    print(f"| {name} | {rate:,.0f} | {ratio:.2f} | {p50:.1f} | {p99:.1f} | {sum(one.errors for one in mine)} |")


def ask(url: str, seconds: int, *options: str) -> Rate:
    """Ask for a URL as quickly as it is answered."""
    httpx.get(url, timeout=60).raise_for_status()
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


@contextmanager
def peer(folder: Path, name: str, program: str) -> Generator[str]:
    """A small app, served in the same way."""
    (folder / f"{name}_peer.py").write_text(program)
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--workers", "1", "--port", str(port)]
    command += ["--log-level", "error", "--no-ws", f"{name}_peer:app"]
    shown = {"ROWS": str(folder / "rows.json"), "PICTURES": str(folder / "pictures")}
    environ = os.environ | {"PYTHONPATH": str(folder), **shown}
    with run(command, environ, port) as url:
        yield url


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
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--log-level", default="info")
    wished = parser.parse_args()
    main(wished.seconds, wished.rounds, wished.log_level)
