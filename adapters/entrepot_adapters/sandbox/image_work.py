"""Does the jobs of a worker for images."""

import errno
from io import BytesIO
from typing import BinaryIO

from PIL import Image, ImageCms, MpoImagePlugin, TiffImagePlugin

from entrepot_adapters.images.faults import Fault
from entrepot_adapters.images.pillow import PillowImaging
from entrepot_adapters.sandbox.image_messages import Answer, Failed, Full, Inspect, Made, Render, Seen, Task, TooLarge
from entrepot_core.errors import InvalidImage, LimitExceeded
from entrepot_core.image import FORMATS, Rendition

_LATE = (MpoImagePlugin, TiffImagePlugin)
"""What Pillow imports when it first meets an image that needs it."""
_SIDE = 2


def warm_up() -> None:
    """Decode and render an image of every format: libraries load parts when first used, and no file will be there."""
    exif, profile = Image.Exif(), ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    exif[0x0112] = 6
    for format_ in FORMATS:
        file = BytesIO()
        Image.new("RGB", (_SIDE, _SIDE)).save(file, format_, exif=exif, icc_profile=profile)
        done(Inspect(_SIDE * _SIDE), file, BytesIO())
        done(Render(_SIDE * _SIDE, Rendition(width=1), "webp"), file, BytesIO())
        done(Render(_SIDE * _SIDE, Rendition(width=1), "jpeg"), file, BytesIO())


def done(task: Task, source: BinaryIO, target: BinaryIO) -> Answer:
    """Do a job, and tell what came of it."""
    Image.MAX_IMAGE_PIXELS = (task.max_pixels + 1) // 2  # Pillow refuses twice as many; this process is our own
    imaging = PillowImaging(max_pixels=task.max_pixels)
    try:
        if isinstance(task, Inspect):
            return Seen(imaging.inspect(source))
        size = imaging.render(source, target, task.rendition, task.format)
        target.flush()
        return Made(*size)
    except InvalidImage as error:
        if error.reason == Fault.MEMORY:  # this process is of no use any more; the parent learns why
            raise
        return Failed(Fault(error.reason))
    except LimitExceeded:
        return TooLarge()
    except OSError as error:
        if error.errno == errno.ENOSPC:
            return Full()
        raise
