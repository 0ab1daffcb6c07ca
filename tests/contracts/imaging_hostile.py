"""What everything that decodes images makes of files that are none, or mean harm."""

import gzip
import io
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from random import Random

import pytest
from PIL import Image

from entrepot_core.errors import InvalidImage, LimitExceeded
from entrepot_core.image import FORMATS, ImageFormat, Rendition
from entrepot_core.ports.imaging import Imaging
from tests.contracts.pictures import png, quarters, saved

BOMB = zlib.compress(bytes(50_000_000), 9)
"""Fifty million bytes, packed to fifty thousand."""
_PAGE = b"\xef\xbb\xbf\n<!DOCTYPE html><html><body><svg></svg><img src=x></body></html>"
_DRAWING = b"<?xml version='1.0'?>\n<!-- made --><svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"
STRANGERS = [
    (b"", "it is empty"),
    (_PAGE, "it is a web page, not an image"),
    (b"<html><head>", "it is a web page, not an image"),
    (_DRAWING, "it is an SVG drawing, which is not taken"),
    (b"<svg/>".replace(b"/", b" /"), "it is an SVG drawing, which is not taken"),
    (b"<?xml version='1.0'?><rss></rss>", "it is an XML document, not an image"),
    (b'{"error": "not found"}', "it is JSON, not an image"),
    (b"Not found\n", "it is a text, not an image"),
    ("nicht gefunden: für Übung".encode(), "it is a text, not an image"),
    (b"%PDF-1.7\n", "it is a PDF document, not an image"),
    (b"PK\x03\x04" + bytes(30), "it is a ZIP archive or an Office document, not an image"),
    (gzip.compress(b"x"), "it is packed with gzip"),
    (b"\0\0\0\x18ftypmp42" + bytes(12), "it is a video, not an image"),
    (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "it is a HEIC, which is not taken"),
    (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "it is a HEIC, which is not taken"),
    (b"BM" + bytes(60), "it is a BMP, which is not taken"),
    (b"II*\0" + bytes(60), "it is a TIFF or a camera's raw file, which is not taken"),
    (b"\0\0\x01\0\x01\0" + bytes(60), "it is an icon of Windows, which is not taken"),
    (bytes(1000), "its content is that of no image"),
    (Random(1).randbytes(5000), "its content is that of no image"),
]


