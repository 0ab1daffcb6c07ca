"""The OpenAPI 3.1 document, written from what is told of each route."""

import inspect
import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

import msgspec
from attrs import frozen
from litestar import Litestar
from litestar.routes import HTTPRoute

from entrepot.failures import title_of
from entrepot.http import examples
from entrepot.http.cors import COLLECTIONS
from entrepot.http.documents import ProblemDocument
from entrepot.http.exchange import PREFIX
from entrepot.http.filters import FILTERS, takes_filters
from entrepot.http.forms import FILE
from entrepot.http.operation import TAGS, Answer, Body, Operation, operation_of
from entrepot.http.parameters import Parameter, markdown, parameters_of, told_of_fields, told_of_struct
from entrepot.http.problems import PROBLEM, BodyTooLarge, ProblemType, RangeNotSatisfiable, UnknownParameter, status_of
from entrepot.http.responses import JSON
from entrepot.http.uploads import FIELDS, FORM
from entrepot_core.errors import ForeignOrigin, ReadOnlyStore, Stale, UnknownHost

Json = dict[str, Any]

_REF = "#/components/schemas/{name}"
_ANYTHING = "What is served depends on the store; the examples are of a small one."

_PATH = {
    "ds": "The dataset's id or name.",
    "row": "The row's number, its `_id`.",
    "number": "The version's number.",
    "code": "The problem's code.",
    "file": "The file's name.",
    "name": "The collection's name, which is that of the dataset.",
    "item": "A platform's name, `web` or `mobile` say; or the item's `id`.",
    "platform": "The platform's name.",
    "key": "The item's `id`.",
    "image": "The image's digest.",
    "rendition": "`original`, or a platform's name, to which `.webp` or `.jpg` may be added.",
    "column": "The column.",
    "job": "The job's id.",
    "record": "The record's id.",
}
"""The parameters that stand in paths."""

_NUMBERS = {"row", "number"}
_EXAMPLES = {
    "row": 1,
    "number": 1,
    "item": "1",
    "platform": "mobile",
    "key": "1",
    "rendition": "web",
    "column": "image",
}


def openapi(app: Litestar, version: str) -> Json:
    """Describe the routes of an app."""
    described = sorted(_described(app), key=lambda one: (one.path, one.method))
    paths: Json = {}
    for one in described:
        paths.setdefault(one.path, {})[one.method] = one.document()
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Entrepot",
            "version": version,
            "summary": "Land a CSV, JSON, Excel or Parquet file as a typed dataset; get statistics and histograms out.",
            "description": _about(),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": PREFIX}],
        "tags": [{"name": name, "description": text} for name, text in TAGS.items()],
        "paths": paths,
        "components": {"schemas": _schemas(described)},
    }


def placed(document: bytes, prefix: str) -> bytes:
    """The document, encoded, for clients that see this server below a prefix; to describe it anew takes long."""
    found: Json = msgspec.json.decode(document)
    operations = [operation for path in found["paths"].values() for operation in path.values()]
    for one in (found, *(operation for operation in operations if "servers" in operation)):
        one["servers"] = [{"url": (prefix + server["url"]).rstrip("/")} for server in one["servers"]]
    found["info"]["description"] = _about(prefix)
    return msgspec.json.encode(found)


def _about(prefix: str = "") -> str:
    return f"{_ANYTHING} Errors are problem documents; {prefix}{PREFIX}/problems/ explains each."


def _described(app: Litestar) -> "Iterator[_Described]":
    for route in app.routes:
        for handler in route.route_handlers if isinstance(route, HTTPRoute) else ():
            operation = operation_of(handler)
            if operation is not None:
                told = inspect.getdoc(handler.fn) or ""
                method = next(iter(handler.http_methods)).lower()
                yield _Described(_canonical(route.path), method, handler.handler_name, told, operation)


def _canonical(path: str) -> str:
    """A route's path as links write it."""
    plain = re.sub(r"{(\w+):\w+}", r"{\1}", path)
    has_parts = plain.startswith(("/datasets", COLLECTIONS)) or plain in {"/problems", "/jobs"}
    return f"{plain}/" if has_parts else plain


