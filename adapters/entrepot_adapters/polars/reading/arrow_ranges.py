"""The columns of Arrow whose values polars makes others of, read as the numbers that are stored."""

from collections.abc import Iterator
from typing import IO

from msgspec.structs import replace

from entrepot_adapters.polars.reading import arrow_schema as arrow
from entrepot_adapters.polars.reading.arrow_schema import ArrowField, ArrowSchema
from entrepot_adapters.polars.reading.arrow_stream import stored_frames
from entrepot_adapters.polars.reading.flat_writing import number, table
from entrepot_adapters.polars.reading.map_keys import keys_twice
from entrepot_adapters.polars.reading.odd_values import refuse
from entrepot_adapters.polars.reading.ranges import DURATIONS, MOMENTS, Range, Ranged, outside, times

_BITS = 64


def check_arrow(file: IO[bytes], schema: ArrowSchema) -> None:
    """Refuse times outside a day, and moments and durations in seconds that are too far away to be counted in less.

    Refuse maps in which a key stands twice, too.

    Args:
        file: An Arrow stream, or an Arrow file.
        schema: What it says of its columns.

    Raises:
        MalformedInput: There is such a value, or the file is damaged.
    """
    ranged = {place: Ranged(one.name, tuple(_ranges(one))) for place, one in enumerate(schema.fields)}
    concerned = {place: one for place, one in ranged.items() if any(one.ranges) or _has_maps(schema.fields[place])}
    if concerned:
        columns, names = list(concerned.values()), [one.name for one in concerned.values()]
        stored = replace(schema, fields=tuple(map(_stored, schema.fields)))
        frames = stored_frames(file, stored, list(concerned))
        refuse(
            (frame.lazy() for frame in frames),
            lambda dtypes: (*outside(columns, dtypes), *keys_twice(names, dtypes, dtypes)),
        )


def _has_maps(field: ArrowField) -> bool:
    return any(part.kind == arrow.MAP for part in field.within())


def _ranges(field: ArrowField) -> Iterator[Range | None]:
    if not field.children:
        yield _range(field)
    for child in field.children:
        yield from _ranges(child)


def _range(field: ArrowField) -> Range | None:
    if field.kind == arrow.TIME:
        return times(field.unit)
    if field.unit != 1:  # of others than seconds none is counted in less
        return None
    return {arrow.TIMESTAMP: MOMENTS, arrow.DURATION: DURATIONS}.get(field.kind)


def _stored(field: ArrowField) -> ArrowField:
    """A column with whole numbers in the place of the values that have a range."""
    if field.children or _range(field) is None:
        return replace(field, children=tuple(map(_stored, field.children)), metadata=())
    whole = table(number("<i", field.bits or _BITS), number("<B", 1))
    return replace(field, kind=arrow.INTEGER, type=whole, metadata=())
