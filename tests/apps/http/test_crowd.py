"""Many clients at once: no error, no edit lost, no answer that mixes versions."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.apps.http.crowd import SHARED, START, gather
from tests.serving import served


def test_a_few_clients_for_a_moment(tmp_path: Path) -> None:
    with served(tmp_path / "home") as url:
        work(url, members=10, datasets=["one"], seconds=2)


@pytest.mark.heavy
def test_two_hundred_clients_for_a_minute(tmp_path: Path) -> None:
    with served(tmp_path / "home", WORKERS="2") as url:
        work(url, members=200, datasets=["one", "two", "three", "four"], seconds=60)


@pytest.mark.heavy
def test_old_versions_go_meanwhile(tmp_path: Path) -> None:
    with served(tmp_path / "home", KEEP_VERSIONS="3") as url:
        work(url, members=50, datasets=["one", "two"], seconds=20)


def work(url: str, members: int, datasets: list[str], seconds: float) -> None:
    api = f"{url}/api/v1"
    for name in datasets:
        httpx.post(f"{api}/datasets/", params={"file_name": "n.csv", "name": name}, content=START).raise_for_status()
    crowd, tally = asyncio.run(gather(api, members, datasets, seconds))
    print(f"\n{members} clients, {seconds} s\n{tally.figures()}")  # noqa: T201 - `-s` shows the figures
    for name in datasets:
        there = {row["_id"]: (row["who"], row["n"]) for row in rows_of(api, name)[SHARED:]}
        mine = [(row, one.name, number) for one in crowd if one.dataset == name for row, number in one.rows.items()]
        assert there == {row: (who, number) for row, who, number in mine}
        assert httpx.get(f"{api}/datasets/{name}/").json()["version"] == 1 + tally.edits.get(name, 0)


def rows_of(api: str, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = httpx.get(f"{api}/datasets/{name}/rows/", params={"limit": "1000", **cursor}).json()
        found += page["rows"]
        if page["next"] is None:
            return found
        cursor = {"cursor": page["next"].rpartition("cursor=")[2]}
