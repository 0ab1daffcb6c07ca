"""Someone who works with a server that is killed in the midst of it, and remembers what it has acknowledged."""

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

import httpx
from attrs import define, field

from tests.crash.victim import Victim

ROWS = 3_000
FEWEST = 2
"""How many datasets there are at the least before some work is cut off."""
CHUNKS = 16
"""In how many pieces a slow upload comes."""

Versions = dict[int, str]
"""Number of a version to the SHA-256 of its file."""


def file_of(number: int) -> bytes:
    """A CSV file like no other."""
    return b"number,word\n" + b"".join(b"%d,word %d\n" % (row, row * number) for row in range(ROWS))


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@define
class Client:
    """Someone who works with a server that dies, and remembers what it has acknowledged.

    Attributes:
        datasets: The datasets there must be, by id.
        removed: The ids of those that must be gone.
        steps: How many steps each kind of work takes when it is not disturbed.
        cut_off: How many pieces of work were not acknowledged, and how many of those had happened all the same.
    """

    victim: Victim
    datasets: dict[str, Versions] = field(factory=dict, init=False)
    removed: set[str] = field(factory=set, init=False)
    steps: dict[str, int] = field(factory=dict, init=False)
    cut_off: list[bool] = field(factory=list, init=False)
    is_learning: bool = field(default=False, init=False)
    _number: int = field(default=0, init=False)

    def content(self) -> bytes:
        self._number += 1
        return file_of(self._number)

    # --- the four kinds of work; each may be cut off at any step ---

    def upload(self, point: float) -> None:
        """Send a file in pieces; the server dies when a part of it has come."""
        content = self.content()
        size = -(-len(content) // CHUNKS)

        def pieces() -> Iterator[bytes]:
            for at in range(CHUNKS):
                yield content[at * size : (at + 1) * size]
                if at >= point * (CHUNKS - 1):
                    self.victim.kill()

        self._attempt(lambda: self._added(content, pieces()), content=content)

    def import_(self, point: float) -> None:
        """Send a file at once; the server dies while it reads and stores it."""
        content = self.content()
        self._arm("import", point)
        self._attempt(lambda: self._added(content, content), content=content)

    def replace(self, point: float) -> None:
        """Send a dataset's next version."""
        content, ref = self.content(), max(self.datasets)
        self._arm("replace", point)

        def work() -> None:
            document = self._sent("PUT", f"/datasets/{ref}/", content)
            self.datasets[ref][document["version"]] = document["sha256"]

        self._attempt(work, doubtful=ref, content=content)

    def remove(self, point: float) -> None:
        """Remove a dataset."""
        ref = min(self.datasets)
        self._arm("delete", point)

        def work() -> None:
            httpx.delete(f"{self.victim.url}/datasets/{ref}/", timeout=60).raise_for_status()
            del self.datasets[ref]
            self.removed.add(ref)

        self._attempt(work, doubtful=ref)

    def _arm(self, kind: str, point: float) -> None:
        """Choose the step to die at; where it is not known yet how many there are, none."""
        self.victim.arm(1 + int(point * self.steps[kind]) if kind in self.steps else 0)

    def _sent(self, method: str, path: str, content: bytes | Iterator[bytes]) -> dict[str, Any]:
        headers = {"content-type": "text/csv"}
        answer = httpx.request(method, self.victim.url + path, content=content, headers=headers, timeout=60)
        answer.raise_for_status()
        document: dict[str, Any] = answer.json()
        return document

    def _added(self, content: bytes, sent: bytes | Iterator[bytes]) -> None:
        document = self._sent("POST", "/datasets/?file_name=n.csv", sent)
        assert document["sha256"] == digest_of(content)
        self.datasets[document["id"]] = {1: document["sha256"]}

    def _attempt(self, work: Callable[[], None], doubtful: str | None = None, content: bytes = b"") -> None:
        """Do some work that may be cut off, kill the server if it was not, and look what the next one finds."""
        if self.is_learning:
            work()
            return
        try:
            work()
            acknowledged = True
        except httpx.TransportError:
            acknowledged = False
        self.victim.kill()
        assert self.victim.processes() == []
        self.victim.start()
        if not acknowledged:
            self.cut_off.append(self._has_happened(doubtful, digest_of(content)))
        self.check()

    def _has_happened(self, doubtful: str | None, digest: str) -> bool:
        """Learn what became of work that was neither acknowledged nor refused: it happened whole, or not at all."""
        there = {item["id"]: item for item in self._listed()}
        if doubtful is None:
            unknown = {one: {1: there[one]["sha256"]} for one in there.keys() - self.datasets.keys()}
            assert list(unknown.values()) in ([], [{1: digest}])
            self.datasets |= unknown
            return bool(unknown)
        if doubtful not in there:
            del self.datasets[doubtful]
            self.removed.add(doubtful)
            return True
        newer: bool = there[doubtful]["version"] > max(self.datasets[doubtful])
        if newer:
            self.datasets[doubtful][there[doubtful]["version"]] = digest
        return newer

    def check(self) -> None:
        """All that was acknowledged is there, whole, and nothing else."""
        assert {item["id"]: item["version"] for item in self._listed()} == {
            one: max(versions) for one, versions in self.datasets.items()
        }
        for ref, versions in self.datasets.items():
            for number, digest in versions.items():
                self._read(ref, number, digest)
        for ref in self.removed:
            assert httpx.get(f"{self.victim.url}/datasets/{ref}/").status_code == 404
        assert self.victim.orphans() == set()
        assert self.victim.scratch() == []

    def _read(self, ref: str, number: int, digest: str) -> None:
        here, pinned = f"{self.victim.url}/datasets/{ref}", {"version": number}
        assert digest_of(httpx.get(f"{here}/file/", params=pinned).content) == digest
        last = httpx.get(f"{here}/rows/", params={**pinned, "offset": ROWS - 1}).json()
        assert (last["total"], last["rows"][0]["number"]) == (ROWS, ROWS - 1)
        assert httpx.get(f"{here}/stats/", params=pinned).json()["number"]["count"] == ROWS

    def _listed(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = httpx.get(f"{self.victim.url}/datasets/").raise_for_status().json()["items"]
        return items

    def learn(self) -> None:
        """Start the server, and see how many steps each kind of work takes, undisturbed."""
        self.victim.start()
        self.is_learning = True
        for kind, work in {"import": self.import_, "replace": self.replace, "delete": self.remove}.items():
            self._have_some()
            work(0)
            self.steps[kind] = self.victim.steps
        self.is_learning = False

    def work(self, points: int) -> None:
        """Be cut off at so many points, in turn at uploads, imports, replacements and removals."""
        kinds = (self.upload, self.import_, self.replace, self.remove)
        for at in range(points):
            self._have_some()
            rounds = -(-(points - at % len(kinds)) // len(kinds))
            kinds[at % len(kinds)]((at // len(kinds) + 0.5) / rounds)

    def _have_some(self) -> None:
        while len(self.datasets) < FEWEST:
            content = self.content()
            self._added(content, content)
