"""What everything that decodes images makes of their colours."""

import io
import struct
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageCms

from entrepot_core.image import Rendition, RenditionFormat
from entrepot_core.ports.imaging import Imaging
from tests.contracts.imaging import BOTH, is_like, render
from tests.contracts.pictures import (
    ADOBE_RGB,
    BLUE,
    GREEN,
    P3,
    RED,
    WHITE,
    corners,
    grey_profile,
    pixel,
    png,
    quarters,
    saved,
)

FINE = Rendition(quality=100)
_TO_XYZ = {
    "sRGB": ((0.43607, 0.38515, 0.14307), (0.22249, 0.71687, 0.06061), (0.01392, 0.09708, 0.71410)),
    "P3": ((0.51512, 0.29198, 0.15710), (0.24120, 0.69225, 0.06657), (-0.00105, 0.04189, 0.78407)),
    "Adobe RGB": ((0.60974, 0.20528, 0.14919), (0.31111, 0.62567, 0.06322), (0.01947, 0.06087, 0.74457)),
}


def as_srgb(colour: tuple[int, int, int], space: str) -> tuple[int, ...]:
    """What a colour of a space with a gamma of 2.2 is in sRGB, by its definition."""
    light = (np.array(colour) / 255) ** 2.2
    linear = np.clip(np.linalg.solve(np.array(_TO_XYZ["sRGB"]), np.array(_TO_XYZ[space]) @ light), 0, 1)
    encoded = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return tuple(int(one) for one in np.round(encoded * 255))


