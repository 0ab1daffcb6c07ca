"""The bytes of files on their way to a server."""

from collections.abc import Iterable, Iterator

from entrepot_core.dialect import Report
from entrepot_core.ports.blobs import Staged

_CHUNK = 1 << 18


def reported(content: Iterable[bytes] | Staged, size: int | None, report: Report) -> Iterator[bytes]:
    """The bytes of a file; how many were sent is reported."""
    done = 0
    for chunk in chunks_of(content):
        yield chunk
        done += len(chunk)
        report("upload", done, size)


def chunks_of(content: Iterable[bytes] | Staged) -> Iterator[bytes]:
    """The bytes of a file, of one that is staged from its beginning."""
    if isinstance(content, Iterable):
        yield from content
        return
    content.file.seek(0)
    while chunk := content.file.read(_CHUNK):
        yield chunk
