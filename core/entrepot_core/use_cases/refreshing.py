"""Fetching a dataset's source again."""

import hashlib
from collections.abc import Callable
from contextlib import suppress

import msgspec

from entrepot_core.changes import DatasetChanges
from entrepot_core.dataset import Dataset, Origin
from entrepot_core.dialect import ImportOptions, Report
from entrepot_core.errors import EntrepotError, Interrupted, NoSource, NotFound, Unavailable
from entrepot_core.names import DatasetRef, Digest
from entrepot_core.ports.blobs import Staged
from entrepot_core.ports.driven import Driven
from entrepot_core.source import Link
from entrepot_core.use_cases.arriving import Arrival
from entrepot_core.use_cases.importing import succeed_with
from entrepot_core.use_cases.rendering import chunks_of
from entrepot_core.validators import Validators


def refresh_dataset(driven: Driven, ref: DatasetRef, report: Report, expected: int | None) -> Dataset:
    """Fetch a dataset's source again; where it has changed, that makes the next version.

    That it was asked for is remembered, and what was wrong with it.
    """
    dataset = driven.catalogue.find(ref)
    dataset.require(expected)
    if dataset.origin is None:
        raise NoSource(ref=dataset.name)
    try:
        return _refreshed(driven, dataset, dataset.origin, report, expected)
    except Interrupted:
        raise
    except EntrepotError as error:
        with suppress(Unavailable):
            note_problem(driven, dataset, error)
        raise


def note_problem(driven: Driven, dataset: Dataset, error: EntrepotError) -> None:
    """Remember that a source was asked for in vain, and why."""
    at = driven.clock.now()
    _remember(driven, dataset, lambda origin: msgspec.structs.replace(origin, checked_at=at, problem=str(error)))


def _refreshed(driven: Driven, dataset: Dataset, origin: Origin, report: Report, expected: int | None) -> Dataset:
    link = Link(origin.url)
    with driven.blobs.stage() as staged:
        fetched = driven.fetcher.fetch(link, staged, report, origin.validators)
        if fetched.is_unchanged or _digest(staged) == origin.digest:
            return _unchanged(driven, dataset, fetched.validators)
        arrival = Arrival(staged, fetched.label, link.shown, fetched.validators, is_again=True)
        driven.importer.prepare()
        return succeed_with(driven, dataset, arrival, DatasetChanges(), ImportOptions(), report, expected)


def _unchanged(driven: Driven, dataset: Dataset, validators: Validators) -> Dataset:
    at = driven.clock.now()

    def remember(origin: Origin) -> Origin:
        return msgspec.structs.replace(origin, checked_at=at, validators=validators, problem=None)

    return _remember(driven, dataset, remember)


def _remember(driven: Driven, dataset: Dataset, edit: Callable[[Origin], Origin]) -> Dataset:
    """Change what is remembered of a source, unless the table comes from elsewhere by now."""

    def remember(found: Dataset) -> Dataset:
        if found.origin is None or dataset.origin is None or found.origin.url != dataset.origin.url:
            return found
        return msgspec.structs.replace(found, origin=edit(found.origin))

    try:
        return driven.catalogue.change(DatasetRef(dataset.id), remember)
    except NotFound:
        return dataset


def _digest(staged: Staged) -> Digest:
    staged.file.seek(0)
    found = hashlib.sha256()
    for chunk in chunks_of(staged.file):
        found.update(chunk)
    staged.file.seek(0)
    return Digest(found.hexdigest())
