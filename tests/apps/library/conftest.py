from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count

import polars as pl
import pytest

import entrepot
from tests.serving import served

Add = Callable[[pl.DataFrame | bytes], entrepot.Dataset]

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


@pytest.fixture(scope="module", params=["local", "remote"])
def add(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Add]:
    """Lands frames in a store in memory, or on a server."""
    numbers = count()
    with ExitStack() as stack:
        home = tmp_path_factory.mktemp("exact")
        place = ":memory:" if request.param == "local" else stack.enter_context(served(home))
        store = stack.enter_context(entrepot.connect(place))
        yield lambda frame: store.add(frame, f"exact-{next(numbers)}", progress=False)
