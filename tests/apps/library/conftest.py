from collections.abc import Iterator

import pytest

import entrepot

CARS = b"""make,price,doors,sold
Ada,10.5,3,2024-01-05
Ada,11.5,5,2024-02-05
Bo,20.5,3,
Bo,25.5,3,2024-03-05
Cy,24.5,5,2024-04-05
Cy,30.5,5,2024-05-05
"""


@pytest.fixture
def store() -> Iterator[entrepot.Store]:
    """A store in memory."""
    with entrepot.connect(":memory:") as opened:
        yield opened


@pytest.fixture
def cars(store: entrepot.Store) -> entrepot.Dataset:
    """Six cars."""
    return store.add(CARS, "cars", file_name="cars.csv", progress=False)
