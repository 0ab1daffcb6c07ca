"""The single values of Thrift's compact form, in which a Parquet file says what is in it."""

TRUE, FALSE, BYTE, SHORT, INT, LONG, DOUBLE, TEXT, LIST, SET, MAP, STRUCT = range(1, 13)
"""The kinds of values."""

_LONGEST_SHIFT = 63
_MORE = 0x80
"""The bit of a byte that says that the number goes on."""


class Compact:
    """Values one after the other. What ends too early is an ``IndexError``, a number without end a ``ValueError``."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def byte(self) -> int:
        """One byte."""
        self._at += 1
        return self._data[self._at - 1]

    def take(self, size: int) -> bytes:
        """Some bytes."""
        begin, self._at = self._at, self._at + size
        if self._at > len(self._data):
            raise IndexError
        return self._data[begin : self._at]

    def text(self) -> bytes:
        """A text, with its length in front."""
        return self.take(self.number())

    def whole(self) -> int:
        """A whole number with a sign."""
        number = self.number()
        return (number >> 1) ^ -(number & 1)

    def number(self) -> int:
        """A whole number without a sign."""
        number = 0
        for shift in range(0, _LONGEST_SHIFT + 1, 7):
            byte = self.byte()
            number |= (byte & ~_MORE) << shift
            if byte < _MORE:
                return number
        raise ValueError("a number is too long")
