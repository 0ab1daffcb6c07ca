from collections.abc import Iterator

import pytest

from tests.sources import Sources, sources


@pytest.fixture
def source() -> Iterator[Sources]:
    """A server on 127.0.0.1."""
    with sources() as found:
        yield found
