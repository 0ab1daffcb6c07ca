"""Reads JSON and NDJSON."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import polars as pl
from msgspec.structs import replace
from polars.io.plugins import register_io_source

from entrepot_adapters.polars.casting import column_of
from entrepot_adapters.polars.inference.column import Column
from entrepot_adapters.polars.inference.mixed_dates import MOMENTS
from entrepot_adapters.polars.inference.numbers import INEXACT
from entrepot_adapters.polars.landing import Landed, land
from entrepot_adapters.polars.reading.column_names import unique_names
from entrepot_adapters.polars.reading.intake import Intake
from entrepot_adapters.polars.reading.json_columns import (
    Shapes,
    frame_of,
    in_parts,
    members,
    merged,
    transposed,
    without,
)
from entrepot_adapters.polars.reading.json_mixed import Tally
from entrepot_adapters.polars.reading.json_objects import JsonObjects, Object
from entrepot_adapters.polars.reading.json_shapes import Shape
from entrepot_adapters.polars.reading.json_written import settled
from entrepot_adapters.polars.reading.options import NUMBERS, nulled, types_asked, unused, with_conventions
from entrepot_adapters.polars.reading.pushdown import chosen
from entrepot_adapters.polars.reading.result import Read
from entrepot_adapters.polars.reading.text import as_utf8
from entrepot_core.dialect import ImportOptions, ImportReport
from entrepot_core.errors import EmptyInput, MalformedInput
from entrepot_core.formats import Format
from entrepot_core.schema import FieldType

_BATCH = 16_384
_USED = frozenset({"encoding", "date_order"})


def read_json(intake: Intake) -> Read:
    """Read objects into a table; see ``Importer.load``.

    Objects are read in batches, by the shapes that those before had. Where a later object has another shape, the rest
    of the file is read for its shapes, and the table is written again.
    """
    text = as_utf8(intake.source, intake.options.encoding, intake.scratch)
    is_lines, as_written = intake.kind is Format.NDJSON, FieldType.STRING in intake.options.types.values()
    objects = _Objects(JsonObjects(text.file, _BATCH, is_lines=is_lines, as_written=as_written), intake)
    objects.begin()
    if not objects.shapes:
        raise EmptyInput(file_name=intake.task.file_name)
    landed, warnings = _landed(objects, intake)
    told = (*objects.notes, *warnings, *landed.warnings(), *unused(intake.options, intake.kind, _USED))
    return Read(landed.columns, landed.written, ImportReport(encoding=text.encoding, warnings=told))


def _landed(objects: "_Objects", intake: Intake) -> tuple[Landed, list[str]]:
    try:
        return _land(objects, intake)
    except _ShapesChanged:
        return _land(objects, intake)


def _land(objects: "_Objects", intake: Intake) -> tuple[Landed, list[str]]:
    names, warnings = unique_names(list(objects.shapes))
    types = types_asked(intake.options.types, names)
    columns: list[Column] = []
    for number, (name, shape) in enumerate(zip(names, objects.shapes.values(), strict=True)):
        if shape.kind in {"string", "mixed"} and name not in types:
            columns.append(Column(name, f"s{number}", (), MOMENTS, tokens=frozenset()))
        else:
            is_document, is_inexact = shape.kind == "varied", shape.kind == "inexact" and name not in types
            is_held, wanted = name in intake.task.held, types.get(name)
            column = column_of(name, f"s{number}", shape.dtype, wanted, is_document=is_document, is_held=is_held)
            columns.append(replace(column, remark=INEXACT.remark if is_inexact else None))
    nulls = [
        nulled(pl.col(f"s{number}"), intake.options.null_values).alias(f"s{number}")
        for number, shape in enumerate(objects.shapes.values())
        if shape.dtype == pl.String and shape.kind != "varied"
    ]

    def scan(most: int | None = None) -> pl.LazyFrame:
        frame = objects.scan().with_columns(nulls)
        return frame if most is None else frame.head(most)

    landed = land(scan, with_conventions(columns, intake.task), intake.table)
    return _noted(landed, objects.remarks, set(types)), warnings


def _noted(landed: Landed, remarks: Sequence[str | None], asked: Collection[str]) -> Landed:
    """The table with remarks on columns that stay text, though nobody asked for that."""
    columns = [
        replace(column, remark=told)
        if told and column.name not in asked and column.reading.type is FieldType.STRING
        else column
        for column, told in zip(landed.columns, remarks, strict=True)
    ]
    return replace(landed, columns=tuple(columns))


class _Objects:
    """The objects of a file as a frame.

    Attributes:
        shapes: What is known of their members.
    """

    def __init__(self, objects: JsonObjects, intake: Intake) -> None:
        self._objects = objects
        self._limits = intake.limits
        self._report = intake.report
        self._size = intake.size
        self._options = intake.options
        self._tallies: dict[str, Tally] = {}
        self.shapes: Shapes = {}

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know of how the rows were found."""
        return self._objects.notes

    @property
    def remarks(self) -> list[str | None]:
        """What a person should know of each member whose values are of several kinds, as read last."""
        tallies = [self._tallies.get(name) for name in self.shapes]
        return [None if tally is None else tally.remark for tally in tallies]

    def begin(self) -> None:
        """Learn the shapes of the first objects."""
        for batch in self._objects:
            for before, part in self._parts(batch):
                self.shapes = merged(self.shapes, self._values(part), before)
            return

    def scan(self) -> pl.LazyFrame:
        """Begin to read the objects, as columns ``s0``, ``s1`` and so on."""
        schema = {f"s{number}": shape.dtype for number, shape in enumerate(self.shapes.values())}
        return register_io_source(io_source=self._frames, schema=schema)

    def _frames(
        self, names: list[str] | None, predicate: pl.Expr | None, rows: int | None, _batch: int | None
    ) -> Iterator[pl.DataFrame]:
        return chosen(self._typed(), names, predicate, rows)

    def _typed(self) -> Iterator[pl.DataFrame]:
        count, is_changed = 0, False
        self._tallies = {}
        for batch in self._objects:
            self._limits.check_rows(count + len(batch))
            self._report("import", min(self._objects.done, self._size), self._size)
            for before, part in self._parts(batch):
                values = self._values(part)
                shapes = merged(self.shapes, values, count + before)
                is_changed = is_changed or not _are_stored_as(shapes, self.shapes)
                self.shapes = shapes
                if not is_changed:
                    self._count(values)
                    yield _frame(values, shapes, self._options)
            count += len(batch)
        if is_changed:
            raise _ShapesChanged

    def _values(self, part: Sequence[Object]) -> dict[str, Sequence[Any]]:
        values = without(transposed(part, self.shapes), self._options.null_values)
        types = self._options.types
        if FieldType.STRING not in types.values():
            return values
        wanted = zip(values, unique_names(list(values))[0], strict=True)
        texts = {name for name, called in wanted if types.get(called, types.get("*")) is FieldType.STRING}
        return settled(values, texts)

    def _count(self, values: Mapping[str, Sequence[Any]]) -> None:
        for name, shape in self.shapes.items():
            if shape.kind == "mixed":
                self._tallies.setdefault(name, Tally()).add(values[name])

    def _parts(self, batch: list[Object]) -> Iterator[tuple[int, Sequence[Object]]]:
        """A batch in parts that do not hold too much at once, once it is known not to have too many columns.

        Each comes with the number of objects before it.
        """
        width = len(members(batch, self.shapes))
        self._limits.check_columns(width)
        return in_parts(batch, width)


def _are_stored_as(some: Shapes, others: Shapes) -> bool:
    return some.keys() == others.keys() and all(map(Shape.is_stored_as, some.values(), others.values()))


class _ShapesChanged(Exception):
    """Some objects are not like those before."""


def _frame(values: Mapping[str, Sequence[object]], shapes: Shapes, options: ImportOptions) -> pl.DataFrame:
    names = dict(zip(unique_names(list(shapes))[0], shapes, strict=True)) if options.types else {}
    asked = types_asked(options.types, list(names))
    try:
        return frame_of(values, shapes, {names[name] for name, kind in asked.items() if kind in NUMBERS})
    except UnicodeEncodeError as error:
        reason = "a text holds half of a surrogate pair, which is no character"
        raise MalformedInput(reason=reason, value=repr(error.object[error.start])) from error
