"""Makes the colours of an image sRGB, which is what browsers take an image without a profile for."""

from io import BytesIO

from PIL import Image, ImageCms

_MODES = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}
"""The modes of Pillow by the colour spaces of profiles."""
_PLAIN = {"L", "LA", "RGB", "RGBA", "CMYK"}
_WHITE = 255
_SHADES, _STEP = 1 << 16, 257
"""How many there are of sixteen bits, and how many of these are one of eight."""


def plain(image: Image.Image) -> Image.Image:
    """The image with a channel for each of its colours and for how opaque it is, eight bits each: fit to be scaled."""
    if image.mode.startswith("I;16"):
        return _eight_bits(image)
    if "transparency" in image.info or image.mode == "PA":
        return image.convert("LA" if image.mode in {"1", "L"} else "RGBA")
    if image.mode in _PLAIN:
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """A plain image's colours as sRGB.

    Args:
        image: It.
        profile: The ICC profile that it carries; one that is not of its kind, or damaged, is as good as none.

    Returns:
        One whose mode is L, LA, RGB or RGBA.
    """
    if image.mode not in {"LA", "RGBA"}:
        return _coloured(image, profile)
    alpha = image.getchannel("A")
    colours = _coloured(image.convert(image.mode.removesuffix("A")), profile)
    if alpha.getextrema() != (_WHITE, _WHITE):
        colours.putalpha(alpha)
    return colours


def on_white(image: Image.Image) -> Image.Image:
    """The image as it looks on a white page."""
    if image.mode not in {"LA", "RGBA"}:
        return image
    mode = image.mode.removesuffix("A")
    page = Image.new(mode, image.size, "white")
    page.paste(image.convert(mode), mask=image.getchannel("A"))
    return page


def _eight_bits(image: Image.Image) -> Image.Image:
    """A grey image of sixteen bits; Pillow's own way turns all but the darkest greys white."""
    grey = image.point(lambda shade: shade * (1 / _STEP) + 0.5).convert("L")
    clear = image.info.get("transparency")
    if isinstance(clear, int):  # the one shade that is no colour
        grey.putalpha(image.convert("I").point([_WHITE * (shade != clear) for shade in range(_SHADES)], "L"))
    return grey


def _coloured(image: Image.Image, profile: bytes | None) -> Image.Image:
    if profile:
        image = _converted(image, profile)
    return image.convert("RGB") if image.mode == "CMYK" else image


def _converted(image: Image.Image, data: bytes) -> Image.Image:
    try:
        profile = ImageCms.ImageCmsProfile(BytesIO(data))
        mode = _MODES.get(profile.profile.xcolor_space.strip())
        if (image.mode, mode) == ("L", "RGB"):  # it was an image in colour before a program saved space
            image = image.convert("RGB")
        if image.mode != mode:
            return image
        made = ImageCms.profileToProfile(
            image,
            profile,
            ImageCms.createProfile("sRGB"),
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode="RGB",
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return made or image
