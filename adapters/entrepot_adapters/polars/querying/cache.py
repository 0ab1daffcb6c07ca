"""What was read or computed, kept at hand under a budget of bytes."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import TypeVar, cast

from attrs import define, field

_Value = TypeVar("_Value")

_OVERHEAD = 1_000
"""About how many bytes a kept value takes beside its own, its key among them."""


@define
class _Making:
    """A value that some thread makes, while others wait for it."""

    lock: Lock = field(factory=Lock)
    waiting: int = 0


class ByteCache:
    """Keeps values until their bytes pass a budget; then those go first that were not asked for longest.

    It may be used by several threads: a value that many ask for is made once. What a key stands for must never change.

    Args:
        budget: How many bytes are kept at the most; a value that is larger is given out, and not kept.
    """

    def __init__(self, budget: int) -> None:
        self.budget = budget
        self._kept: OrderedDict[Hashable, tuple[object, int]] = OrderedDict()
        self._makings: dict[Hashable, _Making] = {}
        self._lock = Lock()
        self._bytes = 0

    @property
    def size(self) -> int:
        """How many bytes are kept."""
        return self._bytes

    def __contains__(self, key: Hashable) -> bool:
        return key in self._kept

    def get(self, key: Hashable, make: Callable[[], _Value], size: Callable[[_Value], int]) -> _Value:
        """The value of a key: the one that is kept, or what ``make`` makes, of ``size`` bytes."""
        with self._lock:
            if key in self._kept:
                return cast("_Value", self._found(key))
            making = self._makings.setdefault(key, _Making())
            making.waiting += 1
        try:
            with making.lock:
                with self._lock:
                    if key in self._kept:
                        return cast("_Value", self._found(key))
                value = make()
                self._keep(key, value, size(value))
                return value
        finally:
            with self._lock:
                making.waiting -= 1
                if not making.waiting:
                    self._makings.pop(key, None)

    def _found(self, key: Hashable) -> object:
        self._kept.move_to_end(key)
        return self._kept[key][0]

    def _keep(self, key: Hashable, value: object, value_size: int) -> None:
        size = value_size + _OVERHEAD
        if size > self.budget:
            return
        with self._lock:
            self._kept[key] = (value, size)
            self._bytes += size
            while self._bytes > self.budget:
                _, (_, freed) = self._kept.popitem(last=False)
                self._bytes -= freed
