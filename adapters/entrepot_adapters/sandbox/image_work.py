"""Does the jobs of a worker for images."""

from io import BytesIO
from typing import BinaryIO

from PIL import Image, ImageCms, MpoImagePlugin, TiffImagePlugin

from entrepot_adapters.disks import FULL
from entrepot_adapters.images.faults import Fault, Refused, TooManyPixels
from entrepot_adapters.images.geometry import Wanted
from entrepot_adapters.images.opening import opened
from entrepot_adapters.images.rendering import rendered
from entrepot_adapters.sandbox.image_messages import Answer, Failed, Full, Inspect, Made, Render, Seen, Task, TooLarge

_FORMATS = ("jpeg", "png", "webp", "gif", "avif")
_LATE = (MpoImagePlugin, TiffImagePlugin)
"""What Pillow imports when it first meets an image that needs it."""
_SIDE = 2


def warm_up() -> None:
    """Decode every format and render one: libraries load parts when first used, and then no file will be there."""
    exif, profile = Image.Exif(), ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    exif[0x0112] = 6
    file = BytesIO()
    for format_ in _FORMATS:
        file = BytesIO()
        Image.new("RGB", (_SIDE, _SIDE)).save(file, format_, exif=exif, icc_profile=profile)
        done(Inspect(_SIDE * _SIDE), file, BytesIO())
    done(Render(_SIDE * _SIDE, Wanted(1, 1, fills=False, format="webp", quality=80)), file, BytesIO())


def done(task: Task, source: BinaryIO, target: BinaryIO) -> Answer:
    """Do a job, and tell what came of it."""
    Image.MAX_IMAGE_PIXELS = (task.max_pixels + 1) // 2  # Pillow refuses twice as many; this process is our own
    try:
        with opened(source, task.max_pixels) as image:
            if isinstance(task, Inspect):
                return Seen(image.format, *image.decode())
            content, size = rendered(image, task.wanted)
        target.write(content)
        target.flush()
        return Made(*size)
    except Refused as refused:
        if refused.fault is Fault.MEMORY:  # this process is of no use any more; the parent learns why
            raise
        return Failed(refused.fault)
    except TooManyPixels:
        return TooLarge()
    except OSError as error:
        if error.errno in FULL:
            return Full()
        raise
