"""What is in a dataset, in every form it goes out in."""

import io
import json
from typing import Any

import polars as pl
import pytest

from tests.apps.http.conftest import CARS, Client, Post

ROWS = [
    {"make": "Fiat", "price": 10.5, "city": "Torino"},
    {"make": "Audi", "price": None, "city": "Ingolstadt"},
    {"make": "BMW", "price": 30.0, "city": "München"},
]


def test_the_file_comes_back_byte_for_byte_under_its_name(client: Client, post: Post) -> None:
    post(file_name="Räder 1.csv", name="cars")
    answer = client.get("/datasets/cars/file/")
    assert answer.content == CARS.encode()
    assert answer.headers["content-length"] == str(len(CARS.encode()))
    assert answer.headers["content-type"] == "text/csv"
    assert answer.headers["content-disposition"] == (
        "attachment; filename=\"R_der 1.csv\"; filename*=UTF-8''R%C3%A4der%201.csv"
    )


def test_a_download_can_run_nothing_in_a_browser(client: Client, cars: dict[str, Any]) -> None:
    headers = client.get(cars["_links"]["file"]["href"]).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in headers["content-security-policy"]
    assert headers["content-disposition"].startswith("attachment")


def test_the_schema_comes_in_two_forms(client: Client, cars: dict[str, Any]) -> None:
    plain = client.get("/datasets/cars/schema/").json()
    assert plain["fields"] == cars["schema"]["fields"]
    assert plain["_links"]["dataset"]["href"] == f"/api/v1/datasets/{cars['id']}/"
    told = client.get("/datasets/cars/schema/?format=frictionless").json()
    assert [(one["name"], one["type"], one["constraints"]) for one in told["fields"]] == [
        ("make", "string", {"required": True}),
        ("price", "number", {"required": False}),
        ("city", "string", {"required": True}),
    ]
    assert told["missingValues"] == [""]


def test_stats_describe_the_numeric_columns_or_all(client: Client, cars: dict[str, Any]) -> None:
    del cars
    stats = client.get("/datasets/cars/stats/").json()
    assert list(stats) == ["price"]
    assert list(stats["price"]) == ["count", "mean", "std", "min", "25%", "50%", "75%", "max"]
    assert (stats["price"]["count"], stats["price"]["mean"]) == (2, 20.25)
    assert list(client.get("/datasets/cars/stats/?include=all").json()) == ["make", "price", "city"]
    assert client.get("/datasets/cars/stats/?include=some").json()["option"] == "include"


def test_statistics_have_a_histogram_a_column(client: Client, cars: dict[str, Any]) -> None:
    del cars
    statistics = client.get("/datasets/cars/statistics/").json()
    assert statistics["num_examples"] == 3
    assert statistics["partial"] is False
    assert [one["column_name"] for one in statistics["statistics"]] == ["make", "price", "city"]


@pytest.mark.parametrize(
    ("query", "accept", "media_type"),
    [
        ("", "*/*", "application/pdf"),
        ("?format=svg", "*/*", "image/svg+xml"),
        ("?format=png", "application/pdf", "image/png"),
        ("?columns=price&bins=7", "image/*;q=0.5, application/pdf;q=0.4", "image/svg+xml"),
    ],
)
def test_plots_come_as_pdf_svg_or_png(
    client: Client, cars: dict[str, Any], query: str, accept: str, media_type: str
) -> None:
    del cars
    answer = client.get(f"/datasets/cars/plot/{query}", headers={"accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)
    assert answer.headers["content-disposition"].startswith("inline")


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("format=csv", 400, "unknown_format"),
        ("columns=bogus", 400, "unknown_column"),
        ("columns=make", 422, "nothing_to_plot"),
        ("bins=0", 400, "invalid_option"),
    ],
)
def test_a_bad_plot_is_refused(client: Client, cars: dict[str, Any], query: str, status: int, code: str) -> None:
    del cars
    answer = client.get(f"/datasets/cars/plot/?{query}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_excel_is_a_workbook_of_the_table(client: Client, cars: dict[str, Any]) -> None:
    del cars
    answer = client.get("/datasets/cars/excel/")
    assert answer.headers["content-disposition"].startswith('attachment; filename="cars.xlsx"')
    assert pl.read_excel(io.BytesIO(answer.content)).height == 3


def frame(format: str, content: bytes) -> pl.DataFrame:
    match format:
        case "csv" | "tsv":
            return pl.read_csv(io.BytesIO(content), separator="," if format == "csv" else "\t")
        case "json":
            return pl.DataFrame(json.loads(content))
        case "ndjson":
            return pl.read_ndjson(io.BytesIO(content))
        case "parquet":
            return pl.read_parquet(io.BytesIO(content))
        case "arrow":
            return pl.read_ipc_stream(io.BytesIO(content))
        case _:
            return pl.read_excel(io.BytesIO(content))


@pytest.mark.parametrize("format", ["csv", "tsv", "json", "ndjson", "parquet", "arrow", "xlsx"])
def test_an_export_by_name_and_by_accept_is_the_table(client: Client, cars: dict[str, Any], format: str) -> None:
    del cars
    by_name = client.get(f"/datasets/cars/export/?format={format}")
    media_type = by_name.headers["content-type"].partition(";")[0]
    by_accept = client.get("/datasets/cars/export/", headers={"accept": media_type})
    assert frame(format, by_name.content).to_dicts() == frame(format, by_accept.content).to_dicts() == ROWS
    assert by_accept.headers["vary"].startswith("Accept")


def test_an_export_is_csv_for_who_does_not_care(client: Client, cars: dict[str, Any]) -> None:
    del cars
    answer = client.get("/datasets/cars/export/")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"


def test_an_export_can_be_a_part(client: Client, cars: dict[str, Any]) -> None:
    del cars
    answer = client.get("/datasets/cars/export/?format=json&columns=_id,make&limit=1&offset=1")
    assert answer.json() == [{"_id": 2, "make": "Audi"}]


def test_a_quoted_name_may_hold_a_comma(client: Client, post: Post) -> None:
    post('"a,b",c\n1,2\n', name="odd")
    assert client.get('/datasets/odd/rows/?columns="a,b"').json()["rows"] == [{"_id": 1, "a,b": 1}]


def test_a_format_that_is_not_for_tables_is_refused(client: Client, cars: dict[str, Any]) -> None:
    del cars
    by_name = client.get("/datasets/cars/export/?format=pdf")
    assert (by_name.status_code, by_name.json()["code"]) == (400, "unknown_format")
    by_accept = client.get("/datasets/cars/export/", headers={"accept": "application/pdf"})
    assert (by_accept.status_code, by_accept.json()["code"]) == (406, "not_acceptable")
