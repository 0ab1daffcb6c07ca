"""Rows on the command line: read, counted, changed, and as they were before."""

import json
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from tests.apps.cli.conftest import Run
from tests.serving import served


def numbers(run: Run, *words: str) -> list[int]:
    return [row["_id"] for row in json.loads(run("rows", "cars", *words, "--json").out)["rows"]]


def test_rows_are_filtered_sorted_and_searched(cars: Run) -> None:
    assert numbers(cars, "--where", "price__gt=20", "--where", "doors=5", "--sort", "-price") == [6, 5]
    assert numbers(cars, "--any-of", "(make.Ada,price__gt.30)", "--sort", "doors,-make") == [1, 6, 2]
    assert numbers(cars, "--or", "(make.Ada,make.Bo)", "--or", "(doors.5)") == [2]
    assert numbers(cars, "--q", "CY", "--where", "sold__date=2024-05-05") == [6]
    assert numbers(cars, "--where", "sold__isnull=1") == [3]
    assert numbers(cars, "--where", "make__in=Ada,Bo", "--limit", "2", "--offset", "1") == [2, 3]


def test_a_filter_may_be_of_any_column_and_value(cars: Run) -> None:
    cars("add", "-", "--name", "odd", stdin=b'a=b,-c,"say ""x"""\n1=2,-3,=\n')
    for words in ('"a=b"=1=2', "-c=-3", '"say ""x"""==', "-c__lt=-2"):
        found = cars("rows", "odd", "--where", words, "--json")
        assert (found.status, json.loads(found.out)["total"]) == (0, 1), words
    assert cars("rows", "odd", "--sort", "--c").lines[1] == ["1", "1=2", "-3", "="]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--where", "wheels=3"], "There is no column 'wheels'"),
        (["--where", "price__near=3"], "there is no operator 'near'"),
        (["--where", "price=cheap"], "price='cheap': give a number"),
        (["--where", "make__gt"], "give a column and a value, as price__gt=10"),
        (["--where", "=3"], "give a column and a value, as price__gt=10"),
        (["--or", "price.3"], "give filters as (price__lt.5,doors__exact.3)"),
        (["--sort", "wheels"], "There is no column 'wheels'"),
    ],
)
def test_what_is_wrong_with_a_selection_is_told(cars: Run, words: list[str], told: str) -> None:
    for command in ("rows", "export", "excel"):
        found = cars(command, "cars", *words)
        assert (found.status, found.out) == (2, "")
        assert told in found.err
        assert found.err.count("\n") <= 2


def test_no_row_fits(cars: Run) -> None:
    found = cars("rows", "cars", "--where", "make=Zed", width=80)
    assert found.err == "No row fits.\n"
    assert json.loads(cars("rows", "cars", "--where", "make=Zed", "--json").out)["rows"] == []
    assert "There are 6 rows." in cars("rows", "cars", "--offset", "6").err


def test_one_row_is_shown_whole(cars: Run) -> None:
    assert cars("row", "cars", "3").lines == [
        ["column", "value"], ["_id", "3"], ["make", "Bo"], ["price", "20.5"], ["doors", "3"], ["sold", ""],
    ]  # fmt: skip
    assert json.loads(cars("row", "cars", "3", "--json").out)["sold"] is None
    assert cars("row", "cars", "7").status == 3


def test_exports_and_workbooks_take_the_same_selection(cars: Run) -> None:
    words = ["--where", "doors=5", "--sort", "-price", "--columns", "price,make", "--limit", "2"]
    assert cars("export", "cars", *words).out == "price,make\n30.5,Cy\n24.5,Cy\n"
    assert cars("export", "cars", *words, "--format", "ndjson", "--q", "ada").out == '{"price":11.5,"make":"Ada"}\n'
    assert cars("excel", "cars", *words, "-o", "some.xlsx").out == "some.xlsx\n"
    cars("add", "some.xlsx")
    assert cars("export", "some").out == "price,make\n30.5,Cy\n24.5,Cy\n"


