"""Opens images of strangers: what they are, and how large, is known before anything is decoded."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

from PIL import AvifImagePlugin, Image, ImageFile, WebPImagePlugin

from entrepot_adapters.images.faults import Fault, Refused, TooManyPixels
from entrepot_adapters.images.geometry import Box, Size
from entrepot_adapters.images.kinds import START, format_of, stranger
from entrepot_adapters.images.quiet import quiet

if TYPE_CHECKING:
    from entrepot_core.image import ImageFormat

_PLUGINS = (AvifImagePlugin, WebPImagePlugin)
"""Those that are not imported by themselves: Pillow would else import all it has, when it first meets these formats."""
_ORIENTATION = 0x0112
_ON_ITS_SIDE = 5
"""The first of the orientations by which width and height change places."""
_LAST_ORIENTATION = 8


class Opened:
    """An image that may be decoded.

    Attributes:
        image: It.
        format: Its format.
        frames: How many frames it has.
    """

    def __init__(self, image: ImageFile.ImageFile, format: "ImageFormat", max_pixels: int) -> None:
        self.image = image
        self.format = format
        self.frames = 1 if format == "jpeg" else int(getattr(image, "n_frames", 1))
        self._max_pixels = max_pixels
        check_pixels(self.frames, image.size, max_pixels)

    def decode(self) -> Size:
        """Decode it wholly, every frame, and tell its size as it is to be shown."""
        size = self.image.size
        if self.format == "jpeg":
            self.image.draft(self.image.mode, (1, 1))  # all its bytes are read, and an eighth of its lines drawn
        self.image.load()
        shown = self.shown(size)
        for frame in range(1, self.frames):
            self.image.seek(frame)
            check_pixels(self.frames, self.image.size, self._max_pixels)  # that of a GIF may grow
            self.image.load()
        return shown

    def shown(self, size: Size) -> Size:
        """A size in the file as it is to be shown; or, for it is the same, one that is shown as it is in the file."""
        return (size[1], size[0]) if self.orientation() >= _ON_ITS_SIDE else size

    def lying(self, box: Box) -> Box:
        """A box around the middle of what is shown, as it lies in the file."""
        left, top, right, bottom = box
        return (top, left, bottom, right) if self.orientation() >= _ON_ITS_SIDE else box

    def orientation(self) -> int:
        """How its EXIF says it is to be turned; that of a PNG is only known when it is decoded."""
        exif = Image.Exif()
        try:
            exif.load(self.image.info.get("exif") or b"")
            orientation = exif.get(_ORIENTATION, 1)
        except Exception:  # noqa: BLE001 - damaged in any way, it says nothing; the image may be sound
            return 1
        known = isinstance(orientation, int) and 1 <= orientation <= _LAST_ORIENTATION
        return orientation if known else 1


@contextmanager
def opened(source: BinaryIO, max_pixels: int) -> Generator[Opened]:
    """Open an image; anything that goes wrong while this lasts is told as one of two errors.

    Raises:
        Refused: It is none that is taken, or can't be decoded.
        TooManyPixels: It has too many.
    """
    with quiet(), _told(max_pixels):
        source.seek(0)
        start = source.read(START)
        format_ = format_of(start)
        if format_ is None:
            raise Refused(stranger(start))
        if format_ == "webp":  # its decoder makes room for it when it is opened
            check_pixels(1, _canvas(start), max_pixels)
        with Image.open(source, formats=(format_.upper(),)) as image:
            yield Opened(image, format_, max_pixels)


def check_pixels(frames: int, size: Size, max_pixels: int) -> None:
    """Insist on no more pixels than are allowed, in all frames together.

    Raises:
        TooManyPixels: There are.
    """
    if frames * size[0] * size[1] > max_pixels:
        raise TooManyPixels(max_pixels)


@contextmanager
def _told(max_pixels: int) -> Generator[None]:
    """Tell what goes wrong; a file that was made to do harm may raise anything."""
    try:
        yield
    except (Refused, TooManyPixels):
        raise
    except Image.DecompressionBombError as error:  # Pillow's own limit, where it is lower
        raise TooManyPixels(min(max_pixels, 2 * (Image.MAX_IMAGE_PIXELS or max_pixels))) from error
    except MemoryError as error:
        raise Refused(Fault.MEMORY) from error
    except Exception as error:
        if isinstance(error, OSError) and error.errno is not None:  # it is not the file's fault
            raise
        raise Refused(_fault(error)) from error


def _fault(error: Exception) -> Fault:
    text = str(error).lower()
    if "memory" in text and "text chunks" not in text:
        return Fault.MEMORY
    if "too large" in text or "text chunks" in text:
        return Fault.BOMB
    if isinstance(error, EOFError) or "truncated" in text:
        return Fault.CUT_OFF
    return Fault.DAMAGED


def _canvas(start: bytes) -> Size:
    """The size of a WebP, from its header, in any of its three kinds."""
    kind = start[12:16]
    if kind == b"VP8X":
        return int.from_bytes(start[24:27], "little") + 1, int.from_bytes(start[27:30], "little") + 1
    if kind == b"VP8L":
        bits = int.from_bytes(start[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return int.from_bytes(start[26:28], "little") & 0x3FFF, int.from_bytes(start[28:30], "little") & 0x3FFF
