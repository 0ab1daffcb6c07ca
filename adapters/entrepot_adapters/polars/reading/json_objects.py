"""Streams the objects of a JSON or NDJSON file, without ever holding the whole file."""

import codecs
import json
import re
from collections.abc import Iterator
from typing import IO, Any, NoReturn

from entrepot_adapters.polars.reading.text import undecodable
from entrepot_core.errors import MalformedInput

Object = dict[str, Any]

WRAPPERS = frozenset({"data", "items", "records", "results", "rows"})
"""Members that hold the rows of a document which says other things as well."""

_CHUNK = 1 << 20
_SPACE = re.compile(r"[ \t\n\r]*")
_WRAPPED = re.compile(r'\{\s*("(?:[^"\\]|\\.)*")\s*:\s*\[\s*\{')
_CUT = 16
"""An error this close to the end of what was read so far may be only for want of the rest."""


class JsonObjects:
    """The objects of a file: of an array, of an array within an object, one after the other, or a single one.

    Iterating gives them in batches and begins anew each time.

    Attributes:
        done: The bytes read so far.
        ignored: The members of the outermost object that are no rows.
    """

    def __init__(self, file: IO[bytes], batch: int) -> None:
        self._file = file
        self._batch = batch
        self._decoder = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_constant)
        self.done = 0
        self.ignored: list[str] = []

    def __iter__(self) -> Iterator[list[Object]]:
        self._begin()
        batch: list[Object] = []
        for number, one in enumerate(self._elements(), start=1):
            if not isinstance(one, dict):
                reason = "a table needs objects, one for each row; this is something else"
                raise MalformedInput(
                    reason=reason, line=self._line_at(self._at), row=number, value=json.dumps(one)[:100]
                )
            batch.append(one)
            if len(batch) == self._batch:
                yield batch
                batch = []
        if batch:
            yield batch

    def _begin(self) -> None:
        self._file.seek(0)
        self._decode = codecs.getincrementaldecoder("utf-8-sig")().decode
        self._text, self._at, self._line, self.done, self._is_whole = "", 0, 1, 0, False
        self.ignored = []
        self._more()

    def _elements(self) -> Iterator[Any]:
        self._skip()
        if self._peek() == "[":
            self._at += 1
            yield from self._array()
            self._expect_end()
        elif (wrapped := _WRAPPED.match(self._text, self._at)) and json.loads(wrapped[1]) in WRAPPERS:
            yield from self._wrapped(wrapped)
        else:
            yield from self._sequence()

    def _array(self) -> Iterator[Any]:
        self._skip()
        if self._peek() == "]":
            self._at += 1
            return
        while True:
            yield self._value()
            self._skip()
            mark = self._peek()
            if mark not in {",", "]"}:
                self._fail("a comma or ] is missing after this element", self._at)
            self._at += 1
            if mark == "]":
                return
            self._skip()

    def _wrapped(self, start: re.Match[str]) -> Iterator[Any]:
        """An object whose first member, by its name, is an array of rows."""
        self._at = start.end() - 1
        yield from self._array()
        self._skip()
        if self._peek() == ",":
            self._at += 1
            self._text = "{" + self._text[self._at :]
            self._at = 0
            self.ignored = list(self._value())
        elif self._peek() == "}":
            self._at += 1
        else:
            self._fail("a comma or } is missing after this member", self._at)
        self._expect_end()

    def _sequence(self) -> Iterator[Any]:
        first = self._value()
        self._skip()
        if not self._peek():
            yield from self._unwrapped(first)
            return
        yield first
        while self._peek():
            yield self._value()
            self._skip()

    def _unwrapped(self, document: Any) -> Iterator[Any]:  # noqa: ANN401 - any value of JSON
        """The rows of a single document: one of its members, or itself."""
        if isinstance(document, dict):
            for name, member in document.items():
                is_rows = isinstance(member, list) and member and all(isinstance(one, dict) for one in member)
                if is_rows and (len(document) == 1 or name in WRAPPERS):
                    self.ignored = [other for other in document if other != name]
                    yield from member
                    return
        yield document

    def _value(self) -> Any:  # noqa: ANN401 - any value of JSON
        self._skip()
        while True:
            try:
                value, self._at = self._decoder.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if self._is_whole or not _may_be_cut(error, self._text):
                    self._fail(f"this is no JSON: {error.msg}", error.pos, error)
                self._more()
            except RecursionError as error:
                self._fail("the values are nested too deeply", self._at, error)
            except ValueError as error:  # of _unique, _no_constant, or an integer of thousands of digits
                self._fail(str(error), self._at, error)
            else:
                return value

    def _more(self) -> None:
        """Read on: as much again as is held already, so that a long value is not parsed too often."""
        kept = self._text[self._at :]
        self._line += self._text.count("\n", 0, self._at)
        chunk = self._file.read(max(_CHUNK, len(kept)))
        self._is_whole = not chunk
        self.done += len(chunk)
        try:
            self._text = kept + self._decode(chunk, self._is_whole)
        except UnicodeDecodeError as error:
            before = error.object[: error.start].count(b"\n")
            raise undecodable("utf-8", self._line + kept.count("\n") + before) from error
        self._at = 0

    def _skip(self) -> None:
        while True:
            end = _SPACE.match(self._text, self._at)
            self._at = end.end() if end else self._at
            if self._at < len(self._text) or self._is_whole:
                return
            self._more()

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _expect_end(self) -> None:
        self._skip()
        if self._peek():
            self._fail("something follows the end of the document", self._at)

    def _line_at(self, position: int) -> int:
        """The line of a place; of one past all that is written, the last line with something on it."""
        return self._line + self._text.count("\n", 0, min(position, len(self._text.rstrip())))

    def _fail(self, reason: str, position: int, cause: Exception | None = None) -> NoReturn:
        raise MalformedInput(reason=reason, line=self._line_at(position)) from cause


def _may_be_cut(error: json.JSONDecodeError, text: str) -> bool:
    return error.msg.startswith("Unterminated string") or error.pos >= len(text) - _CUT


def _unique(pairs: list[tuple[str, Any]]) -> Object:
    made = dict(pairs)
    if len(made) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise ValueError(f"the key {key!r} stands twice in one object")
            seen.add(key)
    return made


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON; write null")
