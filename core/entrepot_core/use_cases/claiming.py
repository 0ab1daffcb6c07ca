"""Who is at fetching a dataset's images says so in the catalogue, so that nobody else begins it too."""

from datetime import datetime, timedelta
from time import monotonic

import msgspec
from attrs import define, field

from entrepot_core.dataset import Dataset
from entrepot_core.dialect import Report, Stage
from entrepot_core.names import DatasetRef
from entrepot_core.ports.driven import Driven

LEASE = timedelta(seconds=60)
"""For how long a claim holds; of a process that died, nobody waits longer than that."""
_RENEWED = 20.0
"""Seconds after which a claim is made again."""


def claim(driven: Driven) -> datetime:
    """Until when a claim holds that is made now."""
    return driven.clock.now() + LEASE


@define
class Claiming:
    """A report that goes on claiming a dataset while it is told of progress.

    Attributes:
        driven: The store.
        dataset: What is claimed.
        report: Takes the progress.
    """

    driven: Driven
    dataset: Dataset
    report: Report
    _claimed: float = field(factory=lambda: monotonic() - _RENEWED, init=False)

    def __call__(self, stage: Stage, done: int, total: int | None) -> None:
        """Pass progress on."""
        if monotonic() - self._claimed >= _RENEWED:
            self._claimed = monotonic()
            self._renew()
        self.report(stage, done, total)

    def _renew(self) -> None:
        until = claim(self.driven)

        def renew(found: Dataset) -> Dataset:
            return msgspec.structs.replace(found, claimed_until=until)

        self.driven.catalogue.change(DatasetRef(self.dataset.id), renew)
