"""Unpacks files: gzip and zstd into a scratch file, and workbooks for a look at what they come to, within a limit."""

import copy
import sys
import zlib
from collections.abc import Iterator
from gzip import BadGzipFile
from typing import IO, BinaryIO, cast
from zipfile import BadZipFile, ZipFile

import msgspec
from isal import igzip
from isal.igzip_lib import IsalError

from entrepot_adapters.polars.reading.intake import Scratch
from entrepot_core.dialect import Report
from entrepot_core.errors import LimitExceeded, MalformedInput
from entrepot_core.formats import Compression

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_MARKS = {b"\x1f\x8b": Compression.GZIP, b"\x28\xb5\x2f\xfd": Compression.ZSTD}
_LONGEST_MARK = 4
_CHUNK = 1 << 20
_ENDLESS = 1 << 62


class Unpacked(msgspec.Struct, frozen=True):
    """A file as it is read.

    Attributes:
        file: Its content, unpacked.
        compression: How it was packed, if it was.
    """

    file: BinaryIO
    compression: Compression | None


def unpacked(source: BinaryIO, most: int, scratch: Scratch, report: Report) -> Unpacked:
    """Unpack a file, if its first bytes say that it is packed.

    Args:
        source: The file.
        most: How many bytes it may hold.
        scratch: Makes the file to unpack into.
        report: Told of the packed bytes that are done.

    Raises:
        LimitExceeded: It holds more.
        MalformedInput: It is damaged or cut off.
    """
    source.seek(0)
    start = source.read(_LONGEST_MARK)
    compression = next((kind for mark, kind in _MARKS.items() if start.startswith(mark)), None)
    if compression is None:
        return Unpacked(source, None)
    target, size = cast("BinaryIO", scratch()), source.seek(0, 2)
    source.seek(0)
    done = 0
    for chunk in _chunks(source, compression):
        done += len(chunk)
        _check(done, most)
        target.write(chunk)
        report("unpack", source.tell(), size)
    target.flush()
    return Unpacked(target, compression)


def _chunks(source: BinaryIO, compression: Compression) -> Iterator[bytes]:
    """The content of a packed file, however many packed files were put one behind the other."""
    opened = igzip.IGzipFile(fileobj=source, mode="rb") if compression is Compression.GZIP else zstd.open(source, "rb")
    try:
        while chunk := opened.read(_CHUNK):
            yield chunk
    except EOFError as error:
        raise MalformedInput(reason=f"the {compression} file is cut off") from error
    except (BadGzipFile, IsalError, zstd.ZstdError) as error:  # type: ignore[misc]  # isal's stub says instance
        raise MalformedInput(reason=f"this is no sound {compression} file ({error})") from error


def check_workbook(source: IO[bytes], most: int) -> None:
    """Insist that a workbook, a zip archive, comes to no more bytes than it may.

    It is unpacked for that, as what an archive says of its own sizes may be a lie.

    Raises:
        LimitExceeded: It holds more.
        MalformedInput: It is damaged, or locked with a password.
    """
    done = 0
    try:
        with ZipFile(source) as archive:
            for entry in archive.infolist():
                whole = copy.copy(entry)
                whole.file_size = _ENDLESS  # read to the real end
                with archive.open(whole) as part:
                    while chunk := part.read(_CHUNK):
                        done += len(chunk)
                        _check(done, most)
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise MalformedInput(reason=f"this is no sound workbook ({error})") from error


def _check(done: int, most: int) -> None:
    if done > most:
        raise LimitExceeded(limit="ENTREPOT_MAX_DECOMPRESSED_BYTES", allowed=most)
