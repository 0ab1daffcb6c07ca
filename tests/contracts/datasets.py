"""Datasets for the contract suites, made without importing a file."""

import hashlib
from datetime import UTC, datetime, timedelta

import msgspec

from entrepot_adapters.clock import SystemClock
from entrepot_core.dataset import Cause, Dataset, Distribution, Role, Version
from entrepot_core.dialect import ImportOptions, ImportReport
from entrepot_core.names import DatasetName, Digest
from entrepot_core.ports.catalogue import Catalogue
from entrepot_core.schema import Field, FieldType, Schema

NOON = datetime(2024, 5, 6, 12, 0, 0, 123456, tzinfo=UTC)
_clock = SystemClock()


def digest(text: str) -> Digest:
    return Digest(hashlib.sha256(text.encode()).hexdigest())


def version(number: int = 1, *, mark: str = "x", table_only: bool = False) -> Version:
    """A version whose blobs are those of ``mark``."""
    forms = (
        Distribution(Role.ORIGINAL, "text/csv", 7, digest(f"{mark} original"), "Čars, 1.csv"),
        Distribution(Role.PART, "application/vnd.apache.parquet", 2**40, digest(f"{mark} part 1")),
        Distribution(Role.PART, "application/vnd.apache.parquet", 3, digest(f"{mark} part 2")),
        Distribution(Role.PROFILE, "application/json", 0, digest(f"{mark} profile")),
    )
    return Version(
        number=number,
        created_at=NOON,
        schema=Schema((Field("b", FieldType.INTEGER), Field("", FieldType.STRING, nullable=False))),
        rows=2**40,
        distributions=forms[1:] if table_only else forms,
        options=ImportOptions(delimiter=";", types={"b": FieldType.INTEGER, "*": FieldType.STRING}),
        report=ImportReport(encoding="utf-8", delimiter=";", header=True, repaired=3, warnings=("Ünicode",)),
        dates_are_text=False,
        next_row=2**41,
        cause=Cause(kind="edit", added=2**40),
    )


def dataset(
    name: str = "cars",
    *,
    title: str = "Cars",
    description: str = "",
    tags: tuple[str, ...] = (),
    at: datetime = NOON,
    of: Version | None = None,
    published: bool = False,
) -> Dataset:
    """A new dataset at its first version, with an id of its own."""
    return Dataset(
        id=_clock.new_id(),
        name=DatasetName(name),
        title=title,
        description=description,
        tags=tags,
        published=published,
        created_at=at,
        updated_at=at,
        revision=1,
        version=of or version(),
        latest=1,
    )


def add(catalogue: Catalogue, one: Dataset) -> Dataset:
    """Add a dataset under its own name."""
    return catalogue.add(one, [one.name])


def add_several(catalogue: Catalogue, number: int) -> list[Dataset]:
    """Add datasets ``d0``, ``d1``, …, each an hour younger than the one before."""
    return [add(catalogue, dataset(f"d{each}", at=NOON + timedelta(hours=each))) for each in range(number)]


def touched(one: Dataset) -> Dataset:
    """The dataset with one more revision."""
    return msgspec.structs.replace(one, revision=one.revision + 1)
