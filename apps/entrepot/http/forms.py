"""Multipart forms, read while they come: the file goes on chunk by chunk, only the fields are kept."""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing

import msgspec
from attrs import define, field
from multipart import MultipartError, MultipartSegment, PushMultipartParser

from entrepot.http.parameters import check_known
from entrepot.http.problems import BodyTooLarge, InvalidRequest

FILE = "file"
"""The part of a form that is the file."""

URL = "url"
"""The part of a form that says where the file is."""

_MOST_PARTS = 1000

Event = MultipartSegment | bytearray | bytes | None
"""A part's beginning, some of its bytes, or its end."""


@define
class Form:
    """What came with a file.

    Attributes:
        fields: The form's fields.
        file_name: The name that the part of the file has.
        media_type: The type that it has, perhaps with a charset.
        has_file: Whether there is a file at all.
    """

    fields: dict[str, list[str]] = field(factory=dict)
    file_name: str | None = None
    media_type: str | None = None
    has_file: bool = False


async def read_form(
    chunks: AsyncIterator[bytes],
    parameters: Mapping[str, str],
    write: Callable[[bytes], Awaitable[None]],
    kinds: tuple[type[msgspec.Struct], ...],
    most_field_bytes: int,
    next_file: Callable[[str | None, str | None], Awaitable[None]] | None = None,
    next_url: Callable[[str], Awaitable[None]] | None = None,
) -> Form:
    """Read a form with one file, with several, or none.

    Args:
        chunks: The request's body.
        parameters: Those of its ``Content-Type``, ``boundary`` among them.
        write: Takes the bytes of the file.
        kinds: Whose fields may stand in it.
        most_field_bytes: How many bytes its fields may have in all.
        next_file: Is told of each file before its bytes come, by its name and its type; without it there is only one.
        next_url: Takes each URL of a file, in its place among the files; without it that is a field as others are.

    Raises:
        InvalidRequest: It is malformed, or has several files where there is to be one.
        UnknownParameter: A field is not one of ``kinds``.
        BodyTooLarge: Its fields have too many bytes.
    """
    reading = _Reading(write, kinds, most_field_bytes, next_file, next_url)
    async with aclosing(events_of(chunks, parameters)) as events:
        async for event in events:
            await reading.take(event)
    return reading.form


async def events_of(chunks: AsyncIterator[bytes], parameters: Mapping[str, str]) -> AsyncGenerator[Event]:
    """What is in a form, in its order, while it comes.

    Args:
        chunks: The request's body.
        parameters: Those of its ``Content-Type``, ``boundary`` among them.

    Raises:
        InvalidRequest: It is malformed.
    """
    try:
        with PushMultipartParser(parameters.get("boundary", ""), max_segment_count=_MOST_PARTS) as parser:
            async for chunk in chunks:
                for event in parser.parse(chunk):
                    yield event
    except MultipartError as error:
        raise InvalidRequest(reason=f"The multipart form is malformed: {error}.") from error


@define
class _Reading:
    """A form that is being read."""

    write: Callable[[bytes], Awaitable[None]]
    kinds: tuple[type[msgspec.Struct], ...]
    most_field_bytes: int
    next_file: Callable[[str | None, str | None], Awaitable[None]] | None
    next_url: Callable[[str], Awaitable[None]] | None
    form: Form = field(factory=Form, init=False)
    _part: MultipartSegment | None = field(default=None, init=False)
    _text: bytearray = field(factory=bytearray, init=False)
    _field_bytes: int = field(default=0, init=False)

    async def take(self, event: Event) -> None:
        """Take what the parser found: a part's beginning, some of its bytes, or its end."""
        if isinstance(event, MultipartSegment):
            await self._begin(event)
        elif event is None:
            await self._end()
        elif self._name == FILE:
            await self.write(bytes(event))
        else:
            self._keep(event)

    @property
    def _name(self) -> str:
        return (self._part.name if self._part else None) or ""

    async def _begin(self, part: MultipartSegment) -> None:
        self._part, self._text = part, bytearray()
        if self._name != FILE:
            check_known({self._name: []}, self.kinds, FILE)
            return
        media_type = part.header("Content-Type")
        if self.next_file is not None:
            await self.next_file(part.filename, media_type)
        elif self.form.has_file:
            raise InvalidRequest(reason="The form has several files. Send one at a time, or all to datasets/batch.")
        self.form.has_file = True
        self.form.file_name, self.form.media_type = part.filename, media_type

    def _keep(self, piece: bytes | bytearray) -> None:
        self._field_bytes += len(piece)
        if self._field_bytes > self.most_field_bytes:
            raise BodyTooLarge(allowed=self.most_field_bytes)
        self._text += piece

    async def _end(self) -> None:
        if self._name == FILE:
            return
        try:
            text = self._text.decode()
        except UnicodeDecodeError as error:
            raise InvalidRequest(reason=f"The form's field {self._name!r} is not UTF-8.") from error
        if self._name == URL and self.next_url is not None:
            await self.next_url(text)
        else:
            self.form.fields.setdefault(self._name, []).append(text)
