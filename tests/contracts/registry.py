"""What every implementation of ``Operations`` does with records, embedded or remote."""

import pytest

from entrepot_core import errors
from entrepot_core.ports.operations import Operations
from entrepot_core.record import RecordEntry, RecordQuery

FLIGHTS = RecordEntry("flights", '{"sourceName": "flights"}')
TRAINS = RecordEntry("trains ü", '{"sourceName": "rail", "n": [1.0, null]}')
NOBODY = "019aa5c0-8a11-7d0e-b2c4-1f2e3d4c5b6a"


class RegistryContract:
    """Inherit, and give the fixture ``operations``."""

    @pytest.fixture
    def registry(self, operations: Operations) -> Operations:
        """The operations, with an empty registry."""
        for record in operations.list_records(RecordQuery(limit=10_000)).items:
            operations.remove_record(record.id)
        return operations

    def test_a_record_is_registered_shown_and_listed(self, registry: Operations) -> None:
        first, second = registry.add_record(FLIGHTS), registry.add_record(TRAINS)
        assert (second.name, second.payload) == (TRAINS.name, TRAINS.payload)
        assert registry.get_record(second.id) == second
        page = registry.list_records(RecordQuery(limit=1))
        assert (page.items, page.total) == ((first,), 2)
        assert registry.list_records(RecordQuery(cursor=page.next)).items == (second,)
        assert registry.list_records(RecordQuery(name=TRAINS.name, source_name="rail")).items == (second,)

    def test_an_empty_list_is_an_empty_list(self, registry: Operations) -> None:
        page = registry.list_records(RecordQuery(limit=7, name="nobody"))
        assert (page.items, page.total, page.limit, page.next) == ((), 0, 7, None)

    def test_a_record_is_changed_and_removed(self, registry: Operations) -> None:
        before = registry.add_record(FLIGHTS)
        after = registry.update_record(before.id, TRAINS)
        assert (after.id, after.registered_on, after.name) == (before.id, before.registered_on, TRAINS.name)
        history = registry.get_record_history(before.id).items
        assert [(one.number, one.name) for one in history] == [(2, TRAINS.name), (1, FLIGHTS.name)]
        assert registry.remove_record(before.id) == after
        with pytest.raises(errors.RecordNotFound):
            registry.get_record(before.id)

    def test_a_record_that_has_changed_since_is_neither_changed_nor_removed(self, registry: Operations) -> None:
        before = registry.add_record(FLIGHTS)
        after = registry.update_record(before.id, TRAINS, before.tag)
        with pytest.raises(errors.Stale, match="has changed since you read it"):
            registry.update_record(before.id, FLIGHTS, before.tag)
        with pytest.raises(errors.Stale, match="has changed since you read it"):
            registry.remove_record(before.id, before.tag)
        assert registry.get_record(before.id) == after
        with pytest.raises(errors.RecordNotFound):
            registry.remove_record(NOBODY, before.tag)
        assert registry.remove_record(before.id, after.tag) == after

    @pytest.mark.parametrize("record", [NOBODY, "", "..", "a/b", "?", "ü", "x" * 1000])
    def test_what_is_not_there_is_not_found(self, registry: Operations, record: str) -> None:
        for ask in (registry.get_record, registry.get_record_history, registry.remove_record):
            with pytest.raises(errors.RecordNotFound):
                ask(record)
        with pytest.raises(errors.RecordNotFound):
            registry.update_record(record, FLIGHTS)

    @pytest.mark.parametrize(
        ("payload", "pointer"),
        [
            ("{", ""),
            ("{}", ""),
            ('{"sourceName": "a", "b": {"c": 1, "c": 1}}', ""),
            ('{"sourceName": 5}', "/sourceName"),
        ],
    )
    def test_a_payload_that_does_not_fit_is_refused(self, registry: Operations, payload: str, pointer: str) -> None:
        with pytest.raises(errors.InvalidPayload) as caught:
            registry.add_record(RecordEntry("x", payload))
        assert caught.value.errors[0].pointer == pointer
        assert registry.list_records(RecordQuery()).total == 0
