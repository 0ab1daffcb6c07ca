"""Looking after a store: whether all bytes are there and right, and what nobody needs."""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from typing import Literal

import msgspec

from entrepot_core.dataset import Dataset, Distribution, Role
from entrepot_core.dialect import Report
from entrepot_core.errors import BlobDamaged, NotFound
from entrepot_core.names import DatasetName, DatasetRef, Digest
from entrepot_core.paging import MAX_LIMIT
from entrepot_core.ports.blobs import Blob, Blobs
from entrepot_core.ports.driven import Driven
from entrepot_core.selection import DatasetQuery
from entrepot_core.use_cases.editing import in_use, sweep

_CHUNK = 1 << 20


class Use(msgspec.Struct, frozen=True):
    """Where stored bytes belong: to a version of a dataset, as one of its forms; or to an image."""

    dataset: DatasetName | None
    version: int | None
    role: Role | Literal["image"]


class Damage(msgspec.Struct, frozen=True):
    """Stored bytes that are not what they were.

    Attributes:
        digest: What their SHA-256 was.
        fault: ``missing``, or ``changed`` where other bytes stand in their place.
        uses: Where they belong.
    """

    digest: Digest
    fault: Literal["missing", "changed"]
    uses: tuple[Use, ...]


class Orphan(msgspec.Struct, frozen=True):
    """Stored bytes that belong to nothing."""

    digest: Digest
    size: int


class Checkup(msgspec.Struct, frozen=True):
    """What was found.

    Attributes:
        blobs: How many blobs versions and images refer to.
        size: How many bytes those have.
        damages: Which of them are missing or changed.
        orphans: Blobs that nothing refers to and nobody is about to.
        processes: How many processes left scratch files when they died.
    """

    blobs: int
    size: int
    damages: tuple[Damage, ...]
    orphans: tuple[Orphan, ...]
    processes: int

    @property
    def is_tidy(self) -> bool:
        """Whether nothing is left over."""
        return not self.orphans and not self.processes


def check(driven: Driven, report: Report) -> Checkup:
    """Compare every blob that something refers to with its digest, and look for what nobody needs.

    Others may use the store meanwhile: what they remove in between is not missed.
    """
    uses: dict[Blob, list[Use]] = {}
    for dataset in _every_version(driven):
        for form in dataset.version.distributions:
            use = Use(dataset.name, dataset.version.number, form.role)
            uses.setdefault(_blob(form), []).append(use)
    for blob in driven.images.blobs():
        uses.setdefault(blob, []).append(Use(None, None, "image"))
    size = sum(blob.size for blob in uses)
    damages = list(_damages(driven.blobs, uses, report, size))
    needed = in_use(driven) if damages else set[Digest]()
    leavings = driven.blobs.leavings(lambda: in_use(driven))
    return Checkup(
        blobs=len(uses),
        size=size,
        damages=tuple(damage for damage in damages if damage.digest in needed),
        orphans=tuple(Orphan(blob.digest, blob.size) for blob in leavings.blobs),
        processes=leavings.processes,
    )


def repair(driven: Driven, found: Checkup) -> None:
    """Remove what nobody needs, and set aside what has changed, so that the right bytes can be stored again."""
    sweep(driven)
    for damage in found.damages:
        if damage.fault == "changed":
            with suppress(BlobDamaged):  # another has set it aside
                driven.blobs.set_aside(damage.digest)


def _every_version(driven: Driven) -> Iterator[Dataset]:
    cursor = None
    while True:
        part = driven.catalogue.list(DatasetQuery(sort="created_at", limit=MAX_LIMIT, cursor=cursor))
        for dataset in part.items:
            for number in range(1, dataset.latest + 1):
                try:
                    yield driven.catalogue.find(DatasetRef(dataset.id), number)
                except NotFound:  # it was removed in between
                    continue
        cursor = part.next
        if cursor is None:
            return


def _blob(form: Distribution) -> Blob:
    return Blob(form.digest, form.size)


def _damages(blobs: Blobs, uses: dict[Blob, list[Use]], report: Report, size: int) -> Iterator[Damage]:
    done = 0
    for blob, where in uses.items():
        try:
            found, there = hashlib.sha256(), 0
            with blobs.open(blob.digest) as file:
                while chunk := file.read(_CHUNK):
                    found.update(chunk)
                    there += len(chunk)
                    report("import", done + there, size)
            if found.hexdigest() != blob.digest or there != blob.size:
                yield Damage(blob.digest, "changed", tuple(where))
        except BlobDamaged:
            yield Damage(blob.digest, "missing", tuple(where))
        done += blob.size
