"""A multipart form that is made while it is sent, so that files of any size take no memory."""

import secrets
from collections.abc import Iterable, Iterator

from attrs import frozen

from entrepot_adapters.http.parameters import Fields
from entrepot_core.source import Label

_QUOTED = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})


@frozen
class FilePart:
    """A file in a form.

    Attributes:
        name: The name of its field.
        label: What is said of it.
        chunks: Its bytes, read when it is its turn.
    """

    name: str
    label: Label
    chunks: Iterable[bytes]


class MultipartForm:
    """Form fields, then files (RFC 7578; names quoted as the HTML standard says)."""

    def __init__(self, fields: Fields, files: Iterable[FilePart]) -> None:
        self._boundary = secrets.token_hex(16)
        self._fields = fields
        self._files = files

    @property
    def content_type(self) -> str:
        """The value of the request's ``Content-Type``."""
        return f"multipart/form-data; boundary={self._boundary}"

    def __iter__(self) -> Iterator[bytes]:
        for name, value in self._fields:
            yield self._head(f'name="{name.translate(_QUOTED)}"') + b"\r\n" + value.encode() + b"\r\n"
        for file in self._files:
            yield self._file_head(file)
            yield from file.chunks
            yield b"\r\n"
        yield f"--{self._boundary}--\r\n".encode()

    def _file_head(self, file: FilePart) -> bytes:
        name = file.label.file_name
        disposition = f'name="{file.name.translate(_QUOTED)}"'
        if name is not None:
            disposition += f'; filename="{name.translate(_QUOTED)}"'
        media_type = file.label.media_type or "application/octet-stream"
        return self._head(disposition) + f"Content-Type: {media_type}\r\n\r\n".encode()

    def _head(self, disposition: str) -> bytes:
        return f"--{self._boundary}\r\nContent-Disposition: form-data; {disposition}\r\n".encode()
