"""What a server does on its own: it fetches sources again whose time has come, and images that edits brought."""

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Event, Lock, Thread
from typing import Literal

import msgspec
from attrs import Factory, define, field

from entrepot_core.dataset import Dataset
from entrepot_core.dialect import Report, no_report
from entrepot_core.errors import EntrepotError, Unavailable
from entrepot_core.names import DatasetId, DatasetRef
from entrepot_core.ports.driven import Driven
from entrepot_core.use_cases import picturing, refreshing
from entrepot_core.use_cases.background import LONGEST_DETAIL
from entrepot_core.use_cases.ending import Endings
from entrepot_core.use_cases.publishing import label_of, refreshed
from entrepot_core.use_cases.working import UNFORESEEN, Doing, new_job

EVERY = 1.0
"""Seconds between two looks at what is due."""
REST = timedelta(minutes=1)
"""How long a dataset is left alone after a failure that could perhaps not be noted, as on a disk that is full."""
AT_ONCE = 4
"""How many datasets are looked after at once: sources may be slow."""

_log = logging.getLogger("entrepot.upkeep")


@define
class Upkeep:
    """A thread that looks after a store, in one process at a time. Close it to stop.

    Attributes:
        driven: The store.
        take: Takes what only one process can have, and answers how to let go of it; none where another has it.
    """

    driven: Driven
    take: Callable[[], Callable[[], None] | None]
    _endings: Endings = field(default=Factory(lambda self: Endings(self.driven), takes_self=True), init=False)
    _busy: set[DatasetId] = field(factory=set[DatasetId], init=False)
    _resting: dict[DatasetId, datetime] = field(factory=dict[DatasetId, datetime], init=False)
    _lock: Lock = field(factory=Lock, init=False)
    _stopping: Event = field(factory=Event, init=False)
    _thread: Thread | None = field(default=None, init=False)

    def begin(self) -> None:
        """Begin to look after the store."""
        self._thread = Thread(target=self._run, name="upkeep", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop, at the next report of what goes on; closing twice is allowed."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
        self._endings.close()

    def look(self, pool: ThreadPoolExecutor) -> None:
        """Begin what is due, unless it goes on already, or failed a moment ago."""
        driven, now = self.driven, self.driven.clock.now()
        for dataset in driven.catalogue.due(now):
            with self._lock:
                if dataset in self._busy or self._resting.get(dataset, now) > now:
                    continue
                self._busy.add(dataset)
            pool.submit(self._look_after, dataset)

    def _run(self) -> None:
        while (let_go := self._taken()) is None:
            if self._stopping.wait(EVERY):
                return
        try:
            with ThreadPoolExecutor(AT_ONCE, "upkeep") as pool:
                while not self._stopping.wait(EVERY):
                    self._look(pool)
        finally:
            let_go()

    def _look(self, pool: ThreadPoolExecutor) -> None:
        try:
            self.look(pool)
        except Exception:  # noqa: BLE001 - the next look may do better
            _log.exception("looking what is due broke off")

    def _taken(self) -> Callable[[], None] | None:
        try:
            return self.take()
        except OSError:  # no file can be opened now
            return None

    def _look_after(self, dataset_id: DatasetId) -> None:
        about: dict[str, object] = {"dataset_id": dataset_id}
        rest: datetime | None = self.driven.clock.now() + REST
        try:
            dataset = self.driven.catalogue.find(DatasetRef(dataset_id))
            about |= {"dataset": dataset.name, "kind": self._due(dataset)}
            _tell(dataset, self.keep_up(dataset), about)
            rest = None
        except EntrepotError as error:
            _tell_failure(error, about)
        except Exception:  # noqa: BLE001 - nobody else would tell
            _log.exception("looking after a dataset broke off", extra=about)
            self._give_up(dataset_id)
        finally:
            with self._lock:
                self._busy.discard(dataset_id)
                self._resting.pop(dataset_id, None)
                if rest is not None:
                    self._resting[dataset_id] = rest

    def keep_up(self, dataset: Dataset) -> Dataset:
        """Do what is due of a dataset: fetch its source again and all its images, or only those that are new."""
        driven, kind = self.driven, self._due(dataset)

        def work(told: Report) -> Dataset:
            if kind == "images":
                return picturing.fetch_images(driven, dataset, told, "new")
            return refreshed(driven, DatasetRef(dataset.id), told, None)

        job = new_job(driven, kind, label_of(dataset))
        return Doing(driven, job.started(job.created_at), no_report, self._endings, self._stopping).run(work)

    def _due(self, dataset: Dataset) -> Literal["refresh", "images"]:
        due_at = None if dataset.origin is None else dataset.origin.due_at
        return "refresh" if due_at is not None and due_at <= self.driven.clock.now() else "images"

    def _give_up(self, dataset_id: DatasetId) -> None:
        """Have what went wrong unforeseen not be tried each second."""
        driven = self.driven
        with suppress(EntrepotError):
            dataset = driven.catalogue.find(DatasetRef(dataset_id))
            refreshing.note_problem(driven, dataset, UNFORESEEN)
            driven.catalogue.change(
                DatasetRef(dataset_id), lambda found: msgspec.structs.replace(found, imaged=found.latest)
            )


def _tell(before: Dataset, after: Dataset, about: Mapping[str, object]) -> None:
    """Have the log tell of a version that a source has made."""
    if about["kind"] == "refresh" and after.latest > before.latest:
        _log.info("refreshed", extra={**about, "version": after.latest, "rows": after.version.rows})


def _tell_failure(error: EntrepotError, about: Mapping[str, object]) -> None:
    """Have the log tell what was wrong: nobody waits for it."""
    level = logging.ERROR if isinstance(error, Unavailable) else logging.WARNING
    event = f"{about.get('kind', 'upkeep')} failed"
    _log.log(level, event, extra={**about, "code": error.code, "detail": str(error)[:LONGEST_DETAIL]})
