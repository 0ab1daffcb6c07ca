"""Loads a server with 1, 64 and 300 connections at once: the metadata registry, and datasets.

    apt-get install wrk
    python benchmarks/load.py                                # a server of two processes, started for this
    python benchmarks/load.py --url http://127.0.0.1:3100    # one that runs, a container say; it is left as it was

Reads are of a registry of 1,000 records and a table of 10,000 rows; what is registered meanwhile is removed in the end.
An answer that is no success counts as an error.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import httpx
from serving import Rate, free_port, milliseconds, run

CONNECTIONS = (1, 64, 300)
RECORDS = 1_000
ROWS = 10_000
PAYLOAD = '{"sourceName": "load", "jobCluster": {"min_workers": 2}}'
BATCH = 500
PAUSE = 2
"""Seconds between tests: what clients that left had in line is done by then."""

POST = """
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"name": "load", "payload": %s}'
"""


MIXED = """
local post = wrk.format("POST", "/metadata", {["Content-Type"] = "application/json"}, '{"name": "load", "payload": %s}')
local asked = 0
request = function()
  asked = asked + 1
  if asked %% 10 == 0 then return post end
  return wrk.format("GET")
end
"""
"""Nine reads of a record to one that is registered, as producers and readers at once."""


def main(url: str | None, seconds: int, only: str) -> None:
    """Load the server, and print a table of Markdown."""
    if shutil.which("wrk") is None:
        sys.exit("wrk is missing: apt-get install wrk")
    with tempfile.TemporaryDirectory(prefix="load-") as folder, server(Path(folder), url) as base:
        script = Path(folder) / "post.lua"
        script.write_text(POST % PAYLOAD)
        mixed = Path(folder) / "mixed.lua"
        mixed.write_text(MIXED % PAYLOAD)
        record = fill(base)
        asked: dict[str, tuple[str, ...]] = {
            "`GET /metadata/{id}`": (f"{base}/metadata/{record}",),
            "`GET /metadata?source_name=load`, 100 records": (f"{base}/metadata?source_name=load",),
            "`POST /metadata`": ("--script", str(script), f"{base}/metadata"),
            "nine of `GET /metadata/{id}` to one `POST`": ("--script", str(mixed), f"{base}/metadata/{record}"),
            "`GET /datasets/`": (f"{base}/datasets/",),
            "`GET /datasets/{id}/`": (f"{base}/datasets/load-test/",),
            "`GET …/rows/`, 100 rows, filtered": (f"{base}/datasets/load-test/rows/?n__gt=5000",),
        }
        print("| | connections | answers a second | p50 ms | p99 ms | errors |\n|" + "---|" * 6)
        try:
            for name, words in asked.items():
                for connections in CONNECTIONS if only in name else ():
                    time.sleep(PAUSE)
                    rate, p50, p99, errors = load(words, connections, seconds)
                    print(f"| {name} | {connections} | {rate:,.0f} | {p50:.1f} | {p99:.1f} | {errors} |", flush=True)
        finally:
            empty(base)


@contextmanager
def server(folder: Path, url: str | None) -> Generator[str]:
    """The server that was named, or one of two processes."""
    if url is not None:
        yield url.rstrip("/")
        return
    port = free_port()
    given = {"STORE": str(folder / "home"), "PORT": str(port), "WORKERS": "2", "LOG_FORMAT": "json"}
    environ = os.environ | {f"ENTREPOT_{key}": value for key, value in given.items()}
    with run([sys.executable, "-m", "entrepot", "serve"], environ, port) as base:
        yield base


def fill(base: str) -> str:
    """Register records and add a table; answer a record's id."""
    found = ""
    for _ in range(RECORDS // BATCH):
        entries = [{"name": "load", "payload": PAYLOAD}] * BATCH
        answer = httpx.post(f"{base}/metadata/batch", json=entries, timeout=300).raise_for_status()
        found = answer.json()["results"][0]["record"]["id"]
    table = "\n".join(["n,city", *(f"{number},city {number % 97}" for number in range(ROWS))])
    httpx.post(f"{base}/datasets/?name=load-test&if_exists=replace", content=table, timeout=300).raise_for_status()
    return found


def empty(base: str) -> None:
    """Remove all that this made."""
    httpx.delete(f"{base}/datasets/load-test/", timeout=300)
    while (page := httpx.get(f"{base}/metadata?name=load&limit={BATCH}", timeout=300)).is_success:
        ids = [record["id"] for record in page.json()["items"]]
        httpx.request("DELETE", f"{base}/metadata/batch", json=ids, timeout=300).raise_for_status()


def load(words: tuple[str, ...], connections: int, seconds: int) -> Rate:
    """Ask as quickly as answers come, over so many connections."""
    command = ["wrk", "-t", "1", "-c", str(connections), "-d", f"{seconds}s", "--timeout", "10s", "--latency", *words]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    failed = re.findall(r"Non-2xx or 3xx responses: (\d+)|(?:connect|read|write|timeout) (\d+)", said)
    return Rate(
        float(re.findall(r"Requests/sec:\s+([\d.]+)", said)[0]),
        *(milliseconds(re.findall(rf"{share}%\s+([\d.]+)(us|ms|s)", said)[0]) for share in (50, 99)),
        sum(int(number or 0) for pair in failed for number in pair),
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", help="a server that runs")
    parser.add_argument("--seconds", type=int, default=10, help="for each line of the table")
    parser.add_argument("--only", default="", help="only the lines whose names have this in them, as POST")
    arguments = parser.parse_args()
    main(arguments.url, arguments.seconds, arguments.only)
