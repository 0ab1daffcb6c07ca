"""What is known of images, in memory."""

import pytest

from entrepot_adapters.memory import MemoryCatalogue, MemoryImages
from entrepot_core.ports.images import Images
from tests.contracts.images import ImagesContract


class TestMemoryImages(ImagesContract):
    @pytest.fixture
    def catalogue(self) -> MemoryCatalogue:
        return MemoryCatalogue()

    @pytest.fixture
    def images(self, catalogue: MemoryCatalogue) -> Images:
        return MemoryImages(catalogue.find)
