"""Changing a dataset's rows."""

import warnings
from collections.abc import Iterable, Mapping
from operator import index
from typing import TYPE_CHECKING, Self, SupportsIndex, Unpack, cast

from attrs import define

from entrepot.library.incoming_rows import Appendable, rows_of
from entrepot.library.options import Reading, options_of
from entrepot.library.replacing import Replaceable
from entrepot.library.selecting import Filters, Groups, row_filter
from entrepot_core.dialect import ImportOptions
from entrepot_core.errors import InvalidOption, VersionNotFound
from entrepot_core.rows.views import RowsChanged
from entrepot_core.schema import ROW_ID

if TYPE_CHECKING:
    from entrepot_core.rows.edits import Row


@define(eq=False, repr=False)
class Editable(Replaceable):
    """A dataset whose rows can be changed. Each edit is all or nothing, and makes its next version.

    Of a version that ``at`` was asked for nothing is edited while there is a newer one: ``InvalidOption``.
    """

    def append(self, rows: Appendable, *, if_unchanged: bool = False, **reading: Unpack[Reading]) -> list[int]:
        r"""Add rows, which makes the next version; columns that aren't given are null.

        >>> cars.append([{"make": "Di", "price": 9.5}, {"make": "Ed", "doors": 5}])
        [7, 8]
        >>> cars.append(b"make,price\nFi,12\n")
        [9]
        >>> cars
        <Dataset 'cars': 9 rows × 4 columns, version 3>

        Args:
            rows: Dicts of columns and values, or one; or what ``Store.add`` takes, as a file or a table. Columns
                of a file are read as the types that the dataset's columns have. An index of pandas without a name is
                refused, unless it only numbers the rows or there is a column for it.
            if_unchanged: Do it only if nobody has changed the dataset since this object was made or moved on.
            **reading: How to read a file, as for ``Store.add``; but one with rows that don't fit is refused, unless
                ``on_error`` says otherwise. What then becomes of them, and what is left out beside the rows, is told
                by a ``UserWarning``.

        Returns:
            The numbers of the new rows.

        Raises:
            InvalidRows: A value does not fit its column, or a column is not there; nothing was added.
            Stale: The dataset has changed since.
        """
        given = self._given(rows, self._options(reading))
        return self._moved(self._operations.append_rows(self._ref, given, self._expected(if_unchanged)))

    def update(
        self,
        rows: Appendable,
        *,
        whole: bool = False,
        if_unchanged: bool = False,
        **reading: Unpack[Reading],
    ) -> list[int]:
        r"""Change rows, which makes the next version; columns that aren't given stay as they are.

        >>> cars.update({3: {"price": 9, "sold": date(2024, 3, 1)}, 4: {"price": None}})
        [3, 4]
        >>> cars.row(3)["sold"], cars.row(4)["price"]
        (datetime.date(2024, 3, 1), None)
        >>> cars.update(b"_id,doors\n1,5\n2,5\n")
        [1, 2]

        Args:
            rows: Rows by their numbers; or rows, a file or a table, as for ``append``, with a column ``_id``.
            whole: Whether these are whole rows, so that columns that aren't given become null.
            if_unchanged: As for ``append``.
            **reading: As for ``append``.

        Returns:
            The numbers of the rows.

        Raises:
            RowNotFound: There is no row of one of the numbers; nothing was changed.
            InvalidRows: A value does not fit its column, or a column is not there; nothing was changed.
            Stale: The dataset has changed since.
        """
        options = self._options(reading)
        if isinstance(rows, Mapping) and all(isinstance(value, Mapping) for value in rows.values()):
            rows = [{**cast("Row", row), ROW_ID: number} for number, row in rows.items()]
        given = self._given(rows, options)
        changed = self._operations.update_rows(self._ref, given, self._expected(if_unchanged), whole=whole)
        return self._moved(changed)

    def _given(self, rows: Appendable, options: ImportOptions) -> "list[Row]":
        found = rows_of(rows, self.schema, options, lambda: self._decimals)
        for told in found.told:
            warnings.warn(told, stacklevel=3)  # where ``append`` or ``update`` was called
        return found.rows

    def _options(self, reading: Reading) -> ImportOptions:
        """How to read a file: as is said, else as dates and numbers of this dataset were written."""
        return options_of(reading).over(self.document.import_report.conventions)

    def drop_rows(
        self,
        rows: int | Iterable[int] | None = None,
        *,
        q: str | None = None,
        where: Filters | None = None,
        any_of: Groups | None = None,
        if_unchanged: bool = False,
        **filters: object,
    ) -> list[int]:
        """Remove rows, by their numbers or by filters, which makes the next version.

        >>> cars.drop_rows([1, 2])
        [1, 2]
        >>> cars.drop_rows(make="Bo", price__lt=25)
        [3]

        Args:
            rows: The rows' numbers.
            q: As for ``rows``.
            where: As for ``rows``.
            any_of: As for ``rows``.
            if_unchanged: As for ``append``.
            **filters: As for ``rows``.

        Returns:
            The numbers of the rows that were removed.

        Raises:
            RowNotFound: There is no row of one of the numbers; nothing was removed.
            NoFilter: Nothing says which.
            Stale: The dataset has changed since.
        """
        fitting = row_filter(self.schema, {"q": q, "where": where, "any_of": any_of, **filters})
        if rows is not None and not fitting.is_empty:
            raise TypeError("give the rows' numbers or filters, not both")
        which = fitting if rows is None else _numbers(rows)
        return self._moved(self._operations.remove_rows(self._ref, which, self._expected(if_unchanged)))

    def restore(self, version: int, *, if_unchanged: bool = False) -> Self:
        """Make an older version the next one.

        >>> _ = cars.drop_rows(make="Ada")
        >>> cars.restore(1)
        <Dataset 'cars': 6 rows × 4 columns, version 3>

        Raises:
            VersionNotFound: There is none of that number.
            Stale: The dataset has changed since.
        """
        expected = self.document.revision if if_unchanged else None
        self.document = self._operations.restore_version(self._ref, version, expected)
        self._is_pinned = False
        return self

    def _expected(self, if_unchanged: bool) -> int | None:  # noqa: FBT001 - passed on
        self._insist_on_newest()
        return self.document.revision if if_unchanged else None

    def _moved(self, changed: RowsChanged) -> list[int]:
        """Move on to the version that an edit made, or if that is not kept any more, to the newest."""
        try:
            self.document = self._operations.get_dataset(self._ref, changed.version)
        except VersionNotFound:
            self.document = self._operations.get_dataset(self._ref)
        return list(changed.ids)


def _numbers(rows: object) -> list[int]:
    """The numbers of rows; who has no type-checker may give anything."""
    numbers = list(cast("Iterable[object]", rows)) if isinstance(rows, Iterable) else [rows]
    for number in numbers:
        if isinstance(number, bool) or not isinstance(number, SupportsIndex):
            raise InvalidOption(option="rows", value=repr(number)[:100], reason="give the numbers of rows")
    return [index(cast("SupportsIndex", number)) for number in numbers]
