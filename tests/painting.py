"""Small pictures that are made when they are needed, and some that are none."""

import io
import random
import struct
import zlib

from attrs import frozen
from PIL import Image, ImageDraw

_ORIENTATION = 0x0112
_QUARTER_TURN = 6
_BOMB_SIDE = 50_000
_BLOCK = 1 << 20


@frozen
class Painting:
    """A picture.

    Attributes:
        content: Its bytes.
        kind: Its format, ``jpeg``, ``png`` or ``webp``.
        width: In pixels, as it is to be shown.
        height: In pixels, likewise.
    """

    content: bytes
    kind: str
    width: int
    height: int

    @property
    def media_type(self) -> str:
        """What it is."""
        return f"image/{self.kind}"


def painted(number: int, coat: int = 0) -> Painting:
    """A picture that no other number and coat give, in each format by turns.

    Every second JPEG is stored on its side (EXIF orientation 6), every second PNG and WebP has transparent corners.
    """
    kind, is_odd = ("jpeg", "png", "webp")[number % 3], number % 2 == 1
    size = (48 + number % 7 * 32, 36 + number % 11 * 20)
    colour = (number * 37 % 256, number * 91 % 256, (number * 151 + coat * 97) % 256)
    picture = Image.new("RGBA", size, (*colour, 0 if is_odd and kind != "jpeg" else 255))
    ImageDraw.Draw(picture).ellipse((0, 0, *size), fill=(*reversed(colour), 255), outline=(255, 255, 255, 255))
    if kind != "jpeg":
        return Painting(_saved(picture, kind), kind, *size)
    exif = Image.Exif()
    if is_odd:
        exif[_ORIENTATION] = _QUARTER_TURN
    return Painting(_saved(picture.convert("RGB"), kind, exif), kind, *(reversed(size) if is_odd else size))


def large(size: int) -> bytes:
    """A good PNG of at least so many bytes."""
    side = int((size / 3) ** 0.5) + 1
    noise = random.Random(size).randbytes(3 * side * side)
    out = io.BytesIO()
    Image.frombytes("RGB", (side, side), noise).save(out, "png", compress_level=0)
    return out.getvalue()


def bomb() -> bytes:
    """A good PNG of 300 kB that takes 2.5 gigabytes once it is decoded: 50,000 × 50,000 black pixels."""
    head = struct.pack(">IIBBBBB", _BOMB_SIDE, _BOMB_SIDE, 1, 0, 0, 0, 0)
    packed = _packed_zeros(_BOMB_SIDE * (1 + _BOMB_SIDE // 8))
    chunks = (b"IHDR", head), (b"IDAT", packed), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in chunks)


SCRIPT = b"""<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert("here")</script></svg>"""
"""An SVG that does something."""

LOGIN = b"<!DOCTYPE html><title>Please log in</title><p>Please log in to see this picture."
"""What sources send in place of pictures, as if it were one."""


def _saved(picture: Image.Image, kind: str, exif: Image.Exif | None = None) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, exif=exif or Image.Exif())
    return out.getvalue()


def _packed_zeros(size: int) -> bytes:
    """Zlib's form of zeros: a block that is packed once and repeated, and their checksum, which is simple."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    block = packer.compress(bytes(_BLOCK)) + packer.flush(zlib.Z_FULL_FLUSH)
    end = packer.compress(bytes(size % _BLOCK)) + packer.flush()
    return b"\x78\xda" + block * (size // _BLOCK) + end + struct.pack(">HH", size % 65_521, 1)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
