from collections.abc import Iterator

import pytest

from entrepot_adapters.sql import open_catalogue
from entrepot_core.ports.catalogue import Catalogue
from tests.contracts.catalogue import CatalogueContract
from tests.contracts.history import HistoryContract
from tests.contracts.listing import ListingContract


class TestSqliteCatalogue(CatalogueContract, ListingContract, HistoryContract):
    @pytest.fixture
    def catalogue(self, url: str) -> Iterator[Catalogue]:
        catalogue = open_catalogue(url)
        yield catalogue
        catalogue.close()
