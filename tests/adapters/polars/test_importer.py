"""The importer of this process keeps the contract."""

from collections.abc import Callable

import pytest

from entrepot_adapters.polars.importer import PolarsImporter
from entrepot_core.ports.importer import Importer
from tests.contracts.importer import FormatsContract, ImporterContract


class TestPolarsImporter(ImporterContract):
    @pytest.fixture
    def make(self) -> Callable[..., Importer]:
        return PolarsImporter


class TestFormats(FormatsContract):
    @pytest.fixture
    def importer(self) -> Importer:
        return PolarsImporter()
