"""What everything does that remembers records of the metadata registry."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import msgspec
import pytest

from entrepot_adapters.clock import SystemClock
from entrepot_core.errors import InvalidCursor, RecordNotFound
from entrepot_core.paging import IdCursor, write_cursor
from entrepot_core.ports.records import Records
from entrepot_core.record import Record, RecordId, RecordQuery, RecordRevision
from tests.contracts.datasets import NOON

LATER = NOON + timedelta(seconds=1)
_clock = SystemClock()


def record(name: str = "flights", source: str = "air") -> Record:
    """A new record."""
    payload = msgspec.json.encode({"sourceName": source, "ä": "\u2028"}).decode()
    return Record(RecordId(_clock.new_id()), NOON, name, payload)


def add(records: Records, *several: Record) -> list[Record]:
    """Remember records."""
    for one in several:
        records.add(one)
    return list(several)


def renamed(one: Record) -> Record:
    """The record under another name."""
    return msgspec.structs.replace(one, name=f"{one.name}'")


def anything(_: Record) -> None:
    """Let go of any record."""


class RecordsContract:
    """The facts; a subclass gives the fixture ``records``, with none in it."""

    @pytest.fixture
    def records(self) -> Records | Iterator[Records]:
        raise NotImplementedError

    def test_what_is_added_is_found_as_it_was(self, records: Records) -> None:
        (one,) = add(records, record("Čars 🚗" * 100))
        assert records.find(one.id) == one
        assert records.list(RecordQuery()).items == (one,)

    def test_what_is_not_there_is_not_found(self, records: Records) -> None:
        add(records, record())
        other = RecordId(_clock.new_id())
        for ask in (
            records.find,
            records.history,
            lambda one: records.remove(one, anything),
            lambda one: records.change(one, renamed, LATER),
        ):
            with pytest.raises(RecordNotFound) as caught:
                ask(other)
            assert caught.value.record == other

    # --- listing ---

    def test_records_are_listed_oldest_first_by_name_and_by_source(self, records: Records) -> None:
        a, b, c = add(records, record("a", "x"), record("b", "x"), record("a", "y"))
        assert records.list(RecordQuery()).items == (a, b, c)
        assert records.list(RecordQuery(name="a")).items == (a, c)
        assert records.list(RecordQuery(source_name="x")).items == (a, b)
        assert records.list(RecordQuery(name="a", source_name="y")).items == (c,)

    @pytest.mark.parametrize("text", ["A", "a ", "%", "_", "\0", "\ud800"])
    def test_names_are_compared_exactly(self, records: Records, text: str) -> None:
        add(records, record("a", "a"))
        for query in (RecordQuery(name=text), RecordQuery(source_name=text)):
            page = records.list(query)
            assert (page.items, page.total, page.next) == ((), 0, None)

    def test_pages_go_on_where_they_left_off_whatever_was_added_and_removed(self, records: Records) -> None:
        several = add(records, *(record(str(number)) for number in range(5)))
        first = records.list(RecordQuery(limit=2))
        assert (first.items, first.total, first.offset) == (tuple(several[:2]), 5, 0)
        records.remove(several[0].id, anything)
        more = add(records, record())
        second = records.list(RecordQuery(limit=3, cursor=first.next))
        assert (second.items, second.total, second.offset) == (tuple(several[2:]), 5, 2)
        last = records.list(RecordQuery(limit=3, cursor=second.next))
        assert (list(last.items), last.next) == (more, None)
        assert records.list(RecordQuery(limit=2, offset=3)).items == (several[4], *more)

    def test_cursors_of_other_lists_are_refused(self, records: Records) -> None:
        add(records, *(record(name="a") for _ in range(2)))
        named = records.list(RecordQuery(name="a", limit=1)).next
        for cursor in ("", "zz", write_cursor(IdCursor("jobs", "", _clock.new_id(), 1)), named):
            with pytest.raises(InvalidCursor):
                records.list(RecordQuery(cursor=cursor))
        assert len(records.list(RecordQuery(name="a", cursor=named)).items) == 1

    # --- changing ---

    def test_a_change_is_answered_and_found_and_what_was_is_kept(self, records: Records) -> None:
        (one,) = add(records, record())
        after = msgspec.structs.replace(one, name="trains", payload='{"sourceName":"rail"}')
        assert records.change(one.id, lambda _: after, LATER) == after
        assert records.find(one.id) == after
        assert records.history(one.id).items == (
            RecordRevision(2, LATER, after.name, after.payload),
            RecordRevision(1, NOON, one.name, one.payload),
        )
        assert records.list(RecordQuery(source_name="rail")).items == (after,)
        assert not records.list(RecordQuery(source_name="air")).items

    def test_what_does_not_change_makes_no_history(self, records: Records) -> None:
        (one,) = add(records, record())
        assert records.change(one.id, lambda same: same, LATER) == one
        assert [revision.number for revision in records.history(one.id).items] == [1]

    def test_what_an_edit_raises_passes_through_and_changes_nothing(self, records: Records) -> None:
        (one,) = add(records, record())

        def fail(_: Record) -> Record:
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            records.change(one.id, fail, LATER)
        assert records.find(one.id) == one

    def test_a_record_is_kept_that_a_check_objects_to(self, records: Records) -> None:
        (one,) = add(records, record())

        def object_to(found: Record) -> None:
            assert found == one
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            records.remove(one.id, object_to)
        assert records.find(one.id) == one

    def test_a_removed_record_is_answered_and_gone_with_its_history(self, records: Records) -> None:
        one, other = add(records, record(), record())
        after = records.change(one.id, renamed, LATER)
        assert records.remove(one.id, anything) == after
        for ask in (records.find, records.history, lambda one: records.remove(one, anything)):
            with pytest.raises(RecordNotFound):
                ask(one.id)
        assert records.list(RecordQuery()).items == (other,)

    def test_no_change_is_lost_between_threads(self, records: Records) -> None:
        (one,) = add(records, record(""))
        with ThreadPoolExecutor(6) as pool:
            list(pool.map(lambda _: records.change(one.id, renamed, LATER), range(30)))
        assert records.find(one.id).name == "'" * 30
        assert [revision.number for revision in records.history(one.id).items] == list(range(31, 0, -1))
