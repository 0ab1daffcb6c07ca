"""LibreOffice opens a workbook and finds the values that were written."""

import csv
import shutil
import subprocess
from datetime import date, datetime, time, timedelta
from pathlib import Path

import polars as pl
import pytest

from tests.adapters.excel.reading import written

SHEET_AS_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true"

FRAME = pl.DataFrame(
    {
        "integer": [1, -(2**53), 2**53 + 1, None],
        "float": [0.5, 1e300, float("nan"), float("inf")],
        "text": ["=1+1", "_x0041_ & <b>", ' "q", é😀\nline ', None],
        "boolean": [True, False, None, True],
        "date": [date(1900, 2, 28), date(1900, 3, 1), date(2024, 2, 29), date(9999, 12, 31)],
        "datetime": [datetime(1800, 1, 1), datetime(1900, 3, 1), datetime(2024, 2, 29, 23, 59, 59, 999_000), None],  # noqa: DTZ001 - cells have no zone
        "time": [time(0), time(12, 30, 0, 1000), time(23, 59, 59, 999_999), None],
        "duration": [timedelta(hours=30), timedelta(0), timedelta(hours=-25, minutes=-30), None],
        "list": [[1, 2], [], None, [3]],
    }
)
SHOWN = {
    "integer": ["1", "-9007199254740990", "9007199254740993", ""],  # of a number, 15 digits are shown
    "float": ["0.5", "1E+300", "", "#NUM!"],
    "text": ["=1+1", "_x0041_ & <b>", ' "q", é😀\nline ', ""],
    "boolean": ["TRUE", "FALSE", "", "TRUE"],
    "date": ["1900-02-28", "1900-03-01", "2024-02-29", "9999-12-31"],
    "datetime": ["1800-01-01 00:00:00", "1900-03-01 00:00:00.000", "2024-02-29 23:59:59.999", ""],
    "time": ["00:00:00.000", "12:30:00.001", "23:59:59.999", ""],
    "duration": ["30:00:00", "0:00:00", "-1.0625 days", ""],
    "list": ["[1,2]", "[]", "", "[3]"],
}


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed (libreoffice-calc-nogui)")
def test_libreoffice_shows_the_values_that_were_written(tmp_path: Path) -> None:
    workbook = tmp_path / "table.xlsx"
    workbook.write_bytes(written(FRAME).getvalue())
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", SHEET_AS_CSV, "--outdir", str(tmp_path), str(workbook)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    with workbook.with_suffix(".csv").open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    assert {name: list(values) for name, *values in zip(header, *rows, strict=True)} == SHOWN
