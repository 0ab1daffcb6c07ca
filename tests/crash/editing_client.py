"""Someone who edits the rows of a dataset on a server that is killed in the midst of it."""

from typing import Any

import httpx
from attrs import define, field

from tests.crash.victim import Victim

ROWS = 40
KINDS = ("append", "update", "remove", "restore")

Row = dict[str, Any]


@define
class Edit:
    """An edit: the request, and the rows as they are once it has happened."""

    method: str
    path: str
    body: object
    after: list[Row]


@define
class EditingClient:
    """Works on one dataset, of which it knows the rows.

    Attributes:
        versions: The rows of every version, from 1.
        steps: How many steps each kind of edit takes when it is not disturbed.
        cut_off: For each edit that was not acknowledged, whether it had happened all the same.
    """

    victim: Victim
    versions: list[list[Row]] = field(factory=list, init=False)
    steps: dict[str, int] = field(factory=dict, init=False)
    cut_off: list[bool] = field(factory=list, init=False)
    _next: int = field(default=ROWS + 1, init=False)

    @property
    def _here(self) -> str:
        return f"{self.victim.url}/datasets/edited"

    def begin(self) -> None:
        """Start the server, add the dataset, and see how many steps each kind of edit takes."""
        self.victim.start()
        content = "n,t\n" + "".join(f"{n},row {n}\n" for n in range(ROWS))
        answer = httpx.post(f"{self.victim.url}/datasets/?file_name=n.csv&name=edited", content=content, timeout=60)
        answer.raise_for_status()
        self.versions.append([{"_id": n + 1, "n": n, "t": f"row {n}"} for n in range(ROWS)])
        for kind in KINDS:
            self.victim.arm(0)
            self._do(self._edit(kind))
            self.steps[kind] = self.victim.steps

    def work(self, points: int) -> None:
        """Be cut off at so many points, in turn at each kind of edit, from its first step to its last."""
        for at in range(points):
            kind = KINDS[at % len(KINDS)]
            last = points // len(KINDS) - 1
            share = at // len(KINDS) / last if last else at / (len(KINDS) - 1)
            self.victim.arm(1 + round(share * (self.steps[kind] - 1)))
            self._attempt(self._edit(kind))

    def _edit(self, kind: str) -> Edit:
        rows, mark = self.versions[-1], len(self.versions)
        if kind == "append":
            new = {"n": mark, "t": f"new {mark}"}
            return Edit("POST", "/rows/", [new], [*rows, {"_id": self._next, **new}])
        if kind == "remove":
            return Edit("DELETE", "/rows/", [rows[0]["_id"]], rows[1:])
        if kind == "restore":
            return Edit("POST", "/restore/", {"version": mark - 1}, self.versions[-2])
        changed = {"_id": rows[1]["_id"], "n": -mark}
        return Edit("PATCH", "/rows/", [changed], [{**row, **changed} if row is rows[1] else row for row in rows])

    def _do(self, edit: Edit) -> None:
        httpx.request(edit.method, self._here + edit.path, json=edit.body, timeout=60).raise_for_status()
        self._happened(edit)

    def _happened(self, edit: Edit) -> None:
        self.versions.append(edit.after)
        self._next = max(self._next, *(row["_id"] + 1 for row in edit.after))

    def _attempt(self, edit: Edit) -> None:
        try:
            self._do(edit)
            acknowledged = True
        except httpx.TransportError:
            acknowledged = False
        self.victim.kill()
        assert self.victim.processes() == []
        self.victim.start()
        if not acknowledged:
            self.cut_off.append(self._version() > len(self.versions))
            if self.cut_off[-1]:
                self._happened(edit)
        self.check()

    def check(self) -> None:
        """All versions are there as they were, and nothing else."""
        assert self._version() == len(self.versions)
        for number in {1, len(self.versions) // 2, len(self.versions) - 1, len(self.versions)}:
            page = httpx.get(f"{self._here}/rows/", params={"version": number, "limit": 1000}).json()
            assert page["rows"] == self.versions[number - 1]
        assert self.victim.orphans() == set()
        assert self.victim.scratch() == []

    def _version(self) -> int:
        version: int = httpx.get(f"{self._here}/").raise_for_status().json()["version"]
        return version
