"""What tests of pictures share, whoever asks for them: where the pictures are, and a server that may fetch them."""

from collections.abc import Iterator

import pytest

from tests.painting import painted
from tests.serving import served
from tests.sources import Sources, sources

HERE = "127.0.0.9/32"
"""The network that ``source`` is in, to be allowed."""

FRONT, SIDE, BACK = painted(0), painted(1), painted(2)


@pytest.fixture(scope="package")
def fetching_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that may fetch from ``HERE``; whoever is given it leaves it empty."""
    with served(tmp_path_factory.mktemp("fetching"), FETCH_ALLOW=HERE) as found:
        yield found


@pytest.fixture(scope="package")
def shared_source() -> Iterator[Sources]:
    """A server of files, always at the same URL."""
    with sources("127.0.0.9") as found:
        yield found


@pytest.fixture
def source(shared_source: Sources) -> Sources:
    """A server of files that has one picture."""
    shared_source.at.clear()
    shared_source.asked.clear()
    shared_source.gives("/front.jpg", FRONT.content)
    return shared_source
