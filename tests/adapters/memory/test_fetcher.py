from collections.abc import Callable

import pytest

from entrepot_adapters.memory import MemoryFetcher, Page
from entrepot_core.ports.fetcher import Fetcher
from tests.contracts.fetcher import FetcherContract, Put


class TestMemoryFetcher(FetcherContract):
    @pytest.fixture
    def pages(self) -> dict[str, Page]:
        return {}

    @pytest.fixture
    def put(self, pages: dict[str, Page]) -> Put:
        def put(path: str, content: bytes, **said: str | None) -> str:
            pages[f"https://example.org{path}"] = Page(content, **said)
            return f"https://example.org{path}"

        return put

    @pytest.fixture
    def make(self, pages: dict[str, Page]) -> Callable[..., Fetcher]:
        def make(max_bytes: int = 10**9, bytes_limit: str = "ENTREPOT_FETCH_BYTES") -> Fetcher:
            return MemoryFetcher(pages, max_bytes=max_bytes, bytes_limit=bytes_limit)

        return make
