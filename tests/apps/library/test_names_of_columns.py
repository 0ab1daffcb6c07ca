"""Columns with names of all scripts, read and written back wherever the store is."""

import msgspec
import polars as pl
import pytest

from entrepot.library.reading import python_rows
from tests.apps.library.conftest import Add

NAMES = ["Größe", "Цена", "漢字", "e\u0301", "😀", "\u202e", "a\u2028b", "\x7f", "a\tb"]


def test_columns_of_all_names_are_read(add: Add) -> None:
    there = add(pl.DataFrame({name: [number, None] for number, name in enumerate(NAMES)}))
    row = {name: number for number, name in enumerate(NAMES)}
    assert there.rows().items == [{"_id": 1, **row}, {"_id": 2, **dict.fromkeys(NAMES)}]
    assert there.row(1) == {"_id": 1, **row}
    assert there.rows().frame().columns == ["_id", *NAMES]
    assert there.edit(published=True).collection(limit=1) == [{"id": 1, **row}]
    assert {name: there.facets(name)[name][0] for name in NAMES} == {name: (row[name], 1) for name in NAMES}


def test_columns_of_all_names_are_changed(add: Add) -> None:
    there = add(pl.DataFrame({name: [1] for name in NAMES}))
    there.update({1: dict.fromkeys(NAMES, 2)})
    assert there.diff().rows[0].changed == dict.fromkeys(NAMES, (1, 2))
    there.append(pl.DataFrame({name: [3] for name in NAMES}).write_csv().encode())
    there.append(pl.DataFrame({name: [4] for name in NAMES}).write_json().encode())
    assert there.frame().rows() == [(number,) * len(NAMES) for number in (2, 3, 4)]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_was_just_decoded_is_found(name: str) -> None:
    """Of such msgspec knows no UTF-8, by which it finds members."""
    rows = msgspec.json.encode([{name: 1}])
    assert python_rows(rows, {name.encode().decode(): "integer"}) == [{name: 1}]
