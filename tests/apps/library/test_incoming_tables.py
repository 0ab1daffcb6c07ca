"""Tables and rows that are handed in from Python: every value lands as it is, or its column is refused by name."""

import io
import struct
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import entrepot
from entrepot import Store
from entrepot_core.errors import MalformedInput

NOON = datetime(2024, 1, 1, 12)  # noqa: DTZ001 - naive
ZONED = NOON.replace(tzinfo=UTC)
INDIA = timezone(timedelta(hours=5, minutes=30))
DAY = date(2024, 1, 1)
IDS = [UUID(int=1), None, UUID(int=2)]


def landed(store: Store, thing: Any) -> pl.DataFrame:  # noqa: ANN401 - whatever is landed
    return store.add(thing, "it", progress=False, replace=True).frame()


def refusal(store: Store, thing: Any) -> MalformedInput:  # noqa: ANN401 - whatever is landed
    with pytest.raises(MalformedInput) as caught:
        store.add(thing, "odd", progress=False)
    assert "odd" not in store
    return caught.value


def objects(*values: object) -> pd.DataFrame:
    return pd.DataFrame({"fine": range(len(values)), "o": pd.Series(values, dtype=object)})


def test_uuids_are_text(store: Store) -> None:
    column = pl.Series("o", IDS, dtype=pl.Object)
    for frame in (column.to_frame(), column.to_frame().lazy(), column, pd.DataFrame({"o": IDS})):
        assert landed(store, frame)["o"].to_list() == [str(IDS[0]), None, str(IDS[2])]


def test_other_objects_of_polars_are_refused(store: Store) -> None:
    error = refusal(store, pl.DataFrame({"a": [1], "o": pl.Series([{1}], dtype=pl.Object)}))
    assert (error.column, "Python objects (set)" in error.reason, "map(str, …)" in error.reason) == ("o", True, True)


@pytest.mark.parametrize("values", [["x", None, "y"], [1, None, 2], [ZONED, None, ZONED], [True, None, False]])
def test_categories_with_missing_ones_are_their_values(store: Store, values: list[Any]) -> None:
    frame = pd.DataFrame({"c": pd.Categorical(values)})
    for thing in (frame, pa.Table.from_pandas(frame), pa.array(frame["c"])):
        assert landed(store, thing).to_series().to_list() == values


class TestMoments:
    def test_dates_beside_datetimes_are_midnights(self, store: Store) -> None:
        midnight = datetime(2024, 1, 1)  # noqa: DTZ001 - naive
        assert landed(store, objects(DAY, NOON, None))["o"].to_list() == [midnight, NOON, None]
        assert landed(store, objects(None, NOON, DAY))["o"].to_list() == [None, NOON, midnight]

    def test_dates_alone_stay_dates(self, store: Store) -> None:
        assert landed(store, objects(None, DAY))["o"].to_list() == [None, DAY]

    @pytest.mark.parametrize("values", [(NOON, ZONED), (ZONED, NOON), (ZONED, DAY), (DAY, ZONED)])
    def test_some_with_a_zone_and_some_without_are_refused(self, store: Store, values: tuple[object, ...]) -> None:
        error = refusal(store, objects(*values))
        assert error.column == "o"
        assert "some of its datetimes have a time zone" in error.reason

    def test_several_zones_are_the_same_moments_in_utc(self, store: Store) -> None:
        assert landed(store, objects(ZONED.astimezone(INDIA), ZONED))["o"].to_list() == [ZONED, ZONED]

    def test_nanoseconds_stay(self, store: Store) -> None:
        late = pd.Timestamp("2024-01-01 00:00:00.000000001")
        assert landed(store, objects(late, DAY))["o"].cast(pl.Int64).to_list()[0] % 1000 == 1

    def test_a_zone_without_a_name_becomes_utc_and_that_is_told(self, store: Store) -> None:
        stamps = pd.to_datetime(["2024-01-01T17:30:00+05:30"])
        arrow = pa.table({"d": pa.array([ZONED], pa.timestamp("us", "+05:30"))})
        for thing in (pd.DataFrame({"d": stamps}), pd.DataFrame({"a": [1]}, index=stamps.rename("d")), arrow):
            dataset = store.add(thing, "it", progress=False, replace=True)
            assert dataset.frame()["d"].to_list() == [ZONED]
            assert "'d' has the zone +05:30" in dataset.import_report.warnings[0]


