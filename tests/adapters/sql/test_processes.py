"""Several processes on one catalogue."""

import os
import signal
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest
from sqlalchemy import Engine, QueuePool

from entrepot_adapters.sql import SqlCatalogue, open_catalogue
from entrepot_adapters.sql.engine import open_engine
from entrepot_core.changes import DatasetChanges
from entrepot_core.dataset import Dataset
from entrepot_core.names import DatasetName, DatasetRef
from tests.contracts.catalogue import variants
from tests.contracts.datasets import add, dataset, touched, version

CARS = DatasetRef("cars")
CHANGES = 15


def change_often(url: str) -> None:
    catalogue = open_catalogue(url)
    for _ in range(CHANGES):
        catalogue.change(CARS, lambda found: found.succeeded_by(version(), DatasetChanges()))
    catalogue.close()


def add_several(url: str) -> list[DatasetName]:
    catalogue = open_catalogue(url)
    names = [catalogue.add(dataset(), variants("bikes")).name for _ in range(CHANGES)]
    catalogue.close()
    return names


def test_no_change_is_lost_and_no_name_given_twice(url: str, catalogue: SqlCatalogue) -> None:
    add(catalogue, dataset())
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        changing = [pool.submit(change_often, url) for _ in range(2)]
        adding = [pool.submit(add_several, url) for _ in range(2)]
        for change in changing:
            change.result()
        names = [name for added in adding for name in added.result()]
    found = catalogue.find(CARS)
    assert (found.latest, found.revision) == (2 * CHANGES + 1, 2 * CHANGES + 1)
    assert sorted(names) == sorted(["bikes", *(f"bikes-{number}" for number in range(2, 2 * CHANGES + 1))])


def die(found: Dataset) -> Dataset:
    os.kill(os.getpid(), signal.SIGKILL)
    return found


def die_while_changing(url: str) -> None:
    open_catalogue(url).change(CARS, die)


def test_a_process_that_dies_in_a_change_leaves_the_old_state_and_no_lock(url: str, catalogue: SqlCatalogue) -> None:
    added = add(catalogue, dataset())
    process = get_context("spawn").Process(target=die_while_changing, args=(url,))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert catalogue.find(CARS) == added
    assert catalogue.change(CARS, touched).revision == 2


def open_connections(engine: Engine) -> int:
    assert isinstance(engine.pool, QueuePool)
    return engine.pool.checkedin()


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_fork_makes_connections_of_its_own(url: str) -> None:
    engine = open_engine(url, 1)
    catalogue = SqlCatalogue(engine)
    add(catalogue, dataset())
    assert open_connections(engine) == 1
    child = os.fork()
    if child == 0:
        try:
            inherited = open_connections(engine)
            os._exit(0 if inherited == 0 and catalogue.change(CARS, touched).revision == 2 else 1)
        finally:
            os._exit(2)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert catalogue.change(CARS, touched).revision == 3
    catalogue.close()
