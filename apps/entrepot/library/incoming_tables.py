"""Tables and rows that people hand in from Python, written as a stream that an import reads."""

import math
import tempfile
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from decimal import Decimal
from typing import IO, TYPE_CHECKING, Any, Protocol, cast, runtime_checkable
from uuid import UUID

import msgspec

from entrepot.library.incoming_pandas import from_pandas, is_pandas
from entrepot.library.values import INFINITE, json_row
from entrepot_core.errors import MalformedInput

if TYPE_CHECKING:
    import polars as pl

_BATCH = 1 << 18
"""Rows of an Arrow table that are read at once."""
_KINDS = "a path, a URL, bytes, an open file, a polars, pandas or Arrow table, or rows (a list of dicts)"
_TOO_EXACT = "numbers of rows are floats, which hold about 16 digits; give text, or a polars frame with decimals"
_VALUE = "value"
_NOT_ENCODED = (TypeError, ValueError, OverflowError, RecursionError)


@runtime_checkable
class Table(Protocol):
    """A table of any library that speaks the Arrow PyCapsule interface: polars, pandas, pyarrow, duckdb."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


def has_rows(thing: object) -> bool:
    """Whether a thing is a sequence, or an iterator, whose items are to be rows, and no table."""
    return isinstance(thing, Sequence | Iterator) and not isinstance(thing, Table) and not is_pandas(thing)


@contextmanager
def spooled(thing: object) -> Generator[tuple[IO[bytes], int]]:
    """A table as an Arrow stream, or rows as a JSON array, in a scratch file: nothing is held in memory twice.

    Yields:
        The file, and its size.

    Raises:
        MalformedInput: A column holds what no file can hold.
        TypeError: It is nothing that can be landed.
    """
    with tempfile.TemporaryFile() as file:
        if has_rows(thing):
            _write_rows(cast("Iterable[object]", thing), file)
        else:
            _write_table(_table(thing), file)
        size = file.tell()
        file.seek(0)
        yield file, size


def _write_rows(rows: Iterable[object], file: IO[bytes]) -> None:
    encode = msgspec.json.Encoder(decimal_format="number").encode
    file.write(b"[")
    for number, row in enumerate(rows):
        plain = json_row(row, number + 1)
        _check(plain, number + 1)
        try:
            file.write(b"," * (number > 0) + encode(plain))
        except _NOT_ENCODED as error:
            column = next((name for name, value in plain.items() if not _is_encoded(encode, value)), None)
            reason = f"JSON has nothing for a value ({error}); give text"
            raise MalformedInput(reason=reason, row=number + 1, column=column) from error
    file.write(b"]")


def _is_encoded(encode: Callable[[object], bytes], value: object) -> bool:
    try:
        encode(value)
    except _NOT_ENCODED:
        return False
    return True


def _check(row: Mapping[str, object], number: int) -> None:
    """Refuse numbers that would not be in the table as they are here."""
    for name, value in row.items():
        if isinstance(value, float) and math.isinf(value):
            raise MalformedInput(reason=INFINITE, row=number, column=name)
        if isinstance(value, Decimal) and Decimal(repr(float(value))) != value:
            raise MalformedInput(reason=_TOO_EXACT, row=number, column=name, value=str(value))


def _table(thing: object) -> object:
    """A table of polars or pyarrow."""
    import polars as pl

    if isinstance(thing, pl.LazyFrame):
        thing = _collected(thing)
    if isinstance(thing, pl.Series):
        thing = thing.to_frame(thing.name or _VALUE)
    if isinstance(thing, pl.DataFrame):
        return _without_objects(thing)
    if is_pandas(thing):
        return from_pandas(thing)
    if type(thing).__module__.partition(".")[0] == "pyarrow":
        return _of_pyarrow(thing)
    if isinstance(thing, Table):
        return _of_arrow(thing)
    raise TypeError(f"{type(thing).__qualname__} can't be landed; give {_KINDS}")


def _collected(thing: "pl.LazyFrame") -> "pl.DataFrame":
    """A lazy frame's rows; a panic of polars over what it scans, which no handler of errors sees, is told as one."""
    import polars as pl

    try:
        return thing.collect(engine="streaming")
    except pl.exceptions.PanicException as error:
        raise MalformedInput(reason="polars panics where it collects the LazyFrame; look what it scans") from error


