"""What a file is, by how it begins."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from entrepot_adapters.images.faults import Fault

if TYPE_CHECKING:
    from entrepot_core.image import ImageFormat

START = 4096
"""How many bytes are looked at."""

_JPEG, _PNG, _GIF = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", (b"GIF87a", b"GIF89a")
_AVIF, _HEIC = {b"avif", b"avis"}, {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"}
_OTHERS = {
    b"%PDF-": Fault.PDF,
    b"PK\x03\x04": Fault.ZIP,
    b"\x1f\x8b": Fault.GZIP,
    b"BM": Fault.BMP,
    b"II*\0": Fault.TIFF,
    b"MM\0*": Fault.TIFF,
    b"II+\0": Fault.TIFF,
    b"MM\0+": Fault.TIFF,
    b"\xff\x0a": Fault.JPEG_XL,
    b"\0\0\0\x0cJXL ": Fault.JPEG_XL,
    b"\0\0\0\x0cjP  ": Fault.JPEG_2000,
    b"\xff\x4f\xff\x51": Fault.JPEG_2000,
    b"\0\0\x01\0": Fault.ICON,
    b"8BPS": Fault.PHOTOSHOP,
    b"\x1aE\xdf\xa3": Fault.VIDEO,
}
_ROOT = re.compile(rb"<(svg\b|!doctype\s+html\b|html\b|head\b|body\b|title\b|script\b|meta\b)")
_COMMON = 0.95
"""The part of a text's bytes that are no control characters."""


def format_of(start: bytes) -> "ImageFormat | None":
    """The format that is taken and begins like this, if any."""
    if start.startswith(_JPEG):
        return "jpeg"
    if start.startswith(_PNG):
        return "png"
    if start.startswith(_GIF):
        return "gif"
    if start.startswith(b"RIFF") and start[8:12] == b"WEBP":
        return "webp"
    return "avif" if _AVIF & set(_brands(start)) else None


def stranger(start: bytes) -> Fault:
    """What it is that begins like this, when it is no format that is taken."""
    if not start:
        return Fault.EMPTY
    if other := next((fault for magic, fault in _OTHERS.items() if start.startswith(magic)), None):
        return other
    if brands := set(_brands(start)):
        return Fault.HEIC if brands & _HEIC else Fault.VIDEO
    return _text(start)


def _brands(start: bytes) -> Iterator[bytes]:
    """What the media file that begins like this says it is."""
    if start[4:8] == b"ftyp":
        end = min(int.from_bytes(start[:4]), len(start))
        yield start[8:12]
        yield from (start[at : at + 4] for at in range(16, end - 3, 4))


def _text(start: bytes) -> Fault:
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith(b"<") and (root := _ROOT.search(text)):
        return Fault.SVG if root[1] == b"svg" else Fault.WEB_PAGE
    if text.startswith(b"<?xml"):
        return Fault.XML
    if text.startswith((b"{", b"[")):
        return Fault.JSON
    common = sum(byte >= 0x20 or byte in b"\t\n\r" for byte in text)  # noqa: PLR2004 - the first that is no control
    return Fault.TEXT if b"\0" not in text and common >= _COMMON * len(start) else Fault.UNKNOWN
