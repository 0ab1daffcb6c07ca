"""Imports point inwards; the contracts stand in pyproject.toml, and what they can't say stands here."""

import subprocess
import sys
from pathlib import Path

import grimp
import pytest

from tests.architecture.tree import ROOT

KNOWN_TO = {
    "entrepot.http": {
        "entrepot.failures",
        "entrepot.origins",  # a setting names some, and pages come from some
    },
    "entrepot.cli": {
        "entrepot.failures",
        "entrepot.library.incoming",  # files and pipes are opened as the facade opens them
        "entrepot.library.incoming_rows",  # rows too
        "entrepot.library.listing",  # lists are followed over their pages
        "entrepot.library.naming",  # what replaces is named as in the facade
        "entrepot.library.outgoing",  # files are written whole, or not at all
        "entrepot.library.pictures",  # so are pictures, and told of in the same words
        "entrepot.library.progress",  # its bars are the notebook's too
        "entrepot.library.options",  # the names of types
        "entrepot.library.registry",  # a record is changed in part as in the facade
        "entrepot.library.telling",  # versions are told in the same words
        "entrepot.backups",  # copies the store it is about
        "entrepot.serving",  # `serve` starts what it must not import
        "entrepot.setting_values",
        "entrepot.settings",
        "entrepot.homes",  # looks after the store it is about
        "entrepot.wiring",  # builds its Operations
        "entrepot.wording",  # numbers of things are told in the same words
    },
}
"""All of the facade's package that a transport may import; from the other packages, the core."""


def test_every_import_contract_is_kept() -> None:
    program = Path(sys.executable).parent / "lint-imports"
    checked = subprocess.run(
        [program, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("transport", KNOWN_TO)
def test_a_transport_knows_only_the_core_and_what_it_is_granted(transport: str) -> None:
    graph = grimp.build_graph("entrepot", "entrepot_adapters", "entrepot_core", cache_dir=None)
    own = {transport} | graph.find_descendants(transport)
    known = {imported for module in own for imported in graph.find_modules_directly_imported_by(module)} - own
    assert {module for module in known if not module.startswith("entrepot_core")} <= KNOWN_TO[transport]
