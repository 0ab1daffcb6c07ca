"""Values of the core as query parameters and form fields."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import msgspec

from entrepot_core.dataset import DatasetChanges
from entrepot_core.dialect import ImportOptions
from entrepot_core.selection import DatasetQuery, RowQuery, write_names
from entrepot_core.source import NewDataset

Fields = list[tuple[str, str]]
"""Names and values in order; a name may stand there several times."""


def of_list(query: DatasetQuery) -> Fields:
    """A dataset query as parameters of ``/datasets/``."""
    given = _given(query)
    if query.ids is not None:
        given["id"] = ",".join(query.ids)
        del given["ids"]
    return list(_fields(given))


def of_rows(query: RowQuery, version: int | None) -> Fields:
    """A row query as parameters of ``rows/`` and ``export/``."""
    given = _given(query)
    if query.columns is not None:
        given["columns"] = write_names(query.columns)
    if query.limit is None:
        given.pop("limit", None)
    else:
        given["limit"] = query.limit
    return [*_fields(given), *of_version(version)]


def of_version(version: int | None) -> Fields:
    """The parameter that pins a version."""
    return [] if version is None else [("version", str(version))]


def of_import(details: NewDataset | DatasetChanges, options: ImportOptions) -> Fields:
    """What a caller says of a dataset and its file, as form fields."""
    said = _given(options)
    if options.types:
        said["types"] = msgspec.json.encode(options.types).decode()
    return [*_fields(_given(details)), *_fields(said)]


def _given(struct: msgspec.Struct) -> dict[str, object]:
    """The fields that differ from their defaults."""
    before = {field.name: field for field in msgspec.structs.fields(struct)}
    values = {name: getattr(struct, name) for name in struct.__struct_fields__}
    return {name: value for name, value in values.items() if value is not None and value != before[name].default}


def _fields(given: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for name, value in given.items():
        for one in value if isinstance(value, tuple | list) else (value,):
            if one != {}:
                yield name, _text(one)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return str(value)
