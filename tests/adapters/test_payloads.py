"""Payloads and the schemas they are held to."""

import json
import socket
from pathlib import Path
from typing import Any

import pytest

from entrepot_adapters.payloads import read_payloads
from entrepot_core.errors import InvalidOption
from entrepot_core.record import RecordEntry


@pytest.mark.parametrize(
    "payload",
    [
        {"sourceName": "flights"},
        {"sourceName": "", "jobCluster": {"min_workers": 0, "other": []}, "partitioning": "day", "more": {"a": None}},
        {"sourceName": "x", "jobCluster": {}},
        {"sourceName": "x", "jobCluster": {"min_workers": 2.0}},
    ],
)
def test_the_default_schema_takes_what_it_names_and_keeps_the_rest(payload: Any) -> None:  # noqa: ANN401 - any JSON
    assert read_payloads(None).errors(payload) == ()


@pytest.mark.parametrize(
    ("payload", "pointers"),
    [
        ({}, [""]),
        ([], [""]),
        (None, [""]),
        ("text", [""]),
        ({"sourceName": 5}, ["/sourceName"]),
        ({"sourceName": None, "partitioning": 1}, ["/partitioning", "/sourceName"]),
        ({"sourceName": "x", "jobCluster": []}, ["/jobCluster"]),
        ({"sourceName": "x", "jobCluster": {"min_workers": -1}}, ["/jobCluster/min_workers"]),
        ({"sourceName": "x", "jobCluster": {"min_workers": 1.5}}, ["/jobCluster/min_workers"]),
        ({"sourceName": "x", "jobCluster": {"min_workers": True}}, ["/jobCluster/min_workers"]),
    ],
)
def test_what_does_not_fit_is_named_by_its_place(payload: Any, pointers: list[str]) -> None:  # noqa: ANN401 - any JSON
    assert [error.pointer for error in read_payloads(None).errors(payload)] == pointers


@pytest.mark.parametrize(
    ("rule", "payload", "detail"),
    [
        ({"type": "string"}, None, "null is not of type 'string'"),
        ({"type": "string"}, {"a": [None, True]}, """{"a": [null, true]} is not of type 'string'"""),
        ({"enum": ["é", None, False]}, True, 'true is not one of ["é", null, false]'),
        ({"const": None}, "a", "null was expected"),
        ({"minLength": 3}, "é", '"é" is too short'),
        ({"minimum": 3}, 1, "1 is less than the minimum of 3"),
        ({"required": ["a"]}, {}, "'a' is a required property"),
        (False, None, "False schema does not allow null"),
    ],
)
def test_values_are_told_as_json_has_them(
    tmp_path: Path,
    rule: object,
    payload: Any,  # noqa: ANN401 - any JSON
    detail: str,
) -> None:
    payloads = read_payloads(schema(tmp_path, json.dumps(rule)))
    assert [error.detail for error in payloads.errors(payload)] == [detail]


def schema(folder: Path, text: str) -> Path:
    path = folder / "schema.json"
    path.write_text(text)
    return path


def test_a_deployment_can_give_another_schema(tmp_path: Path) -> None:
    own = {"$schema": "http://json-schema.org/draft-07/schema#", "properties": {"a/b~c": {"type": "null"}}}
    payloads = read_payloads(schema(tmp_path, json.dumps(own)))
    assert payloads.errors({"anything": 1}) == ()
    assert [error.pointer for error in payloads.errors({"a/b~c": 1})] == ["/a~1b~0c"]


DEFINED = '{"$defs": {"a": {"type": "string"}, "b": {"$id": "https://example.org/b", "$anchor": "c"}, "d": 5}, '
"""The beginning of a schema that refers to its definitions."""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "5",
        "{",
        "[" * 100_000,
        '{"a":' * 100_000 + "1" + "}" * 100_000,
        '{"not":' * 5000 + "true" + "}" * 5000,
        '{"type": 5}',
        '{"type": "no such type"}',
        '{"$schema": 5}',
        '{"pattern": "("}',
        '{"$ref": "#"}',
        '{"allOf": [{"required": ["a"]}, {"$ref": "#"}]}',
        '{"$ref": "#/$defs/nope"}',
        '{"$ref": "https://example.org/x.json"}',
        '{"$ref": "other.json"}',
        '{"$ref": "http://["}',
        '{"properties": {"a": {"items": {"$ref": "#nowhere"}}}}',
        '{"more": {"a": {"$ref": "#/nope"}}, "$ref": "#/more/a"}',
        '{"more": {"type": "objekt"}, "properties": {"a": {"$ref": "#/more"}}}',
        DEFINED + '"properties": {"a": {"$ref": "#/$defs/d"}}}',
        DEFINED + '"properties": {"a": {"$dynamicRef": "#d"}}}',
        '{"$schema": "http://json-schema.org/draft-04/schema#", "properties": {"a": {"$ref": "#/definitions/b"}}}',
    ],
)
def test_what_is_no_schema_is_told_at_the_start(tmp_path: Path, text: str) -> None:
    with pytest.raises(InvalidOption, match="ENTREPOT_METADATA_SCHEMA"):
        read_payloads(schema(tmp_path, text))
    with pytest.raises(InvalidOption, match="No such file"):
        read_payloads(tmp_path / "nowhere.json")


@pytest.mark.parametrize(
    "ref", ["#/$defs/a", "https://example.org/b", "https://example.org/b#c", "#/properties/x", "#"]
)
def test_a_reference_within_the_schema_is_taken(tmp_path: Path, ref: str) -> None:
    text = DEFINED.replace(', "d": 5', "") + f'"properties": {{"x": {{"type": "string"}}, "a": {{"$ref": "{ref}"}}}}}}'
    assert read_payloads(schema(tmp_path, text)).errors({"x": ""}) == ()


def test_keys_and_values_that_look_like_references_are_none(tmp_path: Path) -> None:
    text = '{"properties": {"$ref": {"type": "string"}}, "default": {"$ref": "nowhere"}, "const": {"$ref": "nowhere"}}'
    assert read_payloads(schema(tmp_path, text)).errors({"$ref": "nowhere"}) == ()


def test_a_reference_is_never_fetched(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as canary:
        canary.settimeout(0.2)
        port = canary.getsockname()[1]
        with pytest.raises(InvalidOption, match="it refers to 'http://127"):
            read_payloads(schema(tmp_path, json.dumps({"$ref": f"http://127.0.0.1:{port}/x.json"})))
        with pytest.raises(TimeoutError):
            canary.accept()


def test_many_errors_are_cut_and_a_deep_payload_is_no_crash() -> None:
    payloads = read_payloads(None)
    deep: Any = {}
    for _ in range(100_000):
        deep = {"a": deep}
    assert payloads.errors(deep)
    assert RecordEntry("x", '{"sourceName": "x"}').value == {"sourceName": "x"}
