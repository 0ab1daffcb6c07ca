"""What people say of a dataset as a collection: which columns hold images, and when its source is fetched again."""

import math
from collections.abc import Sequence
from datetime import timedelta

from entrepot.library.selecting import names
from entrepot_core.intervals import read_interval

Columns = str | Sequence[str]
"""The name of a column, or of several."""

Interval = str | int | timedelta
"""As ``15m``, ``1h`` or ``7d``, or ``none``; or in seconds; or as Python has it."""

KEYWORDS = ("images", "published", "refresh")
"""What ``add`` and ``replace`` take of it by name."""


def image_columns(given: Columns | None) -> tuple[str, ...] | None:
    """The columns that are said to hold images; none where nothing is said.

    Raises:
        InvalidOption: These are no names.
    """
    return None if given is None else names(given, "images")


def seconds_of(given: Interval | None) -> int | None:
    """An interval in seconds, 0 for never; none where nothing is said.

    >>> seconds_of("1h"), seconds_of(3600), seconds_of(timedelta(minutes=15)), seconds_of("none")
    (3600, 3600, 900, 0)

    Raises:
        InvalidOption: It is no interval.
    """
    if given is None:
        return None
    if isinstance(given, timedelta):
        return math.ceil(given.total_seconds())
    if isinstance(given, int) and not isinstance(given, bool):
        return given
    return read_interval("refresh", str(given))  # who has no type-checker may give anything
