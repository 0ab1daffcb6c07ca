"""Fonts for any name: DejaVu Sans, which comes with matplotlib, and others that are installed where it falls short."""

from functools import cache, lru_cache

from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font

_BASE = "DejaVu Sans"
_LAST = "Last Resort High-Efficiency"
"""Draws a box that tells the script for any character; it comes with matplotlib."""

_PREFERRED = (
    "Noto Sans", "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans CJK KR", "Noto Sans SC", "Noto Sans JP",
    "Source Han Sans SC", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Droid Sans Fallback", "IPAexGothic",
    "NanumGothic", "PingFang SC", "Hiragino Sans", "Apple SD Gothic Neo", "Microsoft YaHei", "Yu Gothic",
    "Malgun Gothic", "Nirmala UI", "Leelawadee UI", "Segoe UI Symbol", "Segoe UI", "Arial Unicode MS", "Noto Emoji",
)  # fmt: skip


def families(text: str) -> list[str]:
    """The fonts to draw a text with; each is there, so matplotlib has nothing to warn of."""
    missing, chosen = _missing(frozenset(text), _BASE), [_BASE]
    for family in _installed() if missing else ():
        left = _missing(missing, family)
        if left != missing:
            chosen.append(family)
            missing = left
        if not missing:
            return chosen
    return [*chosen, _LAST] if missing else chosen


@lru_cache(1024)
def _missing(letters: frozenset[str], family: str) -> frozenset[str]:
    font = get_font(findfont(FontProperties(family=[family])))
    return frozenset(letter for letter in letters if not font.get_char_index(ord(letter)))


@cache
def _installed() -> tuple[str, ...]:
    """The installed families to look for letters in: the preferred ones, then Noto Sans of every script."""
    present = {font.name for font in fontManager.ttflist}
    noto = sorted(name for name in present if name.startswith("Noto Sans "))
    return tuple(dict.fromkeys(name for name in (*_PREFERRED, *noto) if name in present))
