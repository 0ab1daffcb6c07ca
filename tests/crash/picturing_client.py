"""Someone who adds a list with pictures to a server that is killed while it fetches them."""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpx
from attrs import define, field

from entrepot_core.use_cases.image_fetching import AT_ONCE
from tests.crash.victim import Victim
from tests.pictures import SHOWN, Pictures, Row

FAULTY = ("/missing.jpg", "/login.jpg", "/cut.jpg")
NO_URLS = 40
_SECONDS = 60


@define
class PicturingClient:
    """Adds a list of pictures, each time to a server that has none of them, and counts what their source is asked for.

    Attributes:
        steps: How many steps it takes when it is not disturbed.
        known: For each time the server was killed, what had become of how many pictures.
    """

    victim: Victim
    source: Pictures
    steps: int = field(default=0, init=False)
    known: list[int] = field(factory=list, init=False)

    @property
    def _shown(self) -> dict[str, str]:
        """The paths of the pictures that can be had, by URL."""
        paths = (self.source.path(row) for row in sorted(SHOWN - {Row.TWIN, Row.HEALING}))
        return {self.source.url + path: path for path in paths}

    @property
    def _paths(self) -> dict[str, str]:
        """The paths of all that there is to ask for, by URL."""
        return self._shown | {self.source.url + path: path for path in FAULTY}

    @property
    def texts(self) -> list[str]:
        """The cells of the list."""
        return [*self._paths, *(f"no url {number}" for number in range(NO_URLS))]

    def begin(self) -> None:
        """Start the server, and see how many steps the list takes."""
        self.victim.start()
        self.victim.arm(0)
        dataset = self._add()
        self.steps = self.victim.steps
        self._remove(dataset)

    def work(self, points: int) -> None:
        """Be cut off at so many points, spread over the fetching."""
        for at in range(points):
            self.source.asked.clear()
            self.victim.arm(round(self.steps * (0.25 + 0.55 * (at + 0.5) / points)))
            self._cut_off()

    def _cut_off(self) -> None:
        try:
            self._add()
        except httpx.TransportError:
            pass
        else:
            message = "the server was not killed"
            raise AssertionError(message)
        self.victim.kill()
        assert self.victim.processes() == []
        self._check_midst()
        known, asked = self.victim.found("SELECT text FROM images"), Counter(self.source.asked)
        self.known.append(len(known))
        assert self.victim.outlast_claims() == 1
        self.victim.start()
        dataset = self._completed()
        rest = Counter(path for url, path in self._paths.items() if url not in known)
        assert Counter(self.source.asked) - asked == rest
        self._check(dataset)
        self._remove(dataset)

    def _check_midst(self) -> None:
        """Of pictures that were asked for, only those under way are not stored; no path was asked for twice."""
        stored = self.victim.found("SELECT text FROM images WHERE digest IS NOT NULL")
        under_way = {path for url, path in self._shown.items() if url not in stored} & self.source.asked.keys()
        assert len(under_way) <= AT_ONCE
        assert {self._shown[url] for url in stored} <= self.source.asked.keys()
        assert set(self.source.asked.values()) <= {1}

    def _add(self) -> dict[str, Any]:
        content = "image\n" + "".join(f"{text}\n" for text in self.texts)
        parameters = {"file_name": "cars.csv", "name": "cars", "image": "image"}
        answer = httpx.post(f"{self.victim.url}/datasets/", params=parameters, content=content, timeout=_SECONDS)
        document: dict[str, Any] = answer.raise_for_status().json()
        return document

    def _completed(self) -> dict[str, Any]:
        """The dataset, once its pictures have been asked for."""
        return next(one for one in self._looks() if (one["import_report"]["images"] or {}).get("pending") == 0)

    def _looks(self) -> Iterator[dict[str, Any]]:
        until = time.monotonic() + _SECONDS
        while time.monotonic() < until:
            yield httpx.get(f"{self.victim.url}/datasets/cars/").raise_for_status().json()
            time.sleep(0.05)
        message = "nobody went on fetching"
        raise AssertionError(message)

    def _check(self, dataset: dict[str, Any]) -> None:
        """All that can be had is there, and nothing else."""
        told = dataset["import_report"]["images"]
        failed = len(FAULTY) + NO_URLS
        assert (told["stored"], told["failed"], told["pending"]) == (len(self._shown), failed, 0)
        assert self.victim.orphans() == set()
        assert self.victim.scratch() == []
        environ = os.environ | {"ENTREPOT_STORE": str(self.victim.home)}
        command = [sys.executable, "-m", "entrepot", "check"]
        checked = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stdout + checked.stderr

    def _remove(self, dataset: dict[str, Any]) -> None:
        httpx.delete(f"{self.victim.url}/datasets/{dataset['id']}/", timeout=_SECONDS).raise_for_status()
        assert self.victim.orphans() == set()
