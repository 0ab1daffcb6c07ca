"""Holds payloads of the metadata registry to a JSON Schema (draft 2020-12 where it names none)."""

import json
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from attrs import define, frozen
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import validator_for
from referencing import Registry
from referencing.exceptions import Unresolvable
from referencing.jsonschema import specification_with

from entrepot_core.errors import InvalidOption, PayloadError
from entrepot_core.json_text import decode_json

if TYPE_CHECKING:
    from referencing._core import Resolved, Resolver  # types of what its public methods give

DEFAULT_SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Metadata of a source",
    "type": "object",
    "required": ["sourceName"],
    "properties": {
        "sourceName": {"type": "string"},
        "jobCluster": {"type": "object", "properties": {"min_workers": {"type": "integer", "minimum": 0}}},
        "partitioning": {"type": "string"},
    },
}
"""What payloads are held to where a deployment gives no schema of its own; what it does not name is kept."""

_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")
_MOST_ERRORS = 100
_LONGEST_DETAIL = 500


@frozen
class SchemaPayloads:
    """Holds payloads to a JSON Schema."""

    _validator: Validator

    def errors(self, payload: Any) -> tuple[PayloadError, ...]:  # noqa: ANN401 - any JSON
        """What is wrong with a payload, in the order of its places."""
        try:
            found = sorted(self._validator.iter_errors(payload), key=_pointer)[:_MOST_ERRORS]
            return tuple(PayloadError(_pointer(error), _detail(error)[:_LONGEST_DETAIL]) for error in found)
        except RecursionError:
            return (PayloadError(pointer="", detail="it is nested too deep"),)
        except Unresolvable as error:
            detail = (
                f"the schema of this store refers to {error.ref!r}, which is not in it; its operator must put it there"
            )
            return (PayloadError(pointer="", detail=detail),)


def read_payloads(path: Path | None) -> SchemaPayloads:
    """What payloads are held to by the schema in a file, or without one by the default.

    References go to places within the schema; nothing is fetched.

    Raises:
        InvalidOption: The file can't be read, holds no JSON Schema, or one that refers to what is not in it.
    """
    schema = DEFAULT_SCHEMA if path is None else _read(path)
    if isinstance(schema, dict) and not isinstance(schema.get("$schema", ""), str):
        raise _refused(path, "this is no JSON Schema: its $schema is no text")
    kind = validator_for(schema, default=Draft202012Validator)
    nothing_else: Registry[Any] = Registry()
    validator = kind(schema, registry=nothing_else, format_checker=kind.FORMAT_CHECKER)
    try:
        kind.check_schema(schema)
        _check_references(schema, kind)
        deque(validator.iter_errors({}), maxlen=0)  # a reference to itself shows at any payload
    except SchemaError as error:
        raise _refused(path, f"this is no JSON Schema: at {_pointer(error) or '/'}: {error.message}") from error
    except _Dangling as error:
        raise _refused(path, f"it refers to {error.ref!r}, {error.reason}") from error
    except RecursionError as error:
        reason = "it refers to itself without end, or is nested too deeply"
        raise _refused(path, reason) from error
    return SchemaPayloads(validator)


@define
class _Dangling(Exception):
    """A reference that leads nowhere."""

    ref: str
    reason: str


def _check_references(schema: Any, kind: type[Validator]) -> None:  # noqa: ANN401 - any JSON
    """Insist that every reference leads to a schema within the document.

    Raises:
        SchemaError: It leads to something else.
        _Dangling: It leads nowhere.
    """
    specification = specification_with(kind.META_SCHEMA.get("$id") or kind.META_SCHEMA["id"])
    root = specification.create_resource(schema)
    registry: Registry[Any] = Registry()
    waiting, seen = [(root, registry.resolver_with_root(root))], set[int]()
    while waiting:
        resource, resolver = waiting.pop()
        if not isinstance(resource.contents, dict) or id(resource.contents) in seen:
            continue
        seen.add(id(resource.contents))
        waiting += [(inner, resolver.in_subresource(inner)) for inner in resource.subresources()]
        for ref in (resource.contents.get(name) for name in _REFERENCES):
            if isinstance(ref, str):
                found = _look_up(resolver, ref)
                kind.check_schema(found.contents)
                waiting.append((specification.create_resource(found.contents), found.resolver))


def _look_up(resolver: "Resolver[Any]", ref: str) -> "Resolved[Any]":
    try:
        return resolver.lookup(ref)
    except (Unresolvable, ValueError) as error:  # the latter where it is no URL at all
        raise _Dangling(ref, "which is not in it; nothing is fetched, so put it there, under $defs say") from error


def _read(path: Path) -> Any:  # noqa: ANN401 - any JSON
    try:
        schema = decode_json(path.read_bytes(), object)
    except OSError as error:
        raise _refused(path, f"can't be read: {error.strerror}") from error
    except msgspec.MsgspecError as error:
        raise _refused(path, f"this is no JSON Schema: {error}") from error
    if not isinstance(schema, dict | bool):
        raise _refused(path, "this is no JSON Schema: a schema is an object, or true or false")
    return schema


def _refused(path: Path | None, reason: str) -> InvalidOption:
    return InvalidOption(option="ENTREPOT_METADATA_SCHEMA", value=str(path), reason=reason.rstrip("."))


def _detail(error: ValidationError) -> str:
    """What is wrong, its values as JSON has them: jsonschema writes them as Python does."""
    detail = error.message.replace(repr(error.instance), _json(error.instance), 1)
    if error.validator in {"enum", "const"}:
        detail = detail.replace(repr(error.validator_value), _json(error.validator_value), 1)
    return detail


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _pointer(error: ValidationError | SchemaError) -> str:
    """Where in the payload, as a JSON pointer (RFC 6901)."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in error.absolute_path)
