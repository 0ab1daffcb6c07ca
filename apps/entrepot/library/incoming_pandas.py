"""Frames and series of pandas, as tables that Arrow can hold: their index among the columns, no value changed."""

import math
from collections.abc import ValuesView
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias, TypeGuard
from uuid import UUID

from entrepot.library.frames import needing
from entrepot.library.incoming_index import check_index, levels, tell_of_index
from entrepot_core.errors import MalformedInput

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    import pandas as pd
    import polars as pl

    Values: TypeAlias = "pd.Series[Any]"
    ArrowArray: TypeAlias = Any  # pyarrow is not typed
    ArrowTable: TypeAlias = Any

_VALUE = "value"
"""The column of a series without a name, as that of a JSON array of single values."""
_AS_TEXT = '.astype("string")'
_WITHOUT = ", or leave the index out (reset_index(drop=True))"
_NUMBERS = "biuf"
_WIDEST = 8
"""Bytes of a number: longer ones of numpy are none of Arrow's."""


def is_pandas(thing: object) -> "TypeGuard[pd.DataFrame | pd.Series[Any]]":
    """Whether a thing is a frame or a series of pandas, or of a class made of these."""
    return any(
        kind.__module__.partition(".")[0] == "pandas" and kind.__name__ in {"DataFrame", "Series"}
        for kind in type(thing).__mro__
    )


def from_pandas(thing: "pd.DataFrame | pd.Series[Any]") -> "pl.DataFrame | ArrowTable":
    """A table of what pandas has; every index but that of plain row numbers is in front of the columns.

    Raises:
        MalformedInput: A column has no name of its own, or values that Arrow can't hold.
        ModuleNotFoundError: pyarrow is needed, and not there.
    """
    import polars as pl

    frame = _frame(thing)
    tell_of_index(frame)
    index = list(levels(frame))
    columns = _unique([*index, *((str(name), frame.iloc[:, place]) for place, name in enumerate(frame))])
    if all(map(_is_plain, columns.values())):  # which needs no pyarrow
        return pl.DataFrame({name: values.to_numpy() for name, values in columns.items()}, nan_to_null=True)
    with needing("pandas"):
        import pyarrow as pa
    cures = dict.fromkeys((name for name, _ in index), _WITHOUT)
    return pa.table({name: _array(name, values, cures.get(name, "")) for name, values in columns.items()})


def check_levels(thing: "pd.DataFrame | pd.Series[Any]", columns: "Collection[str]") -> None:
    """Refuse an index without a name where there is no column that it could be for.

    Raises:
        MalformedInput: There is none.
    """
    check_index(_frame(thing), columns)


def _frame(thing: "pd.DataFrame | pd.Series[Any]") -> "pd.DataFrame":
    import pandas as pd

    if isinstance(thing, pd.DataFrame):
        return thing
    return (thing if thing.name is not None else thing.rename(_VALUE)).to_frame()


def _unique(columns: "Iterable[tuple[str, Values]]") -> "dict[str, Values]":
    found: dict[str, Values] = {}
    for name, values in columns:
        if name in found:
            raise MalformedInput(reason="several columns are called so; give each a name of its own", column=name)
        found[name] = values
    return found


def _is_plain(values: "Values") -> bool:
    """Whether values are numbers as numpy has them."""
    import numpy as np

    dtype: object = values.dtype
    return isinstance(dtype, np.dtype) and dtype.kind in _NUMBERS and dtype.itemsize <= _WIDEST


def _array(name: str, values: "Values", cure: str) -> "ArrowArray":
    try:
        return _arrow(name, values)
    except RecursionError as error:
        raise MalformedInput(reason="a value holds itself, or is nested too deep; give text", column=name) from error
    except (ValueError, TypeError, NotImplementedError, OverflowError) as error:  # pyarrow's are of these
        raise MalformedInput(reason=_reason(values, error) + cure, column=name) from error


def _arrow(name: str, values: "Values") -> "ArrowArray":
    import numpy as np
    import pandas as pd
    import pyarrow as pa

    kind = values.dtype
    if isinstance(kind, pd.SparseDtype):
        return pa.array(values.sparse.to_dense(), from_pandas=True)  # type: ignore[attr-defined]  # the stubs don't know it
    if isinstance(kind, np.dtype) and not kind.isnative:
        return pa.array(values.astype(kind.newbyteorder("=")), from_pandas=True)
    if _is_of_spans(kind.categories.dtype if isinstance(kind, pd.CategoricalDtype) else kind):
        return _texts(values)
    return _of_objects(name, values) if kind == "object" else pa.array(values, from_pandas=True)


def _of_objects(name: str, values: "Values") -> "ArrowArray":
    """Values of the type that the first of them shows."""
    import pandas as pd
    import pyarrow as pa

    values = _without_numpy(values)
    first = next((one for one in values if not _is_missing(one)), None)
    if first is None:
        return pa.nulls(len(values), pa.large_string())
    if isinstance(first, date):
        return _moments(name, values)
    if isinstance(first, UUID | pd.Period | pd.Interval):
        return _texts(values, type(first))
    return pa.array(values, pa.large_string(), from_pandas=True) if isinstance(first, str) else _to_the_last(values)


