"""Tells what is wrong with an image in the errors of the core."""

from collections.abc import Generator
from contextlib import contextmanager

from entrepot_adapters.images.faults import Fault, Refused, TooManyPixels
from entrepot_core.errors import InvalidImage, LimitExceeded


def invalid(fault: Fault) -> InvalidImage:
    """The error for an image that is none, or can't be decoded."""
    return InvalidImage(reason=fault.value)


def too_large(allowed: int) -> LimitExceeded:
    """The error for an image of too many pixels."""
    return LimitExceeded(limit="ENTREPOT_MAX_IMAGE_PIXELS", allowed=allowed)


@contextmanager
def told() -> Generator[None]:
    """Raise what goes wrong meanwhile as an error of the core."""
    try:
        yield
    except Refused as refused:
        raise invalid(refused.fault) from refused
    except TooManyPixels as many:
        raise too_large(many.allowed) from many
