"""Holds payloads of the metadata registry to a JSON Schema (draft 2020-12 where it names none)."""

import json
from pathlib import Path
from typing import Any

import msgspec
from attrs import frozen
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import validator_for
from referencing import Registry
from referencing.exceptions import Unresolvable

from entrepot_core.errors import InvalidOption, PayloadError

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
        InvalidOption: The file can't be read, or holds no JSON Schema.
    """
    schema = DEFAULT_SCHEMA if path is None else _read(path)
    if isinstance(schema, dict) and not isinstance(schema.get("$schema", ""), str):
        raise _refused(path, "this is no JSON Schema: its $schema is no text")
    kind = validator_for(schema, default=Draft202012Validator)
    try:
        kind.check_schema(schema)
    except SchemaError as error:
        raise _refused(path, f"this is no JSON Schema: at {_pointer(error) or '/'}: {error.message}") from error
    nothing_else: Registry[Any] = Registry()
    return SchemaPayloads(kind(schema, registry=nothing_else, format_checker=kind.FORMAT_CHECKER))


def _read(path: Path) -> Any:  # noqa: ANN401 - any JSON
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, Any] | bool)
    except OSError as error:
        raise _refused(path, f"can't be read: {error.strerror}") from error
    except msgspec.MsgspecError as error:
        raise _refused(path, f"this is no JSON Schema: {error}") from error


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
