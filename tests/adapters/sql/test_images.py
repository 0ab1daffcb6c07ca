"""What is known of images, in SQLite."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from entrepot_adapters.sql import DatabaseStamp, SqlCatalogue, SqlImages, open_catalogue, open_database
from entrepot_core.ports.images import Images
from tests.contracts.images import ImagesContract


class TestSqliteImages(ImagesContract):
    @pytest.fixture
    def catalogue(self, url: str) -> Iterator[SqlCatalogue]:
        catalogue = open_catalogue(url)
        yield catalogue
        catalogue.close()

    @pytest.fixture
    def images(self, url: str) -> Iterator[Images]:
        stamp = DatabaseStamp(Path(url.removeprefix("sqlite:///")))
        images = SqlImages(open_database(url), stamp)
        yield images
        images.close()
        stamp.close()
