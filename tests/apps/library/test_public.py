"""What ``import entrepot`` gives, and nothing else."""

import ast
import doctest
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest

import entrepot
from entrepot_core.errors import every_error
from tests.apps.library.conftest import CARS
from tests.architecture.tree import ROOT
from tests.painting import painted

SOURCE = ROOT / "apps" / "entrepot" / "__init__.py"
HEAVY = {"alembic", "granian", "httpx", "litestar", "matplotlib", "msgspec", "numpy", "polars", "sqlalchemy"}


def examples() -> Iterator[doctest.DocTest]:
    """The examples of every public name, and of every public method of those."""
    finder = doctest.DocTestFinder(recurse=False)
    for name in entrepot.__all__:
        thing = getattr(entrepot, name)
        yield from finder.find(thing, name, globs={})
        for member in dir(thing) if isinstance(thing, type) else ():
            found = getattr(thing, member)
            is_ours = callable(found) and str(getattr(found, "__module__", "")).startswith("entrepot.")
            if is_ours and not member.startswith("_"):
                yield from finder.find(found, f"{name}.{member}", globs={})


def test_all_is_exactly_what_is_imported_for_type_checkers() -> None:
    tree = ast.parse(SOURCE.read_text())
    block = next(node for node in tree.body if isinstance(node, ast.If))
    names = [alias.name for node in block.body if isinstance(node, ast.ImportFrom) for alias in node.names]
    assert sorted(names) == sorted(entrepot.__all__)


def test_every_name_of_all_is_there() -> None:
    assert {name for name in entrepot.__all__ if not hasattr(entrepot, name)} == set()


def test_nothing_else_is_there() -> None:
    program = "import entrepot; print(*[name for name in dir(entrepot) if not name.startswith('_')])"
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert set(printed.split()) - {"TYPE_CHECKING", "import_module"} == set(entrepot.__all__)


def test_a_name_that_is_not_public_is_not_there() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Manager'"):
        getattr(entrepot, "Manager")  # noqa: B009 - looking is the test


def test_every_error_can_be_imported() -> None:
    assert {error.__name__ for error in every_error()} <= set(entrepot.__all__)


def test_importing_the_package_imports_nothing_heavy() -> None:
    program = "import entrepot, sys; print(*sys.modules)"
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert HEAVY.isdisjoint(printed.split())


def test_every_public_name_has_an_example() -> None:
    without = [test.name for test in examples() if not test.examples]
    assert without == []


@pytest.mark.parametrize("example", list(examples()), ids=lambda example: example.name)
def test_the_examples_run(
    example: doctest.DocTest, store: entrepot.Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cars.csv").write_bytes(CARS)
    (tmp_path / "photo.jpg").write_bytes(painted(0).content)
    given = {"entrepot": entrepot, "store": store, "cars": store.add("cars.csv"), "pl": pl, "date": date, "Path": Path}
    example.globs.update(vars(entrepot) | given)
    report: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example, out=report.append)
    assert not report, "".join(report)
