import json
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from tests.apps.cli.conftest import CARS, Run


def test_a_file_is_added_and_its_line_of_result_says_what_it_became(run: Run) -> None:
    added = run("add", "cars.csv")
    assert (added.status, added.err) == (0, "")
    assert added.lines == [["cars", "6 rows × 4 columns", f"{len(CARS)} B", "version 1"]]


def test_several_files_have_a_result_each_and_a_bad_one_harms_no_other(run: Run) -> None:
    Path("more.csv").write_bytes(CARS)
    Path("empty.csv").touch()
    Path("folder").mkdir()
    added = run("add", "cars.csv", "empty.csv", "folder", "more.csv", "--json")
    assert [json.loads(line)["name"] for line in added.out.splitlines()] == ["cars", "more"]
    assert added.status == 4
    assert added.err.splitlines() == [
        "entrepot: empty.csv is empty. A table needs at least a header.",
        "entrepot: Can't read folder: it is a folder; give the files in it.",
        "Landed 2 of 4 files.",
    ]


def test_the_standard_input_is_added(run: Run) -> None:
    added = run("add", "-", "--name", "piped", "--title", "T", "--tag", "a", "--tag", "b", "--json", stdin=CARS)
    document = json.loads(added.out)
    assert (document["name"], document["title"], document["tags"]) == ("piped", "T", ["a", "b"])


def test_how_to_read_a_file_can_be_said(run: Run) -> None:
    Path("odd.txt").write_bytes("näme|cöde\n'a|b'|007\n-|008\n".encode("latin-1"))
    words = ["--delimiter", "|", "--quote", "'", "--encoding", "latin-1", "--null", "-", "--type", "cöde=string"]
    assert run("add", "odd.txt", *words, "--name", "odd").status == 0
    assert run("export", "odd", "--format", "json").out == '[{"näme":"a|b","cöde":"007"},{"näme":null,"cöde":"008"}]'


def test_the_order_of_dates_can_be_said(run: Run) -> None:
    content = b"day,n\n03/04/2024,1\n"
    assert "(--date-order)" in run("add", "-", "--name", "dates", stdin=content).err
    assert run("replace", "dates", "-", "--date-order", "day_first", stdin=content).err == ""
    assert run("export", "dates").out == "day,n\n2024-04-03,1\n"
    assert run("append", "dates", "-", "--date-order", "month_first", stdin=content).status == 0
    assert run("export", "dates").out == "day,n\n2024-04-03,1\n2024-03-04,1\n"


def test_a_file_without_a_header_and_with_tabs(run: Run) -> None:
    assert run("add", "-", "--no-header", "--delimiter", "\\t", "--name", "bare", stdin=b"1\t2\n3\t4\n").status == 0
    assert json.loads(run("show", "bare", "--json").out)["rows"] == 2


def test_a_name_that_is_taken_is_replaced_only_on_demand(cars: Run) -> None:
    again = cars("add", "cars.csv")
    assert again.lines[0][0] == "cars-2"
    assert "a dataset named 'cars' already. To make this its next version: entrepot replace cars cars.csv" in again.err
    assert cars("add", "cars.csv", "--name", "cars").status == 5
    assert cars("add", "cars.csv", "--replace").lines[0][3] == "version 2"


def test_a_dataset_has_a_next_version(cars: Run) -> None:
    replaced = cars("replace", "cars", "-", stdin=b"make\nZed\n")
    assert (replaced.status, replaced.lines[0][1], replaced.lines[0][3]) == (0, "1 row × 1 column", "version 2")
    assert cars("export", "cars").out == "make\nZed\n"
    assert cars("export", "cars", "--version", "1").out.count("\n") == 7


def test_datasets_are_listed_for_pipes_with_tabs(cars: Run) -> None:
    cars("add", "-", "--name", "other", "--tag", "x", stdin=b"a\n1\n")
    assert [line[0] for line in cars("list").lines] == ["name", "other", "words", "cars"]
    assert [line[0] for line in cars("ls", "--sort", "name", "--limit", "1").lines] == ["name", "cars"]
    assert [one["name"] for one in json.loads(cars("list", "--tag", "x", "--json").out)] == ["other"]
    cars("edit", "other", "--publish")
    assert [line[0] for line in cars("list", "--published").lines] == ["name", "other"]
    assert [line[0] for line in cars("list", "--no-published").lines] == ["name", "words", "cars"]
    assert "No dataset fits." in cars("list", "--failing").err
    assert len(cars("list", "--no-failing").lines) == 4


def test_no_datasets_are_an_empty_list_and_a_word_what_to_do(run: Run) -> None:
    assert run("list", "--json").out == "[]\n"
    listed = run("list")
    assert (listed.status, listed.out) == (0, "")
    assert "entrepot add FILE" in listed.err


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("list", 0),
        ("search cars", 0),
        ("jobs list", 0),
        ("metadata list", 0),
        ("show cars", 3),
        ("stats cars", 3),
        ("rows cars", 3),
        ("export cars", 3),
        ("versions cars", 3),
        ("remove cars", 3),
        ("append cars cars.csv", 3),
        ("check", 1),
        ("db check", 1),
    ],
)
def test_what_stores_nothing_makes_no_store(run: Run, home: Path, words: str, status: int) -> None:
    ran = run(*words.split())
    assert (ran.status, ran.out) == (status, "")
    assert words != "list" or str(home) in ran.err
    assert not home.exists()


