"""What every importer does."""

import gzip
import io
import tempfile
from collections.abc import Callable
from datetime import date, datetime

import polars as pl
import pytest

from entrepot_core.dialect import ImportOptions, Stage, no_report
from entrepot_core.errors import (
    EmptyInput,
    InvalidOption,
    LimitExceeded,
    MalformedInput,
    UnknownColumn,
    UnreadableInput,
)
from entrepot_core.formats import Format
from entrepot_core.limits import Limits
from entrepot_core.ports.importer import Importer, ImportTask
from entrepot_core.schema import Field, FieldType
from tests.contracts.loading import load

CSV = "n,x,day,text\n1,0.5,2024-02-29,a\n2,,2024-03-01,\n"


class ImporterContract:
    """The facts; a subclass gives the fixture ``make``, which builds an importer of some limits."""

    @pytest.fixture
    def importer(self, make: Callable[..., Importer]) -> Importer:
        return make()

    def test_a_file_becomes_a_typed_table_with_ids_from_1(self, importer: Importer) -> None:
        loaded = load(importer, CSV)
        assert loaded.table.to_dicts() == [
            {"_id": 1, "n": 1, "x": 0.5, "day": date(2024, 2, 29), "text": "a"},
            {"_id": 2, "n": 2, "x": None, "day": date(2024, 3, 1), "text": None},
        ]
        assert loaded.table.schema["_id"] == pl.Int64

    def test_it_says_what_the_file_was_and_how_it_was_read(self, importer: Importer) -> None:
        imported = load(importer, "a;b\n1;x\n").imported
        assert imported.media_type == "text/csv"
        assert imported.rows == 1
        assert (imported.report.encoding, imported.report.delimiter, imported.report.quote) == ("utf-8", ";", '"')
        assert imported.report.header is True

    @pytest.mark.parametrize(("order", "day"), [("day_first", date(2024, 4, 3)), ("month_first", date(2024, 3, 4))])
    def test_dates_are_read_in_the_order_that_is_said(self, importer: Importer, order: str, day: date) -> None:
        assert load(importer, "day,n\n03/04/2024,1\n", date_order=order).values("day") == [day]

    def test_the_schema_tells_names_types_and_whether_values_are_missing(self, importer: Importer) -> None:
        assert load(importer, CSV).imported.schema.fields == (
            Field("n", FieldType.INTEGER, nullable=False),
            Field("x", FieldType.NUMBER, nullable=True),
            Field("day", FieldType.DATE, nullable=False),
            Field("text", FieldType.STRING, nullable=True),
        )

    def test_the_profile_is_that_of_the_table(self, importer: Importer) -> None:
        profile = load(importer, CSV).imported.profile
        assert profile.rows == 2
        assert profile.dates_are_text
        assert [(one.name, one.count, one.missing) for one in profile.columns] == [
            ("n", 2, 0), ("x", 1, 1), ("day", 2, 0), ("text", 1, 1)
        ]  # fmt: skip

    def test_files_on_disk_are_read_and_written_from_their_beginning_and_stay_open(self, importer: Importer) -> None:
        task = ImportTask(None, None, ImportOptions())
        with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as table:
            source.write(CSV.encode())
            importer.load(source, table, io.BytesIO(), task, no_report)
            table.seek(0)
            assert pl.read_parquet(table).height == 2
            assert not source.closed

    def test_it_may_be_told_that_a_file_is_on_its_way(self, importer: Importer) -> None:
        importer.prepare()
        assert load(importer, CSV).imported.rows == 2

    def test_progress_is_told_for_each_stage_and_does_not_go_back(self, importer: Importer) -> None:
        told: list[tuple[Stage, int, int | None]] = []
        load(importer, CSV * 1000, report=lambda *progress: told.append(progress), types={"*": "string"})
        assert {stage for stage, _, _ in told} == {"import", "profile"}
        assert told == sorted(told)
        assert {done for stage, done, total in told if stage == "profile" and done == total} == {4}

    @pytest.mark.parametrize("content", ["", " \n\t\r\n ", "\ufeff"])
    def test_nothing_is_refused(self, importer: Importer, content: str) -> None:
        with pytest.raises(EmptyInput) as caught:
            load(importer, content)
        assert caught.value.file_name == "data.file"

    def test_what_is_no_table_is_refused_with_what_could_be_read(self, importer: Importer) -> None:
        with pytest.raises(UnreadableInput) as caught:
            load(importer, b"%PDF-1.7\n%\xe2\xe3\xcf\xd3")
        assert "PDF" in caught.value.reason
        assert caught.value.formats[:2] == ["csv", "tsv"]

    def test_a_broken_file_is_refused_with_its_place_if_that_is_asked_for(self, importer: Importer) -> None:
        with pytest.raises(MalformedInput) as caught:
            load(importer, "a,b\n1,2\n3\n", on_error="reject")
        assert (caught.value.line, caught.value.row) == (3, 2)

    def test_rows_that_do_not_fit_are_mended_or_set_aside_and_that_is_told(self, importer: Importer) -> None:
        loaded = load(importer, "a,b\n1,2\n3\nx,y,z\n4,5\n")
        report = loaded.imported.report
        assert loaded.data.rows() == [(1, 2), (3, None), (4, 5)]
        assert (report.repaired, report.rejected) == (1, 1)
        assert [(flaw.line, flaw.row) for flaw in (*report.repairs, *report.rejects)] == [(3, 2), (4, None)]
        assert loaded.rejects.decode().splitlines()[1:] == [f'4,{report.rejects[0].detail},"x,y,z"']

    def test_rows_that_do_not_fit_are_all_set_aside_if_that_is_asked_for(self, importer: Importer) -> None:
        loaded = load(importer, "a,b\n1,2\n3\nx,y,z\n4,5\n", on_error="quarantine")
        assert loaded.data.rows() == [(1, 2), (4, 5)]
        assert [line.partition(",")[0] for line in loaded.rejects.decode().splitlines()] == ["line", "3", "4"]

    def test_a_few_rows_whose_values_are_not_of_the_type_asked_for_are_set_aside(self, importer: Importer) -> None:
        loaded = load(importer, "a,b\n" + "1,2\n" * 20 + "3,x\n", types={"b": "integer"})
        assert loaded.imported.rows == 20
        (flaw,) = loaded.imported.report.rejects
        assert (flaw.line, flaw.column, flaw.value) == (22, "b", "x")

    def test_a_cell_that_is_too_long_is_refused(self, make: Callable[..., Importer]) -> None:
        content = "a,b\n1," + "x" * 2000 + "\n"
        assert load(make(limits=Limits(cell_bytes=2000)), content).imported.rows == 1
        with pytest.raises(LimitExceeded) as caught:
            load(make(limits=Limits(cell_bytes=1999)), content)
        assert (caught.value.limit, caught.value.allowed) == ("ENTREPOT_MAX_CELL_BYTES", 1999)

    def test_a_value_that_is_not_of_the_type_asked_for_is_refused_with_its_place(self, importer: Importer) -> None:
        with pytest.raises(MalformedInput) as caught:
            load(importer, 'a,b\n"1\n",2\n3,x\n', types={"b": "integer"})
        error = caught.value
        assert (error.line, error.row, error.column, error.value) == (4, 2, "b", "x")

    def test_a_type_for_a_column_that_is_not_there_is_refused(self, importer: Importer) -> None:
        with pytest.raises(UnknownColumn) as caught:
            load(importer, CSV, types={"nope": "string"})
        assert caught.value.columns == ["n", "x", "day", "text"]

    def test_an_option_that_does_not_fit_the_file_is_refused(self, importer: Importer) -> None:
        with pytest.raises(InvalidOption):
            load(importer, CSV, types={"n": "binary"})

    def test_too_many_columns_are_refused(self, make: Callable[..., Importer]) -> None:
        with pytest.raises(LimitExceeded) as caught:
            load(make(limits=Limits(columns=3)), CSV)
        assert (caught.value.limit, caught.value.allowed) == ("ENTREPOT_MAX_COLUMNS", 3)

    @pytest.mark.parametrize("format", [Format.CSV, Format.PARQUET])
    def test_a_packed_file_is_read_as_what_it_holds(self, importer: Importer, format: Format) -> None:
        content = as_format(pl.DataFrame({"a": [1, 2]}), format)
        loaded = load(importer, gzip.compress(content), format)
        assert loaded.data.rows() == [(1,), (2,)]
        assert (loaded.imported.media_type, loaded.imported.report.compression) == (format.media_type, "gzip")
        assert load(importer, content, format).imported.report.compression is None

    def test_a_packed_file_that_holds_too_much_is_refused(self, make: Callable[..., Importer]) -> None:
        bomb = gzip.compress(b"a\n" + bytes(10_000_000))
        with pytest.raises(LimitExceeded) as caught:
            load(make(limits=Limits(decompressed_bytes=1_000_000)), bomb)
        assert (caught.value.limit, caught.value.allowed) == ("ENTREPOT_MAX_DECOMPRESSED_BYTES", 1_000_000)

    @pytest.mark.parametrize("format", [Format.CSV, Format.JSON, Format.PARQUET, Format.ARROW])
    def test_too_many_rows_are_refused(self, make: Callable[..., Importer], format: Format) -> None:
        content = as_format(pl.DataFrame({"a": range(5)}), format)
        assert load(make(limits=Limits(rows=5)), content).imported.rows == 5
        with pytest.raises(LimitExceeded) as caught:
            load(make(limits=Limits(rows=4)), content)
        assert (caught.value.limit, caught.value.allowed) == ("ENTREPOT_MAX_ROWS", 4)


