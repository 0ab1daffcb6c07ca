"""Text in cells: what XML and Excel need escaped, and the longest text that a cell holds.

Excel decodes ``_xHHHH_`` in text to a character (ECMA-376 part 1, 22.9.2.19), so XML's forbidden characters are
written so. Its rule for text that merely looks so is ``_x005F_xHHHH_``, which openpyxl doesn't undo in a cell. Runs of
text that part the token are read right by all.
"""

import polars as pl

from entrepot_adapters.excel import limits

_FORBIDDEN = [chr(code) for code in range(0x20) if chr(code) not in "\t\n\r"] + ["\ufffe", "\uffff"]
_MARKUP = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}  # a bare return would be read as a newline
_TOKENS = {character: f"_x{ord(character):04X}_" for character in _FORBIDDEN}
_BOTH = _MARKUP | _TOKENS
_LOOKS_ESCAPED = r"_x[0-9A-Fa-f]{4}[_\x00-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]"
_TEXT = '<t xml:space="preserve">'


def text_cell(text: pl.Expr) -> list[str | pl.Expr]:
    """What follows the reference and style of a cell of text, up to the cell's end tag."""
    escaped = text.str.replace_many(list(_BOTH), list(_BOTH.values()))
    return [f' t="inlineStr"><is>{_TEXT}', escaped, "</t></is>"]


def text_cell_in_runs(text: pl.Expr) -> list[str | pl.Expr]:
    """Likewise, in runs that part whatever Excel would decode."""
    markup = text.str.replace_many(list(_MARKUP), list(_MARKUP.values()))
    parted = markup.str.replace_all("_x", f"_</t></r><r>{_TEXT}x", literal=True)
    escaped = parted.str.replace_many(list(_TOKENS), list(_TOKENS.values()))
    return [f' t="inlineStr"><is><r>{_TEXT}', escaped, "</t></r></is>"]


def looks_escaped(text: pl.Expr) -> pl.Expr:
    """Whether Excel would decode a part of the text."""
    return text.str.contains(_LOOKS_ESCAPED)


def units(text: str) -> int:
    """The length as Excel counts it: in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def first_units(text: str, count: int) -> str:
    """The longest beginning of a text that has at most that many UTF-16 units."""
    return text.encode("utf-16-le", "surrogatepass")[: 2 * count].decode("utf-16-le", "ignore")


def fitting(text: str) -> str:
    """The text if a cell holds it, else its beginning and how long it was."""
    length = units(text)
    if length <= limits.TEXT:
        return text
    mark = f"… [cut: {length:,} characters]"
    return first_units(text, limits.TEXT - units(mark)) + mark


def cut(text: pl.Series) -> tuple[pl.Series, dict[int, int]]:
    """Make every value fit into a cell.

    Returns:
        The values, and for each that was cut its index and its length in UTF-16 units.
    """
    maybe = (text.str.len_bytes() > limits.TEXT).arg_true()  # a UTF-16 unit is at least a byte in UTF-8
    long = {index: value for index in maybe.to_list() if units(value := str(text[index])) > limits.TEXT}
    if not long:
        return text, {}
    indices = pl.Series(list(long), dtype=pl.UInt32)
    text = text.clone().scatter(indices, [fitting(value) for value in long.values()])
    return text, {index: units(value) for index, value in long.items()}