def test_a_dataset_is_shown_with_its_fields(cars: Run) -> None:
    shown = cars("show", "cars").out
    assert "rows:           6" in shown
    assert "sold\tdate\tyes" in shown
    assert json.loads(cars("show", "cars", "--json").out)["schema"]["fields"][1]["type"] == "number"


def test_stats_are_a_line_a_column(cars: Run) -> None:
    lines = cars("stats", "cars").lines
    assert lines[0] == ["column", "count", "mean", "std", "min", "25%", "50%", "75%", "max"]
    assert [line[0] for line in lines[1:]] == ["price", "doors"]
    assert [line[0] for line in cars("stats", "cars", "--all").lines[1:]] == ["make", "price", "doors", "sold"]
    assert json.loads(cars("stats", "cars", "--json").out)["price"]["mean"] == 20.5


def test_statistics_have_a_histogram(cars: Run) -> None:
    lines = cars("statistics", "cars").lines
    assert [line[0] for line in lines] == ["column", "make", "price", "doors", "sold"]
    assert "█" in lines[2][-1]
    assert json.loads(cars("statistics", "cars", "--json").out)["num_examples"] == 6


def test_rows_are_paged(cars: Run) -> None:
    some = cars("rows", "cars", "--columns", "price,make", "--limit", "2", "--offset", "1")
    assert some.lines == [["_id", "price", "make"], ["2", "11.5", "Ada"], ["3", "20.5", "Bo"]]
    assert "rows 2 to 3 of 6" in some.err
    page = json.loads(cars("rows", "cars", "--limit", "4", "--json").out)
    after = json.loads(cars("rows", "cars", "--limit", "4", "--cursor", page["next"], "--json").out)
    assert [row["_id"] for row in after["rows"]] == [5, 6]


def test_a_table_is_exported_to_the_standard_output_or_a_file(cars: Run) -> None:
    assert cars("export", "cars", "--columns", "make", "--limit", "2").out == "make\nAda\nAda\n"
    written = cars("export", "cars", "-o", "out.parquet", "--json")
    assert json.loads(written.out) == {
        "path": "out.parquet",
        "size": Path("out.parquet").stat().st_size,
        "media_type": "application/vnd.apache.parquet",
    }
    assert pl.read_parquet("out.parquet").columns == ["make", "price", "doors", "sold"]


def test_files_are_written_into_this_folder_by_default_and_their_paths_printed(cars: Run) -> None:
    assert cars("excel", "cars").out == "cars.xlsx\n"
    assert cars("plot", "cars").out == "cars.pdf\n"
    assert Path("cars.xlsx").read_bytes()[:2] == b"PK"
    assert Path("cars.pdf").read_bytes()[:4] == b"%PDF"


def test_what_lies_in_this_folder_is_not_written_over_unless_it_is_of_this_program(cars: Run) -> None:
    for command, name in (("excel", "cars.xlsx"), ("plot", "cars.pdf"), ("plot", "cars.svg"), ("plot", "cars.png")):
        form = [] if command == "excel" else ["--format", name[-3:]]
        assert cars(command, "cars", *form).status == 0
        assert cars(command, "cars", *form).out == f"{name}\n", "it is its own"
        for content in (b"my own, of Entrepot", b"PK\x03\x04"):
            Path(name).write_bytes(content)
            refused = cars(command, "cars", *form)
            assert (refused.status, refused.out) == (2, "")
            assert f"There is {name} here already, which Entrepot did not write last" in refused.err
            assert Path(name).read_bytes() == content
        assert cars(command, "cars", "-o", name).out == f"{name}\n"


def test_a_workbook_that_somebody_went_on_with_is_not_written_over(cars: Run) -> None:
    cars("excel", "cars")
    book = openpyxl.load_workbook("cars.xlsx")
    book.save("cars.xlsx")  # which changes when it was modified, but not by whom
    assert cars("excel", "cars").status == 2
    damaged = Path("cars.xlsx").read_bytes().replace(b"docProps/core.xml", b"docProps/core.xm?")
    Path("cars.xlsx").write_bytes(damaged)
    assert cars("excel", "cars").status == 2
    Path("cars.pdf").write_bytes(b"my own")
    assert "Run the demo in another folder" in cars("demo").err


def test_a_chart_has_the_format_of_its_ending_unless_one_is_named(cars: Run) -> None:
    assert cars("plot", "cars", "-o", "a.svg", "--bins", "3", "--columns", "price").status == 0
    assert cars("plot", "cars", "-o", "b.dat", "--format", "png").status == 0
    assert Path("a.svg").read_bytes()[:5] == b"<?xml"
    assert Path("b.dat").read_bytes()[1:4] == b"PNG"


