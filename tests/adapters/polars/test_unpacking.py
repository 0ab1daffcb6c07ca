"""Packed files: gzip and zstd, whole and broken, and what holds more than it may."""

import bz2
import gzip
import io
import lzma
import struct
import sys
import tempfile
import zipfile
from collections.abc import Callable
from typing import IO

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot_adapters.polars.importer import PolarsImporter
from entrepot_adapters.polars.reading.unpacking import check_workbook, unpacked
from entrepot_core.dialect import Stage, no_report
from entrepot_core.errors import DiskFull, LimitExceeded, MalformedInput, UnreadableInput
from entrepot_core.limits import Limits
from tests.contracts.loading import load

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

Pack = Callable[[bytes], bytes]

CARS = b"make,price\nFiat,10.5\nAudi,20\n"
WIDE = b"".join(b"%d,%d\n" % (number, number * 7) for number in range(5000))
IMPORTER = PolarsImporter()
BOTH = pytest.mark.parametrize("pack", [gzip.compress, zstd.compress], ids=["gzip", "zstd"])


@BOTH
def test_what_it_holds_is_read(pack: Pack) -> None:
    assert load(IMPORTER, pack(CARS)).data.rows() == [("Fiat", 10.5), ("Audi", 20.0)]


@BOTH
def test_packed_files_one_behind_the_other_are_one(pack: Pack) -> None:
    assert load(IMPORTER, pack(CARS[:13]) + pack(CARS[13:])).data.height == 2


@BOTH
def test_one_that_is_cut_off_is_refused(pack: Pack) -> None:
    packed = pack(WIDE)
    for length in (5, len(packed) // 2, len(packed) - 1):
        with pytest.raises(MalformedInput, match="cut off"):
            load(IMPORTER, packed[:length])


@BOTH
@given(data=st.data())
def test_no_damage_does_more_than_being_refused(pack: Pack, data: st.DataObject) -> None:
    packed = bytearray(pack(WIDE))
    for _ in range(data.draw(st.integers(1, 4))):
        packed[data.draw(st.integers(4, len(packed) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = unpacked(io.BytesIO(bytes(packed)), 10 * len(WIDE), io.BytesIO, no_report)
    except (MalformedInput, LimitExceeded):
        return
    found.file.seek(0)
    assert pack is zstd.compress or found.file.read() == WIDE  # zstd has no checksum unless it is asked for


@pytest.mark.parametrize("inner", [gzip.compress, zstd.compress, bz2.compress, lzma.compress])
@BOTH
def test_one_within_another_is_refused(pack: Pack, inner: Pack) -> None:
    with pytest.raises(UnreadableInput, match="it is packed"):
        load(IMPORTER, pack(inner(CARS)))


@pytest.mark.parametrize("other", [bz2.compress, lzma.compress])
def test_other_kinds_are_refused_by_name(other: Pack) -> None:
    with pytest.raises(UnreadableInput, match=r"it is packed with (bzip2|xz); unpack it first"):
        load(IMPORTER, other(CARS))


@BOTH
def test_nothing_packed_is_nothing(pack: Pack) -> None:
    with pytest.raises(Exception, match="is empty"):
        load(IMPORTER, pack(b""))


@BOTH
def test_a_bomb_takes_no_more_room_than_the_limit(pack: Pack) -> None:
    made: list[IO[bytes]] = []

    def scratch() -> IO[bytes]:
        made.append(io.BytesIO())
        return made[-1]

    bomb = pack(bytes(100_000_000))
    assert len(bomb) < 200_000
    with pytest.raises(LimitExceeded, match="ENTREPOT_MAX_DECOMPRESSED_BYTES = 5,000,000"):
        unpacked(io.BytesIO(bomb), 5_000_000, scratch, no_report)
    assert [len(file.getbuffer()) for file in made if isinstance(file, io.BytesIO)] <= [5_000_000]  # fmt: skip


@BOTH
def test_as_much_as_the_limit_is_taken(pack: Pack) -> None:
    assert load(PolarsImporter(limits=Limits(decompressed_bytes=len(CARS))), pack(CARS)).data.height == 2


@BOTH
def test_progress_is_told_in_packed_bytes(pack: Pack) -> None:
    told: list[tuple[Stage, int, int | None]] = []
    packed = pack(WIDE)
    load(IMPORTER, packed, report=lambda *progress: told.append(progress))
    assert ("unpack", len(packed), len(packed)) in told
    assert told[0][0] == "unpack"


def test_a_full_disk_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda: open("/dev/full", "r+b", buffering=0))  # noqa: SIM115, PTH123 - as the name it stands for
    with pytest.raises(DiskFull):
        load(IMPORTER, gzip.compress(CARS))


def test_a_window_too_large_for_memory_is_refused() -> None:
    options: dict[int, int] = {
        zstd.CompressionParameter.window_log: 30,
        zstd.CompressionParameter.enable_long_distance_matching: 1,
    }
    packer = zstd.ZstdCompressor(options=options)
    with pytest.raises(MalformedInput, match="no sound zstd file"):
        load(IMPORTER, packer.compress(CARS, packer.FLUSH_BLOCK) + packer.flush())


def workbook(extra: bytes = b"") -> bytearray:
    """A workbook, with some more in it that no reader asks for."""
    file = io.BytesIO()
    pl.DataFrame({"a": [1, 2]}).write_excel(file)
    if extra:
        with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/media/picture.bin", extra)
    return bytearray(file.getvalue())


def test_a_workbook_that_holds_too_much_is_refused() -> None:
    assert load(IMPORTER, bytes(workbook(bytes(100)))).data.height == 2
    with pytest.raises(LimitExceeded, match="ENTREPOT_MAX_DECOMPRESSED_BYTES"):
        load(PolarsImporter(limits=Limits(decompressed_bytes=1_000_000)), bytes(workbook(bytes(20_000_000))))


def test_a_workbook_that_lies_about_its_size_is_measured() -> None:
    size, lie = struct.pack("<I", 20_000_000), struct.pack("<I", 10)
    lying = workbook(bytes(20_000_000))
    assert lying.count(size) == 2
    with pytest.raises(LimitExceeded):
        check_workbook(io.BytesIO(bytes(lying).replace(size, lie)), 1_000_000)


def test_a_damaged_workbook_is_refused() -> None:
    damaged = workbook()
    damaged[60:80] = bytes(20)
    with pytest.raises((MalformedInput, UnreadableInput)):
        load(IMPORTER, bytes(damaged))


def test_a_web_page_is_no_table() -> None:
    with pytest.raises(UnreadableInput, match="it is a web page"):
        load(IMPORTER, b"\n<!DOCTYPE html>\n<html><body>Sign in, please</body></html>")


@pytest.mark.parametrize("start", ["", "\ufeff", "\n "])
def test_xml_is_no_table(start: str) -> None:
    with pytest.raises(UnreadableInput, match="it is an XML document; have it exported as CSV"):
        load(IMPORTER, f'{start}<?xml version="1.0"?>\n<rows>\n<row a="1"/>\n</rows>\n'.encode())
