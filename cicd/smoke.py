"""Calls a deployed Entrepot as its users do, and says what it answered: ``python smoke.py https://HOST``.

It waits until the server is well, then makes each call of ``CHECKS`` and checks its answer; what a check makes it takes
away again. The exit status is 0 when all answered as they should, else 1. It needs Python 3.11 and nothing else.
"""

import argparse
import http.client
import json
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

CSV = b"make,price\nVolvo,9525.55\nKia,7300\nRenault,\n"
WORKBOOK = b"PK\x03\x04"
SECONDS_TO_ANSWER = 60
SECONDS_BETWEEN_LOOKS = 1
STARTING = (502, 503, 504)
"""What a platform answers while it starts the server."""


class Unexpected(Exception):
    """An answer is not what it should be."""


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    body: bytes

    def json(self) -> dict[str, object]:
        """The document in the body."""
        try:
            found = json.loads(self.body)
        except ValueError as error:
            raise Unexpected(f"JSON was expected, but this came: {self.body[:200]!r}") from error
        if not isinstance(found, dict):
            raise Unexpected(f"an object was expected, but this came: {self.body[:200]!r}")
        return found


@dataclass(frozen=True)
class Server:
    """The server at a URL."""

    url: str

    def call(self, method: str, path: str, body: bytes | None = None, kind: str = "application/json") -> Answer:
        """Make a call; any status is an answer.

        Raises:
            OSError: There was none.
        """
        headers = {"Content-Type": kind} if body is not None else {}
        request = urllib.request.Request(self.url + path, data=body, headers=headers, method=method)  # noqa: S310 - main checks the URL
        try:
            with urllib.request.urlopen(request, timeout=SECONDS_TO_ANSWER) as answer:  # noqa: S310 - as above
                return Answer(answer.status, answer.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.read())

    def expect(self, status: int, method: str, path: str, body: bytes | None = None, kind: str = "") -> Answer:
        """Make a call that must answer with this status.

        Raises:
            Unexpected: It answered with another.
        """
        answer = self.call(method, path, body, kind or "application/json")
        if answer.status != status:
            said = answer.body[:500].decode("utf-8", "replace")
            raise Unexpected(f"{method} {path} answered {answer.status}, not {status}: {said}")
        return answer


def check_health(server: Server) -> str:
    """The server and all that it needs are well."""
    found = server.expect(200, "GET", "/health").json()
    _equal("the health", found["status"], "ok")
    return json.dumps(found["checks"])


def check_version(server: Server) -> str:
    """It is an Entrepot, with the API that is called here."""
    found = server.expect(200, "GET", "/version").json()
    _equal("the name", found["name"], "entrepot")
    _equal("the API", found["api"], ["v1"])
    return str(found["version"])


def check_datasets(server: Server) -> str:
    """A file goes in, and comes out as rows, statistics and a workbook."""
    name = f"smoke-{uuid4().hex[:12]}"
    server.expect(201, "POST", f"/api/v1/datasets/?name={name}&file_name=smoke.csv", CSV, "text/csv")
    try:
        page = server.expect(200, "GET", f"/api/v1/datasets/{name}/rows/").json()
        _equal("the number of rows", page["total"], 3)
        described = server.expect(200, "GET", f"/api/v1/datasets/{name}/stats/").json()
        _equal("the greatest price", _member(described, "price")["max"], 9525.55)
        workbook = server.expect(200, "GET", f"/api/v1/datasets/{name}/excel/").body
        _equal("the workbook's first bytes", workbook[:4], WORKBOOK)
    finally:
        server.expect(204, "DELETE", f"/api/v1/datasets/{name}/")
    server.expect(404, "GET", f"/api/v1/datasets/{name}/")
    return "added, read as rows, statistics and a workbook, and removed"


def check_metadata(server: Server) -> str:
    """A record of the registry is made, read, found, changed and removed; one that doesn't fit is refused."""
    name = f"smoke-{uuid4().hex[:12]}"
    made = server.expect(200, "POST", "/api/v1/metadata", _record(name, {"sourceName": name})).json()
    one = f"/api/v1/metadata/{made['id']}"
    try:
        _equal("the record's name", made["name"], name)
        _equal("the record read again", server.expect(200, "GET", one).json()["payload"], made["payload"])
        listed = server.expect(200, "GET", f"/api/v1/metadata?source_name={name}").json()["items"]
        _equal("the records found by source", len(listed) if isinstance(listed, list) else listed, 1)
        changed = server.expect(200, "PUT", one, _record(name, {"sourceName": name, "partitioning": "day"})).json()
        _equal("the changed partitioning", json.loads(str(changed["payload"]))["partitioning"], "day")
        server.expect(422, "POST", "/api/v1/metadata", _record(name, {"partitioning": "day"}))
    finally:
        server.expect(200, "DELETE", one)
    server.expect(404, "GET", one)
    return "registered, read, found, changed and removed; one without a source refused"


CHECKS: dict[str, Callable[[Server], str]] = {
    "health": check_health,
    "version": check_version,
    "datasets": check_datasets,
    "metadata": check_metadata,
}


def _record(name: str, payload: dict[str, object]) -> bytes:
    return json.dumps({"name": name, "payload": json.dumps(payload)}).encode()


def _member(found: dict[str, object], name: str) -> dict[str, object]:
    member = found.get(name)
    if not isinstance(member, dict):
        raise Unexpected(f"'{name}' is missing from {found}")
    return member


def _equal(what: str, found: object, expected: object) -> None:
    if found != expected:
        raise Unexpected(f"{what} is {found!r}, not {expected!r}")


def wait(server: Server, seconds: float) -> float:
    """Wait until the server answers for itself; tell how long that took.

    Raises:
        Unexpected: It didn't in that time.
    """
    began = time.monotonic()
    while True:
        try:
            answer = server.call("GET", "/health")
            said = f"status {answer.status}"
            if answer.status not in STARTING:
                return time.monotonic() - began
        except (OSError, http.client.HTTPException) as error:
            said = str(error)
        if time.monotonic() - began > seconds:
            raise Unexpected(f"the server was not up after {seconds:.0f} s; last it said: {said}")
        time.sleep(SECONDS_BETWEEN_LOOKS)


def main(arguments: list[str]) -> int:
    """Make the calls; answer with the exit status."""
    parser = argparse.ArgumentParser(description="Call a deployed Entrepot and check its answers.")
    parser.add_argument("url", help="where it is, as https://HOST")
    parser.add_argument("--wait", type=float, default=300, metavar="SECONDS", help="how long it may take to start")
    parser.add_argument("--checks", nargs="+", choices=CHECKS, default=list(CHECKS), help="by default all")
    given = parser.parse_args(arguments)
    if not given.url.startswith(("http://", "https://")):
        parser.error(f"{given.url!r} is no URL; give one like https://HOST")
    server = Server(given.url.rstrip("/"))
    try:
        print(f"{server.url} was up after {wait(server, given.wait):.1f} s")
        for name in given.checks:
            print(f"{name}: {CHECKS[name](server)}")
    except (Unexpected, OSError, http.client.HTTPException, KeyError, ValueError) as error:
        print(f"FAILED: {type(error).__name__}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