class ColoursContract:
    """The facts; a subclass gives the fixture ``make``, which builds an ``Imaging`` of some limits."""

    @pytest.fixture
    def imaging(self, make: Callable[..., Imaging]) -> Imaging:
        return make()

    @pytest.mark.parametrize(("space", "profile"), [("P3", P3), ("Adobe RGB", ADOBE_RGB)])
    @pytest.mark.parametrize("format_", ["PNG", "JPEG", "WEBP", "AVIF"])
    @pytest.mark.parametrize("colour", [(200, 100, 60), (90, 160, 110), (128, 128, 128)])
    def test_the_colours_of_a_profile_become_those_of_srgb(
        self, imaging: Imaging, space: str, profile: bytes, format_: str, colour: tuple[int, int, int]
    ) -> None:
        options = {"lossless": True} if format_ == "WEBP" else {"quality": 100}
        file = saved(Image.new("RGB", (16, 16), colour), format_, icc_profile=profile, **options)
        for made in BOTH:
            assert is_like(pixel(render(imaging, file, FINE, made), (8, 8)), as_srgb(colour, space), 4)

    def test_a_profile_is_minded_beside_transparency_and_palettes(self, imaging: Imaging) -> None:
        colour = (200, 100, 60)
        flat = Image.new("RGBA", (16, 16), (*colour, 128))
        seen = render(imaging, saved(flat, "PNG", icc_profile=P3), FINE)
        assert is_like(pixel(seen, (8, 8)), as_srgb(colour, "P3"), 5)
        assert seen.getchannel("A").getextrema() == (128, 128)
        palette = flat.convert("RGB").quantize(2)
        seen = render(imaging, saved(palette, "PNG", icc_profile=P3), FINE)
        assert is_like(pixel(seen, (8, 8)), as_srgb(colour, "P3"), 5)

    def test_the_greys_of_a_profile_become_those_of_srgb(self, imaging: Imaging) -> None:
        dark = saved(Image.new("L", (16, 16), 128), "PNG", icc_profile=grey_profile(1.0))
        assert is_like(pixel(render(imaging, dark, FINE), (8, 8)), (188, 188, 188), 3)

    @pytest.mark.parametrize("damaged", [b"", b"x", P3[:200], P3[:12] + b"????" + P3[16:], grey_profile(1.0)])
    def test_a_profile_that_is_damaged_or_of_another_kind_is_as_good_as_none(
        self, imaging: Imaging, damaged: bytes
    ) -> None:
        file = saved(quarters(), "JPEG", icc_profile=damaged, quality=95)
        assert all(map(is_like, corners(render(imaging, file, FINE)), (RED, GREEN, BLUE, WHITE)))

    @pytest.mark.parametrize("made", BOTH)
    def test_the_colours_of_ink_become_those_of_light(self, imaging: Imaging, made: RenditionFormat) -> None:
        file = saved(quarters(mode="CMYK"), "JPEG", quality=95)
        assert all(map(is_like, corners(render(imaging, file, FINE, made)), (RED, GREEN, BLUE, WHITE)))

    @pytest.mark.parametrize("mode", ["L", "LA", "1", "P", "RGBA"])
    @pytest.mark.parametrize("made", BOTH)
    def test_images_with_other_channels_look_the_same(self, imaging: Imaging, mode: str, made: RenditionFormat) -> None:
        image = quarters(mode=mode) if mode != "1" else quarters(mode="L").point(lambda shade: 255 * (shade > 128), "1")
        seen = render(imaging, saved(image, "PNG"), FINE, made)
        assert all(map(is_like, corners(seen), corners(image)))

    @pytest.mark.parametrize("made", BOTH)
    def test_sixteen_bits_become_eight(self, imaging: Imaging, made: RenditionFormat) -> None:
        shades = np.repeat(np.array([[0, 10_000, 30_000, 50_000, 65_535]], np.uint16), 8, axis=1).repeat(8, axis=0)
        seen = render(imaging, saved(Image.fromarray(shades), "PNG"), FINE, made)
        found = [pixel(seen, (8 * each + 4, 4))[0] for each in range(5)]
        assert is_like(tuple(found), (0, 39, 117, 195, 255), 6)

    @pytest.mark.parametrize(("bits", "kind"), [(16, 2), (16, 6), (16, 4)])
    def test_sixteen_bits_in_colour_become_eight(self, imaging: Imaging, bits: int, kind: int) -> None:
        shade = {2: (40_000, 20_000, 10_000), 6: (40_000, 20_000, 10_000, 65_535), 4: (40_000, 65_535)}[kind]
        line = b"\0" + struct.pack(f">{len(shade)}H", *shade) * 16
        file = png(16, 16, (b"IDAT", zlib.compress(line * 16)), kind=(bits, kind))
        expected = (156, 156, 156) if kind == 4 else (156, 78, 39)
        assert is_like(pixel(render(imaging, file, FINE), (8, 8)), expected, 5)

    @pytest.mark.parametrize(
        ("kind", "clear", "shade"), [((16, 0), b"\x75\x30", b"\x75\x30"), ((8, 0), b"\0\x40", b"\x40")]
    )
    def test_a_grey_that_stands_for_nothing_is_transparent(
        self, imaging: Imaging, kind: tuple[int, int], clear: bytes, shade: bytes
    ) -> None:
        white = b"\xff" * len(shade)
        lines = b"".join(b"\0" + shade * 8 + white * 8 for _ in range(16))
        file = png(16, 16, (b"tRNS", clear), (b"IDAT", zlib.compress(lines)), kind=kind)
        alpha = render(imaging, file, FINE).getchannel("A")
        assert (alpha.getpixel((2, 8)), alpha.getpixel((13, 8))) == (0, 255)

    def test_what_is_transparent_stays_so_in_webp_and_is_white_in_jpeg(self, imaging: Imaging) -> None:
        for file in _half_clear():
            webp = render(imaging, file, FINE, "webp")
            assert webp.mode == "RGBA"
            alpha = webp.getchannel("A")
            assert (alpha.getpixel((4, 8)), alpha.getpixel((27, 8))) == (0, 255)
            jpeg = render(imaging, file, FINE, "jpeg")
            assert is_like(pixel(jpeg, (4, 8)), WHITE, 5)
            assert is_like(pixel(jpeg, (27, 8)), RED)

    def test_transparent_colours_do_not_shine_through_at_edges(self, imaging: Imaging) -> None:
        image = Image.new("RGBA", (64, 64), (0, 255, 0, 0))
        image.paste((*RED, 255), (0, 0, 33, 64))
        seen = render(imaging, saved(image, "PNG"), Rendition(width=16, quality=100), "jpeg")
        assert max(pixel(seen, (x, 8))[1] - pixel(seen, (x, 8))[0] for x in range(16)) <= 5

    def test_an_alpha_channel_that_hides_nothing_is_dropped(self, imaging: Imaging) -> None:
        assert render(imaging, saved(quarters(mode="RGBA"), "PNG"), FINE).mode == "RGB"

    @pytest.mark.parametrize("intent", [ImageCms.Intent.PERCEPTUAL])
    def test_a_profile_of_srgb_changes_nothing(self, imaging: Imaging, intent: ImageCms.Intent) -> None:
        same = ImageCms.createProfile("sRGB")
        profile = ImageCms.ImageCmsProfile(same)
        assert ImageCms.getDefaultIntent(profile) == intent
        file = saved(quarters(), "PNG", icc_profile=profile.tobytes())
        assert all(map(is_like, corners(render(imaging, file, FINE)), (RED, GREEN, BLUE, WHITE)))


def _half_clear() -> list[io.BytesIO]:
    """Red at the right, nothing at the left, in all ways that there are to say it."""
    image = Image.new("RGBA", (32, 16), (0, 0, 255, 0))
    image.paste((*RED, 255), (16, 0, 32, 16))
    palette = Image.new("P", (32, 16), 0)
    palette.putpalette([0, 0, 255, *RED])
    palette.paste(1, (16, 0, 32, 16))
    key = Image.new("RGB", (32, 16), (0, 0, 255))
    key.paste(RED, (16, 0, 32, 16))
    return [
        saved(image, "PNG"),
        saved(image, "WEBP", lossless=True),
        saved(image, "AVIF", quality=100),
        saved(palette, "PNG", transparency=0),
        saved(palette, "PNG", transparency=b"\0\xff"),
        saved(palette, "GIF", transparency=0),
        saved(key, "PNG", transparency=(0, 0, 255)),
    ]
