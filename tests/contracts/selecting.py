"""What every reader of tables makes of a selection, held to a model in plain Python."""

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from entrepot_core.errors import InvalidFilter
from entrepot_core.formats import Format
from entrepot_core.names import Digest
from entrepot_core.ports.tables import Tables
from entrepot_core.rows.filters import OPERATORS as KNOWN
from entrepot_core.rows.filters import Operator
from entrepot_core.rows.query import RowFilter, RowQuery
from entrepot_core.rows.selection import Selection, filters, select
from entrepot_core.schema import Field, FieldType, Schema

Store = Callable[..., list[Digest]]
ALL = slice(0, None)

NOON = datetime(2024, 2, 29, 12)  # noqa: DTZ001 - one without a zone
BEFORE = datetime(1969, 12, 31, 23, 59, 59, 999000)  # noqa: DTZ001 - likewise

COLUMNS: dict[str, tuple[pl.DataType, FieldType, list[Any], list[str]]] = {
    "truth": (pl.Boolean(), FieldType.BOOLEAN, [True, False, None], ["true", "0"]),
    "byte": (pl.Int8(), FieldType.INTEGER, [-128, 0, 5, 127, None], ["5", "-129", "128", "127", "0"]),
    "whole": (
        pl.Int64(),
        FieldType.INTEGER,
        [-(2**63), -1, 0, 7, 2**63 - 1, None],
        ["7", str(2**63), "-1", str(2**63 - 1)],
    ),
    "large": (pl.UInt64(), FieldType.INTEGER, [0, 1, 2**64 - 1, None], [str(2**64 - 1), "-1", "1", str(2**70)]),
    "number": (
        pl.Float64(),
        FieldType.NUMBER,
        [0.1, -0.0, 1e300, math.inf, -math.inf, math.nan, None],
        ["0.1", "0", "inf", "-1e400", "1e300"],
    ),
    "single": (pl.Float32(), FieldType.NUMBER, [0.5, 2.0, math.nan, None], ["0.5", "1"]),
    "money": (
        pl.Decimal(20, 2),
        FieldType.NUMBER,
        [Decimal("0.10"), Decimal("-5.00"), Decimal("123456789012345678.99"), None],
        ["0.1", "0.105", "-5", "123456789012345678.99", "1e30"],
    ),
    "text": (
        pl.String(),
        FieldType.STRING,
        ["", "a", "A%b_c", "Ä\n\\", "straße", "zz", None],
        ["", "a", "%", "_b", "Ä", "A%b_c", "ß"],
    ),
    "kind": (pl.Enum(["new", "used", "a"]), FieldType.STRING, ["new", "used", "a", None], ["new", "u", "nobody"]),
    "day": (
        pl.Date(),
        FieldType.DATE,
        [date(1, 1, 1), date(1970, 1, 1), date(2024, 2, 29), None],
        ["2024-02-29", "1970-01-01"],
    ),
    "at": (
        pl.Datetime("ms"),
        FieldType.DATETIME,
        [NOON, BEFORE, None],
        ["2024-02-29T12:00:00", "2024-02-29", "1969-12-31T23:59:59.9995"],
    ),
    "zoned": (
        pl.Datetime("us", "UTC"),
        FieldType.DATETIME,
        [datetime(2024, 7, 1, 10, tzinfo=UTC), datetime(2024, 7, 1, 0, tzinfo=UTC), None],
        ["2024-07-01T12:00:00+02:00", "2024-07-01", "2024-07-01T10:00:00Z"],
    ),
    "clock": (pl.Time(), FieldType.TIME, [time(0), time(23, 59, 59, 1), None], ["00:00", "23:59:59.000001"]),
    "span": (
        pl.Duration("us"),
        FieldType.DURATION,
        [timedelta(0), timedelta(days=-1, hours=2), None],
        ["PT0S", "-PT22H", "P1D"],
    ),
    "bytes": (pl.Binary(), FieldType.BINARY, [b"", b"\xff\x00", None], ["", "/wA="]),
    "list": (pl.List(pl.Int64()), FieldType.JSON, [[1, 2], [], None], ["1", "[", "2]"]),
}
"""A column of each kind: how it is stored, its type, values, and texts to compare them with."""

