"""Datasets, their versions and the stored forms of those."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

import msgspec

from entrepot_core.changes import DatasetChanges, secret_source
from entrepot_core.dialect import ImportOptions, ImportReport
from entrepot_core.errors import NoSource, Stale
from entrepot_core.names import DatasetId, DatasetName, Digest
from entrepot_core.schema import Schema
from entrepot_core.validators import Validators


class Role(StrEnum):
    """What a stored form is to its version."""

    ORIGINAL = "original"
    """The file it was imported from, byte for byte."""
    PART = "part"
    """A Parquet file with some of its rows; the parts in order make the table."""
    PROFILE = "profile"
    """Its statistics, as JSON."""
    REJECTS = "rejects"
    """The rows that the import set aside, as CSV."""


class Distribution(msgspec.Struct, frozen=True):
    """One stored form of a version.

    Attributes:
        role: What it is to the version.
        media_type: What the bytes are.
        size: How many bytes.
        digest: Where the bytes are.
        file_name: The base name under which the original came.
    """

    role: Role
    media_type: str
    size: int
    digest: Digest
    file_name: str | None = None


class Cause(msgspec.Struct, frozen=True):
    """How a version came to be.

    Attributes:
        kind: A file or table was read, or read again with other types; rows were edited; an older version restored.
        added: How many rows were added to the version before, by an edit.
        changed: How many were changed.
        removed: How many were removed.
        restored: The number of the version that was restored.
    """

    kind: Literal["import", "retype", "edit", "restore"] = "import"
    added: int = 0
    changed: int = 0
    removed: int = 0
    restored: int | None = None


class Version(msgspec.Struct, frozen=True):
    """One immutable state of a dataset.

    Attributes:
        number: 1 for the first, each next one more.
        created_at: When it was recorded, UTC.
        schema: The structure of its table.
        rows: How many rows the table has.
        distributions: Its stored forms, parts in their order.
        options: What the caller said about the file.
        report: How the file was read.
        dates_are_text: Whether that file held dates as text, as CSV and JSON do.
        next_row: The number of the next row that is added; no version before had it.
        cause: How it came to be.
    """

    number: int
    created_at: datetime
    schema: Schema
    rows: int
    distributions: tuple[Distribution, ...]
    options: ImportOptions
    report: ImportReport
    dates_are_text: bool
    next_row: int
    cause: Cause = Cause()

    @property
    def original(self) -> Distribution | None:
        """The file it was imported from, if it was."""
        return next((form for form in self.distributions if form.role is Role.ORIGINAL), None)

    @property
    def rejects(self) -> Distribution | None:
        """The rows that the import set aside, if there were some."""
        return next((form for form in self.distributions if form.role is Role.REJECTS), None)

    @property
    def parts(self) -> tuple[Digest, ...]:
        """Where the table's parts are, in order."""
        return tuple(form.digest for form in self.distributions if form.role is Role.PART)

    @property
    def profile(self) -> Digest | None:
        """Where its statistics are; of a version that was edited, once somebody has asked for them."""
        return next((form.digest for form in self.distributions if form.role is Role.PROFILE), None)


class Origin(msgspec.Struct, frozen=True):
    """Where a dataset's table was fetched from, and when that is done again.

    Attributes:
        url: Where from, without password, token or signature.
        digest: The file that came last.
        validators: By what to ask for it the next time.
        checked_at: When it was asked for last.
        every: After how many seconds the server asks again; none where only people do.
        problem: Why the last attempt failed.
        has_secret: Whether the URL had one of these, so that nobody can ask again.
    """

    url: str
    digest: Digest
    checked_at: datetime
    validators: Validators = Validators()
    every: int | None = None
    problem: str | None = None
    has_secret: bool = False

    @property
    def due_at(self) -> datetime | None:
        """When to ask again, if ever."""
        return None if self.every is None else self.checked_at + timedelta(seconds=self.every)