def test_values_are_counted(cars: Run) -> None:
    counted = cars("facets", "cars", "--columns", "make,doors", "--where", "price__gt=11", "--limit", "1")
    assert counted.lines == [["column", "value", "rows"], ["make", "Bo", "2"], ["doors", "5", "3"]]
    assert counted.err.splitlines()[0] == "make has more values; see them with --limit."
    facets = json.loads(cars("facets", "cars", "--columns", "sold", "--json").out)["facets"]
    assert {"value": None, "count": 1} in facets[0]["values"]
    assert cars("facets", "cars").status == 2
    assert cars("facets", "cars", "--columns", "wheels").status == 2


def test_a_search_goes_over_all_datasets(cars: Run) -> None:
    assert cars("search", "wor").lines == [
        ["name", "title", "rows", "columns found"],
        ["words", "words", "1", "word"],
    ]
    assert json.loads(cars("search", "PRICE", "--json").out)["items"][0]["columns"] == ["price"]
    nothing = cars("search", "zebra")
    assert (nothing.status, nothing.out, nothing.err) == (0, "", "Nothing was found.\n")
    assert "--limit" in cars("search", "r", "--limit", "1").err
    assert cars("search", " ").status == 2


def test_rows_of_a_file_are_added(cars: Run) -> None:
    Path("more.csv").write_text("make;price;sold\nDi;9,5;31.01.2025\nEd;;\n")
    assert cars("append", "cars", "more.csv").lines == [["cars", "2 rows added", "version 2"]]
    piped = cars("append", "cars", "-", "--json", stdin=b'{"make": "Fi"}')
    assert json.loads(piped.out)["ids"] == [9]
    assert (
        cars("export", "cars", "--where", "_id__gt=6").out
        == "make,price,doors,sold\nDi,9.5,,2025-01-31\nEd,,,\nFi,,,\n"
    )


def test_rows_are_given_new_values_by_a_file_with_their_numbers(cars: Run) -> None:
    Path("prices.csv").write_text("_id,price\n6,1\n5,\n")
    assert cars("update", "cars", "prices.csv").lines == [["cars", "2 rows changed", "version 2"]]
    assert (
        cars("export", "cars", "--where", "make=Cy").out
        == "make,price,doors,sold\nCy,,5,2024-04-05\nCy,1.0,5,2024-05-05\n"
    )
    assert cars("update", "cars", "-", "--whole", stdin=b'[{"_id": 1, "make": "Gy"}]').status == 0
    assert json.loads(cars("row", "cars", "1", "--json").out) == {
        "_id": 1, "make": "Gy", "price": None, "doors": None, "sold": None,
    }  # fmt: skip


def test_what_an_export_wrote_is_taken_back(cars: Run) -> None:
    exported = cars("export", "cars", "--columns", "_id,price,sold").out
    cars("update", "cars", "-", stdin=b"_id,price\n1,0\n")
    assert cars("update", "cars", "-", stdin=exported.encode()).lines == [["cars", "6 rows changed", "version 3"]]
    assert cars("diff", "cars", "1", "3").out == "Version 1 → 3: 0 rows added, 0 removed, 0 changed\n"


def test_how_a_file_of_rows_is_to_be_read_can_be_said(cars: Run) -> None:
    added = cars("append", "cars", "-", "--delimiter", "|", "--null", "-", stdin=b"make|price\nDi|-\n")
    assert (added.status, added.lines[0][1]) == (0, "1 row added")


@pytest.mark.parametrize(
    ("command", "content", "told", "status"),
    [
        ("append", b"make,wheels\nDi,4\n", "row 1, column wheels: there is no such column", 4),
        ("append", b"price\ncheap\n", "row 1, column price", 4),
        ("append", b"_id,make\n9,Di\n", "column _id: the store numbers new rows itself", 4),
        ("append", b"", "The input is empty", 4),
        ("update", b"make\nDi\n", "row 1, column _id: give the row's number", 4),
        ("update", b"_id,make\n99,Di\n", "has no row 99", 3),
    ],
)
def test_what_does_not_fit_is_told_and_nothing_is_written(
    cars: Run, command: str, content: bytes, told: str, status: int
) -> None:
    refused = cars(command, "cars", "-", stdin=content)
    assert (refused.status, refused.out) == (status, "")
    assert told in refused.err
    assert refused.err.count("\n") == 1
    assert json.loads(cars("show", "cars", "--json").out)["version"] == 1


