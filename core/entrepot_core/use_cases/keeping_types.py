"""Reading what a dataset's source gives now as what the dataset is: with its columns, rows and their types."""

from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager

import msgspec
from attrs import frozen

from entrepot_core.dataset import Dataset, Version
from entrepot_core.dialect import ImportOptions, Report
from entrepot_core.errors import InvalidOption, MalformedInput
from entrepot_core.ports.driven import Driven
from entrepot_core.ports.importer import Imported
from entrepot_core.schema import FieldType
from entrepot_core.use_cases.arriving import Arrival
from entrepot_core.use_cases.browsing import read_profile
from entrepot_core.use_cases.landing import Expectation, landed

_WIDENED = (FieldType.INTEGER, FieldType.NUMBER)
_NOT_OF_NOTHING = {FieldType.JSON, FieldType.BINARY, FieldType.DURATION}
"""The types that a column without any value can't be given."""


class _Held(msgspec.Struct, frozen=True):
    """A column that is read as the type it had.

    Attributes:
        was: That type.
        now: The type that its values alone would give it.
        is_empty: Whether it has no values.
    """

    was: FieldType
    now: FieldType
    is_empty: bool = False

    @property
    def is_open(self) -> bool:
        """Whether texts could be read as the type in two ways, where they can't be read as it at all."""
        return self.now is FieldType.STRING and self.was not in _NOT_OF_NOTHING


@contextmanager
def landed_again(
    driven: Driven, arrival: Arrival, options: ImportOptions, report: Report, before: Dataset
) -> Generator[Version]:
    """Store a file that was fetched again, its columns of the types they had; see ``landed``.

    It is read freely first. Only where that gives a column another type, it is read again, with that column's type
    asked for.

    Raises:
        MalformedInput: It has none of the dataset's columns, or no rows where there were some, or a column can't be
            read as the type it had.
    """
    held: dict[str, _Held] = {}
    version: Version | None = None
    with ExitStack() as stack:
        while version is None:
            check = _Check(driven, before, options, held)
            expected = Expectation(check, {name: column.was for name, column in held.items()})
            try:
                version = stack.enter_context(landed(driven, arrival, options, report, before, expected))
            except _TypesChanged as changed:
                held = {**held, **changed.columns}
            except (MalformedInput, InvalidOption) as error:
                if (refusal := _refusal(error, held)) is None:
                    raise
                raise refusal from error
        told = [*_told_of_gone(before.version, version), *map(_told, held, held.values())]
        yield msgspec.structs.replace(version, report=version.report.noting(told))


class _TypesChanged(Exception):
    """Columns have other types than before, and are to be read as these."""

    def __init__(self, columns: Mapping[str, _Held]) -> None:
        super().__init__()
        self.columns = columns


@frozen
class _Check:
    """Refuses what was made of a file that can't be the dataset's next version."""

    driven: Driven
    before: Dataset
    options: ImportOptions
    held: Mapping[str, _Held]

    def __call__(self, found: Imported) -> None:
        version = self.before.version
        if not {*version.schema.names} & {*found.schema.names}:
            reason = "what the source gives now has none of the dataset's columns; replace the dataset if that is right"
            raise MalformedInput(reason=reason)
        if version.rows and not found.rows:
            reason = f"what the source gives now has no rows, where there were {version.rows:,}"
            raise MalformedInput(reason=f"{reason}; replace the dataset's content by hand if that is right")
        changed = self._changed(found)
        for name in changed:
            if name in self.held:
                raise _changed_type(name, changed[name])
        if changed:
            raise _TypesChanged(changed)

    def _changed(self, found: Imported) -> dict[str, _Held]:
        """The columns with other types than they had, as far as they had values and nobody asked for a type."""
        asked = self.options.types
        if "*" in asked:
            return {}
        before = {field.name: field.type for field in self.before.version.schema.fields if field.name not in asked}
        types = {
            field.name: _Held(before[field.name], field.type) for field in found.schema.fields if field.name in before
        }
        changed = {
            name: one for name, one in types.items() if one.was is not one.now and (one.was, one.now) != _WIDENED
        }
        if not changed:
            return {}
        had_none = {column.name for column in read_profile(self.driven, self.before).columns if not column.count}
        has_none = {column.name for column in found.profile.columns if not column.count}
        return {
            name: msgspec.structs.replace(one, is_empty=name in has_none)
            for name, one in changed.items()
            if name not in had_none and not (name in has_none and one.was in _NOT_OF_NOTHING)
        }


def _refusal(error: MalformedInput | InvalidOption, held: Mapping[str, _Held]) -> MalformedInput | None:
    """The error in the words of a refresh, if it is about a type that the refresh asked for."""
    if isinstance(error, InvalidOption):
        name = next((name for name, one in held.items() if error.value == f"{name}: {one.was}"), None)
        if name is None:
            return None
        if held[name].is_open:
            return MalformedInput(reason=f"the column was {held[name].was}, and now {error.reason}", column=name)
        return _changed_type(name, held[name])
    if error.column is None or error.column not in held or error.value is None:
        return None
    reason = (
        f"this is no {held[error.column].was}, as which the column has been read so far; if it is right, "
        "retype the column, or name the text as null (options types and null_values)"
    )
    return MalformedInput(reason=reason, line=error.line, row=error.row, column=error.column, value=error.value)


def _changed_type(name: str, column: _Held) -> MalformedInput:
    reason = (
        f"the column was {column.was}, and in what the source gives now it is {column.now}, "
        f"which can't be read as {column.was}; replace the dataset's content by hand if that is right"
    )
    return MalformedInput(reason=reason, column=name)


def _told_of_gone(before: Version, after: Version) -> list[str]:
    gone = [repr(name) for name in before.schema.names if name not in after.schema.names]
    if len(gone) == 1:
        return [f"The source gives no column {gone[0]} any more; it is gone."]
    return [f"The source gives no columns {', '.join(gone)} any more; they are gone."] if gone else []


def _told(name: str, column: _Held) -> str:
    if column.is_empty:
        what = f"Column {name!r} has no values in what the source gives now"
        return f"{what}; it is {column.was}, as in the version before."
    return (
        f"Column {name!r} was read as {column.was}, as in the version before; its values alone make it {column.now}. "
        "Retype it if that is right (option types)."
    )
