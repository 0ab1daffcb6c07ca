"""New content for a dataset."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal, Self, Unpack, overload

from attrs import define

from entrepot.library.incoming import Landable, opened
from entrepot.library.options import Reading, decimal_mark, field_type, options_of, order_of_dates, texts_of
from entrepot.library.progress import reporting
from entrepot.library.publishing import KEYWORDS, Columns, Interval, image_columns, seconds_of
from entrepot.library.tabular import Tabular
from entrepot_core.changes import DatasetChanges
from entrepot_core.dialect import DateOrder, DecimalMark, Report, TypeChanges
from entrepot_core.schema import FieldType

if TYPE_CHECKING:
    from entrepot.library.job import Job


@define(eq=False, repr=False)
class Replaceable(Tabular):
    """A dataset whose content can be replaced."""

    @overload
    def replace(
        self,
        thing: Landable,
        *,
        file_name: str | None = None,
        images: Columns | None = None,
        published: bool | None = None,
        refresh: Interval | None = None,
        progress: Report | bool = True,
        wait: Literal[True] = True,
        **reading: Unpack[Reading],
    ) -> Self: ...

    @overload
    def replace(
        self,
        thing: Landable,
        *,
        file_name: str | None = None,
        images: Columns | None = None,
        published: bool | None = None,
        refresh: Interval | None = None,
        progress: Report | bool = True,
        wait: Literal[False],
        **reading: Unpack[Reading],
    ) -> "Job": ...

    def replace(
        self,
        thing: Landable,
        *,
        file_name: str | None = None,
        images: Columns | None = None,
        published: bool | None = None,
        refresh: Interval | None = None,
        progress: Report | bool = True,
        wait: bool = True,
        **reading: Unpack[Reading],
    ) -> "Self | Job":
        r"""Read new content into its next version; how to read is as before, but for what is said here.

        >>> cars.replace(b"make,price\nDi,9.5\n", file_name="more.csv").version
        2
        >>> cars.replace("cars.csv", wait=False).wait().version
        3

        Args:
            thing: As for ``Store.add``.
            file_name: What to call bytes or an open file.
            images: As for ``edit``, as the two that follow.
            published: Whether it is served as a collection.
            refresh: How often its source, if that is a URL, is to be fetched again.
            progress: Takes reports, or ``False`` for no progress bar.
            wait: ``False`` gives a job that does it; this object then stays as it is.
            **reading: As for ``Store.add``.

        Raises:
            InvalidOption: This object was taken by ``at``, and there is a newer version.
        """
        options = options_of(reading, *KEYWORDS)
        changes = DatasetChanges(published=published, images=image_columns(images), refresh=seconds_of(refresh))
        self._insist_on_newest()
        with opened(thing, file_name) as source, reporting(self.name, progress=progress) as report:
            if wait:
                self.document = self._operations.replace_dataset(self._ref, source, changes, options, report)
                return self
            from entrepot.library.job import Job

            begun = self._operations.begin_replace_dataset(self._ref, source, changes, options, report)
            return Job(begun, self._operations)

    def retype(
        self,
        types: Mapping[str, FieldType | str | None] = {},
        *,
        date_order: DateOrder | None = None,
        decimal: DecimalMark | None = None,
        null_values: str | Sequence[str] = (),
        progress: Report | bool = True,
    ) -> Self:
        """Read its original file again, with other types, or dates and numbers the other way, as its next version.

        >>> cars.retype({"doors": "string"}).schema.fields[2].type.value
        'string'

        Args:
            types: Column to type, beside those that were asked for before; ``*`` stands for all other columns, and
                ``None`` as a type has it found by looking again.
            date_order: ``day_first`` or ``month_first``, for columns of dates such as ``03/04/2024`` whose values could
                be either way round.
            decimal: ``","`` or ``"."``, for columns of numbers such as ``1,234`` that could be meant either way.
            null_values: A text, or several, that mean null, in place of those that did before; an empty one for none.
            progress: Takes reports, or ``False`` for no progress bar.

        Raises:
            NoOriginal: It was made from a table, not a file.
            MalformedInput: A value does not fit; its row is named, and nothing was changed.
        """
        kinds = {column: None if kind is None else field_type(kind) for column, kind in types.items()}
        changes = TypeChanges(kinds, order_of_dates(date_order), decimal_mark(decimal), texts_of(null_values))
        self._insist_on_newest()
        with reporting(self.name, progress=progress) as report:
            self.document = self._operations.retype_dataset(self._ref, changes, report)
        return self
