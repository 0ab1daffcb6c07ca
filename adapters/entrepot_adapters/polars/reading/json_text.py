"""Reads a JSON text value by value, without ever holding the whole file."""

import codecs
import json
import re
from typing import IO, Any, NoReturn

from entrepot_adapters.polars.reading.json_written import Written
from entrepot_adapters.polars.reading.text import undecodable
from entrepot_core.errors import MalformedInput

_CHUNK = 1 << 20
_LONGEST = 1 << 26
"""Characters of one value; a longer one would take ten times that in memory."""

_SPACES = " \t\n\r"
_SPACE = re.compile(r"[ \t\n\r]*")
_OPENING = re.compile(r"\[[ \t\n\r]*([^ \t\n\r])")
_DEEPEST = 500
"""Levels of nesting; the parser recurses, and far deeper would overflow its stack."""

_WINDOW = 2 * _DEEPEST
"""Characters in which a whole value is never too deep."""

_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)', re.DOTALL)
_NO_BRACKETS = re.compile(r"[^\[\]{}]+")

_CUT = 16
"""An error this close to the end of what was read so far may be only for want of the rest."""

_CUT_NUMBER = 3
"""A number that ends this close to it may go on, as ``1e+`` does."""

_NEXT_LINE = re.compile(r"[ \t\r]*\n(?:[ \t\r]*\n)*([^ \t\r\n])")
"""From the end of a line to what the next one begins with, if that is no space."""

_UNFINISHED = re.compile(r"\s*(?:t(?:ru?)?|f(?:a(?:ls?)?)?|n(?:ul?)?|-|\.|[eE][+-]?|\\?u?[0-9a-fA-F]{0,4})?\s*")
"""What is left of a text from the place of an error, if more of it would have made it right."""

_SAYS_TOO_LONG = "Exceeds the limit"
"""How Python refuses a whole number of too many digits."""

_END = "the text ends too early{where} as if the file was cut off; get all of it and add it again"