def _of_pyarrow(thing: Any) -> object:  # noqa: ANN401 - pyarrow is not typed
    import pyarrow as pa

    if isinstance(thing, pa.Array | pa.ChunkedArray):
        return pa.table({_VALUE: thing})
    if isinstance(thing, Table):
        return thing
    raise TypeError(f"{type(thing).__qualname__} of pyarrow can't be landed; give {_KINDS}")


def _of_arrow(thing: Table) -> object:
    """A table of another library, of pyarrow where that is there: polars ends in a panic on some types."""
    import polars as pl

    with suppress(ModuleNotFoundError):
        import pyarrow as pa

        return _read(thing, pa)
    try:
        return pl.DataFrame(thing)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        what = str(error).partition("\n")[0]
        reason = f"the {type(thing).__qualname__} can't be read as a table ({what}); give each column a name of its own"
        raise MalformedInput(reason=f"{reason} and a type that files have, or give a pyarrow table") from error


def _read(thing: Table, pa: Any) -> object:  # noqa: ANN401 - pyarrow is not typed
    try:
        return pa.RecordBatchReader.from_stream(thing)
    except pa.ArrowException as error:
        reason = f"the {type(thing).__qualname__} can't be read as a table ({error}); give a pyarrow table"
        raise MalformedInput(reason=reason) from error


def _write_table(table: Any, file: IO[bytes]) -> None:  # noqa: ANN401 - pyarrow is not typed
    import polars as pl

    if not isinstance(table, pl.DataFrame):
        _write_arrow(table, file)
        return
    try:
        table.write_ipc_stream(file)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        what = str(error).partition("\n")[0]
        raise MalformedInput(reason=f"the table can't be written as Arrow: {what}") from error


def _write_arrow(table: Any, file: IO[bytes]) -> None:  # noqa: ANN401 - pyarrow is not typed
    import pyarrow as pa

    try:
        reader = _reader(table, pa)
        with pa.ipc.new_stream(file, reader.schema) as stream:
            for batch in reader:
                stream.write_table(pa.Table.from_batches([batch]), max_chunksize=_BATCH)
    except pa.ArrowException as error:
        raise MalformedInput(reason=f"the table can't be written as Arrow: {error}") from error


def _reader(table: Any, pa: Any) -> Any:  # noqa: ANN401 - pyarrow is not typed
    """The batches of a table; what is of pyarrow is taken as it is, as others' names end at their first NUL."""
    if isinstance(table, pa.RecordBatchReader):
        return table
    if isinstance(table, pa.RecordBatch):
        return pa.Table.from_batches([table]).to_reader()
    return table.to_reader() if isinstance(table, pa.Table) else pa.RecordBatchReader.from_stream(table)


def _without_objects(frame: "pl.DataFrame") -> "pl.DataFrame":
    """The frame with texts in the place of UUIDs, which polars has as mere Python objects.

    Raises:
        MalformedInput: A column holds other objects.
    """
    odd = [column for column in frame if _has_objects(column.dtype)]
    return frame.with_columns(_uuids(column) for column in odd) if odd else frame


def _has_objects(dtype: object) -> bool:
    import polars as pl

    match dtype:
        case pl.List(inner=inner) | pl.Array(inner=inner):
            return _has_objects(inner)
        case pl.Struct():
            return any(_has_objects(field.dtype) for field in dtype.fields)
        case _:
            return dtype == pl.Object


def _uuids(column: "pl.Series") -> "pl.Series":
    import polars as pl

    values = column.to_list() if column.dtype == pl.Object else None
    if values is None or any(not isinstance(one, UUID | None) for one in values):
        kinds = {type(one).__name__: None for one in values or () if not isinstance(one, UUID | None)}
        what = f"its values are Python objects ({', '.join(kinds) or column.dtype}), which no file can hold"
        raise MalformedInput(reason=f"{what}; give texts, as with map(str, …), or numbers or lists", column=column.name)
    return pl.Series(column.name, [None if one is None else str(one) for one in values], pl.String)
