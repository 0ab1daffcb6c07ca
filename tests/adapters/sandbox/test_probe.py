"""A hostile parser reaches nothing; the table of what denies it what is that of the docs."""

import os
import platform
import re
from pathlib import Path

import pytest

from entrepot_adapters.sandbox.spec import LAYERS, Layer, missing
from tests.adapters.sandbox.probe import DATA, NETWORK, PROBES, PROCESSES
from tests.adapters.sandbox.probing import Found, denied_by_each, probe

PAGE = Path(__file__).parents[3] / "docs" / "sandbox.md"
MARKS = re.compile(r"(?<=<!-- probes -->\n).*?(?=<!-- /probes -->)", re.DOTALL)
COLUMNS: tuple[Layer, ...] = ("network_namespace", "rlimits", "landlock", "filesystem_root", "uid", "seccomp")


@pytest.fixture(scope="module")
def everything() -> Found:
    """What a probe finds that is locked down wholly, after it has used polars as a worker does."""
    return probe(LAYERS, is_real=True)


@pytest.fixture(scope="module")
def _complete(everything: Found) -> None:
    if lacking := missing(everything.layers):
        pytest.skip(f"this system ({platform.platform()}) has no {', '.join(lacking)}")


def table() -> str:
    """Each probe, with the layers that deny it by themselves."""
    denied = denied_by_each()
    heads = ["", *(column.replace("_", " ") for column in COLUMNS)]
    rows = [[name, *("denied" if column in denied[name] else "" for column in COLUMNS)] for name in PROBES]
    lines = [" | ".join(cells) for cells in (heads, ["---"] * len(heads), *rows)]
    return "".join(f"| {line} |\n" for line in lines)


@pytest.mark.usefixtures("_complete")
def test_a_worker_is_denied_everything(everything: Found) -> None:
    assert everything.reached == []


@pytest.mark.usefixtures("_complete")
@pytest.mark.parametrize("layer", LAYERS)
def test_without_any_one_layer_it_still_reaches_no_data_no_network_and_no_other_process(layer: Layer) -> None:
    found = probe(set(LAYERS) - {layer})
    assert layer in missing(found.layers) or (layer == "uid" and os.geteuid() != 0)
    assert set(found.reached) & {*DATA, *NETWORK, *PROCESSES} == set()


@pytest.fixture(scope="module")
def reached_by_all() -> set[str]:
    """What a probe reaches that is not locked down."""
    return set(probe(()).reached)


@pytest.mark.usefixtures("_complete")
def test_without_any_layer_it_reaches_them(reached_by_all: set[str]) -> None:
    """So the probes attack what is there."""
    assert {*DATA, *NETWORK, *PROCESSES} - reached_by_all == set()


@pytest.mark.usefixtures("_complete")
def test_the_docs_show_what_each_layer_denies(reached_by_all: set[str]) -> None:
    if denied := set(PROBES) - reached_by_all:
        pytest.skip(f"this system ({platform.platform()}) denies everybody to {', '.join(denied)}")
    if os.geteuid() != 0:
        pytest.skip("the table is that of root, whose rights the layer uid drops")
    found = MARKS.search(PAGE.read_text())
    assert found is not None
    assert found[0] == table()


if __name__ == "__main__":
    PAGE.write_text(MARKS.sub(lambda _: table(), PAGE.read_text()))
