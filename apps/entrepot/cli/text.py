"""Text of any origin, made safe for a terminal."""

import re
import unicodedata

_LAST_BYTE = 0xFF
_OPTIONS = re.compile(r"(?<=\()options? ([a-z_]+(?:, [a-z_]+)*)(?=\))")
_FLAGS = {"images": "image", "null_values": "null", "published": "publish", "types": "type"}
_TABLE = {9: "\\t", 10: "\\n", 13: "\\r"}


def one_line(text: str) -> str:
    r"""Text on one line, without characters that steer a terminal or turn the writing direction.

    >>> one_line("a\x1b[31mb\nc")
    'a\\x1b[31mb\\nc'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(char) for char in text)


def as_flags(text: str) -> str:
    """Text in which options are named as on the command line.

    >>> as_flags("name it as null (option null_values).")
    'name it as null (--null).'
    >>> as_flags("say so (options date_order, decimal)")
    'say so (--date-order, --decimal)'
    """
    return _OPTIONS.sub(lambda found: ", ".join(map(_flag, found[1].split(", "))), text)


def _flag(option: str) -> str:
    return "--" + _FLAGS.get(option, option).replace("_", "-")


def _shown(char: str) -> str:
    if unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Zl", "Zp"} or char in "\u200c\u200d":
        return char
    code = ord(char)
    return _TABLE.get(code) or (f"\\x{code:02x}" if code <= _LAST_BYTE else f"\\u{code:04x}")