def test_the_file_comes_back_byte_for_byte(cars: Run) -> None:
    assert cars("file", "cars").out.encode() == CARS
    assert cars("file", "cars", "-o", "..").out == "../cars.csv\n"
    assert Path("../cars.csv").read_bytes() == CARS


def test_a_dataset_is_described_anew(cars: Run) -> None:
    edited = cars("edit", "cars", "--name", "autos", "--title", "Autos", "--tag", "x", "--json")
    document = json.loads(edited.out)
    assert (document["name"], document["title"], document["tags"]) == ("autos", "Autos", ["x"])
    assert json.loads(cars("edit", "autos", "--tag", "", "--json").out)["tags"] == []


def test_a_schema_is_shown_and_types_are_set(cars: Run) -> None:
    assert cars("schema", "cars").lines[3] == ["doors", "integer", "no"]
    retyped = cars("schema", "cars", "--set", "doors=string", "--set", "price=auto")
    assert retyped.lines[2:4] == [["price", "number", "no"], ["doors", "string", "no"]]
    assert retyped.err == "cars is at version 2 now, with 6 rows.\n"
    assert json.loads(cars("schema", "cars", "--version", "1", "--json").out)["fields"][2]["type"] == "integer"


def test_a_dataset_is_read_again_with_its_dates_the_other_way_round(run: Run, tmp_path: Path) -> None:
    (tmp_path / "days.csv").write_text("day\n03/04/2024\n")
    assert "(--date-order)" in run("add", str(tmp_path / "days.csv")).err
    again = run("schema", "days", "--date-order", "month_first")
    assert (again.lines[1], again.err) == (["day", "date", "no"], "days is at version 2 now, with 1 row.\n")
    assert run("rows", "days").lines[1] == ["1", "2024-03-04"]
    for option in (["--date-order", "day_first"], ["--decimal", ","]):
        assert "makes a next version of the newest one" in run("schema", "days", *option, "--version", "1").err
    assert run("schema", "days", "--decimal", ",").status == 0


def test_a_type_that_does_not_fit_is_refused_with_the_place(cars: Run) -> None:
    refused = cars("schema", "cars", "--set", "make=integer")
    assert (refused.status, refused.out) == (4, "")
    assert "row 1, column make" in refused.err
    for types in ("make=integer", "wheels=integer", "doors=whole"):
        assert cars("schema", "cars", "--set", types).err.endswith("\nNothing was changed.\n")
    assert cars("schema", "cars", "--set", "wheels=integer").status == 2
    assert cars("schema", "cars", "--set", "doors").status == 2
    assert "Nothing" not in cars("schema", "autos", "--set", "doors=string").err
    assert cars("schema", "cars", "--set", "doors=string", "--version", "1").status == 2


def test_no_rows_were_set_aside(cars: Run) -> None:
    rejects = cars("rejects", "cars")
    assert (rejects.status, rejects.out) == (3, "")
    assert "was set aside" in rejects.err


def test_datasets_are_removed_and_one_that_is_missing_harms_no_other(cars: Run) -> None:
    removed = cars("rm", "nope", "cars")
    assert (removed.status, removed.out) == (3, "")
    assert removed.err.splitlines()[1] == "Removed cars."
    assert cars("show", "cars").status == 3


def test_the_demo_writes_its_files_here_and_works_twice(run: Run, tmp_path: Path) -> None:
    run("demo", "--store", str(tmp_path / "my demo"))
    shown = run("demo", "--store", str(tmp_path / "my demo"))
    assert shown.status == 0, shown.err
    assert [line[0] for line in shown.lines] == ["column", "year", "doors", "mileage", "price", "consumption"]
    assert f"--store '{tmp_path / 'my demo'}'" in shown.err
    assert Path("cars.xlsx").is_file()
    assert Path("cars.pdf").is_file()


def test_the_demo_has_a_home_of_its_own(run: Run, home: Path, tmp_path: Path) -> None:
    assert run("demo").status == 0
    assert not home.exists()
    assert (tmp_path / "data" / "entrepot-demo").is_dir()


@pytest.mark.parametrize(("meant", "near"), [("carz", "cars"), ("Cars", "cars"), ("flights", None)])
def test_a_name_like_the_one_that_is_not_there_is_told(cars: Run, meant: str, near: str | None) -> None:
    said = cars("show", meant)
    assert said.status == 3
    told = [f"entrepot: There is no dataset {meant!r}. List the datasets to see their names."]
    assert said.err.splitlines() == told + ([f"Did you mean {near!r}?"] if near else [])


def test_that_a_store_holds_nothing_is_told_with_its_place(run: Run, tmp_path: Path) -> None:
    said = run("show", "cars", "--store", str(tmp_path / "typo"))
    assert said.err.splitlines()[1] == f"There are no datasets in {tmp_path / 'typo'} yet. Add one: entrepot add FILE"
    assert not (tmp_path / "typo").exists()
