"""kill -9 of a server at points spread over what it does to edit rows: the old version is there, or the new one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.editing_client import KINDS, EditingClient
from tests.crash.victim import Victim


@pytest.fixture
def client(tmp_path: Path) -> Iterator[EditingClient]:
    client = EditingClient(Victim(tmp_path / "home"))
    yield client
    client.victim.kill()


def test_an_edit_happened_whole_or_not_at_all(client: EditingClient) -> None:
    client.begin()
    client.work(points=len(KINDS))


@pytest.mark.heavy
def test_forty_points(client: EditingClient) -> None:
    client.begin()
    client.work(points=40)
    print(f"{client.steps} steps; {len(client.cut_off)} cut off, of which {sum(client.cut_off)} had happened")  # noqa: T201 - `-s` shows the figures
    assert len(client.cut_off) >= 30
    assert 0 < sum(client.cut_off) < len(client.cut_off)
