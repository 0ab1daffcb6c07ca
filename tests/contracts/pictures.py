"""Images that tests make."""

import io
import struct
import zlib
from typing import Any

from PIL import Image, ImageCms

RED, GREEN, BLUE, WHITE = (220, 30, 30), (30, 180, 60), (30, 60, 220), (255, 255, 255)


def saved(image: Image.Image, format: str, **options: Any) -> io.BytesIO:  # noqa: ANN401 - those of Pillow
    """An image as a file."""
    file = io.BytesIO()
    image.save(file, format, **options)
    return file


def read(file: io.BytesIO) -> Image.Image:
    """A file as an image, decoded."""
    image = Image.open(io.BytesIO(file.getvalue()))
    image.load()
    return image


def quarters(width: int = 80, height: int = 40, mode: str = "RGB") -> Image.Image:
    """Red, green, blue and white, from left to right and from top to bottom."""
    image = Image.new("RGB", (width, height), WHITE)
    image.paste(RED, (0, 0, width // 2, height // 2))
    image.paste(GREEN, (width // 2, 0, width, height // 2))
    image.paste(BLUE, (0, height // 2, width // 2, height))
    return image.quantize(16) if mode == "P" else image.convert(mode)


def corners(image: Image.Image) -> list[tuple[int, int, int]]:
    """The colours a little within each corner: top left, top right, bottom left, bottom right."""
    rgb = image.convert("RGB")
    width, height = rgb.size
    near, far, high, low = width // 4, width * 3 // 4, height // 4, height * 3 // 4
    return [pixel(rgb, place) for place in ((near, high), (far, high), (near, low), (far, low))]


def pixel(image: Image.Image, place: tuple[int, int]) -> tuple[int, int, int]:
    """A pixel in red, green and blue."""
    found = image.convert("RGB").getpixel(place)
    assert isinstance(found, tuple)
    red, green, blue = found
    return int(red), int(green), int(blue)


def exif(orientation: int) -> Image.Exif:
    """EXIF that says how the image is to be turned, where it was taken, and by what."""
    made = Image.Exif()
    made[0x0112] = orientation
    made[0x010F] = "Secretcamera"
    made.get_ifd(0x8825)[1] = "N"
    return made


def srgb() -> bytes:
    """The ICC profile of sRGB."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def profile(red: tuple[float, float, float], green: tuple[float, float, float], blue: tuple[float, float, float],
            gamma: float) -> bytes:  # fmt: skip
    """An ICC profile of a screen: its colours as XYZ under D50, and its gamma."""
    points = {b"rXYZ": red, b"gXYZ": green, b"bXYZ": blue, b"wtpt": (0.9642, 1.0, 0.8249)}
    tags = {name: b"XYZ \0\0\0\0" + b"".join(map(_fixed, point)) for name, point in points.items()}
    curve = b"curv\0\0\0\0" + struct.pack(">IHxx", 1, round(gamma * 256))
    return _icc(b"RGB ", tags | dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve))


def grey_profile(gamma: float) -> bytes:
    """An ICC profile of greys."""
    curve = b"curv\0\0\0\0" + struct.pack(">IHxx", 1, round(gamma * 256))
    return _icc(b"GRAY", {b"kTRC": curve, b"wtpt": b"XYZ \0\0\0\0" + b"".join(map(_fixed, (0.9642, 1.0, 0.8249)))})


def _fixed(value: float) -> bytes:
    return struct.pack(">i", round(value * 65536))


def _icc(space: bytes, tags: dict[bytes, bytes]) -> bytes:
    texts = {b"desc": b"desc\0\0\0\0\0\0\0\x02x\0" + bytes(79), b"cprt": b"text\0\0\0\0none\0"}
    all_tags = texts | tags
    at, table, body = 132 + 12 * len(all_tags), b"", b""
    for name, data in all_tags.items():
        padded = data + bytes(-len(data) % 4)
        table += name + struct.pack(">II", at + len(body), len(data))
        body += padded
    head = b"\0\0\0\0lcms\x02\x40\0\0mntr" + space + b"XYZ " + bytes(12) + b"acsp" + bytes(28)
    head += b"".join(map(_fixed, (0.9642, 1.0, 0.8249))) + bytes(48)
    whole = head + struct.pack(">I", len(all_tags)) + table + body
    return struct.pack(">I", len(whole)) + whole[4:]


P3 = profile((0.51512, 0.2412, -0.00105), (0.29198, 0.69225, 0.04189), (0.1571, 0.06657, 0.78407), 2.2)
"""The colours of Display P3, with a plain gamma."""
ADOBE_RGB = profile((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457), 2.19921875)


def png(width: int, height: int, *chunks: tuple[bytes, bytes], kind: tuple[int, int] = (8, 2)) -> io.BytesIO:
    """A PNG of these chunks."""
    header = (b"IHDR", struct.pack(">IIBBBBB", width, height, *kind, 0, 0, 0))
    file = io.BytesIO(b"\x89PNG\r\n\x1a\n" + b"".join(map(chunk, (header, *chunks, (b"IEND", b"")))))
    file.seek(0)
    return file


def chunk(one: tuple[bytes, bytes]) -> bytes:
    """A chunk of a PNG: its name and what it holds."""
    name, data = one
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
