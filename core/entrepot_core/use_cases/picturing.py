"""Fetching the images that a table names, and telling what became of them."""

from collections.abc import Iterator
from typing import Literal

import msgspec

from entrepot_core.collection import unfit
from entrepot_core.dataset import Dataset
from entrepot_core.dialect import ImagesReport, Report
from entrepot_core.errors import Cancelled, DatasetNotFound, Interrupted, Unavailable
from entrepot_core.names import DatasetRef
from entrepot_core.ports.driven import Driven
from entrepot_core.use_cases.claiming import Claiming
from entrepot_core.use_cases.editing import tidy
from entrepot_core.use_cases.image_cells import Scope, cells, in_batches, scope_of
from entrepot_core.use_cases.image_fetching import fetch_all, url_of
from entrepot_core.use_cases.image_tally import report_of

Which = Literal["new", "missing", "all"]
"""Which images are asked for: those nobody asked for yet, those that failed as well, or all that may have changed."""


def fetch_images(driven: Driven, dataset: Dataset, report: Report, which: Which) -> Dataset:
    """Fetch images that a dataset's version names, and tell in its report what became of them.

    Raises:
        Cancelled: Somebody stopped it. What came stays, the others are pending until somebody wishes for them.
        Interrupted: The store is about to be closed; who looks after it next goes on.
        Unavailable: It can't go on, for lack of room say; as where it is cancelled.
    """
    if not dataset.image_columns:
        return _told(driven, dataset, None) if dataset.has_pending_images else dataset
    claiming, scope = Claiming(driven, dataset, report), scope_of(driven, dataset, is_part=which == "new")
    wanted = list(_wanted(driven, dataset, scope, which))
    try:
        if fetch_all(driven, dataset, wanted, claiming):
            tidy(driven)
    except Interrupted:
        raise
    except (Cancelled, Unavailable):
        _told(driven, dataset, report_of(driven, dataset, scope))
        raise
    return _told(driven, dataset, report_of(driven, dataset, scope))


def with_images(driven: Driven, dataset: Dataset, report: Report, which: Which = "all") -> Dataset:
    """A version that was recorded just now, once its images were asked for; it is there whatever becomes of them."""
    try:
        return fetch_images(driven, dataset, report, which)
    except Interrupted:
        return dataset
    except (Cancelled, Unavailable):
        try:
            return driven.catalogue.find(DatasetRef(dataset.id), dataset.version.number)
        except (DatasetNotFound, Unavailable):
            return dataset


def _wanted(driven: Driven, dataset: Dataset, scope: Scope, which: Which) -> Iterator[str]:
    """The texts whose images are to be asked for, each once."""
    seen, base = set[str](), dataset.version.report.source_url
    for batch in in_batches(cells(driven, dataset, scope.come)):
        texts = {cell.text for cell in batch if unfit(cell.text) is None} - seen
        seen |= texts
        known = driven.images.known(dataset.id, texts)
        driven.images.leave(dataset.id, [text for text, one in known.items() if one.left_at is not None], None)
        for text in sorted(texts):
            record = known.get(text)
            if record is None:
                yield text
            elif not record.is_uploaded:
                is_other = record.url != url_of(text, base)
                if which == "all" or is_other or (which == "missing" and record.image is None):
                    yield text
    if scope.is_whole and dataset.latest > 1:
        _leave(driven, dataset, seen)


def _leave(driven: Driven, dataset: Dataset, named: set[str]) -> None:
    """Remember what the newest version does not name any more; older ones may."""
    if driven.catalogue.find(DatasetRef(dataset.id)).latest == dataset.version.number:
        known = driven.images.known(dataset.id)
        left = [text for text, one in known.items() if text not in named and one.left_at is None]
        driven.images.leave(dataset.id, left, dataset.version.number)


def _told(driven: Driven, dataset: Dataset, images: ImagesReport | None) -> Dataset:
    """Record that a version's images have been asked for, and what came of it, unless that is of the past.

    So it is where there is a newer version, and where other columns are said to hold images, yet to be asked for.
    """

    def tell(found: Dataset) -> Dataset:
        if found.latest != dataset.version.number:
            return found
        if found.image_columns != dataset.image_columns:
            return msgspec.structs.replace(found, claimed_until=None)
        report = msgspec.structs.replace(found.version.report, images=images)
        return msgspec.structs.replace(
            found,
            version=msgspec.structs.replace(found.version, report=report),
            imaged=found.latest,
            claimed_until=None,
        )

    try:
        now = driven.catalogue.change(DatasetRef(dataset.id), tell)
    except DatasetNotFound:  # somebody removed it meanwhile
        return dataset
    return now if now.latest == dataset.version.number else dataset
