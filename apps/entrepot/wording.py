"""Numbers of things, in words."""


def counted(number: int, thing: str) -> str:
    """A number of things.

    >>> counted(1, "row"), counted(0, "row"), counted(1_234, "row")
    ('1 row', '0 rows', '1,234 rows')
    """
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def shape_text(rows: int, columns: int) -> str:
    """How large a table is.

    >>> shape_text(1_234, 1)
    '1,234 rows × 1 column'
    """
    return f"{counted(rows, 'row')} × {counted(columns, 'column')}"
