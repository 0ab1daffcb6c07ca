"""Values in the place of the keys by which Arrow stores them: categories, as pandas and others write them."""

import io
from collections.abc import Sequence

import polars as pl

from entrepot_adapters.polars.reading import arrow_schema as arrow
from entrepot_adapters.polars.reading.arrow_messages import END, SCHEMA, Message
from entrepot_adapters.polars.reading.arrow_schema import ArrowDictionary, ArrowField, ArrowSchema
from entrepot_adapters.polars.reading.flat_writing import Part, framed, number, table, text, vector

_VERSION = 4
_OF_POLARS = "_PL_"
"""How polars' own names begin, by which it says of keys that they are categories."""


class Keys:
    """The columns of a stream, and the lists of values that were read of it so far."""

    def __init__(self, schema: ArrowSchema, places: Sequence[int] | None = None) -> None:
        """Begin with lists without values.

        Args:
            schema: What the stream says of its columns.
            places: Which columns to read, in order; by default all.
        """
        self._places = list(range(len(schema.fields)) if places is None else places)
        self._fields = [schema.fields[place] for place in self._places]
        self._keys = _message(schema, [_keys(one) for one in schema.fields])
        parts = [part for one in self._fields for part in one.within() if part.dictionary is not None]
        self._lists = {_number(part): _message(schema, [_written(part)]) for part in parts}
        self._values = {key: _series(begin, b"") for key, begin in self._lists.items()}
        self._waiting: dict[int, list[bytes]] = {}

    def take(self, message: Message) -> None:
        """Take a list of values, which replaces the one of its number, or goes on with it.

        Raises:
            MalformedInput: It is damaged.
        """
        key, goes_on, batch = message.dictionary()
        if key not in self._lists:
            return
        if not goes_on:
            self._values[key] = self._values[key].clear()
            self._waiting[key] = []
        self._waiting.setdefault(key, []).append(batch)

    def frame(self, batch: bytes) -> pl.DataFrame:
        """A record batch, as it stands in the stream, with values in the place of keys."""
        for key, batches in self._waiting.items():
            self._values[key] = pl.concat([self._values[key], *(_series(self._lists[key], one) for one in batches)])
        self._waiting.clear()
        frame = pl.read_ipc_stream(io.BytesIO(b"".join((self._keys, batch, END))), columns=self._places)
        return frame.select(
            self._decoded(pl.nth(place), one).alias(one.name) if one.has_keys() else pl.nth(place)
            for place, one in enumerate(self._fields)
        )

    def _decoded(self, column: pl.Expr, field: ArrowField) -> pl.Expr:
        if field.dictionary is not None:
            return pl.lit(self._values[_number(field)]).gather(column.cast(pl.UInt32))
        if field.kind == arrow.STRUCT:
            parts = [
                self._decoded(column.struct.field(str(place)), child).alias(str(place))
                for place, child in enumerate(field.children)
                if child.has_keys()
            ]
            return column.struct.with_fields(parts).struct.rename_fields([child.name for child in field.children])
        inner = self._decoded(pl.element(), field.children[0])
        return column.arr.eval(inner) if field.kind == arrow.FIXED_LIST else column.list.eval(inner)


def _number(field: ArrowField) -> int:
    return -1 if field.dictionary is None else field.dictionary.number


def _series(schema: bytes, batch: bytes) -> pl.Series:
    return pl.read_ipc_stream(io.BytesIO(schema + batch + END)).to_series()


def _message(schema: ArrowSchema, fields: list[Part]) -> bytes:
    told = table(number("<h", int(schema.is_big_endian)), vector(fields))
    return framed(table(number("<h", _VERSION), number("<B", SCHEMA), told, number("<q", 0)))


def _keys(field: ArrowField, name: str | None = None) -> Part:
    """A column with whole numbers in the place of keys; members of objects with keys are called by their numbers."""
    name = field.name if name is None else name
    if field.dictionary is not None:
        return _field(name, arrow.INTEGER, _whole(field.dictionary))
    if not field.has_keys():
        return _written(field, name)
    is_struct = field.kind == arrow.STRUCT
    children = [_keys(child, str(place) if is_struct else None) for place, child in enumerate(field.children)]
    return _field(name, field.kind, field.type, children)


def _written(field: ArrowField, name: str | None = None) -> Part:
    """A column as it is, but with values that are stored as such."""
    metadata = [table(text(key), text(said)) for key, said in field.metadata if not key.startswith(_OF_POLARS)]
    name = field.name if name is None else name
    return _field(name, field.kind, field.type, [_written(child) for child in field.children], metadata)


def _field(
    name: str, kind: int, of: Part, children: list[Part] | None = None, metadata: list[Part] | None = None
) -> Part:
    parts = vector(children or [])
    return table(
        text(name), number("<B", 1), number("<B", kind), of, None, parts, vector(metadata) if metadata else None
    )


def _whole(dictionary: ArrowDictionary) -> Part:
    return table(number("<i", dictionary.bits), number("<B", int(dictionary.is_signed)))
