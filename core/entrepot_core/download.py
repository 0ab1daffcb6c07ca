"""Bytes on their way out."""

from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Self

from attrs import define, field


def _nothing() -> None:
    """Release nothing."""


@define
class Download:
    """A file on its way out, to be read once. It is a context manager; leaving it releases what it holds.

    Attributes:
        file_name: A base name to save it under.
        media_type: What it is.
        chunks: Its bytes.
        size: How many, if that is known before they are read.
        part: Reads its bytes from a place up to another instead, where they can be; the size is known then.
        release: Called once, when it is closed.
    """

    file_name: str
    media_type: str
    chunks: Iterator[bytes]
    size: int | None = None
    part: Callable[[int, int], Iterator[bytes]] | None = None
    release: Callable[[], None] = _nothing
    _closed: bool = field(default=False, init=False)

    def __iter__(self) -> Iterator[bytes]:
        return self.chunks

    def read(self) -> bytes:
        """All of its bytes."""
        return b"".join(self.chunks)

    def close(self) -> None:
        """Release what it holds; closing twice is allowed."""
        if not self._closed:
            self._closed = True
            self.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