@frozen
class _Described:
    """A route and what is told of it."""

    path: str
    method: str
    name: str
    told: str
    operation: Operation

    def document(self) -> Json:
        """The OpenAPI operation."""
        summary, _, description = self.told.partition("\n\n")
        document: Json = {
            "operationId": self.name,
            "tags": [self.operation.tag],
            "summary": summary.removesuffix("."),
            "parameters": [*self._path_parameters(), *_query(self.operation), *_headers(self.operation)],
            "responses": self._responses(),
        }
        if self.operation.is_apart:
            document["servers"] = [{"url": "/"}]
        if description:
            document["description"] = description
        if self.operation.body is not None:
            has_url = "url" in {one["name"] for one in document["parameters"]}
            is_required = self.operation.body.is_required and not has_url
            document["requestBody"] = {"required": is_required, "content": _content_of_body(self.operation.body)}
        return document

    def _path_parameters(self) -> list[Json]:
        return [
            {
                "name": name,
                "in": "path",
                "required": True,
                "description": _PATH[name],
                "schema": {"type": "integer" if name in _NUMBERS else "string"},
                "example": _EXAMPLES.get(name, self.operation.path_example),
            }
            for name in re.findall(r"{(\w+)}", self.path)
        ]

    def _responses(self) -> Json:
        answers = [one for one in (self.operation.answer, self.operation.deferred) if one is not None]
        successes = {str(answer.status): _success(answer) for answer in answers}
        changing: list[ProblemType] = [] if self.method == "get" else [ForeignOrigin, ReadOnlyStore]
        large = [BodyTooLarge] if self.operation.body else []
        problems: list[ProblemType] = [*self.operation.problems, UnknownParameter, *large, *changing, UnknownHost]
        by_status: dict[int, list[str]] = {}
        for problem in problems:
            by_status.setdefault(status_of(problem), []).append(f"`{problem.code}`: {title_of(problem)}")
        refused = {str(status): _problem("; ".join(texts)) for status, texts in sorted(by_status.items())}
        fresh = {"304": {"description": "The client's copy is fresh."}} if self.method == "get" else {}
        ranged = RangeNotSatisfiable in self.operation.problems
        part = {"206": {"description": "The bytes that `Range` asks for."}} if ranged else {}
        failed = {"default": _problem("Something else went wrong.")}
        return {**successes, **part, **fresh, **refused, **failed}


def _success(answer: Answer) -> Json:
    success: Json = {"description": answer.description}
    if answer.examples:
        success["content"] = _content(answer.examples, answer.kind)
    if answer.headers:
        success["headers"] = {
            name: {"description": text, "schema": {"type": "string"}} for name, text in answer.headers.items()
        }
    return success


def _query(operation: Operation) -> list[Json]:
    parameters = [_parameter(one, operation.needed) for kind in operation.query for one in parameters_of(kind)]
    return [*([FILTERS] if takes_filters(operation.query) else []), *parameters]


def _parameter(parameter: Parameter, needed: Mapping[str, object]) -> Json:
    is_list = parameter.schema.get("type") == "array"
    is_needed = parameter.name in needed
    return {
        "name": parameter.name,
        "in": "query",
        "description": parameter.description,
        "schema": parameter.schema,
        **({"required": True, "example": needed[parameter.name]} if is_needed else {}),
        **({"style": "form", "explode": parameter.is_repeated} if is_list else {}),
    }


def _headers(operation: Operation) -> list[Json]:
    described = {
        "If-Match": "The ETag of what is changed, as it was last seen; where it has changed since, the answer is 412.",
        "Prefer": "With `respond-async` the answer is 202 and a job, as soon as the file has come.",
        "Range": "The bytes that are wanted, as `bytes=0-499`: one range. `If-Range` takes the ETag.",
    }
    taken = {
        "If-Match": Stale in operation.problems,
        "Prefer": operation.deferred is not None,
        "Range": RangeNotSatisfiable in operation.problems,
    }
    return [
        {"name": name, "in": "header", "description": described[name], "schema": {"type": "string"}}
        for name, is_taken in taken.items()
        if is_taken
    ]


