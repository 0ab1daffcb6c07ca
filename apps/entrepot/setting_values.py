"""How the texts of settings are read; each reader is given the variable's name and its text.

All raise ``InvalidOption``, which names the variable, where the text can't be what it says.
"""

import re
from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from entrepot.origins import normalised
from entrepot_core.errors import InvalidOption
from entrepot_core.image import Renditions, check_renditions
from entrepot_core.json_text import decode_json

_LEAST_MEMORY = 256_000_000
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12, "ki": 2**10, "mi": 2**20, "gi": 2**30, "ti": 2**40}
_SIZE = re.compile(r"(\d[\d_]*(?:\.\d+)?)\s*([kmgt]i?)?b?", re.IGNORECASE)


def is_url(target: str) -> bool:
    """Whether a store is named by an ``http`` or ``https`` URL."""
    return target.lower().startswith(("http://", "https://"))


def without_password(target: str) -> str:
    """A store's name, safe to print."""
    if not is_url(target) or "@" not in (parts := urlsplit(target)).netloc:
        return target
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def read_renditions(text: str) -> Renditions:
    """Read how platforms wish their images, from JSON.

    Raises:
        InvalidOption: A rendition can't be made, or be called like that.
    """
    try:
        renditions = decode_json(text, Renditions)
        check_renditions(renditions)
    except msgspec.MsgspecError as error:
        reason = f'give JSON like {{"web": {{"width": 1280}}, "mobile": {{"width": 480}}}} ({error})'
        raise InvalidOption(option="ENTREPOT_RENDITIONS", value=text[:200], reason=reason) from error
    except InvalidOption as error:
        reason = f"{error.option} can't be {error.value!r}: {error.reason}"
        raise InvalidOption(option="ENTREPOT_RENDITIONS", value=text[:200], reason=reason) from error
    return renditions


def networks(text: str | None) -> tuple[IPv4Network | IPv6Network, ...]:
    """The networks that a setting names."""
    return tuple(ip_network(one) for one in (text or "").split(",") if one)


def read_size(name: str, text: str) -> int:
    """Read a number of bytes: ``1048576``, ``200MB``, ``1.5 GiB``.

    Raises:
        InvalidOption: It is no size; ``name`` says of what.
    """
    if (match := _SIZE.fullmatch(text)) is None:
        raise InvalidOption(option=name, value=text, reason="give a number of bytes, or a size like 200MB or 4GiB")
    size = round(float(match[1]) * _UNITS[(match[2] or "").lower()])
    return _at_least_one(name, text, size)


def _at_least_one(name: str, text: str, number: int) -> int:
    if number < 1:
        raise InvalidOption(option=name, value=text, reason="give 1 or more")
    return number


def whole(name: str, text: str, least: int, most: int | None = None) -> int:
    """A whole number within bounds."""
    to = f" to {most}" if most is not None else " or more"
    digits = text.replace("_", "")
    if not (digits.isascii() and digits.isdigit()) or int(digits) < least or (most is not None and int(digits) > most):
        raise InvalidOption(option=name, value=text, reason=f"give a whole number, {least}{to}")
    return int(digits)


def count_or_none(name: str, text: str) -> int | None:
    """A number from 1, or ``none``."""
    return None if text.lower() == "none" else whole(name, text, 1)


def one_of(choices: tuple[str, ...]) -> Callable[[str, str], str]:
    """A reader of one of some words."""

    def read(name: str, text: str) -> str:
        if text.lower() not in choices:
            raise InvalidOption(option=name, value=text, reason=f"give one of {', '.join(choices)}")
        return text.lower()

    return read


def as_it_is(_name: str, text: str) -> str:
    """Any text."""
    return text


def networks_or_none(name: str, text: str) -> str | None:
    """Networks between commas, or ``none``."""
    if text.lower() == "none":
        return None
    try:
        return ",".join(str(ip_network(one.strip())) for one in text.split(","))
    except ValueError as error:
        reason = f"give networks like 10.0.0.0/8,127.0.0.1/32 ({error})"
        raise InvalidOption(option=name, value=text, reason=reason) from error


def origins_or_none(name: str, text: str) -> str | None:
    """Origins between commas, as browsers write them; ``*``; or ``none``."""
    if text.lower() == "none":
        return None
    given = [one.strip() for one in text.split(",")]
    if given == ["*"]:
        return "*"
    found = [normalised(one) for one in given]
    wrong = next((one for one, origin in zip(given, found, strict=True) if origin is None), None)
    if wrong is not None:
        reason = f"{wrong[:200]!r} is no origin; give some like https://app.example.org,http://localhost:5173, or *"
        raise InvalidOption(option=name, value=text, reason=reason)
    return ",".join(dict.fromkeys(one for one in found if one))


def renditions_or_none(_name: str, text: str) -> str | None:
    """Renditions as JSON, or ``none``."""
    if text.lower() == "none":
        return None
    read_renditions(text)
    return text


def url_or_none(name: str, text: str) -> str | None:
    """A server's URL, or ``none``."""
    if text.lower() == "none":
        return None
    if not is_url(text) or not urlsplit(text).netloc or "?" in text or "#" in text:
        raise InvalidOption(option=name, value=text, reason="give a URL like https://cdn.example.org, or none")
    return text.rstrip("/")


def size_or_nothing(name: str, text: str) -> int:
    """A number of bytes, 0 among them."""
    return 0 if text == "0" else read_size(name, text)


def file_or_none(_name: str, text: str) -> str | None:
    """A path, or ``none``."""
    return None if text.lower() == "none" else str(Path(text).expanduser())


def store(_name: str, text: str) -> str:
    """A path, a URL or ``:memory:``."""
    return str(Path(text).expanduser()) if text.startswith("~") else text


def memory(name: str, text: str) -> int:
    """Bytes of memory: a worker needs 200 MB to begin, and with less some libraries hang rather than fail."""
    size = read_size(name, text)
    if size < _LEAST_MEMORY:
        raise InvalidOption(option=name, value=text, reason="give 256MB or more")
    return size
