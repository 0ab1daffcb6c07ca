"""The catalogue in memory."""

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from contextlib import suppress
from datetime import datetime
from threading import Lock

import msgspec
from attrs import frozen

from entrepot_adapters.memory.listing import listed
from entrepot_adapters.memory.searching import matching
from entrepot_core.dataset import Dataset, Distribution, Version
from entrepot_core.errors import DatasetNotFound, NameTaken, VersionNotFound
from entrepot_core.names import DatasetId, DatasetName, DatasetRef, Digest, as_id, is_id
from entrepot_core.ports.catalogue import DatasetList, Match, VersionList
from entrepot_core.selection import DatasetQuery, VersionQuery


@frozen
class _History:
    """A dataset at its newest version, and all its versions, oldest first."""

    dataset: Dataset
    versions: tuple[Version, ...]


@frozen(eq=False)
class _State:
    """What the catalogue holds at one moment. It is replaced as a whole, so readers need no lock."""

    histories: dict[DatasetId, _History]
    ids: dict[DatasetName, DatasetId]

    def history(self, ref: DatasetRef) -> _History:
        found = as_id(ref) if is_id(ref) else self.ids.get(DatasetName(ref))
        if found is None or found not in self.histories:
            raise DatasetNotFound(ref=ref)
        return self.histories[found]

    def having(self, history: _History) -> "_State":
        dataset = history.dataset
        others = self.without(dataset.id)
        return _State(others.histories | {dataset.id: history}, others.ids | {dataset.name: dataset.id})

    def without(self, gone: DatasetId) -> "_State":
        histories = {one: history for one, history in self.histories.items() if one != gone}
        return _State(histories, {name: one for name, one in self.ids.items() if one != gone})


class MemoryCatalogue:
    """Remembers datasets as long as this object lives."""

    def __init__(self) -> None:
        self._state = _State({}, {})
        self._writing = Lock()

    def stamp(self) -> object:
        """What equals only itself as long as nothing changes."""
        return self._state

    def list(self, query: DatasetQuery) -> DatasetList:
        """The datasets that fit, in order, one page of them."""
        return listed((history.dataset for history in self._state.histories.values()), query)

    def find(self, ref: DatasetRef, version: int | None = None) -> Dataset:
        """A dataset by its id or name, at a version, by default its newest."""
        history = self._state.history(ref)
        if version is None:
            return history.dataset
        for one in history.versions:
            if one.number == version:
                return msgspec.structs.replace(history.dataset, version=one)
        raise VersionNotFound(ref=history.dataset.name, version=version, latest=history.dataset.latest)

    def add(self, dataset: Dataset, names: Iterable[DatasetName]) -> Dataset:
        """Record a new dataset with its first version, under the first of ``names`` that is free."""
        with self._writing:
            last = ""
            for name in names:
                if name not in self._state.ids:
                    added = msgspec.structs.replace(dataset, name=name)
                    self._state = self._state.having(_History(added, (added.version,)))
                    return added
                last = name
        raise NameTaken(name=last)

    def change(self, ref: DatasetRef, edit: Callable[[Dataset], Dataset], having: int | None = None) -> Dataset:
        """Replace a dataset by what ``edit`` makes of it; answer that."""
        with self._writing:
            history = self._state.history(ref)
            self.find(ref, having)
            changed = edit(history.dataset)
            if self._state.ids.get(changed.name, changed.id) != changed.id:
                raise NameTaken(name=changed.name)
            newer = changed.version.number > history.dataset.version.number
            older = history.versions if newer else history.versions[:-1]
            versions = (*older, changed.version)
            self._state = self._state.having(_History(changed, versions))
        return changed

    def remove(self, ref: DatasetRef, check: Callable[[Dataset], None]) -> None:
        """Forget a dataset and all its versions, unless ``check`` of it raises."""
        with self._writing:
            dataset = self._state.history(ref).dataset
            check(dataset)
            self._state = self._state.without(dataset.id)

    def versions(self, ref: DatasetRef, query: VersionQuery) -> VersionList:
        """The versions of a dataset, the newest first, one page of them."""
        newest_first = self._state.history(ref).versions[::-1]
        before = query.before
        begin = query.offset if before is None else sum(one.number >= before for one in newest_first)
        return VersionList(newest_first[begin : begin + query.limit], len(newest_first), begin)

    def complete(self, ref: DatasetRef, version: int, form: Distribution) -> None:
        """Record a form that was made of a version later, unless it has one of that role, or is there no more."""
        with self._writing, suppress(DatasetNotFound):
            history = self._state.history(ref)
            versions = tuple(_completed(one, form) if one.number == version else one for one in history.versions)
            dataset = history.dataset
            if dataset.version.number == version:
                dataset = msgspec.structs.replace(dataset, version=_completed(dataset.version, form))
            self._state = self._state.having(_History(dataset, versions))

    def forget(self, ref: DatasetRef, keep: int) -> int:
        """Forget all versions of a dataset but its newest ``keep``; answer how many."""
        with self._writing:
            history = self._state.history(ref)
            kept = history.versions[-keep:]
            self._state = self._state.having(_History(history.dataset, kept))
            return len(history.versions) - len(kept)

    def search(self, text: str, limit: int) -> tuple[Match, ...]:
        """The datasets that have a text, best first."""
        return matching((history.dataset for history in self._state.histories.values()), text, limit)

    def due(self, at: datetime) -> tuple[DatasetId, ...]:
        """The datasets whose source is to be fetched again by then, or that have images nobody has asked for."""
        datasets = [history.dataset for history in self._state.histories.values()]
        return tuple(sorted(one.id for one in datasets if one.is_due(at)))

    def digests(self) -> AbstractSet[Digest]:
        """The blobs that some version refers to."""
        return {
            form.digest
            for history in self._state.histories.values()
            for version in history.versions
            for form in version.distributions
        }


def _completed(version: Version, form: Distribution) -> Version:
    if any(one.role is form.role for one in version.distributions):
        return version
    return msgspec.structs.replace(version, distributions=(*version.distributions, form))