class HostileContract:
    """The facts; a subclass gives the fixture ``make``, which builds an ``Imaging`` of some limits."""

    @pytest.fixture
    def imaging(self, make: Callable[..., Imaging]) -> Imaging:
        return make()

    @pytest.mark.parametrize(("content", "reason"), STRANGERS, ids=[reason for _, reason in STRANGERS])
    def test_what_is_no_image_is_told_by_what_it_is(self, imaging: Imaging, content: bytes, reason: str) -> None:
        assert refused(imaging, io.BytesIO(content)) == reason

    @pytest.mark.parametrize("format_", ["BMP", "TIFF", "PPM", "ICO", "JPEG2000", "PCX", "TGA", "DDS", "SGI", "EPS"])
    def test_no_other_format_is_decoded(self, imaging: Imaging, format_: str) -> None:
        assert refused(imaging, saved(quarters(), format_))

    @pytest.mark.parametrize("format_", FORMATS)
    @pytest.mark.parametrize("part", [0.03, 0.3, 0.6, 0.9])
    def test_an_image_that_is_cut_off_is_refused(self, imaging: Imaging, format_: ImageFormat, part: float) -> None:
        whole = saved(Image.effect_noise((300, 200), 80).convert("RGB"), format_).getvalue()
        assert refused(imaging, io.BytesIO(whole[: int(len(whole) * part)])) in {"it is cut off", "it is damaged"}

    def test_most_that_is_cut_off_is_called_so(self, imaging: Imaging) -> None:
        for format_ in ("JPEG", "PNG", "GIF"):
            whole = saved(Image.effect_noise((300, 200), 80).convert("RGB"), format_).getvalue()
            assert refused(imaging, io.BytesIO(whole[: len(whole) // 2])) == "it is cut off"

    def test_one_that_moves_and_is_cut_off_later_is_refused(self, imaging: Imaging) -> None:
        frames = [Image.effect_noise((60, 60), 80) for _ in range(3)]
        for format_ in ("GIF", "PNG", "WEBP"):
            whole = saved(frames[0], format_, save_all=True, append_images=frames[1:]).getvalue()
            with pytest.raises(InvalidImage):
                imaging.inspect(io.BytesIO(whole[: int(len(whole) * 0.8)]))

    @pytest.mark.parametrize("format_", FORMATS)
    def test_one_that_is_damaged_anywhere_is_decoded_or_refused(self, imaging: Imaging, format_: ImageFormat) -> None:
        dice = Random(7)
        whole = saved(quarters(64, 48), format_, exif=Image.Exif()).getvalue()
        for _ in range(60):
            bad = bytearray(whole)
            for _ in range(dice.randint(1, 6)):
                bad[dice.randrange(len(bad))] = dice.randrange(256)
            for act in (_inspect, _render):
                with suppress(InvalidImage, LimitExceeded):
                    act(imaging, io.BytesIO(bad))

    @pytest.mark.parametrize("part", ["iCCP", "zTXt", "iTXt", "many zTXt", "behind"])
    def test_a_png_whose_texts_or_profile_unpack_to_too_much_is_refused(self, imaging: Imaging, part: str) -> None:
        image = (b"IDAT", zlib.compress(b"\0\0\0\0"))
        text = (b"zTXt", b"name\0\0" + BOMB)
        chunks = {
            "iCCP": [(b"iCCP", b"name\0\0" + BOMB), image],
            "zTXt": [text, image],
            "iTXt": [(b"iTXt", b"name\0\x01\0\0\0" + BOMB), image],
            "many zTXt": [*[(b"zTXt", b"%d\0\0" % n + zlib.compress(bytes(1 << 20))) for n in range(70)], image],
            "behind": [image, text],
        }[part]
        assert refused(imaging, png(1, 1, *chunks)) == "its colour profile or its texts unpack to far too much"

    def test_images_that_claim_to_be_huge_are_not_decoded(self, imaging: Imaging) -> None:
        for file in _huge():
            for act in (_inspect, _render):
                with pytest.raises(LimitExceeded) as caught:
                    act(imaging, file)
                assert (caught.value.limit, caught.value.allowed) == ("ENTREPOT_MAX_IMAGE_PIXELS", 50_000_000)

    def test_a_gif_that_grows_is_stopped(self, make: Callable[..., Imaging]) -> None:
        with pytest.raises(LimitExceeded):
            make(max_pixels=100_000).inspect(io.BytesIO(_growing(5_000, 20)))

    @pytest.mark.parametrize("claim", [2, 1000])
    def test_a_png_that_claims_frames_it_has_not_is_refused(self, imaging: Imaging, claim: int) -> None:
        frames = (b"acTL", struct.pack(">II", claim, 0))
        first = (b"fcTL", struct.pack(">IIIIIHHBB", 0, 1, 1, 0, 0, 1, 1, 0, 0))
        with pytest.raises(InvalidImage):
            imaging.inspect(png(1, 1, frames, first, (b"IDAT", zlib.compress(b"\0\0\0\0"))))

    @pytest.mark.filterwarnings("error")
    def test_nobody_is_warned(self, make: Callable[..., Imaging], recwarn: pytest.WarningsRecorder) -> None:
        twice = (b"acTL", struct.pack(">II", 1, 0))
        imaging = make(max_pixels=90_000_000)
        imaging.inspect(png(1, 1, twice, twice, (b"IDAT", zlib.compress(b"\0\0\0\0"))))
        with pytest.raises(InvalidImage):
            imaging.inspect(png(10_000, 9_000, (b"IDAT", zlib.compress(b"\0"))))  # Pillow warns of its size
        assert list(recwarn) == []


def refused(imaging: Imaging, file: io.BytesIO) -> str:
    """Why an image is refused, whatever is asked for."""
    with pytest.raises(InvalidImage) as caught:
        imaging.inspect(file)
    with pytest.raises(InvalidImage) as again:
        _render(imaging, file)
    assert again.value.reason == caught.value.reason
    return caught.value.reason


def _inspect(imaging: Imaging, file: io.BytesIO) -> None:
    look = imaging.inspect(file)
    assert look.width * look.height <= 50_000_000


def _render(imaging: Imaging, file: io.BytesIO) -> None:
    out = io.BytesIO()
    try:
        imaging.render(file, out, Rendition(width=8, height=8), "webp")
    except Exception:
        assert out.getvalue() == b""
        raise


def _huge() -> Iterator[io.BytesIO]:
    """A file in each format, of few bytes and very many pixels."""
    yield png(50_000, 50_000, (b"IDAT", BOMB))
    small = saved(quarters(), "JPEG").getvalue()
    at = small.index(b"\xff\xc0") + 5
    yield io.BytesIO(small[:at] + struct.pack(">HH", 60_000, 60_000) + small[at + 4 :])
    yield io.BytesIO(_growing(65_535, 1))
    small = saved(quarters(), "WEBP").getvalue()
    yield io.BytesIO(small[:26] + struct.pack("<HH", 16_383, 16_383) + small[30:])
    small = saved(Image.new("RGBA", (8, 8), (1, 2, 3, 128)), "WEBP").getvalue()
    assert small[12:16] == b"VP8X"
    yield io.BytesIO(small[:24] + b"\xff\x3f\0" * 2 + small[30:])
    small = saved(quarters(), "WEBP", lossless=True).getvalue()
    yield io.BytesIO(small[:21] + b"\xff\xff\xff\x0f" + small[25:])
    small = saved(quarters(), "AVIF").getvalue()
    at = small.index(b"ispe") + 8
    yield io.BytesIO(small[:at] + struct.pack(">II", 16_000, 16_000) + small[at + 8 :])


def _growing(side: int, frames: int) -> bytes:
    """A GIF that is a pixel large, with frames that are much larger."""
    head = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + bytes(6)
    small = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    large = b"\x2c" + struct.pack("<HHHHB", 0, 0, side, side, 0) + b"\x02\x02\x44\x01\x00"
    return head + (small if frames > 1 else b"") + large * frames + b"\x3b"