def test_periods_and_intervals_are_text(store: Store) -> None:
    spans = pd.Series(pd.interval_range(0, 2)).where(pd.Series([True, False]))
    frame = pd.DataFrame({"p": pd.Series([pd.Period("2024-01"), pd.NaT], dtype="period[M]"), "i": spans})
    assert landed(store, frame).rows() == [("2024-01", "(0, 1]"), (None, None)]
    binned = pd.cut(pd.Series([1, 9, None]), [0, 5, 10])
    assert landed(store, pd.DataFrame({"c": binned}))["c"].to_list() == ["(0.0, 5.0]", "(5.0, 10.0]", None]
    counted = pd.DataFrame({"n": [1, 2]}, index=pd.period_range("2024-01", periods=2, freq="M"))
    assert landed(store, counted)["index"].to_list() == ["2024-01", "2024-02"]


def test_small_floats_are_widened_and_sparse_values_are_plain(store: Store) -> None:
    for thing in (
        pl.DataFrame({"f": pl.Series([1.5, 2], dtype=pl.Float16)}),
        pd.DataFrame({"f": np.array([1.5, 2], "float16")}),
    ):
        assert landed(store, thing).to_dict(as_series=False) == {"f": [1.5, 2.0]}
    assert landed(store, pd.DataFrame({"s": pd.arrays.SparseArray([0, 0, 1])}))["s"].to_list() == [0, 0, 1]


def test_small_floats_pass_the_sandbox(tmp_path: Path) -> None:
    with entrepot.connect(tmp_path / "store") as store:
        table = pa.table({"f": pa.array([1.5], pa.float16()), "j": pa.array(["[1]"], pa.json_())})
        assert landed(store, table).rows() == [(1.5, "[1]")]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (("a", 1), "several types (str, int)"),
        ((1, "a"), "several types (int, str)"),
        ((True, 1), "several types (bool, int)"),
        ((NOON, 5), "several types (datetime, int)"),
        ((IDS[0], 5), "several types (UUID, int)"),
        ((2**70,), "integers past 64 bits"),
        ((1j,), "can't be written as Arrow"),
        ((object(),), "can't be written as Arrow"),
    ],
)
def test_a_column_of_pandas_that_arrow_can_not_hold_is_named_with_a_cure(
    store: Store, values: tuple[object, ...], said: str
) -> None:
    error = refusal(store, objects(*values))
    assert error.column == "o"
    assert said in error.reason
    assert '.astype("string")' in error.reason
    cured = objects(*values).astype({"o": "string"})
    assert landed(store, cured)["o"].to_list() == [str(one) for one in values]


UNION = pa.UnionArray.from_sparse(pa.array([0], pa.int8()), [pa.array([1]), pa.array(["a"])])


@pytest.mark.parametrize(
    "thing",
    [
        pa.table({"o": pa.array([Decimal(1)], pa.decimal256(50, 2))}),
        pd.DataFrame({"o": [Decimal(10**40)]}),
        pa.table({"o": UNION}),
        pa.table({"o": pa.array([pa.MonthDayNano([1, 2, 3])])}),
        pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["o", "o"]),
        pd.DataFrame([[1, 2]], columns=["o", "o"]),
        pa.RecordBatchReader.from_batches(pa.schema([("o", UNION.type)]), []),
    ],
    ids=["decimal256", "decimals", "union", "interval", "twice", "pandas", "reader"],
)
def test_what_no_table_holds_is_refused_by_name(store: Store, thing: Any, capfd: pytest.CaptureFixture[str]) -> None:  # noqa: ANN401 - pyarrow is not typed
    assert refusal(store, thing).column == "o"
    assert "panicked" not in capfd.readouterr().err