FRAME = pl.DataFrame({
    "n": [1, None],
    "x": [0.5, 1e300],
    "ok": [True, False],
    "text": ['é,"\n', None],
    "day": [date(2024, 2, 29), None],
    "at": [datetime(2024, 2, 29, 12, 0, 0, 1500), None],  # noqa: DTZ001 - naive ones stay naive
})  # fmt: skip


def as_format(frame: pl.DataFrame, format: Format) -> bytes:
    """A frame in a format, as polars writes it."""
    out = io.BytesIO()
    match format:
        case Format.CSV:
            frame.write_csv(out)
        case Format.TSV:
            frame.write_csv(out, separator="\t")
        case Format.JSON:
            frame.write_json(out)
        case Format.NDJSON:
            frame.write_ndjson(out)
        case Format.PARQUET:
            frame.write_parquet(out)
        case Format.ARROW:
            frame.write_ipc_stream(out)
        case _:
            frame.write_excel(out)
    return out.getvalue()


@pytest.mark.parametrize("format", [Format.CSV, Format.TSV, Format.JSON, Format.NDJSON, Format.PARQUET, Format.ARROW])
class FormatsContract:
    """Every format brings the same values; a subclass gives the fixture ``importer``."""

    def test_every_format_brings_the_same_values(self, importer: Importer, format: Format) -> None:
        loaded = load(importer, as_format(FRAME, format), format)
        assert loaded.data.rows() == FRAME.rows()
        assert list(loaded.types.values()) == ["integer", "number", "boolean", "string", "date", "datetime"]
        assert loaded.imported.media_type == format.media_type
