"""What everything that decodes images does."""

import io
from collections.abc import Callable

import pytest
from PIL import Image

from entrepot_core.errors import LimitExceeded
from entrepot_core.image import FORMATS, ImageFormat, Look, Rendition, RenditionFormat
from entrepot_core.ports.imaging import Imaging
from tests.contracts.pictures import BLUE, GREEN, RED, WHITE, corners, exif, pixel, quarters, read, saved, srgb

BOTH: tuple[RenditionFormat, ...] = ("webp", "jpeg")
TOLERANCE = 24
"""By how much a channel may differ after it was encoded with loss."""


def render(imaging: Imaging, source: io.BytesIO, rendition: Rendition, format: RenditionFormat = "webp") -> Image.Image:
    """A rendition, which is checked to have the size that is told."""
    out = io.BytesIO()
    size = imaging.render(source, out, rendition, format)
    image = read(out)
    assert image.size == size
    assert image.format == format.upper()
    return image


def is_like(found: tuple[int, ...], expected: tuple[int, ...], tolerance: int = TOLERANCE) -> bool:
    """Whether two colours look the same."""
    return all(abs(one - other) <= tolerance for one, other in zip(found, expected, strict=True))


class ImagingContract:
    """The facts; a subclass gives the fixture ``make``, which builds an ``Imaging`` of some limits."""

    @pytest.fixture
    def imaging(self, make: Callable[..., Imaging]) -> Imaging:
        return make()

    @pytest.mark.parametrize("format_", FORMATS)
    def test_an_image_is_what_its_content_says(self, imaging: Imaging, format_: ImageFormat) -> None:
        look = imaging.inspect(saved(quarters(), format_))
        assert look == Look(format_, 80, 40)
        assert look.media_type == f"image/{format_}"

    @pytest.mark.parametrize("format_", FORMATS)
    @pytest.mark.parametrize("made", BOTH)
    def test_a_rendition_shows_what_the_image_shows(
        self, imaging: Imaging, format_: ImageFormat, made: RenditionFormat
    ) -> None:
        image = render(imaging, saved(quarters(), format_), Rendition(width=40, quality=95), made)
        assert image.size == (40, 20)
        assert all(map(is_like, corners(image), (RED, GREEN, BLUE, WHITE)))

    @pytest.mark.parametrize("source", ["in the middle", "at its end"])
    def test_a_file_is_read_from_its_beginning(self, imaging: Imaging, source: str) -> None:
        file = saved(quarters(), "PNG")
        file.seek(10 if source == "in the middle" else 0, io.SEEK_SET if source == "in the middle" else io.SEEK_END)
        assert imaging.inspect(file) == Look("png", 80, 40)

    def test_a_file_stays_open_and_may_be_read_again(self, imaging: Imaging) -> None:
        for image in (saved(quarters(), "PNG"), _animation("GIF"), _animation("PNG")):
            render(imaging, image, Rendition(width=10))
            assert imaging.inspect(image).width in {60, 80}

    def test_the_largest_size_within_the_bounds_is_taken(self, imaging: Imaging) -> None:
        file = saved(quarters(), "PNG")
        assert render(imaging, file, Rendition(width=20)).size == (20, 10)
        assert render(imaging, file, Rendition(height=10)).size == (20, 10)
        assert render(imaging, file, Rendition(width=20, height=5)).size == (10, 5)
        assert render(imaging, file, Rendition(width=79, height=39)).size == (78, 39)

    @pytest.mark.parametrize("rendition", [Rendition(), Rendition(width=81), Rendition(width=9999, height=9999)])
    def test_none_is_enlarged(self, imaging: Imaging, rendition: Rendition) -> None:
        assert render(imaging, saved(quarters(), "PNG"), rendition).size == (80, 40)

    def test_no_side_is_without_a_pixel(self, imaging: Imaging) -> None:
        assert render(imaging, saved(quarters(2, 900), "PNG"), Rendition(height=3)).size == (1, 3)

    def test_filling_takes_the_middle(self, imaging: Imaging) -> None:
        bands = Image.new("RGB", (90, 30), RED)
        bands.paste(GREEN, (30, 0, 60, 30))
        bands.paste(BLUE, (60, 0, 90, 30))
        image = render(imaging, saved(bands, "PNG"), Rendition(width=10, height=10, fit="fill", quality=100))
        assert image.size == (10, 10)
        assert all(is_like(pixel(image, (x, 5)), GREEN) for x in (1, 5, 8))

    def test_a_small_image_is_cut_to_the_shape_that_is_to_be_filled(self, imaging: Imaging) -> None:
        file = saved(quarters(), "PNG")
        assert render(imaging, file, Rendition(width=800, height=800, fit="fill")).size == (40, 40)
        assert render(imaging, file, Rendition(width=800, height=200, fit="fill")).size == (80, 20)

    @pytest.mark.parametrize("orientation", range(1, 9))
    @pytest.mark.parametrize("format_", ["jpeg", "png", "webp", "avif"])
    def test_an_image_is_turned_as_its_exif_says(
        self, imaging: Imaging, orientation: int, format_: ImageFormat
    ) -> None:
        turns = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # those that undo each, by Pillow's numbers
        turn = turns[orientation]
        lying = quarters(160, 80) if turn is None else quarters(160, 80).transpose(Image.Transpose(turn))
        file = saved(lying, format_, exif=exif(orientation), quality=95)
        assert imaging.inspect(file) == Look(format_, 160, 80)
        image = render(imaging, file, Rendition(width=40, quality=95))
        assert image.size == (40, 20)
        assert all(map(is_like, corners(image), (RED, GREEN, BLUE, WHITE)))
        filled = render(imaging, file, Rendition(width=20, height=40, fit="fill", quality=95))
        assert filled.size == (20, 40)
        assert all(map(is_like, corners(filled), (RED, GREEN, BLUE, WHITE)))

    @pytest.mark.parametrize("damaged", [b"Exif\0\0", b"Exif\0\0MM\0*\xff\xff\xff\xff", b"Exif\0\0junk" * 9, b"x"])
    def test_exif_that_is_damaged_turns_nothing(self, imaging: Imaging, damaged: bytes) -> None:
        file = saved(quarters(), "JPEG", exif=damaged)
        assert imaging.inspect(file) == Look("jpeg", 80, 40)
        assert render(imaging, file, Rendition()).size == (80, 40)

    @pytest.mark.parametrize("format_", ["jpeg", "png", "webp", "avif", "gif"])
    @pytest.mark.parametrize("made", BOTH)
    def test_no_metadata_is_left(self, imaging: Imaging, format_: ImageFormat, made: RenditionFormat) -> None:
        xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>Secretplace</x:xmpmeta>"
        said = {"comment": b"Secretcomment"} if format_ in {"jpeg", "gif"} else {}
        dated = {"dpi": (300, 300)} if format_ in {"jpeg", "png"} else {}
        file = saved(quarters(), format_, exif=exif(1), xmp=xmp, icc_profile=srgb(), **said, **dated)
        assert format_ == "gif" or b"Secret" in file.getvalue()
        out = io.BytesIO()
        imaging.render(file, out, Rendition(width=20), made)
        assert not any(word in out.getvalue() for word in (b"Secret", b"Exif", b"xmp", b"ICC", b"EXIF", b"XMP"))
        assert not {"exif", "xmp", "icc_profile", "comment", "dpi"} & read(out).info.keys()

    @pytest.mark.parametrize("format_", ["gif", "png", "webp", "avif"])
    def test_the_first_frame_of_one_that_moves_is_taken(self, imaging: Imaging, format_: ImageFormat) -> None:
        file = _animation(format_)
        assert imaging.inspect(file) == Look(format_, 60, 30)
        image = render(imaging, file, Rendition(width=30, quality=95))
        assert image.size == (30, 15)
        assert is_like(pixel(image, (15, 7)), RED)

    @pytest.mark.parametrize("format_", ["GIF", "PNG", "WEBP", "AVIF"])
    def test_the_pixels_of_all_frames_count(self, make: Callable[..., Imaging], format_: str) -> None:
        file = _animation(format_)
        assert make(max_pixels=3 * 60 * 30).inspect(file).width == 60
        with pytest.raises(LimitExceeded) as caught:
            make(max_pixels=3 * 60 * 30 - 1).inspect(file)
        assert (caught.value.limit, caught.value.allowed) == ("ENTREPOT_MAX_IMAGE_PIXELS", 3 * 60 * 30 - 1)

    @pytest.mark.parametrize("format_", FORMATS)
    def test_as_many_pixels_as_are_allowed_are_taken(self, make: Callable[..., Imaging], format_: ImageFormat) -> None:
        file = saved(quarters(), format_)
        assert make(max_pixels=80 * 40).inspect(file).width == 80
        few = make(max_pixels=80 * 40 - 1)
        with pytest.raises(LimitExceeded):
            few.inspect(file)
        out = io.BytesIO()
        with pytest.raises(LimitExceeded):
            few.render(file, out, Rendition(), "webp")
        assert out.getvalue() == b""

    def test_a_jpeg_is_shown_better_and_better_while_it_comes(self, imaging: Imaging) -> None:
        assert render(imaging, saved(quarters(), "PNG"), Rendition(), "jpeg").info["progressive"]

    def test_quality_is_minded(self, imaging: Imaging) -> None:
        file = saved(Image.effect_noise((200, 200), 60), "PNG")
        for format_ in BOTH:
            small, large = io.BytesIO(), io.BytesIO()
            imaging.render(file, small, Rendition(quality=20), format_)
            imaging.render(file, large, Rendition(quality=95), format_)
            assert len(small.getvalue()) < len(large.getvalue()) / 2

    def test_an_image_that_no_webp_holds_is_made_smaller(self, imaging: Imaging) -> None:
        tall = saved(Image.new("L", (10, 20_000)), "PNG")
        assert render(imaging, tall, Rendition(), "webp").size == (8, 16_383)
        assert render(imaging, tall, Rendition(), "jpeg").size == (10, 20_000)


def _animation(format: str) -> io.BytesIO:
    frames = [Image.new("RGB", (60, 30), colour) for colour in (RED, GREEN, BLUE)]
    return saved(frames[0], format, save_all=True, append_images=frames[1:], duration=40)
