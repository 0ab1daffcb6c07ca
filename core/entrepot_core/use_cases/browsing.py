"""Looking at what is there."""

from threading import Lock

import msgspec

from entrepot_core import describing, statistics
from entrepot_core.dataset import Dataset, Distribution, Role
from entrepot_core.describing import Description
from entrepot_core.errors import InvalidOption, NotFound
from entrepot_core.formats import Format
from entrepot_core.names import DatasetRef
from entrepot_core.paging import check_page
from entrepot_core.ports.driven import Driven
from entrepot_core.profile import Profile
from entrepot_core.selection import DatasetQuery
from entrepot_core.statistics import Statistics
from entrepot_core.use_cases.editing import tidy
from entrepot_core.use_cases.finding import found
from entrepot_core.views import DatasetPage, DatasetView, Finding, Findings, view

_PROFILING = Lock()
"""Statistics are made of one table at a time: they take as much memory as an import."""


def list_datasets(driven: Driven, query: DatasetQuery) -> DatasetPage:
    """List the datasets that fit, a page of them."""
    part = driven.catalogue.list(query)
    return DatasetPage(
        items=tuple(view(dataset) for dataset in part.items),
        total=part.total,
        limit=query.limit,
        offset=part.offset,
        next=part.next,
    )


def get_dataset(driven: Driven, ref: DatasetRef, version: int | None) -> DatasetView:
    """Show a dataset at a version."""
    return view(driven.catalogue.find(ref, version))


def describe(driven: Driven, ref: DatasetRef, version: int | None, *, include_all: bool) -> Description:
    """Answer pandas' ``describe()`` from the stored profile."""
    with found(driven, ref, version) as dataset:
        return describing.describe(read_profile(driven, dataset), include_all=include_all)


def get_statistics(driven: Driven, ref: DatasetRef, version: int | None) -> Statistics:
    """Give the statistics of each column from the stored profile."""
    with found(driven, ref, version) as dataset:
        return statistics.statistics(read_profile(driven, dataset))


_DECODER = msgspec.json.Decoder(Profile)
"""Made on import: msgspec crashes where two threads are the first to decode a struct."""


def read_profile(driven: Driven, dataset: Dataset) -> Profile:
    """The statistics of a dataset at its version: the stored ones; of an edited version made now, and stored."""
    stored = dataset.version.profile
    if stored is None:
        with _PROFILING:
            again = driven.catalogue.find(DatasetRef(dataset.id), dataset.version.number)
            stored = again.version.profile  # by another, while this waited
            if stored is None:
                return _make_profile(driven, again)
    with driven.blobs.open(stored) as file:
        return _DECODER.decode(file.read())


def _make_profile(driven: Driven, dataset: Dataset) -> Profile:
    version = dataset.version
    profile = driven.editor.profile(version.parts, version.schema, dates_are_text=version.dates_are_text)
    with driven.blobs.stage() as staged:
        staged.write(msgspec.json.encode(profile))
        blob = driven.blobs.keep(staged)
        form = Distribution(Role.PROFILE, Format.JSON.media_type, blob.size, blob.digest)
        driven.catalogue.complete(DatasetRef(dataset.id), version.number, form)
    try:
        driven.catalogue.find(DatasetRef(dataset.id), version.number)
    except NotFound:  # the version went meanwhile, and nobody needs what was kept for it
        tidy(driven)
    return profile


def search(driven: Driven, text: str, limit: int) -> Findings:
    """Find datasets by a text in what describes them, and in the names of their columns."""
    check_page(limit, 0, None)
    if not text.strip():
        raise InvalidOption(option="q", value=text[:200], reason="give the text to look for")
    matches = driven.catalogue.search(text.strip(), limit + 1)
    shown = matches[:limit]
    return Findings(
        items=tuple(Finding(view(match.dataset), match.columns) for match in shown), more=len(matches) > limit
    )
