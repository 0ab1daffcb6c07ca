"""The importer of this process keeps the contract."""

import errno
import io
import os
from collections.abc import Callable

import pytest

from entrepot_adapters.polars.attempt import attempt
from entrepot_adapters.polars.importer import PolarsImporter
from entrepot_core.dialect import ImportOptions, no_report
from entrepot_core.errors import DiskFull
from entrepot_core.ports.importer import Importer, ImportTask
from tests.contracts.importer import FormatsContract, ImporterContract
from tests.contracts.loading import load


class TestPolarsImporter(ImporterContract):
    @pytest.fixture
    def make(self) -> Callable[..., Importer]:
        return PolarsImporter


class TestFormats(FormatsContract):
    @pytest.fixture
    def importer(self) -> Importer:
        return PolarsImporter()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_told(number: int) -> None:
    class Full(io.BytesIO):
        def write(self, _: object) -> int:
            raise OSError(number, os.strerror(number))

    task = ImportTask(None, None, ImportOptions())
    with pytest.raises(DiskFull):
        PolarsImporter().load(io.BytesIO(b"a,b\n1,2\n"), Full(), io.BytesIO(), task, no_report)


def test_infinite_numbers_are_told_of_as_they_look_like_nulls() -> None:
    text = b"up,down,both,none,one\n" + b"1.5,2.5,3.5,,4.5\ninf,-inf,inf,,\n2.5,,-inf,,\n"
    told = load(PolarsImporter(), text).imported.report.warnings
    assert [one.partition(" holds infinite numbers")[0] for one in told] == [
        "Column 'up'", "Column 'down'", "Column 'both'",
    ]  # fmt: skip


def test_what_a_failed_attempt_writes_late_is_dropped() -> None:
    file = io.BytesIO(b"before")
    with attempt(file) as first:
        first.write(b"first")
    with attempt(file) as second:
        first.write(b"late")
        first.flush()
        second.write(b"second")
    assert file.getvalue() == b"second"
    second.write(b"later")
    second.close()
    assert (file.getvalue(), file.closed) == (b"second", False)
