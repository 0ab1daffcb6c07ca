"""Makes renditions."""

import math
from io import BytesIO
from typing import Any

from PIL import Image, ImageFile

from entrepot_adapters.images.colours import in_srgb, on_white, plain
from entrepot_adapters.images.faults import Fault, Refused
from entrepot_adapters.images.geometry import Box, Format, Plan, Size, Wanted, plan
from entrepot_adapters.images.opening import Opened

_GAP = 2.0
"""How much larger than the rendition the quick ways of making an image smaller leave it at least."""
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What rights an image, by its orientation."""
_ENCODING: dict[Format, dict[str, Any]] = {
    "webp": {"method": 4},
    "jpeg": {"progressive": True, "optimize": True},
}


def rendered(source: Opened, wanted: Wanted) -> tuple[bytes, Size]:
    """Make a rendition of an image's first frame: its bytes, and how large it is."""
    image = source.image
    if source.format != "jpeg":
        image.load()
    planned = plan(source.shown(image.size), wanted)
    made = _scaled(image, Plan(source.shown(planned.size), source.lying(planned.box)))
    Image.Image.close(image)  # its pixels make room
    if (turn := _TURNS.get(source.orientation())) is not None:  # one of them is 0
        made = made.transpose(turn)
    made = in_srgb(made, image.info.get("icc_profile"))
    if wanted.format == "jpeg":
        made = on_white(made)
    return _encoded(made, wanted), made.size


def _scaled(image: ImageFile.ImageFile, planned: Plan) -> Image.Image:
    """A part of an image, in its new size."""
    (width, height), box = image.size, planned.box
    if image.tile:  # a JPEG that is much larger is drawn smaller in the first place
        ratio = _GAP * planned.size[0] / (box[2] - box[0])
        drawn = image.draft(image.mode, (math.ceil(width * ratio), math.ceil(height * ratio)))
        if drawn is not None:
            box = _within(box, drawn[1][2] / width)
    return plain(image).resize(planned.size, Image.Resampling.LANCZOS, box, _GAP)


def _within(box: Box, scale: float) -> Box:
    left, top, right, bottom = box
    return left * scale, top * scale, right * scale, bottom * scale


def _encoded(image: Image.Image, wanted: Wanted) -> bytes:
    image.info = {}  # Pillow would write a comment that is in there
    out = BytesIO()
    try:
        image.save(out, wanted.format, quality=wanted.quality, **_ENCODING[wanted.format])
    except (OSError, ValueError) as error:
        raise Refused(Fault.UNWRITABLE) from error
    return out.getvalue()
