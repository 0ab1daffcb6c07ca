"""kill -9 of a server while it fetches pictures: the rest comes, and what is stored is not asked for again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.picturing_client import PicturingClient
from tests.crash.victim import Victim
from tests.pictures import pictures


@pytest.fixture
def client(tmp_path: Path) -> Iterator[PicturingClient]:
    with pictures() as source:
        client = PicturingClient(Victim(tmp_path / "home", {"FETCH_ALLOW": "127.0.0.1/32"}), source)
        yield client
        client.victim.kill()


def test_the_rest_of_the_pictures_comes_after_a_kill(client: PicturingClient) -> None:
    client.begin()
    client.work(points=1)
    assert all(0 < known < len(client.texts) for known in client.known)


@pytest.mark.heavy
def test_twenty_points(client: PicturingClient) -> None:
    client.begin()
    client.work(points=20)
    print(f"{client.steps} steps; known of {len(client.texts)} when it was killed: {client.known}")  # noqa: T201 - `-s` shows the figures
