"""Every error stands in the table, and survives the way to a remote client."""

from typing import get_args, get_origin, get_type_hints

import msgspec
import pytest

from entrepot.failures import FAILURES, failure_of, title_of
from entrepot_adapters.http.answers import error_of
from entrepot_core.errors import EntrepotError, ServerFailed, every_error

EVERY = list(every_error())


def example(kind: type[EntrepotError]) -> EntrepotError:
    """An error of this kind with something in each field."""
    return kind(**{name: _value(get_type_hints(kind)[name]) for name in kind.field_names})


def _value(kind: object) -> object:
    """Something of this type; of several structs, one."""
    values: dict[str, object] = {
        "int": 3, "str": "x", "list[str]": ["a", "b"], "str | None": "y", "int | None": 4,
        "str | bool | int | float | None": 5,
    }  # fmt: skip
    item = next(iter(get_args(kind)), None)
    if isinstance(item, type) and issubclass(item, msgspec.Struct):
        return (get_origin(kind) or list)([item(**{name: _value(hint) for name, hint in get_type_hints(item).items()})])
    return values[_name_of(kind)]


def _name_of(kind: object) -> str:
    return kind.__name__ if isinstance(kind, type) and not hasattr(kind, "__args__") else str(kind)


def test_every_error_stands_in_the_table_and_nothing_else_does() -> None:
    assert set(FAILURES) == set(EVERY)


def test_codes_are_unique() -> None:
    codes = [kind.code for kind in EVERY]
    assert sorted(codes) == sorted(set(codes))


@pytest.mark.parametrize("kind", EVERY)
def test_no_field_of_an_error_hides_a_member_of_the_problem_document(kind: type[EntrepotError]) -> None:
    members = {"type", "title", "status", "detail", "instance", "code", "correlation_id"}  # errors are the error's own
    assert members.isdisjoint(kind.field_names) or kind is ServerFailed


@pytest.mark.parametrize("kind", EVERY)
def test_an_error_is_rebuilt_from_its_problem_document(kind: type[EntrepotError]) -> None:
    error = example(kind)
    status = failure_of(error).status
    problem = {"status": status, "title": title_of(kind), "detail": str(error), "code": kind.code}
    rebuilt = error_of(status, msgspec.json.encode({**problem, **error.fields()}))
    assert type(rebuilt) is kind
    assert rebuilt.fields() == error.fields()
    assert str(rebuilt) == str(error)
