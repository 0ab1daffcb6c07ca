"""Streams the rows of a JSON or NDJSON file as objects."""

import json
from collections.abc import Iterator
from itertools import chain, islice
from typing import IO, Any

from entrepot_adapters.polars.reading.column_names import unique_names
from entrepot_adapters.polars.reading.json_documents import JsonDocument
from entrepot_adapters.polars.reading.json_text import JsonText
from entrepot_core.errors import MalformedInput

Object = dict[str, Any]

VALUE = "value"
"""The column of a table whose rows are single values."""

_KINDS: dict[type, str] = {dict: "objects", list: "arrays"}
_SINGLE = "single values"


class JsonObjects:
    """The rows of a file, in batches; iterating begins anew each time.

    Rows are objects. Arrays become objects by the names that the first one holds, or by the numbers of their elements
    where it holds other things than texts; single values become objects of one member.
    """

    def __init__(self, file: IO[bytes], batch: int, *, is_lines: bool = False, as_written: bool = False) -> None:
        """Begin to read.

        Args:
            file: The file.
            batch: How many rows there are in a batch.
            is_lines: Whether it is NDJSON.
            as_written: As for ``JsonText``.
        """
        self._text = JsonText(file, as_written=as_written)
        self._document = JsonDocument(self._text, is_lines=is_lines)
        self._batch = batch
        self._notes: list[str] = []

    @property
    def done(self) -> int:
        """The bytes read so far."""
        return self._text.done

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know of how the rows were found."""
        ignored = (f"{name!r} stands beside the rows and was left out." for name in self._document.ignored)
        return (*ignored, *self._notes)

    def __iter__(self) -> Iterator[list[Object]]:
        objects = self._objects()
        while batch := list(islice(objects, self._batch)):
            yield batch

    def _objects(self) -> Iterator[Object]:
        self._notes = []
        elements = self._document.elements()
        for first in elements:
            rows = self._alike(first, elements)
            if isinstance(first, dict):
                yield from rows
            elif isinstance(first, list):
                yield from self._of_arrays(rows)
            else:
                yield from ({VALUE: one} for one in rows)

    def _alike(self, first: Any, elements: Iterator[Any]) -> Iterator[Any]:  # noqa: ANN401 - any value of JSON
        """All elements, which have to be of the first one's kind."""
        kind = _KINDS.get(type(first), _SINGLE)
        for number, one in enumerate(chain((first,), elements), start=1):
            if _KINDS.get(type(one), _SINGLE) != kind:
                reason = f"the rows before this are {kind}; a table needs all its rows alike"
                raise MalformedInput(reason=reason, line=self._text.line, row=number, value=json.dumps(one)[:100])
            yield one

    def _of_arrays(self, rows: Iterator[list[Any]]) -> Iterator[Object]:
        first, second = list(islice(rows, 1)), list(islice(rows, 1))
        names: list[str] = []
        if second and first[0] and all(isinstance(one, str) for one in first[0]):
            names, warnings = unique_names(first[0])
            self._notes = ["The first array was taken for the names of the columns.", *warnings]
            first = []
        for row in chain(first, second, rows):
            if len(row) > len(names):
                names = unique_names([*names, *[""] * (len(row) - len(names))])[0]
            yield dict(zip(names, row, strict=False))  # those that a short row lacks are null
