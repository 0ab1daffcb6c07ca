"""Files with every kind of damage load without any options, and what was mended is told."""

import pytest

from tests.adapters.polars.test_import_csv import IMPORTER
from tests.contracts.loading import load
from tests.polluting.damage import Damage, cells_right
from tests.polluting.kinds import KINDS

NAMES = [damage.name for damage in KINDS]


@pytest.mark.parametrize("damage", KINDS, ids=NAMES)
def test_all_cells_are_right_and_all_that_was_done_is_told(damage: Damage) -> None:
    loaded = load(IMPORTER, damage.content)
    report = loaded.imported.report
    assert (report.repaired, report.rejected) == (damage.repaired, damage.rejected)
    assert [said for said in damage.says if said not in loaded.warnings] == []
    assert {name: getattr(report, name) for name in damage.found} == damage.found
    assert cells_right(damage.table, loaded.data) == damage.table.cells


def test_a_kind_of_damage_has_a_name_of_its_own() -> None:
    assert len(set(NAMES)) == len(NAMES) > 25
