"""What queries answer with: denormalised views, the same in the library, in JSON and on the command line."""

from datetime import datetime

import msgspec

from entrepot_core.dataset import Cause, Dataset, Origin, Role, Version
from entrepot_core.dialect import ImportReport
from entrepot_core.names import DatasetId, DatasetName, Digest
from entrepot_core.schema import Schema


class RefreshView(msgspec.Struct, frozen=True):
    """Where a dataset's table is fetched from, and how that went last.

    Attributes:
        url: Where from, without password, token or signature.
        checked_at: When it was asked for last.
        every: After how many seconds the server asks again; null where only people do.
        due_at: When it will; null likewise.
        problem: Why the last attempt failed; null where it didn't.
    """

    url: str
    checked_at: datetime
    every: int | None
    due_at: datetime | None
    problem: str | None


class DatasetView(msgspec.Struct, frozen=True):
    """The dataset document: a dataset at one of its versions.

    Attributes:
        id: Its permanent id, a UUIDv7.
        name: Its unique name.
        title: For people.
        description: For people.
        tags: Words to find it by.
        published: Whether it is served as a collection under its name.
        file_name: The base name of the original file; null where it was made from a table in memory.
        media_type: The original's media type.
        size: Bytes of the original file; where there is none, of the stored table.
        sha256: The original's digest; null where there is none.
        rows: How many rows the version has.
        columns: How many columns it has.
        version: The version's number.
        revision: Counts every change of the dataset.
        created_at: When the dataset was added.
        updated_at: When the dataset last changed.
        schema: The version's fields.
        import_report: How the original was read.
        images: Which of its columns hold images.
        refresh: Where its table is fetched from; null where it came otherwise.
    """

    id: DatasetId
    name: DatasetName
    title: str
    description: str
    tags: tuple[str, ...]
    published: bool
    file_name: str | None
    media_type: str
    size: int
    sha256: Digest | None
    rows: int
    columns: int
    version: int
    revision: int
    created_at: datetime
    updated_at: datetime
    schema: Schema
    import_report: ImportReport
    images: tuple[str, ...]
    refresh: RefreshView | None


def view(dataset: Dataset) -> DatasetView:
    """Show a dataset at the version it holds."""
    version, original = dataset.version, dataset.version.original
    parts = [form for form in version.distributions if form.role is Role.PART]
    return DatasetView(
        id=dataset.id,
        name=dataset.name,
        title=dataset.title,
        description=dataset.description,
        tags=dataset.tags,
        published=dataset.published,
        file_name=original.file_name if original else None,
        media_type=original.media_type if original else parts[0].media_type,
        size=original.size if original else sum(part.size for part in parts),
        sha256=original.digest if original else None,
        rows=version.rows,
        columns=len(version.schema.fields),
        version=version.number,
        revision=dataset.revision,
        created_at=dataset.created_at,
        updated_at=dataset.updated_at,
        schema=version.schema,
        import_report=version.report,
        images=dataset.image_columns,
        refresh=None if dataset.origin is None else _refresh(dataset.origin),
    )


def _refresh(origin: Origin) -> RefreshView:
    return RefreshView(origin.url, origin.checked_at, origin.every, origin.due_at, origin.problem)


class DatasetPage(msgspec.Struct, frozen=True):
    """Part of the list of datasets.

    Attributes:
        items: The datasets, each at its newest version.
        total: How many datasets match in all.
        limit: The most items a page has.
        offset: How many matches come before the first item.
        next: The cursor of the page after this one; null on the last.
    """

    items: tuple[DatasetView, ...]
    total: int
    limit: int
    offset: int
    next: str | None


class Column(msgspec.Struct, frozen=True, omit_defaults=True):
    """A column of a page of rows.

    Attributes:
        name: Its name.
        type: What its values are.
        decimal: Whether its fractions, also those within lists and objects, are decimals: all their digits count, of
            which a float would lose some. Left out where they are not.
    """

    name: str
    type: str
    decimal: bool = False


class RowsPage(msgspec.Struct, frozen=True):
    """Part of a table.

    Attributes:
        columns: The columns, in order, ``_id`` apart.
        rows: A JSON array of objects, encoded: each row with its ``_id`` first.
        total: How many rows match in all; null where counting was not wished.
        limit: The most rows a page has.
        offset: How many matches come before the first row.
        next: The cursor of the page after this one; null on the last.
        version: The version that was read.
    """

    columns: tuple[Column, ...]
    rows: msgspec.Raw
    total: int | None
    limit: int
    offset: int
    next: str | None
    version: int


class VersionView(msgspec.Struct, frozen=True):
    """One version in a dataset's history.

    Attributes:
        version: Its number.
        created_at: When it was recorded.
        rows: How many rows it has.
        columns: How many columns.
        size: Bytes of the stored table.
        file_name: The base name of the file it was imported from, if it was.
        cause: How it came to be.
    """

    version: int
    created_at: datetime
    rows: int
    columns: int
    size: int
    file_name: str | None
    cause: Cause


def view_version(version: Version) -> VersionView:
    """Show a version in its dataset's history."""
    return VersionView(
        version=version.number,
        created_at=version.created_at,
        rows=version.rows,
        columns=len(version.schema.fields),
        size=sum(form.size for form in version.distributions if form.role is Role.PART),
        file_name=version.original.file_name if version.original else None,
        cause=version.cause,
    )


class VersionPage(msgspec.Struct, frozen=True):
    """Part of a dataset's history, the newest version first; see ``JobPage`` for what a page has."""

    items: tuple[VersionView, ...]
    total: int
    limit: int
    offset: int
    next: str | None


class Finding(msgspec.Struct, frozen=True):
    """A dataset that a text was found in.

    Attributes:
        dataset: The dataset at its newest version.
        columns: The columns whose names have the text.
    """

    dataset: DatasetView
    columns: tuple[str, ...]


class Findings(msgspec.Struct, frozen=True):
    """The datasets that a text was found in: by their name first, then title, tags, description and columns.

    Attributes:
        items: The first of them.
        more: Whether there are others.
    """

    items: tuple[Finding, ...]
    more: bool
