"""The worker processes for images keep the contracts."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from entrepot_adapters.sandbox.imaging import SandboxedImaging
from entrepot_core.ports.imaging import Imaging
from tests.adapters.sandbox.surroundings import nothing_is_left
from tests.contracts.imaging import ImagingContract
from tests.contracts.imaging_colours import ColoursContract
from tests.contracts.imaging_hostile import HostileContract


@pytest.fixture(scope="module")
def shared() -> Iterator[dict[str, SandboxedImaging]]:
    """For each of the limits one that all tests use: it is what it is made for."""
    made: dict[str, SandboxedImaging] = {}
    with nothing_is_left():
        yield made
        for one in made.values():
            one.close()


@pytest.fixture
def make(shared: dict[str, SandboxedImaging]) -> Callable[..., Imaging]:
    def build(**limits: Any) -> Imaging:  # noqa: ANN401 - those of the adapter
        return shared.setdefault(str(limits), SandboxedImaging(**limits, workers=1))

    return build


class TestImaging(ImagingContract):
    pass


class TestColours(ColoursContract):
    pass


class TestHostile(HostileContract):
    pass
