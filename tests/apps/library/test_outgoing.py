import os
import re
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from entrepot.library.outgoing import save
from entrepot_core.download import Download


def download(*chunks: bytes) -> Download:
    return Download("cars.csv", "text/csv", iter(chunks))


def breaking() -> Iterator[bytes]:
    yield b"half"
    raise ConnectionError


def test_a_file_is_written_whole_and_the_download_closed(tmp_path: Path) -> None:
    closed: list[bool] = []
    file = Download("cars.csv", "text/csv", iter([b"a", b"b"]), release=lambda: closed.append(True))
    assert save(file, tmp_path / "out.csv").read_bytes() == b"ab"
    assert closed == [True]


def test_a_folder_takes_it_under_its_own_name(tmp_path: Path) -> None:
    assert save(download(b"x"), tmp_path) == tmp_path / "cars.csv"


def test_a_failure_leaves_what_was_there_and_nothing_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    target.write_bytes(b"before")
    with pytest.raises(ConnectionError):
        save(Download("cars.csv", "text/csv", breaking()), target)
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]
    assert target.read_bytes() == b"before"


def test_a_new_file_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "other").touch()
    written = save(download(b"x"), tmp_path / "out.csv")
    assert stat.S_IMODE(written.stat().st_mode) == stat.S_IMODE((tmp_path / "other").stat().st_mode)


def test_a_file_that_is_replaced_keeps_its_permissions_and_a_link_its_place(tmp_path: Path) -> None:
    target, link = tmp_path / "real.csv", tmp_path / "link.csv"
    target.touch(0o600)
    link.symlink_to(target)
    save(download(b"x"), link)
    assert link.is_symlink()
    assert (target.read_bytes(), stat.S_IMODE(target.stat().st_mode)) == (b"x", 0o600)


def test_a_pipe_is_written_into(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    save(download(b"a", b"b"), pipe)
    reader.join(10)
    assert read == [b"ab"]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=re.escape("missing/out.csv")):
        save(download(b"x"), tmp_path / "missing" / "out.csv")
