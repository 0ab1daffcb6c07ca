"""Finds the rows in a JSON document: an array, one within an object, values one after the other, or a single one."""

from collections.abc import Iterator
from typing import Any

from entrepot_adapters.polars.reading.json_text import JsonText

WRAPPERS = frozenset({"data", "items", "records", "results", "rows"})
"""Members that hold the rows of a document which has other arrays of objects as well."""

_AFTER_MEMBER = "a comma or } is missing after this member"
_AFTER_ELEMENT = "a comma or ] is missing after this element"


class JsonDocument:
    """What stands in a JSON or NDJSON file, without ever holding the whole of it.

    Attributes:
        text: The file.
        ignored: The members of the outermost object that are no rows.
    """

    def __init__(self, text: JsonText, *, is_lines: bool) -> None:
        self.text = text
        self.ignored: list[str] = []
        self._is_lines = is_lines
        self._wrapper: str | None = None
        self._is_known = False

    def elements(self) -> Iterator[Any]:
        """The rows, from the first; each is any value of JSON.

        Raises:
            MalformedInput: This is no JSON.
        """
        self.text.begin()
        if self.text.peek() == "[":
            yield from self._array()
            self.text.expect_end()
        elif (wrapper := self._found_wrapper()) is not None:
            yield from self._wrapped(wrapper)
        else:
            self.text.has_rows = True
            while self.text.peek():
                yield self.text.value()

    def _found_wrapper(self) -> str | None:
        """The member that holds the rows, if this is a single document in which one does."""
        if not self._is_known:
            self._wrapper = None if self._is_lines else self._look_for_wrapper()
            self._is_known = True
            self.text.begin()
        return self._wrapper

    def _look_for_wrapper(self) -> str | None:
        try:
            document = self.text.at_hand()
        except LookupError:
            return self._wrapper_of_long() if self.text.peek() == "{" else None
        if not isinstance(document, dict):
            return None
        self.text.value()
        if self.text.peek():  # one of several
            return None
        return _chosen([name for name, member in document.items() if _is_rows(member)])

    def _wrapper_of_long(self) -> str | None:
        """The same of a document of which more is still to be read; its members are looked through one by one."""
        found: list[str] = []
        for name, rows in self._members():
            if rows is None:
                continue
            if name in WRAPPERS and not found:
                return name
            if all([isinstance(one, dict) for one in rows]):  # noqa: C419 - all of them are to be read
                found.append(name)
        return None if self.text.peek() else _chosen(found)

    def _wrapped(self, wrapper: str) -> Iterator[Any]:
        self.ignored = []
        for name, rows in self._members():
            if name == wrapper and rows is not None:
                yield from rows
            else:
                self.ignored.append(name)
        self.text.expect_end()

    def _members(self) -> Iterator[tuple[str, Iterator[Any] | None]]:
        """The members of an object: their names, and of arrays of objects the elements."""
        self.text.take("{", "an object is missing")
        seen: set[str] = set()
        mark = "}" if self.text.peek() == "}" else ","
        while mark == ",":
            name = self.text.key()
            if name in seen:
                self.text.fail(f"the key {name!r} stands twice in one object")
            seen.add(name)
            if self.text.opens_objects():
                rows = self._array()
                yield name, rows
                for _ in rows:
                    """What was not asked for is passed over."""
            else:
                self.text.value()
                yield name, None
            mark = self.text.take(",}", _AFTER_MEMBER)

    def _array(self) -> Iterator[Any]:
        self.text.take("[", "an array is missing")
        if self.text.peek() == "]":
            self.text.take("]", "")
            return
        mark = ","
        while mark == ",":
            yield self.text.value()
            mark = self.text.take(",]", _AFTER_ELEMENT)


def _is_rows(member: object) -> bool:
    return isinstance(member, list) and bool(member) and all(isinstance(one, dict) for one in member)


def _chosen(arrays: list[str]) -> str | None:
    """The one of several arrays of objects that holds the rows; none where an array is but a part of a row."""
    usual = [name for name in arrays if name in WRAPPERS]
    return usual[0] if usual else arrays[0] if len(arrays) == 1 else None
