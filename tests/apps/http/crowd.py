"""Many clients that read, edit and delete rows of the same datasets, and know what each must find."""

import asyncio
import random
import time
from typing import Any

import httpx
from attrs import define, field

SHARED = 20
"""Rows of each dataset that are always changed together, to one number that nobody else gives."""
COLUMNS = "who,n\n"
START = COLUMNS + "shared,0\n" * SHARED


@define
class Tally:
    """What was asked for and how long each answer took, in seconds, by kind; and how often each dataset was edited."""

    took: dict[str, list[float]] = field(factory=dict)
    statuses: dict[int, int] = field(factory=dict)
    edits: dict[str, int] = field(factory=dict)

    def figures(self) -> str:
        """The figures, for people."""
        lines = [f"answers by status: {self.statuses}; edits: {self.edits}"]
        for kind, took in sorted(self.took.items()):
            ordered = sorted(took)
            p50, p99 = (ordered[int(len(ordered) * share)] for share in (0.5, 0.99))
            lines.append(f"{kind:>8}: {len(took):6} answers, p50 {p50 * 1e3:7.0f} ms, p99 {p99 * 1e3:7.0f} ms")
        return "\n".join(lines)


@define
class Member:
    """One client. Its own rows nobody else touches, so that it knows them at any moment.

    Attributes:
        name: What its rows have in ``who``.
        dataset: Whose rows it works on.
        rows: Its rows, by number.
    """

    name: str
    dataset: str
    http: httpx.AsyncClient
    tally: Tally
    rows: dict[int, int] = field(factory=dict)
    _random: random.Random = field(init=False)
    _count: int = field(default=0, init=False)

    def __attrs_post_init__(self) -> None:
        self._random = random.Random(self.name)

    async def work(self, seconds: float) -> None:
        """Do one thing after the other, until the time is over."""
        until = time.monotonic() + seconds
        doings = {
            self._read_shared: 40, self._read_mine: 20, self._append: 14, self._change: 14, self._remove: 8,
            self._change_shared: 2, self._read_statistics: 2,
        }  # fmt: skip
        while time.monotonic() < until:
            (doing,) = self._random.choices(list(doings), list(doings.values()))
            await doing()

    async def _ask(self, kind: str, method: str, path: str, **more: Any) -> Any:  # noqa: ANN401 - JSON
        began = time.monotonic()
        answer = await self.http.request(method, f"/datasets/{self.dataset}/{path}", **more)
        self.tally.took.setdefault(kind, []).append(time.monotonic() - began)
        self.tally.statuses[answer.status_code] = self.tally.statuses.get(answer.status_code, 0) + 1
        assert answer.is_success, f"{answer.status_code} {answer.text}"
        if method != "GET":
            self.tally.edits[self.dataset] = self.tally.edits.get(self.dataset, 0) + 1
        return answer.json() if answer.content else None

    def _number(self) -> int:
        """A number that nobody else gives."""
        self._count += 1
        return int(self.name.split("-")[1]) * 1_000_000 + self._count

    async def _read_shared(self) -> None:
        page = await self._ask("read", "GET", "rows/", params={"who": "shared", "columns": "n"})
        assert page["total"] == len(page["rows"]) == SHARED
        assert len({row["n"] for row in page["rows"]}) == 1, "an answer mixes two versions"

    async def _read_mine(self) -> None:
        page = await self._ask("read", "GET", "rows/", params={"who": self.name, "limit": 1000})
        assert {row["_id"]: row["n"] for row in page["rows"]} == self.rows

    async def _read_statistics(self) -> None:
        found = await self._ask("stats", "GET", "stats/")
        assert found["n"]["count"] >= SHARED

    async def _append(self) -> None:
        numbers = [self._number() for _ in range(self._random.randint(1, 3))]
        made = await self._ask("edit", "POST", "rows/", json=[{"who": self.name, "n": number} for number in numbers])
        assert len(made["ids"]) == len(numbers)
        self.rows.update(zip(made["ids"], numbers, strict=True))

    async def _change(self) -> None:
        if self.rows:
            row, number = self._random.choice(list(self.rows)), self._number()
            await self._ask("edit", "PATCH", f"rows/{row}", json={"n": number})
            self.rows[row] = number

    async def _remove(self) -> None:
        if self.rows:
            row, number = self._random.choice(list(self.rows.items()))
            if number % 2:
                await self._ask("edit", "DELETE", f"rows/{row}")
            else:
                await self._ask("edit", "DELETE", "rows/", params={"who": self.name, "n": str(number)})
            del self.rows[row]

    async def _change_shared(self) -> None:
        number = self._number()
        rows = [{"_id": row, "n": number} for row in range(1, SHARED + 1)]
        await self._ask("edit", "PATCH", "rows/", json=rows)


async def gather(url: str, members: int, datasets: list[str], seconds: float) -> tuple[list[Member], Tally]:
    """Have so many clients work at once."""
    tally = Tally()
    limits = httpx.Limits(max_connections=members, max_keepalive_connections=members)
    async with httpx.AsyncClient(base_url=url, timeout=120, limits=limits) as http:
        crowd = [Member(f"member-{at}", datasets[at % len(datasets)], http, tally) for at in range(1, members + 1)]
        await asyncio.gather(*(one.work(seconds) for one in crowd))
    return crowd, tally
