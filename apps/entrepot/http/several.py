"""Several files in one form: each is staged as it comes, under a limit of its own, or is to be fetched."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import msgspec
from attrs import define, field, frozen

from entrepot.http.backend import Backend
from entrepot.http.exchange import AnyRequest
from entrepot.http.forms import FILE, URL, read_form
from entrepot.http.parameters import Given, check_known, query_of
from entrepot.http.problems import InvalidRequest, UnsupportedMediaType
from entrepot.http.uploads import FORM, MOST_FIELD_BYTES, FileUrl, Sink, chunks_of
from entrepot_core.errors import EntrepotError, InvalidOption
from entrepot_core.ports.blobs import Staged
from entrepot_core.ports.operations import Source
from entrepot_core.source import Label, Link, base_name

MOST_FILES = 100
"""How many files and URLs one form may have: every file is an open one until all have come."""


@define
class Arrival:
    """A file that has come, or where it is to be fetched from, or what kept it from coming whole."""

    label: Label = Label()
    sink: Sink | None = None
    link: Link | None = None
    error: EntrepotError | None = None

    @property
    def source(self) -> Source:
        """The file.

        Raises:
            EntrepotError: It did not come whole.
        """
        if self.error is not None:
            raise self.error
        if self.link is not None:
            return Source(self.link, self.label)
        if self.sink is None:
            raise TypeError(self)
        return Source(self.sink.staged, self.label, self.sink.staged.size)


@frozen
class Arrivals:
    """The files of a form in their order, and what else was said, in the query and in the form."""

    files: list[Arrival]
    fields: Given


@asynccontextmanager
async def receive_several(
    request: AnyRequest, backend: Backend, *kinds: type[msgspec.Struct]
) -> AsyncGenerator[Arrivals]:
    """Take in a form with several files; their scratch files are closed in the end, whatever happens.

    A file that is too large is let go while it comes, and harms no other.

    Raises:
        UnsupportedMediaType: The body is no form.
        InvalidRequest: The form is malformed, or has too many files.
        InvalidOption: It has neither a file nor a URL.
        UploadIncomplete: The client went away.
        UnknownParameter: A field is not one of ``kinds``.
    """
    media_type, parameters = request.content_type
    if media_type.lower() != FORM:
        raise UnsupportedMediaType(reason=f"Send the files as parts of one form, {FORM}.")
    query, kinds = dict(query_of(request)), (*kinds, FileUrl)
    check_known(query, kinds)
    pile = _Pile(backend)
    try:
        form = await read_form(
            chunks_of(request), parameters, pile.write, kinds, MOST_FIELD_BYTES, pile.next_file, pile.next_url
        )
        for url in query.pop(URL, []):
            await pile.next_url(url)
        await pile.finish()
        if not pile.arrivals:
            reason = "send each file as a part of this name, or its url to have it fetched"
            raise InvalidOption(option=FILE, value="", reason=reason)
        fields = {name: query.get(name, []) + form.fields.get(name, []) for name in {**query, **form.fields}}
        yield Arrivals(pile.arrivals, fields)
    finally:
        for staged in pile.opened:
            await backend.scratch(staged.close)


@define
class _Pile:
    """The files that have come so far; the last one is still coming."""

    backend: Backend
    arrivals: list[Arrival] = field(factory=list, init=False)
    opened: list[Staged] = field(factory=list, init=False)

    async def next_file(self, file_name: str | None, media_type: str | None) -> None:
        """Begin another file."""
        await self._begin()
        staged = await self.backend.scratch(self.backend.stage)
        self.opened.append(staged)
        sink = Sink(self.backend, staged, self.backend.settings.max_upload_bytes)
        self.arrivals.append(Arrival(Label(base_name(file_name or ""), media_type), sink))

    async def next_url(self, url: str) -> None:
        """Note where another file is."""
        await self._begin()
        try:
            self.arrivals.append(Arrival(link=Link(url)))
        except InvalidOption as error:
            self.arrivals.append(Arrival(error=error))

    async def write(self, chunk: bytes) -> None:
        """Take some bytes of the file that is coming."""
        arrival = self.arrivals[-1]
        if arrival.error is None and arrival.sink is not None:
            try:
                await arrival.sink.write(chunk)
            except EntrepotError as error:
                await self._let_go(arrival, arrival.sink, error)

    async def finish(self) -> None:
        """Take the last bytes of a file, if one was coming."""
        arrival = self.arrivals[-1] if self.arrivals else None
        if arrival is not None and arrival.error is None and arrival.sink is not None:
            try:
                await arrival.sink.flush()
            except EntrepotError as error:
                await self._let_go(arrival, arrival.sink, error)

    async def _begin(self) -> None:
        await self.finish()
        if len(self.arrivals) == MOST_FILES:
            raise InvalidRequest(reason=f"The form has more than {MOST_FILES} files. Send fewer at a time.")

    async def _let_go(self, arrival: Arrival, sink: Sink, error: EntrepotError) -> None:
        arrival.error = error
        await self.backend.scratch(sink.staged.close)
