"""What a source may give when it is fetched again, through every implementation of ``Operations``."""

import pytest

from entrepot_core.changes import DatasetChanges
from entrepot_core.dialect import ImportOptions, TypeChanges, no_report
from entrepot_core.ports.operations import Operations, Source
from entrepot_core.rows.query import RowQuery
from entrepot_core.schema import FieldType
from entrepot_core.source import Link
from tests.apps.operations.collections.giving import give, land, refused, types, values
from tests.contracts.operations import csv, ref
from tests.sources import Sources

NO_CHANGES = DatasetChanges()
MANY = "".join(f"{number},{number * 10}\n" for number in range(1, 21))
PRICES = f"id,price\n{MANY}"


def test_a_source_that_has_lost_all_its_rows_is_refused(operations: Operations, source: Sources) -> None:
    made = land(operations, source, PRICES)
    give(source, "id,price\n")
    problem = refused(operations, made)
    assert "no rows, where there were 20" in problem
    assert "replace the dataset's content by hand" in problem
    assert len(operations.read_collection("list", RowQuery()).items) == 20
    give(source, PRICES.replace("20,200\n", ""))
    again = operations.refresh_dataset(ref(made), no_report)
    assert again.refresh is not None
    assert (again.version, again.rows, again.refresh.problem) == (2, 19, None)


def test_a_source_may_have_no_rows_where_there_were_none(operations: Operations, source: Sources) -> None:
    made = land(operations, source, "id,price\n")
    give(source, "price,id\n")
    assert operations.refresh_dataset(ref(made), no_report).version == 2
    give(source, "id,price\n1,2.5\n")
    again = operations.refresh_dataset(ref(made), no_report)
    assert types(again) == {"id": "integer", "price": "number"}


def test_a_row_that_is_not_of_the_columns_type_is_set_aside(operations: Operations, source: Sources) -> None:
    made = land(operations, source, PRICES)
    give(source, PRICES.replace("7,70\n", "7,tba\n"))
    again = operations.refresh_dataset(ref(made), no_report)
    assert types(again) == {"id": "integer", "price": "integer"}
    assert (again.rows, again.import_report.rejected) == (19, 1)
    (flaw,) = again.import_report.rejects
    assert (flaw.column, flaw.value) == ("price", "tba")
    assert "'price' was read as integer" in " ".join(again.import_report.warnings)


def test_a_source_with_many_rows_that_are_not_of_their_type_is_refused(operations: Operations, source: Sources) -> None:
    made = land(operations, source, PRICES)
    give(source, PRICES.replace("0\n", "x\n"))
    problem = refused(operations, made)
    assert problem.startswith("line 2, row 1, column price: this is no integer, as which the column")
    assert problem.endswith("(found '1x')")
    give(source, PRICES.replace("10\n", "11\n"))
    assert operations.refresh_dataset(ref(made), no_report).version == 2


@pytest.mark.parametrize("digits", ["", ".5"])
def test_codes_become_no_numbers(operations: Operations, source: Sources, digits: str) -> None:
    codes = PRICES.replace("0\n", f"0{digits}\n")
    made = land(operations, source, codes)
    kind = types(made)["price"]
    give(source, codes.replace(f"7,70{digits}\n", "7,0070\n"))
    again = operations.refresh_dataset(ref(made), no_report)
    assert (types(again)["price"], again.rows) == (kind, 19)
    (flaw,) = again.import_report.rejects
    assert (flaw.column, flaw.value) == ("price", "0070")
    give(source, codes.replace(",", ",0").replace("0price", "price"))
    problem = refused(operations, again)
    assert f"column price: this is no {kind}, as which the column has been read so far" in problem
    assert problem.endswith(f"(found '010{digits}')")


def test_texts_stay_texts_when_the_odd_one_is_gone(operations: Operations, source: Sources) -> None:
    made = land(operations, source, f"{PRICES}A1,5\n")
    assert types(made)["id"] == "string"
    give(source, PRICES)
    again = operations.refresh_dataset(ref(made), no_report)
    assert types(again)["id"] == "string"
    assert values(operations, again, "id")[:2] == ["1", "2"]


@pytest.mark.parametrize(("odd", "rows"), [("7,70.5", 20), ("7,70.5\n21,tba", 20)])
def test_integers_become_numbers_when_decimals_come(
    operations: Operations, source: Sources, odd: str, rows: int
) -> None:
    made = land(operations, source, PRICES)
    give(source, PRICES.replace("7,70", odd))
    again = operations.refresh_dataset(ref(made), no_report)
    assert types(again) == {"id": "integer", "price": "number"}
    assert again.rows == rows
    assert values(operations, again, "price")[6] == 70.5
    give(source, PRICES)
    assert types(operations.refresh_dataset(ref(made), no_report))["price"] == "number"


