"""The members of structs. They are picked by position, for polars takes some names, such as ``*``, for patterns."""

from typing import cast

import polars as pl


def members(values: pl.Expr, kind: pl.Struct) -> list[tuple[pl.Expr, pl.DataType]]:
    """Each member of structs of a type, and its own type."""
    numbered = values.struct.rename_fields([str(place) for place in range(len(kind.fields))])
    return [
        (numbered.struct.field(str(place)), cast("pl.DataType", field.dtype)) for place, field in enumerate(kind.fields)
    ]