def _without_numpy(values: "Values") -> "Values":
    """The values with datetimes and durations of Python or pandas in the place of numpy's."""
    import numpy as np
    import pandas as pd

    if not any(isinstance(one, np.datetime64 | np.timedelta64) for one in values):
        return values

    def plain(one: object) -> object:
        if not isinstance(one, np.datetime64 | np.timedelta64):
            return one
        item = one.item()
        if not isinstance(item, int):
            return item
        return pd.Timestamp(one) if isinstance(one, np.datetime64) else pd.Timedelta(one)  # which know nanoseconds

    return pd.Series([plain(one) for one in values], dtype=object)


def _to_the_last(values: "Values") -> "ArrowArray":
    """Values of the type that pyarrow sees in them, in nanoseconds where some have such, which it would cut off."""
    import pyarrow as pa

    has_nanoseconds = any(map(_has_nanoseconds, values))  # and none holds itself, which pyarrow does not survive
    array = pa.array(values, from_pandas=True)
    if not has_nanoseconds or (finest := _finest(array.type)) == array.type:
        return array
    return pa.array(values, finest, from_pandas=True)


def _has_nanoseconds(one: object) -> bool:
    """Whether a value is of pandas and has nanoseconds, or has such within."""
    if isinstance(one, datetime | timedelta):
        return bool(getattr(one, "nanosecond", 0) or getattr(one, "nanoseconds", 0))
    within: object = one.values() if isinstance(one, dict) else one
    return isinstance(within, list | tuple | ValuesView) and any(map(_has_nanoseconds, within))


def _finest(kind: Any) -> Any:  # noqa: ANN401 - pyarrow is not typed
    """A type with nanoseconds in the place of other units."""
    import pyarrow as pa

    if pa.types.is_timestamp(kind):
        return pa.timestamp("ns", kind.tz)
    if pa.types.is_duration(kind):
        return pa.duration("ns")
    if pa.types.is_list(kind):
        return pa.list_(_finest(kind.value_type))
    if pa.types.is_struct(kind):
        return pa.struct([field.with_type(_finest(field.type)) for field in kind])
    return kind


def _is_missing(one: object) -> bool:
    import pandas as pd

    return one is None or one is pd.NA or one is pd.NaT or (isinstance(one, float) and math.isnan(one))


def _is_of_spans(kind: object) -> bool:
    """Whether values are periods or intervals, which only pandas has."""
    import pandas as pd

    return isinstance(kind, pd.PeriodDtype | pd.IntervalDtype)


def _texts(values: "Values", kind: type = object) -> "ArrowArray":
    import pyarrow as pa

    there = zip(values, values.notna(), strict=True)
    texts = [(str(one) if isinstance(one, kind) else one) if is_there else None for one, is_there in there]
    return pa.array(texts, pa.large_string())


def _moments(name: str, values: "Values") -> "ArrowArray":
    """Dates, or datetimes; dates beside datetimes are their midnights.

    Raises:
        MalformedInput: Some have a time zone, and others have none.
    """
    import pandas as pd
    import pyarrow as pa

    given = [one for one in values if not _is_missing(one)]
    if not all(isinstance(one, date) for one in given):
        raise TypeError("these are not all dates")
    if not any(isinstance(one, datetime) for one in given):
        return pa.array(values, from_pandas=True)
    zones = {str(zone) if (zone := getattr(one, "tzinfo", None)) else None for one in given}
    if None in zones and len(zones) > 1:
        reason = "some of its datetimes have a time zone and others have none; give all of them one, or none"
        raise MalformedInput(reason=f"{reason} (datetime.replace(tzinfo=…))", column=name)
    datetimes = pd.Series([_midnight(one) for one in values])  # which knows nanoseconds, as pyarrow does not
    if not any(map(_has_nanoseconds, given)):
        return pa.array(pd.to_datetime(datetimes, utc=True) if len(zones) > 1 else datetimes, from_pandas=True)
    if len(zones) > 1:
        datetimes = pd.Series([None if _is_missing(one) else pd.Timestamp(one).tz_convert("UTC") for one in datetimes])
    return _to_the_last(datetimes)


def _midnight(one: object) -> object:
    return datetime.combine(one, time()) if isinstance(one, date) and not isinstance(one, datetime) else one


def _kinds(values: "Values") -> list[str]:
    return list(dict.fromkeys(type(one).__name__ for one in values.dropna()))


def _reason(values: "Values", error: Exception) -> str:
    what = str(error).partition("\n")[0].rstrip(".")
    is_of_time = all(isinstance(one, date | timedelta | list | dict) for one in values.dropna())
    if is_of_time and any(map(_has_nanoseconds, values)):
        return f"some have nanoseconds, and others are too far from 1970 to be counted in these ({what}); round them"
    if isinstance(error, OverflowError):
        return f"it holds integers past 64 bits; give them as text ({_AS_TEXT})"
    kinds = _kinds(values)
    if len(kinds) > 1:
        return f"it holds values of several types ({', '.join(kinds)}); give it one, as with {_AS_TEXT}"
    return f"its values can't be written as Arrow ({what}); give it others, as with {_AS_TEXT}"
