"""Values of the core as query parameters and form fields."""

from collections.abc import Iterator, Sequence
from typing import Any, cast

import msgspec

from entrepot_core.changes import DatasetChanges
from entrepot_core.collection import ImageQuery
from entrepot_core.dialect import ImportOptions
from entrepot_core.job import JobQuery
from entrepot_core.record import RecordQuery
from entrepot_core.rows.lists import write_names
from entrepot_core.rows.query import FacetQuery, RowFilter, RowQuery
from entrepot_core.selection import DatasetQuery, VersionQuery
from entrepot_core.source import NewDataset

_WORDS = {"limit", "offset", "cursor", "count", "sort", "q", "columns", "or", "version", "format"}
"""Parameters that are no filters, so that columns which are called so have to be named in full."""

Fields = list[tuple[str, str]]
"""Names and values in order; a name may stand there several times."""


def of_list(query: DatasetQuery) -> Fields:
    """A dataset query as parameters of ``/datasets/``."""
    given = _given(query)
    if query.ids is not None:
        given["id"] = ",".join(given.pop("ids"))
    return list(_fields(given))


def of_jobs(query: JobQuery) -> Fields:
    """A job query as parameters of ``/jobs/``."""
    return list(_fields(_given(query)))


def of_records(query: RecordQuery) -> Fields:
    """A record query as parameters of ``/metadata``."""
    return list(_fields(_given(query)))


def of_images(query: ImageQuery) -> Fields:
    """Which images as parameters of ``images``."""
    return list(_fields(_given(query)))


def of_rows(query: RowQuery, version: int | None) -> Fields:
    """A row query as parameters of ``rows/`` and ``export/``."""
    given = {"columns": query.columns, **_without_filters(query), "limit": query.limit}
    return [*of_filters(query), *_fields(given), *of_version(version)]


def of_facets(query: FacetQuery, version: int | None) -> Fields:
    """A query of values as parameters of ``facets/``."""
    return [*of_filters(query), *_fields(_without_filters(query)), *of_version(version)]


def of_versions(query: VersionQuery) -> Fields:
    """Which page of a history as parameters of ``versions/``."""
    return list(_fields(_given(query)))


def of_filters(query: RowFilter) -> Fields:
    """Which rows as parameters of ``rows/`` and what else takes filters."""
    where = [(f"{name}__exact" if name in _WORDS else name, text) for name, text in query.where]
    groups = [("or", group) for group in query.any_of]
    return [*where, *groups, *([] if query.q is None else [("q", query.q)])]


def _without_filters(query: RowFilter) -> dict[str, Any]:
    return {name: value for name, value in _given(query).items() if name not in {"where", "any_of", "q"}}


def of_version(version: int | None) -> Fields:
    """The parameter that pins a version."""
    return [] if version is None else [("version", str(version))]


def of_import(details: NewDataset | DatasetChanges, options: ImportOptions) -> Fields:
    """What a caller says of a dataset and its file, as form fields."""
    described, said = _given(details), _given(options)
    images = described.pop("images", None)
    if "types" in said:
        said["types"] = msgspec.json.encode(said["types"]).decode()
    if "refresh" in described:
        described["refresh"] = f"{described['refresh']}s"
    fields = [] if images is None else [("image", name) for name in images or [""]]
    return [*_fields(described), *fields, *_fields(said)]


def _given(struct: msgspec.Struct) -> dict[str, Any]:
    """What differs from the defaults, as plain values; times are RFC 3339."""
    given: dict[str, Any] = msgspec.to_builtins(struct)
    return given


def _fields(given: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in given.items():
        if isinstance(value, tuple | list):
            yield name, write_names(cast("Sequence[str]", value))
        elif value is not None:
            yield name, _text(value)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
