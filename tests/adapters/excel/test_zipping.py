"""The zip archives, through the standard library's eyes."""

import io
import random
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot_adapters.excel import zipping
from entrepot_adapters.excel.zipping import ZipWriter, deflate


@given(st.lists(st.lists(st.binary(max_size=300), max_size=4), max_size=4), st.binary(max_size=10))
def test_archives_hold_what_was_written(entries: list[list[bytes]], before: bytes) -> None:
    file = io.BytesIO()
    file.write(before)
    archive = ZipWriter(file)
    for number, blocks in enumerate(entries):
        with archive.entry(f"dir/{number}") as entry:
            for block in blocks:
                entry.write(block, deflate(block))
    archive.close()
    with zipfile.ZipFile(io.BytesIO(file.getvalue()[len(before) :])) as read:
        assert read.testzip() is None
        assert [read.read(name) for name in read.namelist()] == [b"".join(blocks) for blocks in entries]
        assert all(one.create_version == 20 for one in read.infolist())


def test_entries_past_4_gib_are_zip64() -> None:
    deflated = deflate(block := bytes(1 << 26))
    file = io.BytesIO()
    archive = ZipWriter(file)
    with archive.entry("large") as entry:
        for _ in range(65):
            entry.write(block, deflated)
    archive.add("small", b"x")
    archive.close()
    with zipfile.ZipFile(file) as read:
        info = read.getinfo("large")
        assert (info.file_size, info.create_version) == (65 << 26, 45)
        assert (read.read("small"), read.getinfo("small").create_version) == (b"x", 20)
        with read.open("large") as stream:
            assert stream.read(10) == bytes(10)


def test_archives_past_4_gib_are_zip64(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the limit brought down to what a test can write."""
    monkeypatch.setattr(zipping, "_FIRST_LARGE", 1_000)
    files = {"small": b"x", "random": random.Random(1).randbytes(1_200), "late": b"y"}
    file = io.BytesIO()
    archive = ZipWriter(file)
    for name, data in files.items():
        archive.add(name, data)
    archive.close()
    assert b"PK\6\6" in file.getvalue()
    with zipfile.ZipFile(file) as read:
        assert read.testzip() is None
        assert {name: read.read(name) for name in read.namelist()} == files
        assert [info.create_version for info in read.infolist()] == [20, 45, 45]  # the last for its offset
