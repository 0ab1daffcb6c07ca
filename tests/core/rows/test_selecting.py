"""Queries held against a schema."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot_core.errors import InvalidCursor, InvalidFilter, InvalidOption, UnknownColumn
from entrepot_core.paging import write_cursor
from entrepot_core.rows.filters import OPERATORS, AnyOf, Condition, Operator, condition, resolve
from entrepot_core.rows.lists import quoted
from entrepot_core.rows.query import FacetQuery, RowFilter, RowQuery
from entrepot_core.rows.selection import Order, Search, filters, select
from entrepot_core.schema import Field, FieldType, Schema

HOSTILE = [
    "a",
    "a__gt",
    "a__gt__exact",
    "__",
    "limit",
    "a.b",
    "-a",
    "",
    '"',
    "x" * 1000,
    "名前",
    "a,b",
    "(",
    "or",
    "_id__in",
]
SCHEMA = Schema((*(Field(name, FieldType.STRING) for name in HOSTILE), Field("n", FieldType.INTEGER)))
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


# --- filters ---


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("operator", Operator)
def test_every_column_is_reached_by_its_name_and_an_operator(name: str, operator: Operator) -> None:
    field, found = resolve(f"{name}__{operator}", SCHEMA)
    longest = f"{name}__{operator}" in HOSTILE
    assert (field.name, found) == ((f"{name}__{operator}", Operator.EXACT) if longest else (name, operator))


@pytest.mark.parametrize("name", [*HOSTILE, "_id"])
def test_a_name_alone_means_exact(name: str) -> None:
    assert resolve(name, SCHEMA)[0].name == name
    assert resolve(name, SCHEMA)[1] is Operator.EXACT


@pytest.mark.parametrize(("key", "column"), [("b", "b"), ("b__gt", "b"), ("b__foo", "b__foo"), ("A", "A")])
def test_an_unknown_column_is_named(key: str, column: str) -> None:
    with pytest.raises(UnknownColumn) as caught:
        condition(key, "1", SCHEMA)
    assert caught.value.column == column


def test_an_unknown_operator_is_named_with_those_there_are() -> None:
    with pytest.raises(InvalidFilter, match="'regex'; there are exact, not, contains"):
        condition("a__regex", "x", SCHEMA)


@pytest.mark.parametrize("kind", FieldType)
@pytest.mark.parametrize("operator", Operator)
def test_an_operator_that_is_not_for_a_type_is_refused_with_those_that_are(kind: FieldType, operator: Operator) -> None:
    if operator in OPERATORS[kind]:
        return
    with pytest.raises(InvalidFilter, match=f"{operator} is not for columns of type {kind}; use .*isnull"):
        condition(f"c__{operator}", "1", Schema((Field("c", kind),)))


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("n", "3", Condition("n", Operator.EXACT, (3,))),
        ("n__gt", "2.5", Condition("n", Operator.GT, (Decimal("2.5"),))),
        ("n__lte", "3.0", Condition("n", Operator.LTE, (3,))),
        ("n__in", "1,2", Condition("n", Operator.IN, (1, 2))),
        ("n__notin", "[1,null]", Condition("n", Operator.NOTIN, (1,), with_null=True)),
        ("n__in", "", Condition("n", Operator.IN)),
        ("n__isnull", "1", Condition("n", Operator.ISNULL)),
        ("n__isnull", "false", Condition("n", Operator.NOTNULL)),
        ("n__notnull", "0", Condition("n", Operator.ISNULL)),
        ("a", "", Condition("a", Operator.EXACT, ("",))),
        ("_id__gte", "5", Condition("_id", Operator.GTE, (5,))),
    ],
)
def test_values_are_of_their_columns_types(key: str, value: str, expected: Condition) -> None:
    assert condition(key, value, SCHEMA) == expected


@pytest.mark.parametrize(
    ("key", "value"), [("n", "x"), ("n", "1.5"), ("n__in", "1,x"), ("n__isnull", "yes"), ("n__gt", "")]
)
def test_a_value_that_cannot_be_cast_is_named_with_its_filter(key: str, value: str) -> None:
    with pytest.raises(InvalidFilter) as caught:
        condition(key, value, SCHEMA)
    assert (caught.value.filter, caught.value.value) == (key, value)


@given(st.lists(st.tuples(st.sampled_from([*HOSTILE]), TEXTS), min_size=1, max_size=4))
def test_alternatives_reach_every_column_with_every_value(pairs: list[tuple[str, str]]) -> None:
    text = ",".join(f"{quoted(f'{name}__exact')}.{quoted(value)}" for name, value in pairs)
    (found,) = filters(RowFilter(any_of=(f"({text})",)), SCHEMA)
    assert isinstance(found, AnyOf)
    resolved = [(one.column, one.values) for one in found.conditions]
    longest = {"a__gt": "a__gt__exact"}
    assert resolved == [(longest.get(name, name), (value,)) for name, value in dict.fromkeys(pairs)]


def test_the_column_alone_may_stand_in_quotes() -> None:
    schema = Schema((Field("no, never", FieldType.STRING), Field("make", FieldType.STRING)))
    for left in ('"no, never"__not', '"no, never__not"'):
        (found,) = filters(RowFilter(any_of=(f'({left}."a,b",make.BMW)',)), schema)
        assert found == AnyOf((
            Condition("no, never", Operator.NOT, ("a,b",)), Condition("make", Operator.EXACT, ("BMW",)),
        ))  # fmt: skip


def test_plain_alternatives_need_no_quotes() -> None:
    schema = Schema((Field("price", FieldType.NUMBER), Field("b.c", FieldType.INTEGER)))
    (found,) = filters(RowFilter(any_of=("(price__lt.5.5,b.c__gt.3,price.-1)",)), schema)
    assert found == AnyOf((
        Condition("price", Operator.LT, (Decimal("5.5"),)),
        Condition("b.c", Operator.GT, (3,)),
        Condition("price", Operator.EXACT, (Decimal(-1),)),
    ))  # fmt: skip


@pytest.mark.parametrize("text", ["(zz.1)", "(a)", "(n.x)", "(n__foo.1)"])
def test_an_alternative_that_is_wrong_is_told(text: str) -> None:
    with pytest.raises((InvalidFilter, UnknownColumn)):
        filters(RowFilter(any_of=(text,)), SCHEMA)


def test_too_many_filters_are_refused() -> None:
    many = tuple(("n", str(number)) for number in range(1001))
    with pytest.raises(InvalidOption, match="at most 1,000 filters"):
        filters(RowFilter(where=many), SCHEMA)
    group = "(" + ",".join(f"n.{number}" for number in range(1001)) + ")"
    with pytest.raises(InvalidOption, match="at most 1,000 filters"):
        filters(RowFilter(any_of=(group,)), SCHEMA)


# --- words ---


def test_words_are_searched_in_columns_of_text() -> None:
    schema = Schema((Field("t", FieldType.STRING), Field("n", FieldType.INTEGER), Field("u", FieldType.STRING)))
    (found,) = filters(RowFilter(q='red  "big car" red'), schema)
    assert found == Search(("red", "big car"), ("t", "u"))
    assert filters(RowFilter(q="  "), schema) == ()


def test_too_many_words_are_refused() -> None:
    with pytest.raises(InvalidOption, match="at most"):
        filters(RowFilter(q=" ".join(map(str, range(100)))), SCHEMA)


# --- columns and order ---


def test_columns_are_those_chosen_each_once_in_order() -> None:
    assert select(RowQuery(), SCHEMA).columns == tuple(SCHEMA.names)
    assert select(RowQuery(columns=("a,b", "_id", "a,b")), SCHEMA).columns == ("a,b", "_id")
    with pytest.raises(UnknownColumn) as caught:
        select(RowQuery(columns=("a", "c")), SCHEMA)
    assert caught.value.column == "c"


def test_a_minus_means_descending_unless_a_column_is_called_so() -> None:
    found = select(RowQuery(sort=("a", "-n", "-a", "--a", "_id", "-_id")), SCHEMA).order
    assert found == (
        Order("a"), Order("n", descending=True), Order("-a"), Order("-a", descending=True), Order("_id"),
        Order("_id", descending=True),
    )  # fmt: skip
    with pytest.raises(UnknownColumn):
        select(RowQuery(sort=("-zz",)), SCHEMA)


def test_spaces_beside_commas_are_no_part_of_names_unless_a_column_is_called_so() -> None:
    schema = Schema((Field("a", FieldType.STRING), Field(" b", FieldType.STRING), Field("b", FieldType.STRING)))
    found = select(RowQuery(columns=("a", " b", "b "), sort=(" a", " -b", "- a")), schema)
    assert found.columns == ("a", " b", "b")
    assert found.order == (Order("a"), Order("b", descending=True), Order("a", descending=True))


@pytest.mark.parametrize("value", ["", "null", " NaN "])
def test_who_looks_for_rows_without_a_value_is_told_how(value: str) -> None:
    with pytest.raises(InvalidFilter, match="rows without a value are n__isnull=1"):
        condition("n", value, SCHEMA)


# --- cursors ---


def test_a_cursor_is_of_its_rows_and_their_order() -> None:
    query = RowQuery(where=(("n", "1"),), sort=("a",))
    cursor = write_cursor(query.place(7))
    assert RowQuery(where=(("n", "1"),), sort=("a",), cursor=cursor, columns=("a",)).place(None).version == 7
    for other in (RowQuery(cursor=cursor), RowQuery(where=(("n", "2"),), sort=("a",), cursor=cursor)):
        with pytest.raises(InvalidCursor):
            other.place(None)


def test_facets_have_a_bound() -> None:
    with pytest.raises(InvalidOption):
        FacetQuery(columns=("a",), limit=1001)
