"""Files on their way out, to a path: whole, or not there at all."""

import os
import re
import stat
import tempfile
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path
from typing import IO

from entrepot_core.download import Download
from entrepot_core.errors import UnknownFormat
from entrepot_core.formats import Format, format_of_file_name

_CHART = re.compile(rb"/Creator \(Entrepot\)|tEXtSoftware\0Entrepot|<dc:title>Entrepot</dc:title>")
"""Who made a PDF, PNG or SVG."""
_WORKBOOK = re.compile(
    rb"<cp:lastModifiedBy>Entrepot<.*<dcterms:created[^>]*>([^<]*)<.*<dcterms:modified[^>]*>\1<", re.DOTALL
)
"""Who wrote a workbook last, and that it was when it was made."""


def save(download: Download, path: str | os.PathLike[str]) -> Path:
    """Write a download to a path, and close it.

    The bytes go to a hidden file beside, which takes the path's name when it is complete: a failure leaves what
    was there before. A folder takes the file under the download's own name. Pipes and devices are written directly.

    Returns:
        Where the file is.

    Raises:
        OSError: It can't be written there.
    """
    with download:
        target = Path(path).expanduser()
        if target.is_dir():
            target /= download.file_name
        if target.exists() and not target.is_file():
            with target.open("wb") as device:
                pour(download, device)
        else:
            _replace(download, target)
        return target


def check_ending(path: str | os.PathLike[str], format: Format) -> None:
    """Insist that a path does not end as files of another format do.

    Raises:
        UnknownFormat: It does.
    """
    if format_of_file_name(os.fspath(path)) not in {None, format}:
        raise UnknownFormat(format=Path(path).name, formats=[f".{format}"])


def is_ours(path: Path) -> bool:
    """Whether a file is a workbook or a chart as Entrepot writes them, which nobody has written anew since."""
    try:
        if format_of_file_name(path.name) is not Format.XLSX:
            return _CHART.search(path.read_bytes()) is not None
        with zipfile.ZipFile(path) as parts:
            return _WORKBOOK.search(parts.read("docProps/core.xml")) is not None
    except (OSError, KeyError, EOFError, RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error):
        return False  # it is damaged, encrypted, or no such file at all


def pour(download: Download, file: IO[bytes]) -> None:
    """Write all bytes of a download into an open file."""
    for chunk in download:
        file.write(chunk)


def _replace(download: Download, named: Path) -> None:
    target = Path(os.path.realpath(named))
    try:
        descriptor, scratch = tempfile.mkstemp(prefix=f".{target.name[:100]}.", dir=target.parent)
    except OSError as error:
        raise type(error)(error.errno, error.strerror, str(named)) from error
    try:
        with os.fdopen(descriptor, "wb") as file:
            pour(download, file)
            os.fchmod(file.fileno(), _mode(target))
        Path(scratch).replace(target)
    except BaseException:
        with suppress(OSError):
            Path(scratch).unlink()
        raise


def _mode(target: Path) -> int:
    """The permissions of the file that is replaced, or those a new file has."""
    try:
        return stat.S_IMODE(target.stat().st_mode)
    except FileNotFoundError:
        mask = os.umask(0o077)
        os.umask(mask)
        return 0o666 & ~mask
