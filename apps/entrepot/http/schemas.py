"""The routes of a dataset's schema: what its fields are, and having them read as other types."""

from typing import Literal

import msgspec
from litestar import get, patch
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response.base import ASGIResponse

from entrepot.http import examples
from entrepot.http.backend import Backend
from entrepot.http.conditions import precondition, tag_of_dataset
from entrepot.http.datasets import document_of
from entrepot.http.documents import DatasetDocument, FrictionlessSchema, SchemaDocument, frictionless
from entrepot.http.exchange import AnyRequest
from entrepot.http.links import dataset_links
from entrepot.http.merging import PATCHES, read_patch
from entrepot.http.operation import CONTENTS, Answer, Body, Operation, told
from entrepot.http.parameters import Pinned, asked
from entrepot.http.problems import InvalidRequest, UnsupportedMediaType
from entrepot.http.reading import Reading, begin
from entrepot.http.responses import JSON, changed
from entrepot_core.dialect import DateOrder, DecimalMark, TypeChanges, no_report
from entrepot_core.errors import (
    DatasetNotFound,
    InvalidOption,
    MalformedInput,
    NoOriginal,
    Stale,
    UnknownColumn,
    VersionNotFound,
)
from entrepot_core.names import DatasetRef
from entrepot_core.schema import FieldType, no_type


class SchemaForm(msgspec.Struct, frozen=True):
    """How to tell the schema.

    Attributes:
        format: ``frictionless`` for a Frictionless Table Schema.
    """

    format: Literal["json", "frictionless"] = "json"


class Retyping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which columns to read as which types.

    Attributes:
        types: Column to type: boolean, integer, number, string, date, datetime or time; ``*`` stands for all columns
            that are not named, and null or ``auto`` has the type found by looking again.
        date_order: How dates such as ``03/04/2024`` are read, in columns whose values could be either way round.
        decimal: What stands before decimals in numbers such as ``1,234``, in columns that could be meant either way.
        null_values: Texts that mean null, in place of those that did before; an empty one for none.
    """

    types: dict[str, str | None] = {}
    date_order: DateOrder | None = None
    decimal: DecimalMark | None = None
    null_values: tuple[str, ...] = ()

    def parsed(self) -> TypeChanges:
        """What is to be changed.

        Raises:
            InvalidOption: There is no such type.
        """
        types = {column: _type(column, kind) for column, kind in self.types.items()}
        return TypeChanges(types, self.date_order, self.decimal, self.null_values)


def _type(column: str, kind: str | None) -> FieldType | None:
    if kind is None or kind == "auto":
        return None
    try:
        return FieldType(kind.lower())
    except ValueError as error:
        reason = f"{no_type(kind)}, and auto"
        raise InvalidOption(option="types", value=f"{column}: {kind}"[:200], reason=reason) from error


@get(
    "/datasets/{ds:str}/schema",
    opt=told(
        Operation(
            CONTENTS,
            Answer("The fields.", {JSON: examples.SCHEMA}, (SchemaDocument, FrictionlessSchema)),
            query=(SchemaForm, Pinned),
            problems=(DatasetNotFound, VersionNotFound, InvalidOption),
        )
    ),
)
async def get_schema(request: AnyRequest, backend: NamedDependency[Backend], ds: FromPath[str]) -> ASGIResponse:
    """Show the fields of a dataset, also as a Frictionless Table Schema."""
    form = asked(request, SchemaForm).format
    reading = await begin(request, backend, ds, f"schema-{form}")
    if form == "frictionless":
        return await reading.document(lambda _ref, _version: frictionless(reading.dataset.schema))
    return await reading.document(lambda _ref, _version: _schema(reading))


@patch(
    "/datasets/{ds:str}/schema",
    opt=told(
        Operation(
            CONTENTS,
            Answer("The dataset at its new version.", {JSON: examples.DATASET}, DatasetDocument),
            body=Body(dict.fromkeys(PATCHES, examples.RETYPING), kind=Retyping),
            problems=(
                DatasetNotFound, InvalidOption, InvalidRequest, MalformedInput, NoOriginal, Stale, UnknownColumn,
                UnsupportedMediaType,
            ),
        )
    ),
)  # fmt: skip
async def retype_dataset(request: AnyRequest, backend: NamedDependency[Backend], ds: FromPath[str]) -> ASGIResponse:
    """Read a dataset's original file again with other types, or dates and numbers the other way, as its next version.

    Types that were asked for before stay, unless the column is named here.
    """
    changes = (await read_patch(request, Retyping)).parsed()
    ref, expected = await precondition(request, backend, DatasetRef(ds))
    dataset = await backend.command(backend.operations.retype_dataset, ref, changes, no_report, expected)
    return changed(document_of(dataset), tag_of_dataset(dataset))


def _schema(reading: Reading) -> SchemaDocument:
    links = dataset_links(reading.dataset, pinned=reading.is_pinned)
    return SchemaDocument(reading.dataset.schema.fields, {"self": links["schema"], "dataset": links["self"]})
