"""The OpenAPI document, and the page that shows it."""

import gzip
import re
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator
from litestar.routes import HTTPRoute

from entrepot.http.documents import DatasetDocument, DatasetsDocument, RowsDocument
from entrepot.http.operation import operation_of
from tests.apps.http.conftest import PAINTING, Client


@pytest.fixture
def document(client: Client) -> dict[str, Any]:
    """The OpenAPI document."""
    found: dict[str, Any] = client.get("/openapi.json").json()
    return found


def operations(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(f"{method} {path}", one) for path, item in document["paths"].items() for method, one in item.items()]


def test_every_route_stands_in_the_document(client: Client, document: dict[str, Any]) -> None:
    handlers = [
        handler
        for route in client.app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        if "OPTIONS" not in handler.http_methods
    ]
    assert [handler for handler in handlers if operation_of(handler) is None] == []
    assert len(operations(document)) == len(handlers)
    names = [one["operationId"] for _, one in operations(document)]
    assert len(set(names)) == len(names)


def test_every_operation_has_a_summary_and_an_example(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    for name, one in operations(document):
        assert one["summary"], name
        success = next(answer for status, answer in one["responses"].items() if status.startswith("2"))
        contents = [success.get("content", {}), one.get("requestBody", {}).get("content", {})]
        examples = ["example" in content for kinds in contents for content in kinds.values()]
        assert examples or name.startswith("delete"), name
        assert all(examples), name


def test_what_is_refused_before_a_route_is_reached_is_documented(document: dict[str, Any]) -> None:
    for name, one in operations(document):
        assert "unknown_host" in one["responses"]["421"]["description"], name
        refused = one["responses"].get("403", {"description": ""})["description"]
        assert ("foreign_origin" in refused) == ("read_only_store" in refused) == (not name.startswith("get ")), name


def test_every_parameter_is_described(document: dict[str, Any]) -> None:
    for name, one in operations(document):
        for parameter in one["parameters"]:
            assert parameter["description"], (name, parameter)
            assert "``" not in parameter["description"]


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    references = set(re.findall(r'"#/components/schemas/([^"]+)"', msgspec.json.encode(document).decode()))
    assert references == set(document["components"]["schemas"])


def test_fields_are_described_by_the_docstrings_of_the_core(document: dict[str, Any]) -> None:
    properties = document["components"]["schemas"]["DatasetDocument"]["properties"]
    assert properties["sha256"]["description"] == "The original's digest; null where there is none."
    assert "_links" in properties
    form = document["paths"]["/datasets/"]["post"]["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert {"file", "title", "delimiter", "types", "if_exists", "file_name"} <= set(form["properties"])


def test_the_order_of_dates_is_one_of_two(document: dict[str, Any]) -> None:
    operation = document["paths"]["/datasets/"]["post"]
    form = operation["requestBody"]["content"]["multipart/form-data"]["schema"]["properties"]["date_order"]
    query = next(one for one in operation["parameters"] if one["name"] == "date_order")
    for described, schema in [(form, form), (query, query["schema"])]:
        assert "03/04/2024" in described["description"]
        assert "month_first" in str(schema)
        assert "day_first" in str(schema)


def test_answers_are_of_the_documented_types(client: Client, cars: dict[str, Any]) -> None:
    del cars
    # `rows` is raw in its type; what it says of the rest is what is checked here.
    for url, kind in [("", DatasetsDocument), ("cars/", DatasetDocument), ("cars/rows/", RowsDocument)]:
        body = client.get(f"/datasets/{url}").content
        value = msgspec.json.decode(body, type=kind)
        assert msgspec.json.encode(value) == body


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b"a\n1\n"),
        ("a.ndjson", b'{"a": 1}\n{"a": 2}\n'),
        ("a.json", b'[{"a": 1}]'),
        ("a.tsv", b"a\tb\n1\t2\n"),
        ("a.csv.gz", gzip.compress(b"a\n1\n", mtime=0)),
    ],
)
def test_a_file_comes_as_a_type_that_is_documented(
    client: Client, document: dict[str, Any], name: str, content: bytes
) -> None:
    made = client.post("/datasets/", files={"file": (name, content)}).json()
    answer = client.get(made["_links"]["file"]["href"])
    assert answer.content == content
    documented = document["paths"]["/datasets/{ds}/file/"]["get"]["responses"]["200"]["content"]
    assert answer.headers["content-type"].partition(";")[0] in documented


