"""What may be sent to do harm: the server stays small and well, and nothing is left of it."""

import gzip
import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import psutil
import pytest
from attrs import frozen

from tests.apps.http.test_streams import until
from tests.serving import served

MEBIBYTE = 1 << 20
MOST_BYTES = 300 * 10**6
MOST_UNPACKED = 150 * 10**6
"""More than any of the files that are not packed, and less than what the bomb holds."""


def _zip(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.csv", content)
    return out.getvalue()


def _bomb() -> bytes:
    return gzip.compress(b"a,b\n" + b"1,2\n" * (50 * MEBIBYTE), compresslevel=1)


TAKEN = (201, None)
EMPTY = (422, "empty_input")
MALFORMED = (422, "malformed_input")
PASSED = (422, "limit_exceeded")
UNREADABLE = (415, "unreadable_input")

INPUTS: dict[str, tuple[tuple[int, str | None], Callable[[], bytes]]] = {
    "gzip bomb": (PASSED, _bomb),
    "gzip in gzip": (UNREADABLE, lambda: gzip.compress(gzip.compress(b"a\n1\n"))),
    "zip": (UNREADABLE, lambda: _zip(b"a\n1\n")),
    "row of 100 MB": (PASSED, lambda: b"a,b\n" + b"x" * 100_000_000 + b",1\n"),
    "header of 100,000 columns": (PASSED, lambda: b",".join(b"c%d" % number for number in range(100_000)) + b"\n"),
    "200 columns": (TAKEN, lambda: b"\n".join(b",".join(b"%d" % number for number in range(200)) for _ in range(5))),
    "quote that stays open": (TAKEN, lambda: b'a,b\n"x,1\n' + b"y,2\n" * 500_000),
    "NUL bytes": (UNREADABLE, lambda: b"a,b\n1,\x00\n" + bytes(MEBIBYTE)),
    "carriage returns alone": (TAKEN, lambda: b"a,b\r1,2\r3,4\r"),
    "whitespace alone": (EMPTY, lambda: b" \n\t\r\n" * 100_000),
    "nothing": (EMPTY, lambda: b""),
    "JSON of depth 100,000": (MALFORMED, lambda: b"[" * 100_000 + b"]" * 100_000),
    "objects of depth 100,000": (MALFORMED, lambda: b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
    "keys twice": (MALFORMED, lambda: b'[{"a": 1, "a": 2}]'),
    "NaN in JSON": (MALFORMED, lambda: b'[{"a": NaN}]'),
    "lone surrogates": (MALFORMED, lambda: b'[{"a": "\\ud800"}]'),
    "number of 100,000 digits": (MALFORMED, lambda: b'[{"a": ' + b"9" * 100_000 + b"}]"),
    "damaged Parquet": (MALFORMED, lambda: b"PAR1" + bytes(range(256)) * 1000 + b"\xff\xff\xff\x7fPAR1"),
    "damaged Arrow": (MALFORMED, lambda: b"ARROW1\x00\x00" + bytes(range(256)) * 1000),
}

NAMES = {
    "../../etc/passwd": 201, "x" * 5000 + ".csv": 201, "\u202egpj.csv": 201, 'a"\r\nx-evil: 1.csv': 201, "CON": 201,
    "a\x00b.csv": 201, "": 400, ".": 400,
}  # fmt: skip
"""File names, and the status that comes of each."""


@frozen
class Server:
    """A running server, its home, and the process that answers."""

    url: str
    home: Path

    @property
    def process(self) -> psutil.Process:
        return next(
            child
            for one in psutil.Process().children()
            if "serve" in one.cmdline()
            for child in one.children()
            if _workers(child) or "granian" in child.name() or child.cmdline()
        )

    def check(self) -> None:
        """It is small and well, nobody works in it, and no file is left but what workers wait with."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) * 1024
        assert peak < MOST_BYTES
        assert httpx.get(f"{self.url}/health", timeout=60).json()["status"] == "ok"
        until(lambda: self.left == [])
        until(lambda: len(_workers(self.process)) <= 2)

    @property
    def left(self) -> list[Path]:
        own = (home for home in (self.home / "tmp").iterdir() if home.is_dir())
        files = (file for folder in own for file in folder.iterdir() if file.name != "lock")
        return [file for file in files if not (file.is_dir() and list(file.iterdir()) == [])]


def _workers(process: psutil.Process) -> list[psutil.Process]:
    found: list[psutil.Process] = []
    with suppress(psutil.NoSuchProcess):
        found = [one for one in process.children() if "entrepot_adapters.sandbox" in " ".join(one.cmdline())]
    return found


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("hostile") / "home"
    with served(home, MAX_DECOMPRESSED_BYTES=str(MOST_UNPACKED)) as url:
        yield Server(url, home)


@pytest.mark.parametrize("name", INPUTS)
def test_a_bad_file_is_taken_or_refused_and_harms_nothing(server: Server, name: str) -> None:
    expected, content = INPUTS[name]
    answer = httpx.post(f"{server.url}/datasets/", files={"file": ("bad", content())}, timeout=300)
    assert (answer.status_code, answer.json().get("code")) == expected, answer.text
    server.check()


def test_a_bomb_is_stopped_by_the_limit_of_what_is_unpacked(server: Server) -> None:
    answer = httpx.post(f"{server.url}/datasets/", files={"file": ("bad", _bomb())}, timeout=300)
    assert (answer.json()["limit"], answer.json()["allowed"]) == ("ENTREPOT_MAX_DECOMPRESSED_BYTES", MOST_UNPACKED)


@pytest.mark.parametrize("name", NAMES)
def test_a_bad_name_is_a_label_and_nothing_else(server: Server, name: str) -> None:
    answer = httpx.post(f"{server.url}/datasets/", params={"file_name": name}, content=b"a\n1\n",
                        headers={"content-type": "text/csv"}, timeout=60)  # fmt: skip
    assert answer.status_code == NAMES[name], answer.text
    assert "x-evil" not in answer.headers
    if answer.status_code == 201:
        file = httpx.get(f"{server.url}{answer.json()['_links']['self']['href']}file/", timeout=60)
        assert file.content == b"a\n1\n"
        assert "x-evil" not in file.headers
    assert {one.name for one in server.home.iterdir()} <= {
        "blobs", "tmp", "lock", "catalogue.sqlite3", "catalogue.sqlite3-shm", "catalogue.sqlite3-wal", "catalogue.lock",
        "upkeep.lock",
    }  # fmt: skip
    server.check()
