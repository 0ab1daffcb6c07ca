"""What was read of a database, remembered as long as nobody has changed it."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

_Value = TypeVar("_Value")
_MOST = 64


class Remembered(Generic[_Value]):
    """Values by their keys, a few of them. It may be used by several threads, and holds no lock.

    Args:
        stamp: Tells the database's state: equal ones mean that nothing has changed in between.
    """

    def __init__(self, stamp: Callable[[], object]) -> None:
        self._stamp = stamp
        self._kept: tuple[object, dict[Hashable, _Value]] = (None, {})

    def get(self, key: Hashable, read: Callable[[], _Value]) -> _Value:
        """The value of a key, as of a moment after this was called; ``read`` reads it where it has to be."""
        state = self._stamp()
        known, values = self._kept
        if state != known:
            values = {}
            self._kept = state, values
        found = values.get(key)
        if found is not None:
            return found
        value = read()  # perhaps newer than the state, and then nobody is given it under that
        if len(values) >= _MOST:
            values.clear()
        values[key] = value
        return value
