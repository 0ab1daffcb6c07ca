"""An OpenAPI document as a page of Markdown."""

import json
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

INTRODUCTION = """# HTTP

Every path is served under `/api/v1` and, for short, at the root; with or without the slash at its end.
`{ds}` is a dataset's id or its name. A running server shows this page with a form to try each request at `/docs`,
and the OpenAPI 3.1 document it is made from at `/openapi.json`.

What holds for every request:

- Errors are problem documents (`application/problem+json`, RFC 9457); [Errors](../errors.md) lists them.
- `X-Correlation-ID` is taken from the request or made, comes back with the answer, and stands on each log line.
- Reads carry an `ETag`; a request with a fresh `If-None-Match` is answered 304.
- Content addressed by a dataset's id with `?version=N` never changes and may be cached for ever; else it is `no-cache`.
- `HEAD` works where `GET` does. An unknown query parameter is an error (400).
"""


def page(document: Json) -> str:
    """The page: the operations by tag, then the schemas they speak of."""
    parts = [INTRODUCTION]
    for tag in document["tags"]:
        parts.append(f"## {tag['name']}")
        parts += [
            text
            for path, item in document["paths"].items()
            for method, operation in item.items()
            if tag["name"] in operation["tags"]
            for text in _operation(method, path, operation)
        ]
    parts.append("## Documents")
    for name, schema in document["components"]["schemas"].items():
        parts += _schema(name, schema)
    return "\n\n".join(parts) + "\n"


def _operation(method: str, path: str, operation: Json) -> Iterator[str]:
    yield f"### `{method.upper()} {path}` {{ #{operation['operationId']} }}"
    yield operation["summary"] + "."
    if description := operation.get("description"):
        yield description
    if parameters := operation["parameters"]:
        rows = [(f"`{one['name']}`", one["in"], _type(one["schema"]), one["description"]) for one in parameters]
        yield _table(("parameter", "in", "type", "meaning"), rows)
    if body := operation.get("requestBody"):
        yield f"Body: {', '.join(f'`{media_type}`' for media_type in body['content'])}."
    rows = [(status, _answer(response)) for status, response in operation["responses"].items()]
    yield _table(("status", "answer"), rows)
    yield from _example(operation)


def _answer(response: Json) -> str:
    kinds = [_type(content["schema"]) for content in response.get("content", {}).values()]
    named = [kind for kind in dict.fromkeys(kinds) if kind.startswith("[")]
    told = response["description"] + (f" {', '.join(named)}" if named else "")
    headers = [f"`{name}`: {header['description']}" for name, header in response.get("headers", {}).items()]
    return "<br>".join([told, *headers])


def _example(operation: Json) -> Iterator[str]:
    """The JSON that a successful answer looks like, folded away."""
    for status, response in operation["responses"].items():
        content = response.get("content", {}).get("application/json")
        if status.startswith("2") and content:
            text = json.dumps(content["example"], indent=2, ensure_ascii=False)
            yield f'??? example "Example answer, {status}"\n\n' + _indented(f"```json\n{text}\n```")


def _schema(name: str, schema: Json) -> Iterator[str]:
    yield f"### {name} {{ #{_anchor(name)} }}"
    if description := schema.get("description"):
        yield description
    if options := schema.get("enum"):
        yield "One of " + ", ".join(f"`{option}`" for option in options) + "."
    if properties := schema.get("properties"):
        rows = [(f"`{key}`", _type(inner), inner.get("description", "")) for key, inner in properties.items()]
        yield _table(("member", "type", "meaning"), rows)


def _type(schema: Json) -> str:
    if ref := schema.get("$ref"):
        name = ref.rpartition("/")[2]
        return f"[{name}](#{_anchor(name)})"
    if options := schema.get("anyOf"):
        return " or ".join(_type(option) for option in options)
    if options := schema.get("enum"):
        return " or ".join(f"`{option}`" for option in options)
    kind = schema.get("type", "any")
    if kind == "array":
        return f"array of {_type(schema.get('items', {}))}"
    if kind == "object" and isinstance(values := schema.get("additionalProperties"), dict):
        return f"object of {_type(values)}"
    return str(kind)


def _anchor(name: str) -> str:
    return f"document-{name.lower()}"


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" if line else "" for line in text.splitlines())
