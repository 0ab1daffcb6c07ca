"""A multipart form that is made while it is sent, so that a file of any size takes no memory."""

import secrets
from collections.abc import Iterable, Iterator

from entrepot_core.source import Label

_QUOTED = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})


class MultipartForm:
    """Form fields, then one file as the part ``file`` (RFC 7578; names quoted as the HTML standard says)."""

    def __init__(self, fields: Iterable[tuple[str, str]], label: Label, chunks: Iterable[bytes]) -> None:
        self._boundary = secrets.token_hex(16)
        self._fields = fields
        self._label = label
        self._chunks = chunks

    @property
    def content_type(self) -> str:
        """The value of the request's ``Content-Type``."""
        return f"multipart/form-data; boundary={self._boundary}"

    def __iter__(self) -> Iterator[bytes]:
        for name, value in self._fields:
            yield self._head(f'name="{name.translate(_QUOTED)}"') + b"\r\n" + value.encode() + b"\r\n"
        yield self._file_head()
        yield from self._chunks
        yield f"\r\n--{self._boundary}--\r\n".encode()

    def _file_head(self) -> bytes:
        name = self._label.file_name
        disposition = 'name="file"' if name is None else f'name="file"; filename="{name.translate(_QUOTED)}"'
        media_type = self._label.media_type or "application/octet-stream"
        return self._head(disposition) + f"Content-Type: {media_type}\r\n\r\n".encode()

    def _head(self, disposition: str) -> bytes:
        return f"--{self._boundary}\r\nContent-Disposition: form-data; {disposition}\r\n".encode()