class Dataset(msgspec.Struct, frozen=True):
    """The logical thing, seen at one of its versions.

    Attributes:
        id: Its permanent id.
        name: Its unique name, which may change.
        title: For people.
        description: For people, any length.
        tags: Words to find it by, sorted, each once.
        published: Whether it is served as a collection under its name.
        created_at: When it was added, UTC.
        updated_at: When it last changed in any way, UTC.
        revision: Counts its changes; a caller that names it learns of a change in between.
        version: The version it is seen at.
        latest: The number of its newest version.
        images: Which of its columns hold images; none where nobody has said or looked.
        imaged: The number of the version whose images have all been asked for.
        claimed_until: Until when somebody may be at it, who says so again before that.
        origin: Where its table was fetched from; none where it came otherwise.
    """

    id: DatasetId
    name: DatasetName
    title: str
    description: str
    tags: tuple[str, ...]
    published: bool
    created_at: datetime
    updated_at: datetime
    revision: int
    version: Version
    latest: int
    images: tuple[str, ...] | None = None
    imaged: int = 0
    claimed_until: datetime | None = None
    origin: Origin | None = None

    @property
    def image_columns(self) -> tuple[str, ...]:
        """The columns of this version that hold images."""
        return tuple(name for name in self.images or () if name in self.version.schema.names)

    @property
    def has_pending_images(self) -> bool:
        """Whether its newest version may name images that nobody has asked for yet."""
        return bool(self.images) and self.imaged < self.latest

    @property
    def is_failing(self) -> bool:
        """Whether the last attempt to fetch its table from its source failed."""
        return self.origin is not None and self.origin.problem is not None

    def told_of_lost_images(self) -> "Dataset":
        """The dataset, whose report warns of columns of images that this version has no more."""
        lost = [name for name in self.images or () if name not in self.version.schema.names]
        if not lost:
            return self
        way = "Edit the dataset to say which does (option images)."
        warnings = (f"The column {name!r}, which held images, is not there any more. {way}" for name in lost)
        report = self.version.report
        told = msgspec.structs.replace(report, warnings=(*report.warnings, *warnings))
        return msgspec.structs.replace(self, version=msgspec.structs.replace(self.version, report=told))

    def is_due(self, at: datetime) -> bool:
        """Whether there is something to fetch by then: its source, or images."""
        due_at = None if self.origin is None else self.origin.due_at
        is_claimed = self.claimed_until is not None and self.claimed_until > at
        return not is_claimed and (self.has_pending_images or (due_at is not None and due_at <= at))

    def require(self, revision: int | None) -> None:
        """Insist that the dataset is as the caller last saw it, if the caller says so.

        Raises:
            Stale: Its revision is another.
        """
        if revision is not None and revision != self.revision:
            raise Stale(ref=self.name)

    def edited(self, changes: DatasetChanges, at: datetime) -> "Dataset":
        """The dataset described anew, as of ``at``.

        Raises:
            NoSource: It is to be refreshed, and did not come from a URL.
        """
        changed = msgspec.structs.replace(self, **changes.given, updated_at=at, revision=self.revision + 1)
        if changed.images != self.images:
            changed = msgspec.structs.replace(changed, imaged=0)
        return changed if changes.refresh is None else changed.refreshed_every(changes.refresh)

    def coming_from(self, origin: Origin | None) -> "Dataset":
        """The dataset with a table that came from there; how often that is fetched stays as it was."""
        before = self.origin
        if origin is not None and before is not None and not origin.has_secret:
            origin = msgspec.structs.replace(origin, every=before.every)
        return msgspec.structs.replace(self, origin=origin)

    def refreshed_every(self, seconds: int) -> "Dataset":
        """The dataset with another interval between two fetches of its source; 0 for none at all.

        Raises:
            NoSource: It has no source.
            InvalidOption: The source's URL had a secret.
        """
        if seconds and self.origin is not None and self.origin.has_secret:
            raise secret_source(seconds)
        if self.origin is None:
            if not seconds:
                return self
            raise NoSource(ref=self.name)
        return msgspec.structs.replace(self, origin=msgspec.structs.replace(self.origin, every=seconds or None))

    def succeeded_by(self, version: Version, changes: DatasetChanges) -> "Dataset":
        """The dataset with a next version, numbered after its newest, and described anew."""
        number, next_row = self.latest + 1, max(self.version.next_row, version.next_row)
        numbered = msgspec.structs.replace(version, number=number, next_row=next_row)
        return msgspec.structs.replace(self.edited(changes, version.created_at), version=numbered, latest=number)
