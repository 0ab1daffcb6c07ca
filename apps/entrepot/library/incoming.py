"""What people hand in, as a ``Source``: a path, a URL, bytes, an open file, rows, or a table of a dataframe library."""

import os
import re
import stat
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Protocol, TypeAlias, TypeGuard, runtime_checkable

from entrepot.library.incoming_tables import Table, has_rows, spooled
from entrepot_core.errors import FileMissing, InvalidOption
from entrepot_core.formats import Format
from entrepot_core.ports.operations import Source
from entrepot_core.source import Label, Link, base_name

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

_CHUNK = 1 << 20
_URL = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)


@runtime_checkable
class Readable(Protocol):
    """An open file, or anything that is read like one."""

    def read(self, size: int, /) -> bytes | str:
        """Read some of it; nothing at its end."""
        ...


Rows: TypeAlias = "Sequence[Mapping[Any, object]] | Iterator[Mapping[Any, object]]"
"""Rows as dicts of columns and values."""

Landable: TypeAlias = (
    "str | os.PathLike[str] | bytes | bytearray | memoryview | Readable | Table | pl.LazyFrame | pd.Series[Any] | Rows"
)
"""What can be landed."""


@contextmanager
def opened(thing: Landable, file_name: str | None = None) -> Generator[Source]:
    """Open what is to be landed, and close it again; a file that the caller opened stays open.

    Args:
        thing: A path, a URL, bytes, an open file, a table, or rows. What a URL names is fetched by the store.
        file_name: What to call it; by default what its path, or the open file, says.

    Raises:
        FileMissing: There is nothing to read at the path.
        InvalidOption: The URL is none that can be fetched.
        MalformedInput: A column of the table, or a row, holds what no file can hold.
        TypeError: It is nothing that can be landed.
    """
    file_name = base_name(file_name) if file_name else None
    if is_url(thing):
        yield Source(Link(thing), Label(file_name))
    elif isinstance(thing, str | os.PathLike):
        with open_path(Path(thing)) as (file, size):
            yield Source(_chunks(file, str(thing)), Label(file_name or base_name(str(thing))), size)
    elif isinstance(thing, bytes | bytearray | memoryview):
        content = memoryview(thing).cast("B")
        yield Source(_chunks(BytesIO(content), "the bytes"), Label(file_name), content.nbytes)
    elif isinstance(thing, Readable):
        yield Source(_chunks(thing, "the file"), Label(file_name or _name_of(thing)))
    else:
        kind = Format.JSON if has_rows(thing) else Format.ARROW
        label = Label(file_name if kind is Format.JSON else None, kind.media_type)
        with spooled(thing) as (file, size):
            yield Source(_chunks(file, "the table"), label, size)


def is_url(thing: object) -> TypeGuard[str]:
    """Whether a thing that is given is a URL: a text that begins as one."""
    return isinstance(thing, str) and _URL.match(thing) is not None


def shown(place: str) -> str:
    """A path or URL, safe to print: without a password."""
    if not _URL.match(place):
        return place
    try:
        return Link(place).shown
    except InvalidOption:
        return "the URL"


@contextmanager
def open_path(path: Path) -> Generator[tuple[IO[bytes], int | None]]:
    """Open a file for reading, with its size where it has one (a pipe has none).

    Raises:
        FileMissing: It can't be opened.
    """
    try:
        file = path.expanduser().open("rb")
    except OSError as error:
        raise FileMissing(path=str(path), reason=_reason(path, error)) from error
    with file:
        status = os.fstat(file.fileno())
        yield file, status.st_size if stat.S_ISREG(status.st_mode) else None


def _reason(path: Path, error: OSError) -> str:
    if str(path).startswith(("http:", "https:")):
        return "it is a URL; give it as text, not as a path"
    if isinstance(error, FileNotFoundError):
        return "there is no such file"
    if isinstance(error, IsADirectoryError):
        return "it is a folder; give the files in it"
    return (error.strerror or str(error)).lower()


def _chunks(file: Readable | IO[bytes], what: str) -> Iterator[bytes]:
    """The bytes from where the file stands; text, as of a ``StringIO``, is encoded as UTF-8."""
    try:
        while chunk := file.read(_CHUNK):
            yield chunk.encode() if isinstance(chunk, str) else chunk
    except OSError as error:
        raise FileMissing(path=what, reason=(error.strerror or str(error)).lower()) from error


def _name_of(file: Readable) -> str | None:
    """The base name of an open file; of a descriptor's number or ``<stdin>``, none."""
    name = getattr(file, "name", None)
    return base_name(name) if isinstance(name, str) and not name.startswith("<") else None