class JsonText:
    """A JSON text and a place in it.

    Attributes:
        done: The bytes read so far.
        has_rows: Whether its values are rows, so that one which is broken is known by where the next begins.
    """

    def __init__(self, file: IO[bytes], *, as_written: bool = False) -> None:
        """Begin to read.

        Args:
            file: The text.
            as_written: Whether numbers with a point or an exponent are ``Written``.
        """
        self._file = file
        self.has_rows = False
        parse_float = Written if as_written else None
        self._decoder = json.JSONDecoder(
            object_pairs_hook=_unique, parse_float=parse_float, parse_constant=_no_constant
        )
        self.begin()

    def begin(self) -> None:
        """Go to the beginning."""
        self._file.seek(0)
        self._decode = codecs.getincrementaldecoder("utf-8-sig")().decode
        self._window, self._end = _WINDOW, (1, 0)
        self._text, self._at, self._line, self._before, self.done, self._is_whole = "", 0, 1, 0, 0, False
        self._more()

    def peek(self) -> str:
        """The next character that is no space; empty at the end."""
        mark = self._text[self._at : self._at + 1]
        if mark and mark not in _SPACES:  # mostly
            return mark
        while True:
            end = _SPACE.match(self._text, self._at)
            self._at = end.end() if end else self._at
            if self._at < len(self._text) or self._is_whole:
                return self._text[self._at : self._at + 1]
            self._more()

    def take(self, marks: str, reason: str) -> str:
        """Step over the next character, which has to be one of some."""
        mark = self.peek()
        if not mark:
            self._fail_at_end(reason)
        if mark not in marks:
            self.fail(reason)
        self._at += 1
        return mark

    def expect_end(self) -> None:
        """Make sure that nothing follows."""
        if self.peek():
            self.fail("something follows the end of the document")

    def opens_objects(self) -> bool:
        """Whether an array comes next whose first element is an object."""
        while self.peek() == "[":
            opening = _OPENING.match(self._text, self._at)
            if opening or self._is_whole:
                return opening is not None and opening[1] == "{"
            self._more()
        return False

    def at_hand(self) -> Any:  # noqa: ANN401 - any value of JSON
        """The next value, if all of it was read already, without stepping over it.

        Raises:
            LookupError: It was not.
            MalformedInput: It is no JSON, or too deep.
        """
        self.peek()
        value, _ = self._next(may_read=False)
        return value

    def value(self) -> Any:  # noqa: ANN401 - any value of JSON
        """Step over the next value.

        Raises:
            MalformedInput: It is no JSON, or too deep or too long.
        """
        self.peek()
        value, length = self._next(may_read=True)
        self._at += length
        return value

    def _next(self, *, may_read: bool) -> tuple[Any, int]:
        """The next value and its length, looked for in ever more of the text."""
        size = self._window
        while True:
            window = self._text[self._at : self._at + size]
            is_all = self._at + size >= len(self._text)
            if _is_deep(window):
                self.fail("the values are nested too deeply")
            found = self._parsed(window, is_last=is_all and self._is_whole)
            if found is not None:
                self._window = max(_WINDOW, 2 * found[1])  # the next one may be as long
                return found
            if is_all and not may_read:
                raise LookupError
            if is_all:
                self._more()
            size *= 4

    def _parsed(self, window: str, *, is_last: bool) -> tuple[Any, int] | None:
        """The value that a text begins with, and its length; none if more of the text is needed to say."""
        try:
            value, end = self._decoder.raw_decode(window)
        except json.JSONDecodeError as error:
            if is_last or not _may_be_cut(error, window):
                self._refuse(error, window, is_last=is_last)
            return None
        except RecursionError as error:
            self.fail("the values are nested too deeply", cause=error)
        except ValueError as error:  # of _unique, _no_constant, or Python's int
            is_long = str(error).startswith(_SAYS_TOO_LONG)
            self.fail("a number here has thousands of digits; write it as text" if is_long else str(error), cause=error)
        may_go_on = isinstance(value, int | float) and not is_last and end >= len(window) - _CUT_NUMBER
        return None if may_go_on else (value, end)

    def _refuse(self, error: json.JSONDecodeError, window: str, *, is_last: bool) -> NoReturn:
        """Say what is wrong with a text that begins no value."""
        if self.has_rows and (end := _end_of_row(error, window)):
            self.fail("this is no JSON: the line ends within a value", self._at + end, error)
        if is_last and _is_cut(error, window):
            self._fail_at_end(f"this is no JSON: {error.msg.removesuffix(' starting at')}", error)
        self.fail(f"this is no JSON: {error.msg}", self._at + error.pos, error)

    def key(self) -> str:
        """Step over the name of a member and the colon after it."""
        mark = self.peek()
        if not mark:
            self._fail_at_end("this is no JSON: the name of a member is missing")
        if mark != '"':
            self.fail("this is no JSON: the name of a member is missing")
        name: str = self.value()
        self.take(":", "a colon is missing after the name of this member")
        return name

    @property
    def line(self) -> int:
        """The line of this place."""
        return self._line_at(self._at)

    def fail(self, reason: str, position: int | None = None, cause: Exception | None = None) -> NoReturn:
        """Say what is wrong, and where: at this place by default."""
        position = self._at if position is None else position
        reason = f"{reason} (character {self._column(position)} of the line)" if position < len(self._text) else reason
        raise MalformedInput(reason=reason, line=self._line_at(position)) from cause

    def _fail_at_end(self, reason: str, cause: Exception | None = None) -> NoReturn:
        """Say what is wrong with a text that should go on."""
        line, column = self._end_of(self._text)
        where = f", after character {column} of the line," if column else ""
        raise MalformedInput(reason=f"{reason}; {_END.format(where=where)}", line=line) from cause

    def _end_of(self, text: str) -> tuple[int, int]:
        """The line, and the number in it, of the last character that is no space in the text so far."""
        last = len(text.rstrip(_SPACES)) - 1
        return (self._line_at(last), self._column(last)) if last >= 0 else self._end

    def _column(self, position: int) -> int:
        """The number, in its line, of a character."""
        start = self._text.rfind("\n", 0, position)
        return position - start if start >= 0 else self._before + position + 1

    def _more(self) -> None:
        """Read on: as much again as is held already, so that a long value is not parsed too often."""
        if len(self._text) - self._at > _LONGEST:
            self.fail(f"a value is longer than {_LONGEST >> 20} million characters")
        kept, dropped = self._text[self._at :], self._text[: self._at]
        self._end = self._end_of(dropped)
        self._line += dropped.count("\n")
        self._before = len(dropped) - 1 - dropped.rfind("\n") if "\n" in dropped else self._before + len(dropped)
        chunk = self._file.read(max(_CHUNK, len(kept)))
        self._is_whole = not chunk
        self.done += len(chunk)
        try:
            self._text = kept + self._decode(chunk, self._is_whole)
        except UnicodeDecodeError as error:
            before = error.object[: error.start].count(b"\n")
            if self._is_whole:  # all bytes before are text
                self._text = kept
                self._fail_at_end("the last character lacks some of its bytes", error)
            raise undecodable("utf-8", self._line + kept.count("\n") + before) from error
        self._at = 0

    def _line_at(self, position: int) -> int:
        """The line of a place; of one past all that is written, the last line with something on it."""
        return self._line + self._text.count("\n", 0, min(position, len(self._text.rstrip())))


def _may_be_cut(error: json.JSONDecodeError, text: str) -> bool:
    return error.msg.startswith("Unterminated string") or error.pos >= len(text) - _CUT


def _is_cut(error: json.JSONDecodeError, text: str) -> bool:
    """Whether a text is wrong only in that it ends."""
    return error.msg.startswith("Unterminated string") or _UNFINISHED.fullmatch(text, error.pos) is not None


def _end_of_row(error: json.JSONDecodeError, text: str) -> int:
    """The end of a line, if what is wrong is that the next value begins at the start of the next; else 0."""
    following = _NEXT_LINE.search(text, 0, error.pos + 1)
    return following.start() if following and following[1] == text[:1] else 0


def _is_deep(text: str) -> bool:
    """Whether the values at the beginning of a text are nested too deeply."""
    if len(text) <= _WINDOW or text.count("[") + text.count("{") <= _DEEPEST:
        return False
    depth = deepest = 0
    for bracket in _NO_BRACKETS.sub("", _STRING.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    return deepest > _DEEPEST


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
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
