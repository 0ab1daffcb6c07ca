"""Any text as something a font can draw, in the room there is."""

import unicodedata

_WIDE = frozenset("MW@%mw—…")
_NARROW = frozenset("iljI.,:;'|![]()ft ")
_CONTROLS = {
    **{code: 0x2400 + code for code in range(0x20)},
    **dict.fromkeys(range(0x80, 0xA0), 0xFFFD),
    **dict.fromkeys((0x2028, 0x2029), 0x23CE),
    0x7F: 0x2421,
}


def drawable(text: str) -> str:
    """Text on one line: control characters become pictures (``␊``), lone surrogates question marks."""
    return text.translate(_CONTROLS).encode("utf-8", "replace").decode()


def shortened(text: str, room: float) -> str:
    """Text cut in its middle, where it is too wide: names often differ at their ends.

    Args:
        text: The text.
        room: How many letters of ordinary width fit.
    """
    if width(text) <= room:
        return text
    left = room - _width("…")
    head, tail = _fitting(text, left * 0.6), _fitting(text[::-1], left * 0.4)[::-1]
    while tail and unicodedata.combining(tail[0]):
        tail = tail[1:]
    return f"{head.rstrip()}…{tail.lstrip()}"


def width(text: str) -> float:
    """How wide text is, about, in letters of ordinary width."""
    return sum(_width(letter) for letter in text)


def _width(letter: str) -> float:
    if unicodedata.combining(letter):
        return 0
    if letter in _NARROW:
        return 0.6
    if letter in _WIDE or unicodedata.east_asian_width(letter) in "WF":
        return 1.6
    return 1.2 if letter.isupper() else 1.0


def _fitting(text: str, room: float) -> str:
    used = 0.0
    for place, letter in enumerate(text):
        used += _width(letter)
        if used > room:
            return text[:place]
    return text
