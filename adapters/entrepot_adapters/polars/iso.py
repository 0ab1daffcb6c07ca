"""ISO 8601 texts of the integers that stand for dates and times, as pandas' ``isoformat`` writes them."""

import numpy as np

DIGITS = {"ms": 3, "us": 6, "ns": 9}
"""The decimals of a second that each unit has."""


def date_text(days: int) -> str:
    """The date so many days after 1970-01-01."""
    return str(np.datetime64(days, "D"))


def datetime_text(value: int, unit: str, *, utc: bool = False) -> str:
    """The moment so many units after 1970-01-01; its fraction has no, six or nine digits; in UTC it ends with ``Z``."""
    seconds, fraction = divmod(value, 10 ** DIGITS[unit])
    return f"{np.datetime64(seconds, 's')}{_fraction(fraction, unit)}{'Z' if utc else ''}"


def time_text(value: int, unit: str) -> str:
    """The time of day so many units after midnight."""
    seconds, fraction = divmod(value, 10 ** DIGITS[unit])
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{_fraction(fraction, unit)}"


def duration_text(value: int, unit: str) -> str:
    """The duration of so many units; of negative ones only the days are, and the rest counts on from them."""
    seconds, fraction = divmod(value, 10 ** DIGITS[unit])
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    decimals = f".{fraction:0{DIGITS[unit]}}".rstrip("0").rstrip(".")
    return f"P{days}DT{hours}H{minutes}M{seconds}{decimals}S"


def _fraction(fraction: int, unit: str) -> str:
    if not fraction:
        return ""
    nanoseconds = fraction * 10 ** (9 - DIGITS[unit])
    return f".{nanoseconds:09}" if nanoseconds % 1000 else f".{nanoseconds // 1000:06}"
