"""Intervals of time, as people write them."""

import re

from entrepot_core.errors import InvalidOption

_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_INTERVAL = re.compile(r"([0-9]{1,9})\s*([smhdw])")


def read_interval(option: str, text: str) -> int:
    """Read an interval, in seconds; ``none`` and ``0`` mean 0.

    >>> read_interval("refresh", "1h"), read_interval("refresh", "none")
    (3600, 0)

    Raises:
        InvalidOption: It is none; ``option`` says of what.
    """
    plain = text.strip().lower()
    if plain in {"none", "0"}:
        return 0
    if (match := _INTERVAL.fullmatch(plain)) is None:
        reason = "give a whole number and a unit, as 90s, 15m, 1h or 7d; or none"
        raise InvalidOption(option=option, value=text[:100], reason=reason)
    return int(match[1]) * _SECONDS[match[2]]
