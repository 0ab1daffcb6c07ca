"""What every implementation of ``Operations`` does, embedded or remote."""

import io
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import cast

import msgspec
import polars as pl
import pytest

from entrepot_core import errors
from entrepot_core.changes import DatasetChanges
from entrepot_core.dialect import ImportOptions, Stage, TypeChanges, no_report
from entrepot_core.formats import CHART_FORMATS, TABLE_FORMATS, Format
from entrepot_core.job import JobQuery, JobState
from entrepot_core.names import DatasetName, DatasetRef, is_id
from entrepot_core.paging import MAX_LIMIT
from entrepot_core.ports.operations import Operations, Source
from entrepot_core.rows.query import RowFilter, RowQuery
from entrepot_core.schema import FieldType
from entrepot_core.selection import DatasetQuery, ListOrder
from entrepot_core.source import Label, NewDataset
from entrepot_core.views import DatasetView

CARS = 'make,price,sold,when\nFiat,10.5,true,2024-01-02\nŠkoda,,false,2024-02-03\n"a,b",30,true,2024-03-04\n'
ROWS = [
    {"_id": 1, "make": "Fiat", "price": 10.5, "sold": True, "when": "2024-01-02"},
    {"_id": 2, "make": "Škoda", "price": None, "sold": False, "when": "2024-02-03"},
    {"_id": 3, "make": "a,b", "price": 30.0, "sold": True, "when": "2024-03-04"},
]
ALL = RowQuery(limit=None)
NOBODY = DatasetRef("nobody")


def csv(text: str, file_name: str | None = "cars.csv") -> Source:
    """A CSV file that comes in several chunks."""
    data = text.encode()
    return Source([data[:7], data[7:]], Label(file_name=file_name, media_type="text/csv"), len(data))


def add(operations: Operations, text: str = CARS, name: str | None = None, **details: object) -> DatasetView:
    """Add a small CSV file."""
    new = msgspec.convert({**details, **({"name": name} if name else {})}, NewDataset)
    return operations.add_dataset(csv(text), new, ImportOptions(), no_report)


def ref(dataset: DatasetView) -> DatasetRef:
    """A dataset's name as a reference."""
    return DatasetRef(dataset.name)


def count(operations: Operations) -> int:
    """How many datasets there are."""
    return operations.list_datasets(DatasetQuery(limit=1)).total