def test_rows_of_a_file_that_were_left_out_on_request_are_told(cars: Run) -> None:
    added = cars("append", "cars", "-", "--on-error", "repair", stdin=b"price\n" + b"1\n" * 20 + b"x\n")
    assert added.lines == [["cars", "20 rows added", "version 2"]]
    assert added.err.startswith("1 row of the file was set aside (on line 22): 'x' is no number")


def test_rows_are_dropped_by_numbers_or_filters(cars: Run) -> None:
    assert cars("drop-rows", "cars", "--id", "1", "--id", "2").lines == [["cars", "2 rows removed", "version 2"]]
    assert json.loads(cars("drop-rows", "cars", "--where", "make=Bo", "--json").out)["ids"] == [3, 4]
    nothing = cars("drop-rows", "cars", "--where", "make=Bo")
    assert (nothing.status, nothing.lines[0][1:]) == (0, ["0 rows removed", "version 3"])
    assert nothing.err == "No row fits; nothing was changed.\n"
    assert "Say which rows" in cars("drop-rows", "cars").err
    assert cars("drop-rows", "cars").status == 2
    assert cars("drop-rows", "cars", "--id", "5", "--q", "x").status == 2
    assert cars("drop-rows", "cars", "--id", "1").status == 3


def test_versions_are_listed_compared_and_restored(cars: Run) -> None:
    cars("append", "cars", "-", stdin=b"make,price\nDi,9\n")
    cars("update", "cars", "-", stdin=b"_id,price\n1,\n")
    cars("drop-rows", "cars", "--id", "2")
    assert [[line[0], line[2], line[5]] for line in cars("versions", "cars").lines] == [
        ["version", "rows", "how"], ["4", "6", "1 row removed"], ["3", "7", "1 row changed"],
        ["2", "7", "1 row added"], ["1", "6", "reading cars.csv"],
    ]  # fmt: skip
    assert cars("diff", "cars", "1").out.splitlines() == [
        "Version 1 → 4: 1 row added, 1 removed, 1 changed",
        "_id\tcolumn\tbefore\tafter",
        "1\tprice\t10.5\t",
        "2\t(removed)\tmake=Ada, price=11.5, doors=5, sold=2024-02-05\t",
        "7\t(added)\t\tmake=Di, price=9.0",
    ]
    assert cars("diff", "cars").out.startswith("Version 3 → 4: 0 rows added, 1 removed, 0 changed\n")
    assert "--limit" in cars("diff", "cars", "1", "4", "--limit", "1").err
    assert json.loads(cars("diff", "cars", "1", "4", "--json").out)["rows"]["changed"] == 1
    assert cars("restore", "cars", "1").lines[0][3] == "version 5"
    assert json.loads(cars("versions", "cars", "--json", "--limit", "1").out)[0]["cause"]["restored"] == 1
    assert cars("export", "cars").out == cars("export", "cars", "--version", "1").out
    assert cars("restore", "cars", "9").status == cars("diff", "cars", "1", "9").status == 3


def test_differences_of_columns_are_told(cars: Run) -> None:
    cars("replace", "cars", "-", stdin=b"make,price,wheels\nAda,cheap,4\n")
    lines = cars("diff", "cars").out.splitlines()
    assert lines[1:3] == ["column wheels (integer) added", "column doors (integer) removed"]
    assert "column price: number → string; its values are not compared" in lines


