"""kill -9 of a server with all its processes, at points spread over all that it does with a home."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.client import Client
from tests.crash.victim import Victim


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    client = Client(Victim(tmp_path / "home"))
    yield client
    client.victim.kill()


def test_nothing_acknowledged_is_lost_and_nothing_is_left_over(client: Client) -> None:
    client.learn()
    client.work(points=4)


@pytest.mark.heavy
def test_fifty_points(client: Client) -> None:
    client.learn()
    client.work(points=50)
    starts = sorted(client.victim.starts)
    shown = f"{starts[0]:.2f} s at best, {starts[len(starts) // 2]:.2f} s in the middle, {starts[-1]:.2f} s at worst"
    happened = f"{len(client.cut_off)} cut off, of which {sum(client.cut_off)} had happened"
    print(f"{client.steps} steps; {happened}; starts: {shown}")  # noqa: T201 - `-s` shows the figures
    assert len(client.cut_off) >= 40
    assert 0 < sum(client.cut_off) < len(client.cut_off)