class OperationsContract:
    """Inherit, and give the fixture ``operations``: an empty store."""

    # --- adding ---------------------------------------------------------------------------------

    def test_a_file_becomes_a_dataset_named_after_it(self, operations: Operations) -> None:
        added = add(operations, tags=("new", " new", "b"), description="All cars")
        assert is_id(added.id)
        assert (added.name, added.title, added.description, added.tags) == ("cars", "cars", "All cars", ("b", "new"))
        assert (added.file_name, added.media_type, added.size) == ("cars.csv", "text/csv", len(CARS.encode()))
        assert (added.rows, added.columns, added.version, added.revision) == (3, 4, 1, 1)
        assert [(field.name, field.type, field.nullable) for field in added.schema.fields] == [
            ("make", FieldType.STRING, False),
            ("price", FieldType.NUMBER, True),
            ("sold", FieldType.BOOLEAN, False),
            ("when", FieldType.DATE, False),
        ]
        assert added.import_report.delimiter == ","
        assert operations.get_dataset(ref(added)) == operations.get_dataset(DatasetRef(added.id)) == added

    def test_progress_is_told_while_a_file_is_sent(self, operations: Operations) -> None:
        told: list[tuple[Stage, int, int | None]] = []

        def report(stage: Stage, done: int, total: int | None) -> None:
            told.append((stage, done, total))

        operations.add_dataset(csv(CARS), NewDataset(), ImportOptions(), report)
        size = len(CARS.encode())
        assert [one for one in told if one[0] == "upload"] == [("upload", 7, size), ("upload", size, size)]

    def test_a_second_file_of_the_same_name_gets_a_number(self, operations: Operations) -> None:
        assert [add(operations).name for _ in range(3)] == ["cars", "cars-2", "cars-3"]

    def test_a_given_name_that_is_taken_is_refused(self, operations: Operations) -> None:
        add(operations, name="fleet")
        with pytest.raises(errors.NameTaken) as caught:
            add(operations, name="fleet")
        assert caught.value.name == "fleet"
        assert count(operations) == 1

    def test_a_taken_name_can_be_replaced_on_request(self, operations: Operations) -> None:
        first = add(operations, name="fleet", title="Old", description="Kept")
        second = add(operations, "a\n1\n", name="fleet", title="New", if_exists="replace")
        assert (second.id, second.version, second.title, second.description) == (first.id, 2, "New", "Kept")
        assert count(operations) == 1

    def test_replacing_at_once_makes_a_version_of_each(self, operations: Operations) -> None:
        with ThreadPoolExecutor(4) as pool:
            added = list(
                pool.map(lambda number: add(operations, f"a\n{number}\n", "same", if_exists="replace"), range(4))
            )
        assert sorted(one.version for one in added) == [1, 2, 3, 4]

    def test_import_options_are_obeyed(self, operations: Operations) -> None:
        options = ImportOptions(delimiter=";", header=False, types={"column_1": FieldType.STRING}, null_values=("-",))
        added = operations.add_dataset(csv("1;2\n3;-\n"), NewDataset(), options, no_report)
        page = operations.read_rows(ref(added), RowQuery())
        assert json.loads(bytes(page.rows)) == [
            {"_id": 1, "column_1": "1", "column_2": 2},
            {"_id": 2, "column_1": "3", "column_2": None},
        ]

    def test_a_json_twin_gives_the_same_statistics(self, operations: Operations) -> None:
        rows = [{"n": 1, "x": 0.5, "t": "a"}, {"n": 2, "x": None, "t": "b"}, {"n": 5, "x": 2.5, "t": "a"}]
        data = json.dumps(rows).encode()
        twin = Source([data], Label(file_name="twin.json"), len(data))
        from_json = operations.add_dataset(twin, NewDataset(), ImportOptions(), no_report)
        from_csv = add(operations, "n,x,t\n1,0.5,a\n2,,b\n5,2.5,a\n")
        assert from_json.schema == from_csv.schema
        for include_all in (False, True):
            descriptions = [operations.describe(ref(one), include_all=include_all) for one in (from_json, from_csv)]
            assert descriptions[0] == descriptions[1]

    def test_a_table_from_memory_has_no_original(self, operations: Operations) -> None:
        stream = io.BytesIO()
        pl.DataFrame({"a": [1, 2]}).write_ipc_stream(stream)
        source = Source([stream.getvalue()], Label(media_type=Format.ARROW.media_type))
        added = operations.add_dataset(source, NewDataset(name=DatasetName("frame")), ImportOptions(), no_report)
        assert (added.rows, added.file_name, added.sha256) == (2, None, None)
        with pytest.raises(errors.NoOriginal) as caught:
            operations.open_file(ref(added))
        assert (caught.value.ref, caught.value.version) == ("frame", 1)
        with pytest.raises(errors.NoOriginal):
            operations.retype_dataset(ref(added), TypeChanges({"*": FieldType.STRING}), no_report)

    @pytest.mark.parametrize(
        ("content", "error"),
        [
            (b"", errors.EmptyInput),
            (b" \n\n", errors.EmptyInput),
            (bytes(range(256)) * 8, errors.UnreadableInput),
            (b"a,b\n1,\0\n", errors.MalformedInput),
        ],
    )
    def test_bad_input_is_refused_and_leaves_nothing(
        self, operations: Operations, content: bytes, error: type[errors.EntrepotError]
    ) -> None:
        with pytest.raises(error):
            operations.add_dataset(
                Source([content], Label(file_name="bad.csv")), NewDataset(), ImportOptions(), no_report
            )
        assert count(operations) == 0

    def test_a_column_to_type_that_is_not_there_is_named(self, operations: Operations) -> None:
        options = ImportOptions(types={"nope": FieldType.STRING})
        with pytest.raises(errors.UnknownColumn) as caught:
            operations.add_dataset(csv(CARS), NewDataset(), options, no_report)
        assert caught.value.column == "nope"
        assert caught.value.columns == ["make", "price", "sold", "when"]

    def test_a_value_that_does_not_fit_its_type_is_told_with_its_place(self, operations: Operations) -> None:
        options = ImportOptions(types={"make": FieldType.INTEGER})
        with pytest.raises(errors.MalformedInput) as caught:
            operations.add_dataset(csv(CARS), NewDataset(), options, no_report)
        assert (caught.value.column, caught.value.value) == ("make", "Fiat")

    def test_a_source_that_breaks_off_leaves_nothing(self, operations: Operations) -> None:
        def broken() -> Iterator[bytes]:
            yield b"a,b\n1,2\n"
            message = "the cable came out"
            raise OSError(message)

        with pytest.raises(OSError, match="cable"):
            operations.add_dataset(Source(broken(), Label(file_name="a.csv")), NewDataset(), ImportOptions(), no_report)
        assert count(operations) == 0

    # --- listing --------------------------------------------------------------------------------

    def test_pages_by_cursor_show_each_dataset_once(self, operations: Operations) -> None:
        names = {add(operations, "a\n1\n", name=f"d{number}").name for number in range(5)}
        seen: list[str] = []
        cursor = None
        while True:
            page = operations.list_datasets(DatasetQuery(limit=2, sort="name", cursor=cursor))
            assert (page.total, page.limit, page.offset) == (5, 2, len(seen))
            seen += [item.name for item in page.items]
            cursor = page.next
            if cursor is None:
                break
        assert seen == sorted(names)

    def test_filters_narrow_the_list(self, operations: Operations) -> None:
        red = add(operations, name="red", tags=("warm", "hot", "red"), title="Rouge")
        blue = add(operations, name="blue", description="Une MER", published=True)
        for query, expected in (
            (DatasetQuery(q="rOU"), [red]),
            (DatasetQuery(q="mer"), [blue]),
            (DatasetQuery(tag="hot"), [red]),
            (DatasetQuery(name="blue"), [blue]),
            (DatasetQuery(ids=(red.id, blue.id), sort="name"), [blue, red]),
            (DatasetQuery(ids=()), []),
            (DatasetQuery(media_type="text/csv", created_after=red.created_at), [blue]),
            (DatasetQuery(created_before=blue.created_at), [red]),
            (DatasetQuery(published=True), [blue]),
            (DatasetQuery(published=False), [red]),
        ):
            assert list(operations.list_datasets(query).items) == expected

    def test_a_cursor_of_nobody_is_refused(self, operations: Operations) -> None:
        with pytest.raises(errors.InvalidCursor):
            operations.list_datasets(DatasetQuery(cursor="x!"))

    # --- reading --------------------------------------------------------------------------------

    def test_rows_come_in_order_with_their_numbers(self, operations: Operations) -> None:
        page = operations.read_rows(ref(add(operations)), RowQuery())
        assert json.loads(bytes(page.rows)) == ROWS
        assert [column.name for column in page.columns] == ["make", "price", "sold", "when"]
        assert (page.total, page.offset, page.next, page.version) == (3, 0, None, 1)

    def test_a_cursor_keeps_to_the_version_it_began_on(self, operations: Operations) -> None:
        dataset = add(operations, "a\n1\n2\n3\n", name="d")
        first = operations.read_rows(ref(dataset), RowQuery(limit=2))
        operations.replace_dataset(ref(dataset), csv("a\n7\n8\n9\n"), DatasetChanges(), ImportOptions(), no_report)
        second = operations.read_rows(ref(dataset), RowQuery(limit=2, cursor=first.next))
        assert json.loads(bytes(second.rows)) == [{"_id": 3, "a": 3}]
        assert (second.version, second.next) == (1, None)

    def test_columns_can_be_chosen(self, operations: Operations) -> None:
        dataset = add(operations, 'a,"b,c"\n1,2\n')
        page = operations.read_rows(ref(dataset), RowQuery(columns=("b,c",), count="none"))
        assert (json.loads(bytes(page.rows)), page.total) == ([{"_id": 1, "b,c": 2}], None)
        with pytest.raises(errors.UnknownColumn) as caught:
            operations.read_rows(ref(dataset), RowQuery(columns=("b",)))
        assert (caught.value.column, caught.value.columns) == ("b", ["a", "b,c"])

    def test_the_original_comes_back_byte_for_byte(self, operations: Operations) -> None:
        dataset = add(operations)
        with operations.open_file(ref(dataset)) as download:
            assert (download.file_name, download.size) == ("cars.csv", len(CARS.encode()))
            assert download.media_type.startswith("text/csv")
            assert download.read() == CARS.encode()

    @pytest.mark.parametrize("format", TABLE_FORMATS)
    def test_every_table_format_holds_the_rows(self, operations: Operations, format: Format) -> None:
        dataset = add(operations)
        with operations.export(ref(dataset), format, ALL) as download:
            assert (download.file_name, download.media_type) == (f"cars.{format}", format.content_type)
            frame = _read(format, download.read())
        assert frame.columns == ["make", "price", "sold", "when"]
        assert frame.get_column("make").to_list() == ["Fiat", "Škoda", "a,b"]
        assert frame.get_column("price").cast(pl.Float64).to_list() == [10.5, None, 30.0]

    def test_an_export_obeys_its_selection(self, operations: Operations) -> None:
        query = RowQuery(columns=("price", "_id"), limit=2, offset=1)
        with operations.export(ref(add(operations)), Format.CSV, query) as download:
            assert download.read() == b"price,_id\n,2\n30.0,3\n"

    def test_words_that_lists_do_not_know_are_refused(self, operations: Operations) -> None:
        add(operations)
        calls = (
            (lambda: operations.list_datasets(DatasetQuery(sort=cast("ListOrder", "size"))), "sort", "size"),
            (lambda: operations.list_jobs(JobQuery(state=cast("JobState", "success"))), "state", "success"),
        )
        for call, option, value in calls:
            with pytest.raises(errors.InvalidOption, match="give one of") as caught:
                call()
            assert (caught.value.option, caught.value.value) == (option, value)

    def test_a_page_has_a_limit_where_an_export_has_none(self, operations: Operations) -> None:
        dataset = add(operations)
        with operations.export(ref(dataset), Format.CSV, RowQuery(limit=MAX_LIMIT + 1)) as download:
            assert download.read().count(b"\n") == 4
        with pytest.raises(errors.InvalidOption) as caught:
            operations.read_rows(ref(dataset), RowQuery(limit=MAX_LIMIT + 1))
        assert caught.value.option == "limit"

    @pytest.mark.parametrize("format", CHART_FORMATS)
    def test_numeric_columns_are_drawn(self, operations: Operations, format: Format) -> None:
        start = {Format.PDF: b"%PDF", Format.SVG: b"<?xml", Format.PNG: b"\x89PNG"}[format]
        with operations.plot(ref(add(operations)), format, columns=("price",), bins=3) as download:
            assert (download.file_name, download.media_type) == (f"cars.{format}", format.content_type)
            assert download.read().startswith(start)

    def test_a_plot_needs_a_number(self, operations: Operations) -> None:
        dataset = add(operations)
        with pytest.raises(errors.NothingToPlot):
            operations.plot(ref(dataset), Format.PDF, columns=("make",))
        with pytest.raises(errors.UnknownColumn):
            operations.plot(ref(dataset), Format.PDF, columns=("nope",))
        with pytest.raises(errors.InvalidOption):
            operations.plot(ref(dataset), Format.PDF, bins=0)
        with pytest.raises(errors.UnknownFormat):
            operations.plot(ref(dataset), Format.CSV)

    def test_numbers_are_described_and_all_columns_on_request(self, operations: Operations) -> None:
        dataset = add(operations)
        described = operations.describe(ref(dataset))
        assert list(described) == ["price"]
        assert {key: described["price"][key] for key in ("count", "min", "50%", "max")} == {
            "count": 2, "min": 10.5, "50%": 20.25, "max": 30.0,
        }  # fmt: skip
        assert list(operations.describe(ref(dataset), include_all=True)) == ["make", "price", "sold", "when"]

    def test_statistics_tell_of_every_column(self, operations: Operations) -> None:
        statistics = operations.get_statistics(ref(add(operations)))
        assert (statistics.num_examples, statistics.partial) == (3, False)
        assert [one["column_name"] for one in statistics.statistics] == ["make", "price", "sold", "when"]

    # --- changing -------------------------------------------------------------------------------

    def test_a_replacement_is_the_next_version_and_keeps_the_options(self, operations: Operations) -> None:
        options = ImportOptions(types={"*": FieldType.STRING})
        first = operations.add_dataset(csv("a\n1\n"), NewDataset(name=DatasetName("d")), options, no_report)
        second = operations.replace_dataset(
            ref(first), csv("a\n2\n3\n", "b.csv"), DatasetChanges(title="Two"), ImportOptions(), no_report, 1
        )
        assert (second.version, second.rows, second.title, second.file_name) == (2, 2, "Two", "b.csv")
        assert second.schema.fields[0].type is FieldType.STRING
        assert second.created_at == first.created_at < second.updated_at
        assert operations.get_dataset(ref(first), 1).rows == 1
        assert operations.get_dataset(ref(first)) == second

    def test_the_order_of_dates_is_kept_for_the_versions_that_follow(self, operations: Operations) -> None:
        def days(version: DatasetView) -> list[object]:
            return [row["day"] for row in json.loads(bytes(operations.read_rows(ref(version), RowQuery()).rows))]

        unsaid = add(operations, "day\n03/04/2024\n", "unsaid")
        assert "option date_order" in unsaid.import_report.warnings[0]
        new, options = NewDataset(name=DatasetName("d")), ImportOptions(date_order="day_first")
        first = operations.add_dataset(csv("day\n03/04/2024\n"), new, options, no_report)
        assert (days(first), first.import_report.warnings) == (["2024-04-03"], ())
        second = operations.replace_dataset(
            ref(first), csv("day\n05/06/2024\n"), DatasetChanges(), ImportOptions(), no_report
        )
        assert days(second) == ["2024-06-05"]
        assert days(operations.retype_dataset(ref(first), TypeChanges({"day": FieldType.STRING}), no_report)) == [
            "05/06/2024"
        ]
        assert days(operations.retype_dataset(ref(first), TypeChanges({"day": FieldType.DATE}), no_report)) == [
            "2024-06-05"
        ]
        options = ImportOptions(date_order="month_first")
        other = operations.replace_dataset(ref(first), csv("day\n05/06/2024\n"), DatasetChanges(), options, no_report)
        assert days(other) == ["2024-05-06"]

    def test_a_failed_replacement_changes_nothing(self, operations: Operations) -> None:
        dataset = add(operations)
        with pytest.raises(errors.EmptyInput):
            operations.replace_dataset(ref(dataset), csv(""), DatasetChanges(), ImportOptions(), no_report)
        assert operations.get_dataset(ref(dataset)) == dataset

    def test_texts_are_named_as_null_when_a_file_is_read_again(self, operations: Operations) -> None:
        first = add(operations, "a,b\n1,k\nn/a?,l\n3,-\n")
        second = operations.retype_dataset(ref(first), TypeChanges(null_values=("n/a?", "-")), no_report)
        assert [(field.type, field.nullable) for field in second.schema.fields] == [("integer", True), ("string", True)]
        third = operations.retype_dataset(ref(first), TypeChanges(null_values=("-",)), no_report)
        assert [(field.type, field.nullable) for field in third.schema.fields] == [("string", False), ("string", True)]

    def test_what_is_skipped_as_in_the_version_before_is_told(self, operations: Operations) -> None:
        text = csv("x\ny\na,b\n1,2\n")
        first = operations.add_dataset(text, NewDataset(), ImportOptions(skip_lines=2), no_report)
        assert "as in the version before" not in str(first.import_report.warnings)
        for options, told in ((ImportOptions(), 1), (ImportOptions(skip_lines=0), 0)):
            file = csv("a,b\n1,2\n3,4\n5,6\n")
            second = operations.replace_dataset(ref(first), file, DatasetChanges(), options, no_report)
            said = [
                text
                for text in second.import_report.warnings
                if "Lines before the table were skipped (2), as in" in text
            ]
            assert len(said) == told

    def test_a_retyped_dataset_is_read_again_into_the_next_version(self, operations: Operations) -> None:
        first = operations.add_dataset(csv("a;b\n01;2\n"), NewDataset(), ImportOptions(delimiter=";"), no_report)
        second = operations.retype_dataset(
            ref(first), TypeChanges({"a": FieldType.INTEGER, "b": FieldType.STRING}), no_report, 1
        )
        assert [field.type for field in second.schema.fields] == [FieldType.INTEGER, FieldType.STRING]
        assert (second.version, second.sha256, second.file_name) == (2, first.sha256, first.file_name)
        third = operations.retype_dataset(ref(first), TypeChanges({"a": None}), no_report)
        assert [field.type for field in third.schema.fields] == [FieldType.STRING, FieldType.STRING]
        assert operations.get_dataset(ref(first), 1).schema == first.schema

    def test_a_type_that_can_not_be_changes_nothing(self, operations: Operations) -> None:
        dataset = add(operations)
        with pytest.raises(errors.MalformedInput) as unfit:
            operations.retype_dataset(ref(dataset), TypeChanges({"make": FieldType.INTEGER}), no_report)
        assert (unfit.value.row, unfit.value.column, unfit.value.value) == (1, "make", "Fiat")
        with pytest.raises(errors.UnknownColumn) as unknown:
            operations.retype_dataset(ref(dataset), TypeChanges({"nope": None}), no_report)
        assert unknown.value.columns == ["make", "price", "sold", "when"]
        with pytest.raises(errors.InvalidOption):
            operations.retype_dataset(ref(dataset), TypeChanges(), no_report)
        with pytest.raises(errors.Stale):
            operations.retype_dataset(ref(dataset), TypeChanges({"*": FieldType.STRING}), no_report, 7)
        assert operations.get_dataset(ref(dataset)) == dataset

    def test_where_no_row_was_set_aside_there_are_none_to_give(self, operations: Operations) -> None:
        with pytest.raises(errors.NoRejects) as caught:
            operations.open_rejects(ref(add(operations)))
        assert (caught.value.ref, caught.value.version) == ("cars", 1)

    def test_a_description_can_be_changed(self, operations: Operations) -> None:
        dataset = add(operations)
        changes = DatasetChanges(name=DatasetName("fleet"), title="Fleet", tags=("b", "a", "b"), published=True)
        edited = operations.edit_dataset(ref(dataset), changes, expected=1)
        assert (edited.name, edited.title, edited.tags, edited.published) == ("fleet", "Fleet", ("a", "b"), True)
        assert (edited.revision, edited.version) == (2, 1)
        with pytest.raises(errors.DatasetNotFound):
            operations.get_dataset(ref(dataset))

    def test_what_is_stale_is_refused(self, operations: Operations) -> None:
        dataset = add(operations)
        operations.edit_dataset(ref(dataset), DatasetChanges(title="New"))
        with pytest.raises(errors.Stale):
            operations.edit_dataset(ref(dataset), DatasetChanges(title="Late"), expected=1)
        with pytest.raises(errors.Stale):
            operations.replace_dataset(ref(dataset), csv("a\n1\n"), DatasetChanges(), ImportOptions(), no_report, 1)
        with pytest.raises(errors.Stale):
            operations.remove_dataset(ref(dataset), expected=1)
        assert operations.get_dataset(ref(dataset)).title == "New"

    def test_a_name_can_not_be_taken_over(self, operations: Operations) -> None:
        add(operations, name="one")
        two = add(operations, name="two")
        with pytest.raises(errors.NameTaken):
            operations.edit_dataset(ref(two), DatasetChanges(name=DatasetName("one")))
        assert operations.get_dataset(ref(two)) == two

    def test_what_is_removed_is_gone(self, operations: Operations) -> None:
        dataset = add(operations)
        operations.remove_dataset(ref(dataset))
        for gone in (dataset.name, dataset.id):
            with pytest.raises(errors.DatasetNotFound) as caught:
                operations.get_dataset(DatasetRef(gone))
            assert caught.value.ref == gone
        assert add(operations).name == "cars"

    def test_changes_at_once_are_all_kept(self, operations: Operations) -> None:
        dataset = add(operations)
        changes = [DatasetChanges(description=f"Number {number}") for number in range(12)]
        with ThreadPoolExecutor(4) as pool:
            edited = list(pool.map(lambda change: operations.edit_dataset(ref(dataset), change), changes))
        assert sorted(one.revision for one in edited) == list(range(2, 14))

    def test_who_is_not_there_is_not_found(self, operations: Operations) -> None:
        calls = (
            lambda: operations.get_dataset(NOBODY),
            lambda: operations.describe(NOBODY),
            lambda: operations.get_statistics(NOBODY),
            lambda: operations.read_rows(NOBODY, RowQuery()),
            lambda: operations.open_file(NOBODY),
            lambda: operations.open_rejects(NOBODY),
            lambda: operations.retype_dataset(NOBODY, TypeChanges({"a": FieldType.STRING}), no_report),
            lambda: operations.retype_dataset(NOBODY, TypeChanges({"a": FieldType.STRING}), no_report, 1),
            lambda: operations.export(NOBODY, Format.CSV, ALL),
            lambda: operations.plot(NOBODY, Format.PDF),
            lambda: operations.replace_dataset(NOBODY, csv(CARS), DatasetChanges(), ImportOptions(), no_report),
            lambda: operations.edit_dataset(NOBODY, DatasetChanges(title="x")),
            lambda: operations.remove_dataset(NOBODY),
            lambda: operations.remove_dataset(NOBODY, expected=1),
        )
        for call in calls:
            with pytest.raises(errors.DatasetNotFound) as caught:
                call()
            assert caught.value.ref == NOBODY

    @pytest.mark.parametrize(
        "text", ["", ".", "..", "batch", "cars/", "cars/rows/1", "/cars", "cars?q=x", "cars#x", "%63ars", "\ud800", "č"]
    )
    def test_what_can_be_no_dataset_is_none_though_it_leads_elsewhere_in_a_path(
        self, operations: Operations, text: str
    ) -> None:
        add(operations)
        nobody = DatasetRef(text)
        for call in (
            lambda: operations.get_dataset(nobody),
            lambda: operations.read_rows(nobody, RowQuery()),
            lambda: operations.edit_dataset(nobody, DatasetChanges(title="x")),
            lambda: operations.remove_dataset(nobody),
            lambda: operations.begin_fetch_images(nobody),
        ):
            with pytest.raises(errors.DatasetNotFound) as caught:
                call()
            assert caught.value.ref == text
        with pytest.raises(errors.CollectionNotFound):
            operations.read_collection(text, RowQuery())
        with pytest.raises(errors.CollectionNotFound):
            operations.get_item(text, "1")
        assert operations.read_rows(DatasetRef("cars"), RowQuery()).total == 3

    def test_half_characters_are_refused_wherever_they_stand(self, operations: Operations) -> None:
        """Python has them for what is no text among a program's arguments, or in the names of files."""
        cars, half = ref(add(operations)), "\udce9"
        calls = (
            lambda: operations.read_rows(cars, RowQuery(q=half)),
            lambda: operations.read_rows(cars, RowQuery(q=f'x "y {half}"')),
            lambda: operations.read_rows(cars, RowQuery(where=(("make", half),))),
            lambda: operations.read_rows(cars, RowQuery(where=((half, "x"),))),
            lambda: operations.read_rows(cars, RowQuery(columns=(half,))),
            lambda: operations.remove_rows(cars, RowFilter(q=half)),
            lambda: operations.export(cars, Format.CSV, RowQuery(q=half, limit=None)),
        )
        for call in calls:
            with pytest.raises((errors.InvalidOption, errors.InvalidFilter, errors.UnknownColumn)):
                call()
        assert operations.read_rows(cars, RowQuery()).total == 3
        assert operations.list_datasets(DatasetQuery()).total == 1

    def test_a_version_that_is_not_there_is_named(self, operations: Operations) -> None:
        dataset = add(operations)
        for call in (
            lambda: operations.get_dataset(ref(dataset), 2),
            lambda: operations.describe(ref(dataset), 2),
            lambda: operations.open_file(ref(dataset), 2),
        ):
            with pytest.raises(errors.VersionNotFound) as caught:
                call()
            assert (caught.value.version, caught.value.latest) == (2, 1)


def _read(format: Format, data: bytes) -> pl.DataFrame:
    readers: dict[Format, Callable[[io.BytesIO], pl.DataFrame]] = {
        Format.CSV: pl.read_csv,
        Format.TSV: lambda file: pl.read_csv(file, separator="\t"),
        Format.JSON: pl.read_json,
        Format.NDJSON: pl.read_ndjson,
        Format.PARQUET: pl.read_parquet,
        Format.ARROW: pl.read_ipc_stream,
        Format.XLSX: pl.read_excel,
    }
    return readers[format](io.BytesIO(data))
