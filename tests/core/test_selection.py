import base64
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot_core.errors import InvalidCursor, InvalidOption
from entrepot_core.paging import MAX_LIMIT, MAX_OFFSET, read_cursor, write_cursor
from entrepot_core.rows.query import RowCursor, RowQuery
from entrepot_core.selection import DatasetQuery, ListCursor, ListOrder, after, fold, sort_field
from tests.contracts.datasets import dataset

ORDERS: tuple[ListOrder, ...] = ("created_at", "-created_at", "updated_at", "-updated_at", "name", "-name")
OFFSETS = st.integers(0, MAX_OFFSET)
ROW_CURSORS = st.builds(RowCursor, st.text("abc-123"), st.none() | st.integers(), OFFSETS, st.text("abc123"))
TIMES = st.datetimes(timezones=st.just(UTC))

# --- cursors ---


@given(ROW_CURSORS)
def test_a_row_cursor_comes_back(cursor: RowCursor) -> None:
    assert read_cursor(write_cursor(cursor), RowCursor) == cursor


@given(st.sampled_from(ORDERS), TIMES, OFFSETS)
def test_a_list_cursor_comes_back_with_what_the_last_item_is_sorted_by(
    sort: ListOrder, time: datetime, offset: int
) -> None:
    one = dataset("some-name", at=time)
    cursor = after(one, DatasetQuery(sort=sort), offset)
    place = DatasetQuery(sort=sort, cursor=cursor).place
    assert place is not None
    assert (place.value, place.id, place.offset) == (getattr(one, sort_field(sort)), one.id, offset)
    assert write_cursor(place) == cursor


@given(st.one_of(ROW_CURSORS.map(write_cursor), st.just(after(dataset(), DatasetQuery(sort="name"), 3))))
def test_a_cursor_is_safe_in_a_url(text: str) -> None:
    assert text.isascii()
    assert text.replace("-", "").replace("_", "").isalnum()


@given(st.one_of(st.text(), st.binary().map(lambda data: base64.urlsafe_b64encode(data).decode().rstrip("="))))
def test_garbage_is_no_cursor(text: str) -> None:
    with pytest.raises(InvalidCursor):
        read_cursor(text, RowCursor)
    with pytest.raises(InvalidCursor):
        read_cursor(text, ListCursor)


@given(ROW_CURSORS.map(write_cursor), st.data())
def test_a_cursor_with_one_character_changed_is_another_cursor_or_none(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text) - 1))
    changed = text[:place] + data.draw(st.characters()) + text[place + 1 :]
    try:
        assert write_cursor(read_cursor(changed, RowCursor)) == changed
    except InvalidCursor:
        assert changed != text


@pytest.mark.parametrize(
    "content",
    [
        '["name","","a","no id",0]',
        '["name","","a","0190163d-8694-739b-aea5-966c26f8ad91",-1]',
        '["name","","a","0190163d-8694-739b-aea5-966c26f8ad91",0,0]',
        '["size","","a","0190163d-8694-739b-aea5-966c26f8ad91",0]',
        '["created_at","","yesterday","0190163d-8694-739b-aea5-966c26f8ad91",0]',
        '["created_at","","2024-01-01T00:00:00","0190163d-8694-739b-aea5-966c26f8ad91",0]',
        '["created_at","","0001-01-01T00:00:00+05:00","0190163d-8694-739b-aea5-966c26f8ad91",0]',
        "[1,2]",
        "[" * 100_000,
        '["name","","a","0190163d-8694-739b-aea5-966c26f8ad91",0,' + "[" * 100_000,
    ],
)
def test_forged_list_cursors_are_refused(content: str) -> None:
    with pytest.raises(InvalidCursor):
        read_cursor(base64.urlsafe_b64encode(content.encode()).decode().rstrip("="), ListCursor)


@pytest.mark.parametrize(
    "content",
    ['["",1,-1,""]', '["",1,1e3,""]', f'["",1,{10**16},""]', "[1]", '["",1,2,3]', '{"offset":1}', '["",1, 2,""]'],
)
def test_forged_row_cursors_are_refused(content: str) -> None:
    with pytest.raises(InvalidCursor):
        read_cursor(base64.urlsafe_b64encode(content.encode()).decode().rstrip("="), RowCursor)


@pytest.mark.parametrize(
    "other",
    [
        {"q": "a"},
        {"q": "\udcff"},
        {"published": False},
        {"published": True},
        {"tag": "a"},
        {"ids": ("a",)},
        {"created_after": datetime(2026, 1, 1, tzinfo=UTC)},
    ],
)
def test_a_cursor_of_a_list_with_other_filters_is_refused(other: dict[str, Any]) -> None:
    nothing: dict[str, Any] = {}
    more: dict[str, Any] = {**other, "name": "b"}
    for made, read in ((nothing, other), (other, nothing), (other, more)):
        cursor = after(dataset(), DatasetQuery(**made), 0)
        assert DatasetQuery(**made, limit=7, cursor=cursor).place is not None
        with pytest.raises(InvalidCursor):
            _ = DatasetQuery(**read, cursor=cursor).place


def test_a_cursor_of_another_order_is_refused() -> None:
    cursor = after(dataset(), DatasetQuery(sort="name"), 0)
    with pytest.raises(InvalidCursor):
        _ = DatasetQuery(sort="-name", cursor=cursor).place
    assert DatasetQuery().place is None


# --- pages ---


@pytest.mark.parametrize(("limit", "offset"), [(0, 0), (-1, 0), (1, -1), (1, MAX_OFFSET + 1)])
def test_pages_that_cannot_be_are_refused(limit: int, offset: int) -> None:
    for query in (DatasetQuery, RowQuery):
        with pytest.raises(InvalidOption):
            query(limit=limit, offset=offset)


def test_a_list_has_the_limit_of_a_page_and_a_row_query_has_it_where_a_page_is_read() -> None:
    with pytest.raises(InvalidOption):
        DatasetQuery(limit=MAX_LIMIT + 1)
    assert RowQuery(limit=MAX_LIMIT + 1).page_limit == MAX_LIMIT + 1


def test_an_offset_and_a_cursor_exclude_each_other() -> None:
    for query in (DatasetQuery, RowQuery):
        with pytest.raises(InvalidOption, match="not both"):
            query(offset=1, cursor="x")
        query(offset=0, cursor="x")


def test_too_many_ids_are_refused() -> None:
    with pytest.raises(InvalidOption, match="10000"):
        DatasetQuery(ids=("x",) * 10_001)


def test_times_become_utc() -> None:
    there = datetime(2024, 1, 1, 3, tzinfo=timezone(timedelta(hours=3)))
    naive = datetime(2024, 1, 1)  # noqa: DTZ001 - that such a one is taken for UTC is the fact
    query = DatasetQuery(created_after=there, created_before=naive)
    assert query.created_after == query.created_before == datetime(2024, 1, 1, tzinfo=UTC)
    assert query.created_after is not None
    assert query.created_after.tzinfo is UTC
    with pytest.raises(InvalidOption, match="created_before"):
        DatasetQuery(created_before=datetime.min.replace(tzinfo=timezone(timedelta(hours=3))))


def test_a_query_survives_json() -> None:
    query = DatasetQuery(q="x", ids=("a",), created_after=datetime(2024, 1, 1, tzinfo=UTC), sort="name")
    assert msgspec.json.decode(msgspec.json.encode(query), type=DatasetQuery) == query


# --- text ---


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text("aÄßéİK\N{LATIN SMALL LETTER LONG S}", max_size=8))
def test_folding_does_not_mind_case(text: str) -> None:
    assert fold(text) == fold(text.casefold())
