"""Giving images: originals, and renditions, each of which is made once."""

import re
from threading import Lock

from entrepot_core.download import Download
from entrepot_core.errors import BlobDamaged, ImageNotFound
from entrepot_core.image import ORIGINAL, Image, ImageFormat, Rendered, Rendition, RenditionFormat
from entrepot_core.names import Digest
from entrepot_core.ports.driven import Driven
from entrepot_core.use_cases.rendering import HasBlob, stored

_DIGEST = re.compile(r"[0-9a-f]{64}")
_MAKING = [Lock() for _ in range(64)]
"""Whoever makes a rendition holds one of these, by the original's digest."""

_ENDINGS = {"jpeg": "jpg"}


def open_image(driven: Driven, image: str, rendition: str, format: RenditionFormat) -> Download:
    """Give an image by its digest: the original, or a rendition, which is made when it is first asked for."""
    wished = driven.renditions.get(rendition)
    original = driven.images.image(Digest(image)) if _DIGEST.fullmatch(image) else None
    if original is None or (wished is None and rendition != ORIGINAL):
        raise ImageNotFound(image=f"{image[:100]}/{rendition[:100]}", renditions=[ORIGINAL, *driven.renditions])
    try:
        if wished is None:
            return _download(driven, original, original.look.format, ORIGINAL)
        return _rendered(driven, original, wished, format, rendition)
    except BlobDamaged as error:
        if driven.images.image(original.digest) is None:  # its dataset was removed meanwhile
            raise ImageNotFound(image=f"{image}/{rendition}", renditions=[ORIGINAL, *driven.renditions]) from error
        raise


def _rendered(driven: Driven, original: Image, wished: Rendition, format: RenditionFormat, name: str) -> Download:
    made = render(driven, original, wished, format)
    try:
        return _download(driven, made, made.format, name)
    except BlobDamaged:  # what was made can be made again
        with _making(original):
            made = _made(driven, original, wished, made.format)
        return _download(driven, made, made.format, name)


def render(driven: Driven, original: Image, rendition: Rendition, format: RenditionFormat) -> Rendered:
    """A rendition of an original, which is made unless it was; where several ask at once, one makes it."""
    format = rendition.format_for(format)
    key = rendition.key(format)
    found = driven.images.rendition(original.digest, key)
    if found is not None:
        return found
    with _making(original):
        return driven.images.rendition(original.digest, key) or _made(driven, original, rendition, format)


def _making(original: Image) -> Lock:
    return _MAKING[int(original.digest[:4], 16) % len(_MAKING)]


def _made(driven: Driven, original: Image, rendition: Rendition, format: RenditionFormat) -> Rendered:
    with driven.blobs.open(original.digest) as source, driven.blobs.stage() as made:
        width, height = driven.imaging.render(source, made.file, rendition, format)
        blob = driven.blobs.keep(made)
        rendered = Rendered(blob.digest, blob.size, format, width, height)
        driven.images.add_rendition(original.digest, rendition.key(format), rendered)
    return rendered


def _download(driven: Driven, blob: HasBlob, format: ImageFormat, name: str) -> Download:
    ending = _ENDINGS.get(format, format)
    return stored(driven.blobs, blob, f"{blob.digest[:12]}-{name}.{ending}", f"image/{format}")
