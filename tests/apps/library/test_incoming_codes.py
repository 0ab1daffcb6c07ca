"""Numbers of rows and codes in files that are added to a dataset."""

import pytest

import entrepot


def test_a_wrong_number_of_a_row_is_told_by_the_name_that_the_file_has(cars: entrepot.Dataset) -> None:
    for number in ("01", "x", "5%"):
        with pytest.raises(entrepot.InvalidRows) as refused:
            cars.update(f"_id,doors\n{number},5\n".encode())
        (error,) = refused.value.errors
        assert (error.row, error.column, error.value) == (1, "_id", number)


def test_a_telephones_number_becomes_no_number_without_its_plus(cars: entrepot.Dataset) -> None:
    for number in ("+4930123456", "+1234567"):
        with pytest.raises(entrepot.InvalidRows, match="a plus in front") as refused:
            cars.append(f"doors\n{number}\n".encode())
        assert [error.value for error in refused.value.errors] == [number]
    assert cars.append(b"doors,price\n+5,+1234567.5\n-3,+1e7\n", types={"price": "number"}) == [7, 8]
    assert cars.append(b"doors\n+1234567\n", types={"doors": "integer"}) == [9]