def test_all_of_it_works_on_a_server(cars: Run, tmp_path: Path) -> None:
    with served(tmp_path / "served") as url:
        at = ["--store", url]
        assert cars("add", "cars.csv", *at).status == 0
        assert numbers(cars, "--where", "price__gt=20", "--or", "(doors.5,make.Zed)", *at) == [5, 6]
        assert cars("export", "cars", "--q", "bo", "--sort", "-price", "--columns", "_id", *at).out == "_id\n4\n3\n"
        assert cars("row", "cars", "1", *at).lines[1] == ["_id", "1"]
        assert cars("facets", "cars", "--columns", "make", *at).lines[1] == ["make", "Ada", "2"]
        assert cars("search", "price", *at).lines[1][0] == "cars"
        assert cars("append", "cars", "-", *at, stdin=b"make,sold\nDi,2025-01-31\n").lines[0][1] == "1 row added"
        assert cars("update", "cars", "-", *at, stdin=b"_id,price\n7,1.5\n").lines[0][2] == "version 3"
        assert cars("drop-rows", "cars", "--where", "make=Di", *at).lines[0][1] == "1 row removed"
        assert [line[5] for line in cars("versions", "cars", *at).lines[1:]] == [
            "1 row removed", "1 row changed", "1 row added", "reading cars.csv",
        ]  # fmt: skip
        assert cars("diff", "cars", "1", "4", *at).out == "Version 1 → 4: 0 rows added, 0 removed, 0 changed\n"
        assert cars("restore", "cars", "2", *at).lines[0][3] == "version 5"
        refused = cars("append", "cars", "-", *at, stdin=b"wheels\n4\n")
        assert (refused.status, "no such column" in refused.err) == (4, True)


def test_decimals_are_shown_with_all_their_digits(run: Run, tmp_path: Path) -> None:
    amounts = [Decimal("12345678901234567.89"), Decimal("12345678901234567.90"), Decimal("1.10")]
    amount = pl.Series("amount", amounts, dtype=pl.Decimal(38, 2))
    lists = pl.Series("lists", [[one] for one in amounts], dtype=pl.List(pl.Decimal(38, 2)))
    pl.DataFrame([amount, lists, pl.Series("float", [0.1, 1e-7, 1e22])]).write_parquet(tmp_path / "exact.parquet")
    run("add", str(tmp_path / "exact.parquet"), "--publish")
    for command in ("rows", "collection"):
        assert [line[1:] for line in run(command, "exact").lines[1:]] == [
            ["12345678901234567.89", "[12345678901234567.89]", "0.1"],
            ["12345678901234567.90", "[12345678901234567.90]", "1e-07"],
            ["1.10", "[1.10]", "1e+22"],
        ]
    assert run("row", "exact", "1").lines[2] == ["amount", "12345678901234567.89"]
    counted = run("facets", "exact", "--columns", "amount").lines[1:]
    assert [line[1] for line in counted] == ["1.10", "12345678901234567.89", "12345678901234567.90"]
    pl.DataFrame([pl.Series("_id", [1]), amount[1:2]]).write_parquet(tmp_path / "new.parquet")
    run("update", "exact", str(tmp_path / "new.parquet"))
    assert run("diff", "exact").lines[-1] == ["1", "amount", "12345678901234567.89", "12345678901234567.90"]


@pytest.mark.parametrize("format", ["csv", "json", "ndjson", "xlsx", "parquet"])
def test_decimals_that_an_export_wrote_are_taken_back(run: Run, tmp_path: Path, format: str) -> None:
    amount = pl.Series("amount", [Decimal("12345678901234567.89"), Decimal("1.10"), None], dtype=pl.Decimal(38, 2))
    pl.DataFrame([amount]).write_parquet(tmp_path / "exact.parquet")
    run("add", str(tmp_path / "exact.parquet"))
    wrote = str(tmp_path / f"wrote.{format}")
    run("export", "exact", "--columns", "_id,amount", "-o", wrote)
    run("update", "exact", "-", stdin=b"_id,amount\n1,0\n2,0\n3,0\n")
    assert run("update", "exact", wrote).lines == [["exact", "3 rows changed", "version 3"]]
    assert run("diff", "exact", "1", "3").out == "Version 1 → 3: 0 rows added, 0 removed, 0 changed\n"