def _content(examples: Mapping[str, object], kind: object) -> Json:
    return {
        media_type: {"schema": _schema(media_type, kind), "example": _plain(example)}
        for media_type, example in examples.items()
    }


def _content_of_body(body: Body) -> Json:
    content = _content(body.examples, body.kind)
    if not body.form:
        return content
    parameters = (one for kind in body.form for one in parameters_of(kind))
    fields = {one.name: {**one.schema, "description": one.description} for one in parameters}
    may_be_url = "url" in fields
    told = "The file; or give `url`, where it is." if may_be_url else "The file."
    file: Json = {"type": "string", "contentMediaType": "application/octet-stream", "description": told}
    example: Json = {FILE: examples.CSV, "title": "Cars"}
    if body.several:
        file, example = {"type": "array", "items": file}, {FILE: [examples.CSV, examples.CSV], "tags": "cars"}
        fields |= {name: {"type": "array", "items": fields[name]} for name in ("url",) if may_be_url}
    needed: Json = {} if may_be_url else {"required": [FILE]}  # makers of clients drop a form that needs one of two
    schema = {"type": "object", "properties": {FILE: file, **fields}, **needed}
    form = {FORM: {"schema": schema, "example": example}}
    if may_be_url and not body.several:
        schema = {"type": "object", "properties": fields, "required": ["url"]}
        form[FIELDS] = {"schema": schema, "example": {"url": "https://example.org/cars.csv", "title": "Cars"}}
    return {**form, **content}


def _problem(description: str) -> Json:
    return {"description": description, "content": {PROBLEM: {"schema": _schema(JSON, ProblemDocument)}}}


def _schema(media_type: str, kind: object) -> Json:
    """The JSON Schema of a document; what is not JSON, or not of a certain type, is text or bytes of any kind."""
    is_json = media_type == JSON or media_type.endswith("+json")
    if kind is None or not is_json:
        return {} if is_json else {"type": "string", "contentMediaType": media_type}
    schemas, _ = msgspec.json.schema_components(_kinds(kind), ref_template=_REF, schema_hook=_of_any)
    return schemas[0] if len(schemas) == 1 else {"anyOf": [*schemas]}


def _kinds(kind: object) -> tuple[object, ...]:
    """The types that a document may be of."""
    return cast("tuple[object, ...]", kind) if isinstance(kind, tuple) else (kind,)


def _schemas(described: "list[_Described]") -> Json:
    answers = [answer.kind for one in described for answer in (one.operation.answer, one.operation.deferred) if answer]
    bodies = [one.operation.body.kind for one in described if one.operation.body]
    kinds = [one for kind in (ProblemDocument, *answers, *bodies) for one in _kinds(kind) if one is not None]
    _, components = msgspec.json.schema_components(kinds, ref_template=_REF, schema_hook=_of_any)
    told = {kind.__name__: told_of_struct(kind) for kind in kinds if isinstance(kind, type)}
    return {name: _tidied(schema, told.get(name, {})) for name, schema in components.items()}


def _of_any(kind: type) -> Json:
    """The schema of what may be anything."""
    if kind is object:
        return {"description": "Any JSON value."}
    raise NotImplementedError


def _tidied(schema: Json, told: Mapping[str, str]) -> Json:
    """A schema whose description, a docstring, has become descriptions of it and its properties."""
    docstring = str(schema.get("description", ""))
    told = told or told_of_fields(docstring)
    properties = {
        name: {**inner, "description": told[name]} if name in told else inner
        for name, inner in schema.get("properties", {}).items()
    }
    tidied = {**schema, "description": markdown(docstring.partition("\n\nAttributes:")[0])}
    return {**tidied, "properties": properties} if properties else tidied


def _plain(example: object) -> object:
    return msgspec.json.decode(msgspec.json.encode(example))
