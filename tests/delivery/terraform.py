"""Terraform's files, parsed: what they declare and what they refer to."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import hcl2

from tests.architecture.tree import ROOT

AZURE = ROOT / "deploy" / "azure"
_NOTES = ("__comments__", "__inline_comments__", "__is_block__")
_REFERENCE = re.compile(r"(?<![\w.\"/-])((?:var|local|azurerm_\w+)(?:\.\w+)+)")
_STRING = re.compile(r'"((?:[^"\\$]|\\.|\$(?!\{))*)"')
_DYNAMIC = "dynamic"

Body = dict[str, object]


def parsed(path: Path) -> Body:
    """A file's blocks and attributes, names without their quotes."""
    with path.open(encoding="utf-8") as file:
        return cast("Body", _plain(hcl2.load(file)))


def module() -> dict[str, list[Body]]:
    """All blocks of ``deploy/azure``, by their kind."""
    found: dict[str, list[Body]] = {}
    for path in sorted(AZURE.glob("*.tf")):
        for kind, blocks in parsed(path).items():
            found.setdefault(kind, []).extend(cast("list[Body]", blocks))
    return found


def named(blocks: list[Body]) -> dict[str, Body]:
    """Blocks with one label, by it."""
    return {name: cast("Body", body) for block in blocks for name, body in block.items()}


def resources(blocks: list[Body]) -> dict[tuple[str, str], Body]:
    """Resources by kind and name."""
    pairs = ((kind, named([cast("Body", inner)])) for block in blocks for kind, inner in block.items())
    return {(kind, name): body for kind, inner in pairs for name, body in inner.items()}


def references(value: object) -> set[str]:
    """What a value refers to, as ``var.name``, ``local.name`` and ``azurerm_….name.attribute``."""
    return {found for text in _texts(value) for found in _REFERENCE.findall(text)}


def fields(body: Body) -> Iterator[tuple[str, Body | None]]:
    """Each attribute of a body with nothing, and each block with its body; dynamic blocks as what they make."""
    for name, value in body.items():
        if name == _DYNAMIC:
            for block in cast("list[Body]", value):
                yield from ((made, _contents(inner)) for made, inner in block.items())
        elif isinstance(value, list) and value and all(isinstance(item, _Block) for item in value):
            yield from ((name, cast("Body", item)) for item in value)
        else:
            yield name, None


def _contents(dynamic: object) -> Body:
    (content,) = cast("list[Body]", cast("Body", dynamic)["content"])
    return content


class _Block(dict[str, object]):
    """A body between braces, as ``name { … }``; not a value, as ``name = { … }``."""


def _plain(value: object) -> object:
    if isinstance(value, dict):
        plain = {_unquoted(name): _plain(item) for name, item in value.items() if name not in _NOTES}
        return _Block(plain) if "__is_block__" in value else plain
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return _unquoted(value) if isinstance(value, str) else value


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield _STRING.sub("", value) if value.startswith("${") else value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