def test_columns_of_pyarrow_and_polars_alone_land_as_tables(store: Store) -> None:
    for thing in (pa.array([1, 2]), pa.chunked_array([[1], [2]])):
        assert landed(store, thing).to_dict(as_series=False) == {"value": [1, 2]}
    assert landed(store, pl.Series("n", [1, 2])).to_dict(as_series=False) == {"n": [1, 2]}


def test_an_arrow_table_of_many_batches_lands_whole(store: Store) -> None:
    numbers = pa.chunked_array([range(300_000), range(300_000, 600_000)])
    table = pa.table({"n": numbers, "c": pa.chunked_array([["x"] * 300_000, ["y"] * 300_000]).dictionary_encode()})
    found = landed(store, table)
    assert found["n"].to_list() == list(range(600_000))
    assert found["c"].value_counts(sort=True)["count"].to_list() == [300_000, 300_000]


class Capsule:
    """A table of a library that nobody knows, which speaks Arrow."""

    def __init__(self, table: Any) -> None:  # noqa: ANN401 - pyarrow is not typed
        self.table = table

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self.table.__arrow_c_stream__(requested_schema)


def test_tables_of_any_library_land_or_are_refused_in_our_words(
    store: Store, capfd: pytest.CaptureFixture[str]
) -> None:
    assert landed(store, Capsule(pa.table({"a": [1]}))).rows() == [(1,)]
    for odd in (UNION, pa.array([pa.MonthDayNano([1, 2, 3])])):
        error = refusal(store, Capsule(pa.table({"o": odd})))
        assert (error.column, "can't be read; write" in error.reason) == ("o", True)
    assert "panicked" not in capfd.readouterr().err


def damaged() -> bytes:
    """An Arrow file in which a packed buffer lacks its length, at which polars panics."""
    table, out = pa.table({"n": pa.array(range(1_000), pa.int64())}), io.BytesIO()
    with pa.ipc.new_file(out, table.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as file:
        file.write_table(table)
    data = bytearray(out.getvalue())
    place = next(at for at in range(len(data)) if _is_buffer(*struct.unpack_from("<qq", data, at)))
    struct.pack_into("<q", data, place + 8, 4)
    return bytes(data)


def _is_buffer(offset: int, length: int) -> bool:
    return offset == 0 and 100 < length < 8_000


@pytest.mark.parametrize("scan", [False, True], ids=["bytes", "scanned"])
def test_a_panic_of_polars_over_a_damaged_file_is_an_error_like_others(
    store: Store, tmp_path: Path, *, scan: bool
) -> None:
    path = tmp_path / "damaged.arrow"
    path.write_bytes(damaged())
    with pytest.raises(pl.exceptions.PanicException):
        pl.read_ipc(path)
    assert refusal(store, pl.scan_ipc(path) if scan else path.read_bytes()).code == "malformed_input"


def test_without_pyarrow_they_land_or_are_refused_as_well(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    simple, odd = Capsule(pa.table({"a": [1]})), Capsule(pa.table({"o": UNION}))
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert landed(store, simple).rows() == [(1,)]
    assert "Capsule can't be read as a table" in refusal(store, odd).reason


def test_a_series_without_a_name_is_the_column_value(store: Store) -> None:
    for thing in (pl.Series([1]), pd.Series([1]), pa.array([1])):
        assert landed(store, thing).to_dict(as_series=False) == {"value": [1]}


def test_names_with_a_nul_are_not_cut_off(store: Store) -> None:
    table = pa.table({"a\0b": ["x"]})
    batch = table.to_batches()[0]
    for thing in (table, batch, table.to_reader(), pl.DataFrame(table), pd.DataFrame({"a\0b": ["x"]})):
        assert landed(store, thing).columns == ["a\0b"]


def test_times_outside_a_day_and_seconds_too_far_away_are_refused(store: Store) -> None:
    day = pa.table({"t": pa.array([0, 86_400_000_000]).cast(pa.time64("us"))})
    far = pd.DataFrame({"t": np.array([0, 1 << 54], dtype="datetime64[s]")})
    for table, value in ((day, "24:00:00"), (far, f"{1 << 54} s since 1970")):
        with pytest.raises(MalformedInput) as caught:
            store.add(table, progress=False)
        assert (caught.value.row, caught.value.column, caught.value.value) == (2, "t", value)
