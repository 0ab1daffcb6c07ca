"""What workers, and those who start them, load: an import waits for all of it."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("importer", {"attrs", "polars", "numpy"}),
        ("work", {"attrs"}),
        ("imaging", {"PIL", "polars", "numpy"}),
        ("image_work", {"polars", "numpy", "attrs", "entrepot_core.errors"}),
    ],
)
def test_neither_parent_nor_worker_load_what_they_need_not(module: str, unwanted: set[str]) -> None:
    script = f"import sys, entrepot_adapters.sandbox.{module}; print({unwanted} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout
    assert found == "set()\n"