def test_a_row_that_is_set_aside_changes_no_other_columns_type(operations: Operations, source: Sources) -> None:
    made = land(operations, source, f"{PRICES}A1,5\n")
    give(source, f"{PRICES}A1,tba\n")
    again = operations.refresh_dataset(ref(made), no_report)
    assert (types(again), again.rows) == ({"id": "string", "price": "integer"}, 20)


def test_new_columns_are_found_by_looking_and_those_without_values_take_what_comes(
    operations: Operations, source: Sources
) -> None:
    made = land(operations, source, "id,since\n1,\n2,\n")
    give(source, "id,since,new\n1,2024-01-02,0.5\n2,,1\n")
    again = operations.refresh_dataset(ref(made), no_report)
    assert types(again) == {"id": "integer", "since": "date", "new": "number"}
    give(source, "id,since\n1,\n2,\n")
    again = operations.refresh_dataset(ref(made), no_report)
    assert types(again) == {"id": "integer", "since": "date"}


def test_columns_without_values_and_columns_that_are_gone_are_told(operations: Operations, source: Sources) -> None:
    made = land(operations, source, "id,price,since,code\n1,2,2024-01-02,A\n")
    give(source, "id,price,since,code\n1,n/a,,\n")
    again = operations.refresh_dataset(ref(made), no_report)
    assert types(again) == types(made)
    assert again.import_report.warnings[:2] == (
        "Column 'price' has no values in what the source gives now; it is integer, as in the version before.",
        "Column 'since' has no values in what the source gives now; it is date, as in the version before.",
    )
    give(source, "code,id\nA,1\n")
    again = operations.refresh_dataset(ref(made), no_report)
    assert again.import_report.warnings == ("The source gives no columns 'price', 'since' any more; they are gone.",)
    give(source, "id\n1\n")
    again = operations.refresh_dataset(ref(made), no_report)
    assert again.import_report.warnings == ("The source gives no column 'code' any more; it is gone.",)


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ("2024-01-31", "01/02/2024", "column a: the column was date, and now day and month could be either way round"),
        ("1.5", '"1,500"', "column a: the column was number, and now commas or points could stand between thousands"),
    ],
)
def test_what_can_be_read_in_two_ways_is_refused_as_such(
    operations: Operations, source: Sources, was: str, now: str, told: str
) -> None:
    made = land(operations, source, f"id,a\n1,{was}\n")
    give(source, f"id,a\n1,{now}\n")
    problem = refused(operations, made)
    assert told in problem
    assert "(option d" in problem


def test_edited_rows_count_as_values(operations: Operations, source: Sources) -> None:
    made = land(operations, source, "id,note\n1,\n2,\n")
    operations.append_rows(ref(made), [{"id": 3, "note": "A1"}])
    give(source, "id,note\n1,5\n2,6\n")
    assert types(operations.refresh_dataset(ref(made), no_report))["note"] == "string"


def test_types_that_were_asked_for_stay(operations: Operations, source: Sources) -> None:
    made = land(operations, source, PRICES)
    operations.retype_dataset(ref(made), TypeChanges(types={"price": FieldType.STRING}), no_report)
    give(source, PRICES.replace("7,70\n", "7,tba\n"))
    again = operations.refresh_dataset(ref(made), no_report)
    assert (types(again)["price"], again.rows) == ("string", 20)
    assert operations.get_dataset(ref(made)).import_report.warnings == ()


def test_a_type_that_a_refresh_kept_counts_as_asked_for_by_nobody(operations: Operations, source: Sources) -> None:
    made = land(operations, source, PRICES)
    give(source, PRICES.replace("7,70\n", "7,tba\n"))
    operations.refresh_dataset(ref(made), no_report)
    again = operations.retype_dataset(ref(made), TypeChanges(null_values=("-",)), no_report)
    assert (types(again)["price"], again.rows) == ("string", 20)


def test_a_file_in_its_place_may_have_other_types_and_no_rows(operations: Operations, source: Sources) -> None:
    made = land(operations, source, PRICES)
    link = Source(Link(f"{source.url}/list.csv"))
    for content, kind, rows in [(PRICES.replace("7,70\n", "7,tba\n"), "string", 20), ("id,price\n", "string", 0)]:
        give(source, content)
        again = operations.replace_dataset(ref(made), csv("id,price\n1,2\n"), NO_CHANGES, ImportOptions(), no_report)
        again = operations.replace_dataset(ref(made), link, NO_CHANGES, ImportOptions(), no_report)
        assert (types(again)["price"], again.rows) == (kind, rows)