OPERATORS = [str(operator) for operator in Operator]
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - those without a zone count from here
_NEGATIONS = {"not": "exact", "notin": "in", "notcontains": "contains"}


def schema() -> Schema:
    return Schema(tuple(Field(name, kind) for name, (_, kind, _, _) in COLUMNS.items()))


def table(rows: Sequence[Sequence[Any]]) -> pl.DataFrame:
    """Rows of values, one for each column, with their numbers."""
    columns = {
        name: pl.Series(name, [row[place] for row in rows], dtype=dtype)
        for place, (name, (dtype, _, _, _)) in enumerate(COLUMNS.items())
    }
    return pl.DataFrame({"_id": pl.Series(range(1, len(rows) + 1), dtype=pl.Int64), **columns})


def turns(name: str, count: int) -> list[tuple[Any, ...]]:
    """Rows in which one column has its values in turn, and the others have none."""
    values = COLUMNS[name][2]
    return [tuple(values[turn % len(values)] if one == name else None for one in COLUMNS) for turn in range(count)]


def is_null(value: object) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def comparable(value: Any) -> Any:  # noqa: ANN401 - any value of a column
    """A value as a plain number or text."""
    match value:
        case datetime():
            naive = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
            return Decimal((naive - _EPOCH) // timedelta(microseconds=1))
        case date():
            return value.toordinal()
        case time():
            return value.replace(tzinfo=None)
        case list():
            return json.dumps(value, separators=(",", ":"))
        case _:
            return value


def meant(name: str, text: str) -> Any:  # noqa: ANN401, PLR0911 - as above; a line for each type
    """What a filter's text means, by the type of its column."""
    dtype, kind, _, _ = COLUMNS[name]
    match kind:
        case FieldType.BOOLEAN:
            return text in {"true", "1"}
        case FieldType.INTEGER:
            return int(text)
        case FieldType.NUMBER if dtype.is_float():
            is_past_all = math.isinf(float(text)) and "inf" not in text
            return Decimal(text) if is_past_all else pl.Series([float(text)], dtype=dtype)[0]
        case FieldType.NUMBER:
            return Decimal(text)
        case FieldType.DATE:
            return date.fromisoformat(text).toordinal()
        case FieldType.DATETIME:
            zoned = datetime.fromisoformat(text.replace("9995", "999500"))
            return comparable(zoned)
        case FieldType.TIME:
            return time.fromisoformat(text)
        case FieldType.DURATION:
            return {"PT0S": timedelta(0), "-PT22H": timedelta(hours=-22), "P1D": timedelta(1)}[text]
        case FieldType.BINARY:
            return {"": b"", "/wA=": b"\xff\x00"}[text]
        case _:
            return text


def fits(name: str, operator: str, text: str, value: Any) -> bool:  # noqa: ANN401, C901, PLR0911, PLR0912 - a line for each operator
    """Whether a value fits, as a person would say."""
    if operator in _NEGATIONS:
        return not fits(name, _NEGATIONS[operator], text, value)
    if operator == "isnull":
        return is_null(value)
    if operator == "notnull":
        return not is_null(value)
    if is_null(value):
        return False
    plain = comparable(value)
    match operator:
        case "in":
            return any(plain == meant(name, one) for one in json.loads(text))
        case "contains":
            return text in plain
        case "startswith":
            return bool(plain.startswith(text))
        case "endswith":
            return bool(plain.endswith(text))
        case "like":
            pattern = "".join({"%": ".*", "_": "."}.get(one, re.escape(one)) for one in text)
            return re.fullmatch(pattern, plain, re.DOTALL) is not None
        case "date":
            day = value.date() if isinstance(value, datetime) else value
            return bool(day == date.fromisoformat(text))
        case "exact":
            return bool(plain == meant(name, text))
        case "gt":
            return bool(plain > meant(name, text))
        case "gte":
            return bool(plain >= meant(name, text))
        case "lt":
            return bool(plain < meant(name, text))
        case _:
            return bool(plain <= meant(name, text))


def texts_for(name: str, operator: str) -> list[str]:
    """Texts to compare a column with, as an operator takes them."""
    texts = COLUMNS[name][3]
    match operator:
        case "isnull" | "notnull":
            return ["1"]
        case "in" | "notin":
            return [json.dumps(texts), json.dumps(texts[:1]), "[]"]
        case "date":
            return ["2024-02-29", "2024-07-01", "1969-12-31"]
        case _:
            return texts


def ids(tables: Tables, parts: list[Digest], selection: Selection, offset: int = 0, limit: int = 1000) -> list[int]:
    """The numbers of the rows of a page."""
    found = json.loads(tables.page(parts, selection, offset, limit).rows)
    return [row["_id"] for row in found]


class SelectingContract:
    """The facts; a subclass gives the fixtures ``tables`` and ``store``, which keeps frames as parts of a table."""

    @pytest.fixture
    def tables(self) -> Tables:
        raise NotImplementedError

    @pytest.fixture
    def store(self) -> Store:
        raise NotImplementedError

    @pytest.mark.parametrize("name", COLUMNS)
    @pytest.mark.parametrize("operator", OPERATORS)
    def test_every_operator_on_every_type_agrees_with_python(
        self, tables: Tables, store: Store, name: str, operator: str
    ) -> None:
        rows = turns(name, len(COLUMNS[name][2]) + 3)
        parts = store(table(rows[:4]), table(rows[4:]).with_columns(pl.col("_id") + 4))
        column = [row[list(COLUMNS).index(name)] for row in rows]
        for text in texts_for(name, operator) if Operator(operator) in KNOWN[COLUMNS[name][1]] else ():
            wanted = filters(RowFilter(((f"{name}__{operator}", text),)), schema())
            expected = [number for number, value in enumerate(column, 1) if fits(name, operator, text, value)]
            assert ids(tables, parts, Selection(("_id",), wanted)) == expected, text

    def test_conditions_are_all_to_hold_and_of_a_group_one(self, tables: Tables, store: Store) -> None:
        frame = pl.DataFrame({"_id": [1, 2, 3, 4], "a": [1, 2, 3, None], "b": ["x", "y", "x", None]})
        parts, known = store(frame), Schema((Field("a", FieldType.INTEGER), Field("b", FieldType.STRING)))

        def found(query: RowFilter) -> list[int]:
            return ids(tables, parts, Selection(("_id",), filters(query, known)))

        assert found(RowFilter((("a__gt", "1"), ("b", "x")))) == [3]
        assert found(RowFilter(any_of=("(a__gt.2,b.y)",))) == [2, 3]
        assert found(RowFilter((("a__lt", "3"),), ("(a__gt.2,b.y)",))) == [2]
        assert found(RowFilter(any_of=("(a.1,b.y)", "(a__isnull.1,b.x)"))) == [1]
        assert found(RowFilter((("a__in", "[1,null]"),))) == [1, 4]
        assert found(RowFilter((("a__notin", "[1,null]"),))) == [2, 3]
        assert found(RowFilter((("_id__in", "4,2,9"),))) == [2, 4]

    def test_words_are_found_in_any_column_of_text_whatever_their_case(self, tables: Tables, store: Store) -> None:
        frame = pl.DataFrame(
            {
                "_id": [1, 2, 3, 4],
                "a": ["Big Car", "bigcar", "ÄRGER", None],
                "n": [1, 2, 3, 4],
                "b": ["red", "Car", "(.*)", None],
            }
        )
        fields = (Field("a", FieldType.STRING), Field("n", FieldType.INTEGER), Field("b", FieldType.STRING))
        parts, known = store(frame), Schema(fields)

        def found(words: str) -> list[int]:
            return ids(tables, parts, Selection(("_id",), filters(RowFilter(q=words), known)))

        assert found("car") == [1, 2]
        assert found("CAR big") == [1, 2]
        assert found("car red") == [1]
        assert found('"big car"') == [1]
        assert found("ärger") == [3]
        assert found("(.*)") == [3]
        assert found("1") == []
        none = Schema((Field("n", FieldType.INTEGER),))
        assert ids(tables, parts, Selection(("_id",), filters(RowFilter(q="x"), none))) == []

    def test_a_zone_where_the_column_has_none_is_told_with_the_filter(self, tables: Tables, store: Store) -> None:
        parts = store(table([]))
        wanted = filters(RowFilter((("at__gt", "2024-01-01T00:00:00Z"),)), schema())
        with pytest.raises(InvalidFilter, match="at__gt: these times have no zone"):
            tables.page(parts, Selection(("_id",), wanted), 0, 1)

    # --- order ---

    @pytest.mark.parametrize("name", COLUMNS)
    @pytest.mark.parametrize("descending", [False, True])
    def test_every_type_is_sorted_with_nulls_last_and_ties_as_they_stand(
        self, tables: Tables, store: Store, name: str, *, descending: bool
    ) -> None:
        rows, place = turns(name, 14), list(COLUMNS).index(name)
        parts = store(table(rows[:5]), table(rows[5:]).with_columns(pl.col("_id") + 5))
        wanted = select(RowQuery(sort=(f"-{name}" if descending else name,), columns=("_id",)), schema())
        keyed = [(number, row[place]) for number, row in enumerate(rows, 1)]
        known = sorted((one for one in keyed if not is_null(one[1])), key=lambda one: comparable(one[1]))
        groups: dict[Any, list[int]] = {}
        for number, value in known:
            groups.setdefault(comparable(value), []).append(number)
        ordered = [groups[key] for key in (reversed(groups) if descending else groups)]
        expected = [number for group in ordered for number in group]
        expected += [number for number, value in keyed if is_null(value)]
        assert ids(tables, parts, wanted) == expected

    def test_columns_are_sorted_by_one_after_the_other_within_what_fits(self, tables: Tables, store: Store) -> None:
        frame = pl.DataFrame({"_id": [1, 2, 3, 4, 5], "a": [1, 2, 1, 2, None], "b": [5, 6, 7, 8, 9]})
        parts, known = store(frame), Schema((Field("a", FieldType.INTEGER), Field("b", FieldType.INTEGER)))
        wanted = select(RowQuery(sort=("-a", "-b"), where=(("b__gt", "5"),), columns=("_id",)), known)
        assert ids(tables, parts, wanted) == [4, 2, 3, 5]
        assert ids(tables, parts, wanted, offset=1, limit=2) == [2, 3]

    # --- pages, streams ---

    @pytest.mark.parametrize("sort", [(), ("n",), ("-n",)])
    @pytest.mark.parametrize("where", [(), (("n__lt", "900"),), (("n__lt", "-1"),)])
    def test_pages_streams_and_batches_agree(
        self, tables: Tables, store: Store, sort: tuple[str, ...], where: tuple[tuple[str, str], ...]
    ) -> None:
        numbers = [(turn * 7919) % 1009 for turn in range(1009)]
        frame = pl.DataFrame({"_id": range(1, 1010), "n": numbers})
        parts, known = store(frame[:300], frame[300:301], frame[301:]), Schema((Field("n", FieldType.INTEGER),))
        wanted = select(RowQuery(where=where, sort=sort, columns=("n",)), known)
        least = int(where[0][1]) if where else 10**9
        expected = [number for number in numbers if number < least]
        expected = sorted(expected, reverse=sort == ("-n",)) if sort else expected
        page = tables.page(parts, wanted, 0, 100)
        assert (page.total, page.more) == (len(expected), len(expected) > 100)
        uncounted = tables.page(parts, wanted, 0, 100, count=False)
        assert (uncounted.rows, uncounted.total, uncounted.more) == (page.rows, None, page.more)
        pages = [json.loads(tables.page(parts, wanted, offset, 100).rows) for offset in range(0, 1100, 100)]
        assert [row["n"] for rows in pages for row in rows] == expected
        lines = b"".join(tables.stream(parts, wanted, Format.CSV, slice(10, 500))).split()
        assert [int(line) for line in lines[1:]] == expected[10:500]
        parquet = pl.read_parquet(b"".join(tables.stream(parts, wanted, Format.PARQUET, ALL)))
        assert parquet["n"].to_list() == expected
        batches = pl.concat([pl.DataFrame(batch) for batch in tables.batches(parts, wanted, slice(3, None))])
        assert batches["n"].to_list() == expected[3:]

    # --- facets ---

    @pytest.mark.parametrize("name", COLUMNS)
    def test_values_of_every_type_are_counted(self, tables: Tables, store: Store, name: str) -> None:
        rows = turns(name, 2 * len(COLUMNS[name][2]) + 1)
        parts = store(table(rows[:2]), table(rows[2:]).with_columns(pl.col("_id") + 2))
        (facet,) = tables.facets(parts, Selection((name,)), 100)
        shown = json.loads(tables.page(parts, Selection((name,)), 0, 1000).rows)
        expected = Counter(
            json.dumps(str(value) if isinstance(value, float) and math.isinf(value) else row[name])
            for row, value in zip(shown, [row[list(COLUMNS).index(name)] for row in rows], strict=True)
        )
        counted = Counter[str]()
        for one in facet.values:
            counted[json.dumps(json.loads(bytes(one.value)))] += one.count
        assert counted == expected
        assert not facet.more

    def test_the_most_frequent_values_come_first_among_the_rows_that_fit(self, tables: Tables, store: Store) -> None:
        frame = pl.DataFrame({"_id": range(1, 8), "city": ["b", "a", "b", "c", "c", "d", None]})
        parts, known = store(frame), Schema((Field("city", FieldType.STRING),))
        (facet,) = tables.facets(parts, Selection(("city",)), 3)
        assert [(json.loads(bytes(one.value)), one.count) for one in facet.values] == [("b", 2), ("c", 2), ("a", 1)]
        assert facet.more
        wanted = filters(RowFilter((("city__gt", "b"),)), known)
        (facet,) = tables.facets(parts, Selection(("city",), wanted), 3)
        assert [(json.loads(bytes(one.value)), one.count) for one in facet.values] == [("c", 2), ("d", 1)]

    # --- differences ---

    def test_rows_are_compared_by_their_numbers(self, tables: Tables, store: Store) -> None:
        shared = pl.DataFrame({"_id": [1, 2], "a": [1.0, 2.0], "b": ["x", "y"]})
        old = pl.DataFrame({"_id": [3, 4, 5, 6], "a": [3.0, math.nan, None, 6.0], "b": ["c", "d", "e", None]})
        new = pl.DataFrame({"_id": [3, 4, 6, 7], "a": [3.5, math.nan, 6.0, 7.0], "b": ["c", "d", None, "g"]})
        before, after = store(shared, old), store(shared, new)
        found = tables.differences(before, after, ["a", "b"], 10)
        assert (found.added, found.removed, found.changed, found.more) == (1, 1, 1, False)
        told = [(one.id, json.loads(bytes(one.before)), json.loads(bytes(one.after))) for one in found.items]
        assert told == [
            (3, {"_id": 3, "a": 3.0, "b": "c"}, {"_id": 3, "a": 3.5, "b": "c"}),
            (5, {"_id": 5, "a": None, "b": "e"}, None),
            (7, None, {"_id": 7, "a": 7.0, "b": "g"}),
        ]
        cut = tables.differences(before, after, ["b"], 1)
        assert ([one.id for one in cut.items], cut.changed, cut.more) == ([5], 0, True)
        same = tables.differences(before, before, ["a", "b"], 10)
        assert (same.added, same.removed, same.changed, same.items) == (0, 0, 0, ())

    def test_values_that_are_stored_otherwise_are_compared_as_texts(self, tables: Tables, store: Store) -> None:
        before, after = (
            store(pl.DataFrame({"_id": [1, 2], "n": pl.Series([5, 6], dtype=kind), "m": pl.Series([7, 8], dtype=kind)}))
            for kind in (pl.Int8, pl.Int64)
        )
        assert tables.differences(before, after, ["n", "m"], 10).changed == 0
        assert tables.differences([], after, ["n", "m"], 10).added == 2

    @pytest.mark.parametrize("name", COLUMNS)
    def test_a_change_of_every_type_is_seen(self, tables: Tables, store: Store, name: str) -> None:
        values = COLUMNS[name][2]
        rows = [tuple(value if one == name else None for one in COLUMNS) for value in values]
        turned = [*rows[1:], rows[0]]
        before, after = store(table(rows)), store(table(turned))
        changed = sum(
            comparable(old) != comparable(new) and not (is_null(old) and is_null(new))
            for old, new in zip(values, [*values[1:], values[0]], strict=True)
        )
        assert tables.differences(before, after, [name], 10).changed == changed
        again = store(table(rows).with_columns(pl.lit(1).alias("other")))
        assert tables.differences(before, again, [name], 10).changed == 0
