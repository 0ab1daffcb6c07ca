"""The catalogue in memory."""

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from threading import Lock

import msgspec
from attrs import frozen

from entrepot_adapters.memory.listing import listed
from entrepot_core.dataset import Dataset, Version
from entrepot_core.errors import DatasetNotFound, NameTaken, VersionNotFound
from entrepot_core.names import DatasetId, DatasetName, DatasetRef, Digest, as_id, is_id
from entrepot_core.ports.catalogue import DatasetList
from entrepot_core.selection import DatasetQuery


@frozen
class _History:
    """A dataset at its newest version, and all its versions, oldest first."""

    dataset: Dataset
    versions: tuple[Version, ...]


@frozen
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
        raise VersionNotFound(ref=ref, version=version, latest=history.dataset.latest)

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

    def change(self, ref: DatasetRef, edit: Callable[[Dataset], Dataset]) -> Dataset:
        """Replace a dataset by what ``edit`` makes of it; answer that."""
        with self._writing:
            history = self._state.history(ref)
            changed = edit(history.dataset)
            if self._state.ids.get(changed.name, changed.id) != changed.id:
                raise NameTaken(name=changed.name)
            newer = changed.version.number > history.dataset.version.number
            versions = (*history.versions, changed.version) if newer else history.versions
            self._state = self._state.having(_History(changed, versions))
        return changed

    def remove(self, ref: DatasetRef, check: Callable[[Dataset], None]) -> None:
        """Forget a dataset and all its versions, unless ``check`` of it raises."""
        with self._writing:
            dataset = self._state.history(ref).dataset
            check(dataset)
            self._state = self._state.without(dataset.id)

    def digests(self) -> AbstractSet[Digest]:
        """The blobs that some version refers to."""
        return {
            form.digest
            for history in self._state.histories.values()
            for version in history.versions
            for form in version.distributions
        }
