"""The core's views with links: the documents that this API answers with."""

from typing import Annotated, Literal

import msgspec

from entrepot.http.links import Links
from entrepot_core.job import Job, JobPage
from entrepot_core.schema import Field, FieldType, Schema
from entrepot_core.views import DatasetPage, DatasetView, Finding, Findings, RowsPage, VersionPage, VersionView


class DatasetDocument(DatasetView, frozen=True):
    """A dataset at one of its versions."""

    links: Links = msgspec.field(name="_links")


class DatasetsDocument(DatasetPage, frozen=True):
    """A page of the list of datasets.

    Attributes:
        next_url: The page after this one; null on the last.
    """

    items: tuple[DatasetDocument, ...]
    next_url: str | None
    links: Links = msgspec.field(name="_links")


class RowsDocument(RowsPage, frozen=True):
    """A page of a table.

    Attributes:
        next_url: The page after this one; null on the last.
    """

    rows: Annotated[msgspec.Raw, msgspec.Meta(extra_json_schema={"type": "array", "items": {"type": "object"}})]
    next_url: str | None
    links: Links = msgspec.field(name="_links")


class ChangedRows(msgspec.Struct, frozen=True):
    """What an edit made.

    Attributes:
        version: The version it made; the one there was, where there was nothing to do.
        ids: The numbers of the rows that were added, changed or removed.
    """

    version: int
    ids: tuple[int, ...]


class VersionItem(VersionView, frozen=True):
    """One version in a dataset's history."""

    links: Links = msgspec.field(name="_links")


class VersionsDocument(VersionPage, frozen=True):
    """A page of a dataset's history.

    Attributes:
        next_url: The page after this one; null on the last.
    """

    items: tuple[VersionItem, ...]
    next_url: str | None
    links: Links = msgspec.field(name="_links")


class FoundDataset(Finding, frozen=True):
    """A dataset that a text was found in."""

    dataset: DatasetDocument


class FoundDocument(Findings, frozen=True):
    """The datasets that a text was found in, the best first."""

    items: tuple[FoundDataset, ...]


class JobDocument(Job, frozen=True, kw_only=True):
    """Long work, as it is at one moment.

    Attributes:
        problem: Why it failed, as a problem document.
    """

    links: Links = msgspec.field(name="_links")


class JobsDocument(JobPage, frozen=True):
    """A page of the list of jobs.

    Attributes:
        next_url: The page after this one; null on the last.
    """

    items: tuple[JobDocument, ...]
    next_url: str | None
    links: Links = msgspec.field(name="_links")


class SchemaDocument(Schema, frozen=True):
    """The fields of a dataset at one of its versions."""

    links: Links = msgspec.field(name="_links")


class VersionDocument(msgspec.Struct, frozen=True):
    """What software answers, and which versions of the API it has."""

    name: str
    version: str
    api: tuple[str, ...]


class SandboxDocument(msgspec.Struct, frozen=True):
    """What locks down the processes that read files.

    Attributes:
        status: ``ok``, or what is wrong.
        layers: Whether each layer holds; of ``uid``, the user that those processes run as.
    """

    status: str
    layers: dict[str, bool | int]


class HealthDocument(msgspec.Struct, frozen=True):
    """How the server is.

    Attributes:
        status: ``down`` when a part that it needs does not work.
        checks: What each part says: ``ok``, or what is wrong; of the sandbox, which of its layers hold.
    """

    status: Literal["ok", "down"]
    checks: dict[str, str | SandboxDocument]


class IndexDocument(msgspec.Struct, frozen=True):
    """Where to begin."""

    name: str
    version: str
    links: Links = msgspec.field(name="_links")


class Constraints(msgspec.Struct, frozen=True):
    """What holds for a field's values."""

    required: bool


class FrictionlessField(msgspec.Struct, frozen=True):
    """One field of a Frictionless Table Schema."""

    name: str
    type: str
    format: str
    constraints: Constraints


class FrictionlessSchema(msgspec.Struct, frozen=True, rename="camel"):
    """A Frictionless Table Schema."""

    fields: tuple[FrictionlessField, ...]
    missing_values: tuple[str, ...] = ("",)


class ProblemDocument(msgspec.Struct, frozen=True):
    """What went wrong (RFC 9457). Further members are the error's own.

    Attributes:
        type: Where the page about this kind of problem is.
        title: What this kind of problem is.
        status: The HTTP status.
        detail: What is wrong here, and what to do.
        instance: The path that was asked for.
        code: The kind of problem, stable.
        correlation_id: What the server's log has this request under.
    """

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    correlation_id: str


PROBLEM_SCHEMA = {"$ref": "#/components/schemas/ProblemDocument"}
"""A problem document with the members of its own error, which no struct has."""


class BatchResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of one item of a batch.

    Attributes:
        status: The HTTP status that the item would have had alone.
        dataset: The dataset, where there is one.
        problem: What went wrong, if something did.
    """

    status: int
    dataset: DatasetDocument | msgspec.UnsetType = msgspec.UNSET
    problem: Annotated[dict[str, object], msgspec.Meta(extra_json_schema=PROBLEM_SCHEMA)] | msgspec.UnsetType = (
        msgspec.UNSET
    )


class BatchDocument(msgspec.Struct, frozen=True):
    """What became of each item of a batch, in the order they were given."""

    results: tuple[BatchResult, ...]


class ProblemKind(msgspec.Struct, frozen=True):
    """One kind of problem."""

    code: str
    title: str
    status: int
    href: str


class ProblemKinds(msgspec.Struct, frozen=True):
    """Every kind of problem there is."""

    items: tuple[ProblemKind, ...]


_FRICTIONLESS = {FieldType.BINARY: ("string", "binary"), FieldType.JSON: ("any", "default")}
"""Types that go by another name there; the rest have the same."""


def frictionless(schema: Schema) -> FrictionlessSchema:
    """Tell a schema as Frictionless Table Schema does."""
    return FrictionlessSchema(fields=tuple(_frictionless_field(field) for field in schema.fields))


def _frictionless_field(field: Field) -> FrictionlessField:
    kind, form = _FRICTIONLESS.get(field.type, (str(field.type), "default"))
    return FrictionlessField(field.name, kind, form, Constraints(required=not field.nullable))
