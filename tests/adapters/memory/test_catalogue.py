import pytest

from entrepot_adapters.memory import MemoryCatalogue
from entrepot_core.ports.catalogue import Catalogue
from tests.contracts.catalogue import CatalogueContract
from tests.contracts.history import HistoryContract
from tests.contracts.listing import ListingContract


class TestMemoryCatalogue(CatalogueContract, ListingContract, HistoryContract):
    @pytest.fixture
    def catalogue(self) -> Catalogue:
        return MemoryCatalogue()
