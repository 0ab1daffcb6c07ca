"""Texts as searches compare them: whatever the case, and however a character is composed."""

import unicodedata
from collections.abc import Iterator
from functools import cache

import polars as pl

from entrepot_core.selection import fold

_LETTERS = ((0x80, 0x530), (0x1E00, 0x2000), (0x2010, 0x2028), (0x20A0, 0x20C0), (0x3001, 0x3100))
"""Where most characters stand that are folded one by one, so that it can be looked which ones are."""
_ALIKE = ((0x05D0, 0x05EA), (0x0621, 0x064A), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3))
"""Letters of Hebrew and Arabic, Chinese characters, syllables of Korean: they have no case, and are as they are."""
_SIGMAS = "\N{GREEK CAPITAL LETTER SIGMA}\N{GREEK SMALL LETTER FINAL SIGMA}"
"""What becomes of one in small letters depends on where it stands."""


def folded(texts: pl.Series) -> pl.Series:
    """Texts as ``fold`` makes them.

    Of most that is small letters. To normalise takes five times as long, so that only those rows are which need it.
    What is searched for is folded here too: polars knows characters of a newer Unicode than Python may.
    """
    small = texts.str.to_lowercase()
    if not (texts.str.len_bytes() != texts.str.len_chars()).any():
        return small
    needed = texts.str.contains(_needs_more()).fill_null(value=False)
    if not needed.any():
        return small
    before, after = _cases()
    some = texts.filter(needed).str.normalize("NFKC").str.to_lowercase()
    some = some.str.replace_many(before, after).str.normalize("NFKC")
    return small.scatter(needed.arg_true(), some)


@cache
def _needs_more() -> str:
    """What finds a character of which small letters do not make what ``fold`` does."""
    alike = [(code, code) for begin, end in _LETTERS for code in range(begin, end) if _is_alike(chr(code))]
    ranges = [(0, 0x7F), *_joined(alike), *_ALIKE]
    spans = [rf"\x{{{first:x}}}-\x{{{last:x}}}" for first, last in ranges]
    return f"[^{''.join(spans)}]"


def _is_alike(character: str) -> bool:
    is_alone = not unicodedata.combining(character) and character not in _SIGMAS
    return is_alone and fold(character) == character.lower()


def _joined(ranges: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    first, last = ranges[0]
    for begin, end in ranges[1:]:
        if begin > last + 1:
            yield first, last
            first = begin
        last = end
    yield first, last


@cache
def _cases() -> tuple[list[str], list[str]]:
    """Characters that small letters leave as they are and ``fold`` does not, and what it makes of them."""
    found = {one: one.casefold() for one in map(chr, [*range(0xD800), *range(0xE000, 0x10000)])}
    odd = {one: folded for one, folded in found.items() if folded != one.lower()}
    return list(odd), list(odd.values())
