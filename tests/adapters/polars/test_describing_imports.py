"""The whole way from a CSV file: what the importer makes of it is described as pandas describes what it reads."""

import io

import pytest
from hypothesis import given

from entrepot_adapters.polars.importer import PolarsImporter
from entrepot_core.describing import Description, describe
from entrepot_core.dialect import ImportOptions, no_report
from entrepot_core.formats import Format
from entrepot_core.ports.importer import ImportTask
from tests.adapters.polars.frames import Frame, frames
from tests.adapters.polars.test_describing import assert_same, described_as_read


def imported(text: str, *, include_all: bool) -> Description:
    """What we describe of a CSV file."""
    task = ImportTask(format=Format.CSV, file_name="frame.csv", options=ImportOptions())
    found = PolarsImporter().load(io.BytesIO(text.encode()), io.BytesIO(), io.BytesIO(), task, no_report)
    return describe(found.profile, include_all=include_all)


@pytest.mark.parametrize("include_all", [False, True])
@given(frame=frames())
def test_every_cell_is_that_of_pandas(*, frame: Frame, include_all: bool) -> None:
    text = frame.csv()
    assert_same(imported(text, include_all=include_all), described_as_read(text, frame.dates, include_all=include_all))