def test_rows_are_json_first_for_makers_of_clients_that_take_the_first_type(document: dict[str, Any]) -> None:
    content = document["paths"]["/datasets/{ds}/rows/"]["get"]["responses"]["200"]["content"]
    assert next(iter(content)) == "application/json"
    assert len(content) == 7


def test_the_page_asks_no_other_server(client: Client) -> None:
    page = client.get("/docs")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    sources = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(sources) == 3
    for source in sources:
        assert source.startswith("/api/v1/docs/")
        assert client.get(source).status_code == 200


def test_a_file_of_the_page_comes_compressed_only_to_who_takes_it(client: Client) -> None:
    url = "/docs/swagger-ui-bundle.js"
    packed = client.get(url, headers={"accept-encoding": "gzip"})
    plain = client.get(url, headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content
    assert packed.headers["etag"] != plain.headers["etag"]
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"]) / 3
    assert plain.headers["vary"] == "Accept-Encoding"


def json_of(document: dict[str, Any], path: str, method: str = "get") -> dict[str, Any]:
    answers = document["paths"][path][method]["responses"]
    found: dict[str, Any] = answers["200"]["content"]["application/json"]["schema"]
    return found


def test_both_forms_of_a_schema_fit_what_is_told_of_them(
    client: Client, document: dict[str, Any], cars: dict[str, Any]
) -> None:
    told = {"$defs": document["components"]["schemas"], **json_of(document, "/datasets/{ds}/schema/")}
    told = msgspec.json.decode(msgspec.json.encode(told).replace(b"#/components/schemas/", b"#/$defs/"))
    for form in ("json", "frictionless"):
        answer = client.get(f"/datasets/{cars['id']}/schema/?format={form}").json()
        Draft202012Validator(told).validate(answer)
        assert not Draft202012Validator(told).is_valid({**answer, "fields": 1})


@pytest.mark.parametrize("part", ["rows", "export", "file"])
def test_what_comes_in_parts_says_so(document: dict[str, Any], part: str) -> None:
    operation = document["paths"][f"/datasets/{{ds}}/{part}/"]["get"]
    assert {"206", "416"} <= set(operation["responses"])
    assert "Range" in {one["name"] for one in operation["parameters"]}


@pytest.mark.parametrize("path", ["/datasets/", "/datasets/cars/rows/", "/datasets/cars/facets/?columns=a", "/jobs/"])
def test_a_limit_has_the_bounds_that_are_told_of_it(client: Client, document: dict[str, Any], path: str) -> None:
    client.post("/datasets/?name=cars", content="a\n1\n", headers={"content-type": "text/csv"})
    parameters = document["paths"][path.partition("?")[0].replace("/cars/", "/{ds}/")]["get"]["parameters"]
    most = next(one["schema"]["maximum"] for one in parameters if one["name"] == "limit")
    mark = "&" if "?" in path else "?"
    assert [client.get(f"{path}{mark}limit={limit}").status_code for limit in (most, most + 1)] == [200, 400]


def test_a_form_names_what_must_be_in_it_where_that_is_one_thing(document: dict[str, Any]) -> None:
    forms = {
        path: operation["requestBody"]["content"]["multipart/form-data"]["schema"]
        for path, methods in document["paths"].items()
        for operation in methods.values()
        if "multipart/form-data" in operation.get("requestBody", {}).get("content", {})
    }
    assert "/datasets/" in forms
    for path, form in forms.items():
        assert "anyOf" not in form, path  # makers of clients drop such a form
        fields, needed = form.get("properties", {}), form.get("required", [])
        assert "file" not in fields or ("url" in fields) != ("file" in needed), path


@pytest.mark.parametrize("path", ["/datasets/", "/datasets/cars/rows/", "/datasets/cars/export/", "/jobs/"])
def test_an_offset_has_the_bounds_that_are_told_of_it(client: Client, document: dict[str, Any], path: str) -> None:
    client.post("/datasets/?name=cars", content="a\n1\n", headers={"content-type": "text/csv"})
    parameters = document["paths"][path.replace("/cars/", "/{ds}/")]["get"]["parameters"]
    bounds = next(one["schema"] for one in parameters if one["name"] == "offset")
    assert client.get(f"{path}?offset={bounds['maximum']}").status_code == 200
    for beyond in (bounds["minimum"] - 1, bounds["maximum"] + 1, 10**20, "x"):
        problem = client.get(f"{path}?offset={beyond}").json()
        assert (problem["status"], problem["reason"]) == (400, "give a whole number from 0 to 1,000,000,000,000,000")


@pytest.mark.parametrize(("path", "method"), [("/datasets/", "post"), ("/datasets/{ds}/", "put")])
def test_all_ways_to_send_a_file_or_say_where_it_is_are_told(document: dict[str, Any], path: str, method: str) -> None:
    operation = document["paths"][path][method]
    fields = operation["requestBody"]["content"]["application/x-www-form-urlencoded"]
    assert fields["schema"]["required"] == ["url"]
    assert {"url", "title", "encoding"} <= set(fields["schema"]["properties"])
    assert "file" not in fields["schema"]["properties"]
    refused = operation["responses"]["400"]["description"]
    for code in ("invalid_option", "invalid_request", "unknown_column", "unknown_parameter"):
        assert f"`{code}`" in refused


def needed(operation: dict[str, Any]) -> dict[str, Any]:
    """The parameters of a query that have to be given, as in their examples."""
    return {
        one["name"]: one["example"] for one in operation["parameters"] if one["in"] == "query" and one.get("required")
    }


@pytest.mark.parametrize(
    ("path", "given"), [("/search", {"q": "price"}), ("/datasets/{ds}/facets/", {"columns": ["make"]})]
)
def test_a_parameter_that_has_to_be_given_is_required(
    client: Client, document: dict[str, Any], cars: dict[str, Any], path: str, given: dict[str, Any]
) -> None:
    del cars
    operation, url = document["paths"][path]["get"], path.replace("{ds}", "cars")
    assert needed(operation) == given
    assert client.get(url).status_code == 400
    assert client.get(url, params=given).status_code == 200


def test_no_other_parameter_of_a_query_is_required(document: dict[str, Any]) -> None:
    found = [name for name, operation in operations(document) if needed(operation)]
    assert found == ["get /datasets/{ds}/facets/", "get /search"]


def test_examples_are_of_the_rows_that_the_example_has(client: Client, document: dict[str, Any]) -> None:
    """The two rows, published, with a column of images beside."""
    form = document["paths"]["/datasets/"]["post"]["requestBody"]["content"]["multipart/form-data"]["example"]
    first, *rows = form["file"].splitlines()
    table = "\n".join([f"{first},image", *(f"{row}," for row in rows)])
    fields = {"name": "cars", "published": "true", "image": "image"}
    assert client.post("/datasets/", files={"file": ("cars.csv", table)}, data=fields).status_code == 201
    for path in ("/api/{name}/", "/api/{name}/{item}/", "/api/{name}/{platform}/{key}/", "/datasets/{ds}/rows/{row}/"):
        url = path
        for parameter in document["paths"][path]["get"]["parameters"]:
            url = url.replace(f"{{{parameter['name']}}}", str(parameter.get("example")))
        assert client.get(url).status_code == 200, url
    images = document["paths"]["/datasets/{ds}/images/"]["put"]["requestBody"]["content"]["multipart/form-data"]
    files = dict.fromkeys(images["example"], ("a.jpg", PAINTING.content))
    assert client.put("/datasets/cars/images", files=files).json()["ids"] == [1, 2]
    body = document["paths"]["/datasets/{ds}/rows/"]["delete"]["requestBody"]["content"]["application/json"]["example"]
    assert client.request("DELETE", "/datasets/cars/rows", json=body).json()["ids"] == body
