"""Why something is not taken as an image.

Nothing of the core is imported here, nor by what decodes and renders: it would double the time a worker takes to begin.
"""

from enum import StrEnum


class Fault(StrEnum):
    """A reason of ``InvalidImage``, as people are told it. All are here, so that no file can make up others."""

    EMPTY = "it is empty"
    WEB_PAGE = "it is a web page, not an image"
    SVG = "it is an SVG drawing, which is not taken"
    XML = "it is an XML document, not an image"
    JSON = "it is JSON, not an image"
    TEXT = "it is a text, not an image"
    PDF = "it is a PDF document, not an image"
    ZIP = "it is a ZIP archive or an Office document, not an image"
    GZIP = "it is packed with gzip"
    VIDEO = "it is a video, not an image"
    BMP = "it is a BMP, which is not taken"
    TIFF = "it is a TIFF or a camera's raw file, which is not taken"
    HEIC = "it is a HEIC, which is not taken"
    JPEG_XL = "it is a JPEG XL, which is not taken"
    JPEG_2000 = "it is a JPEG 2000, which is not taken"
    ICON = "it is an icon of Windows, which is not taken"
    PHOTOSHOP = "it is a file of Photoshop, which is not taken"
    UNKNOWN = "its content is that of no image"
    CUT_OFF = "it is cut off"
    DAMAGED = "it is damaged"
    BOMB = "its colour profile or its texts unpack to far too much"
    MEMORY = "decoding it takes more memory than there is"
    UNWRITABLE = "it can't be written in that format at that size"


class Refused(Exception):
    """An image is not taken.

    Attributes:
        fault: Why.
    """

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class TooManyPixels(Exception):
    """An image has more pixels than are allowed, in all its frames together.

    Attributes:
        allowed: How many are.
    """

    def __init__(self, allowed: int) -> None:
        super().__init__(allowed)
        self.allowed = allowed
