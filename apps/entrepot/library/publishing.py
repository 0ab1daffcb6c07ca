"""What people say of a dataset as a collection: which columns hold images, and when its source is fetched again."""

import math
from collections.abc import Sequence
from datetime import timedelta

from entrepot.library.selecting import names
from entrepot_core.intervals import read_interval

Columns = str | Sequence[str]
"""The name of a column, or of several."""

Interval = str | timedelta
"""As ``15m``, ``1h`` or ``7d``, or ``none``; or as Python has it."""


def image_columns(given: Columns | None) -> tuple[str, ...] | None:
    """The columns that are said to hold images; none where nothing is said.

    Raises:
        InvalidOption: These are no names.
    """
    return None if given is None else names(given, "images")


def seconds_of(given: Interval | None) -> int | None:
    """An interval in seconds, 0 for never; none where nothing is said.

    >>> seconds_of("1h"), seconds_of(timedelta(minutes=15)), seconds_of("none")
    (3600, 900, 0)

    Raises:
        InvalidOption: It is no interval.
    """
    if given is None:
        return None
    if isinstance(given, timedelta):
        return math.ceil(given.total_seconds())
    return read_interval("refresh", str(given))  # who has no type-checker may give anything
