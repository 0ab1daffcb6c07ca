"""Finds datasets that are all in memory by a text."""

from collections.abc import Iterable

from entrepot_core.dataset import Dataset
from entrepot_core.ports.catalogue import Match
from entrepot_core.selection import fold


def matching(datasets: Iterable[Dataset], text: str, limit: int) -> tuple[Match, ...]:
    """The datasets that have a text, best first; see ``Catalogue.search``."""
    folded = fold(text)
    ranked = [(rank, dataset) for dataset in datasets if (rank := _rank(dataset, folded)) is not None]
    newest_first = sorted(ranked, key=lambda one: (one[1].updated_at, one[1].id), reverse=True)
    best = sorted(newest_first, key=lambda one: one[0])
    return tuple(Match(dataset, _columns(dataset, folded)) for _, dataset in best[:limit])


def _rank(dataset: Dataset, folded: str) -> int | None:
    """Where the text was found; lower is better."""
    names = dataset.version.schema.names
    places = ((dataset.name,), (dataset.title,), dataset.tags, (dataset.description,), names)
    found = (rank for rank, texts in enumerate(places) if any(folded in fold(text) for text in texts))
    return next(found, None)


def _columns(dataset: Dataset, folded: str) -> tuple[str, ...]:
    return tuple(name for name in dataset.version.schema.names if folded in fold(name))
