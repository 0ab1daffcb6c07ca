"""Pillow, in this process, keeps the contracts."""

from collections.abc import Callable

import pytest

from entrepot_adapters.images.pillow import PillowImaging
from entrepot_core.ports.imaging import Imaging
from tests.contracts.imaging import ImagingContract
from tests.contracts.imaging_colours import ColoursContract
from tests.contracts.imaging_hostile import HostileContract


@pytest.fixture
def make() -> Callable[..., Imaging]:
    return PillowImaging


class TestImaging(ImagingContract):
    pass


class TestColours(ColoursContract):
    pass


class TestHostile(HostileContract):
    pass
