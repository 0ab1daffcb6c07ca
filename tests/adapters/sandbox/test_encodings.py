"""A worker reads every encoding that a caller may ask for, though it sees no file of Python's any more."""

import encodings
import json
import sys
from pathlib import Path
from pkgutil import iter_modules

import pytest

from entrepot_adapters.sandbox import child
from entrepot_adapters.sandbox.importer import SandboxedImporter
from entrepot_adapters.sandbox.spec import LAYERS
from entrepot_core.dialect import ImportOptions
from entrepot_core.errors import InvalidOption
from tests.adapters.sandbox.probing import LIMITS
from tests.contracts.loading import load

MANY = 100


def offered() -> list[str]:
    """Every encoding that may be asked for."""
    return sorted(module.name for module in iter_modules(encodings.__path__) if _is_offered(module.name))


def _is_offered(name: str) -> bool:
    try:
        ImportOptions(encoding=name)
    except InvalidOption:
        return False
    return True


def test_a_worker_reads_every_encoding() -> None:
    names = offered()
    assert len(names) > MANY
    program = (sys.executable, "-P", str(Path(__file__).with_name("decoding.py")), json.dumps(names))
    worker = child.start(LAYERS, LIMITS, None, program)
    try:
        assert json.loads(next(worker.lines(lambda: None, float("inf")))) == []
    finally:
        worker.end()


def test_one_that_no_alias_names_is_read() -> None:
    importer = SandboxedImporter(workers=1)
    content = "name\nїжїк\n".encode("koi8_u")
    assert load(importer, content, encoding="koi8-u").values("name") == ["їжїк"]
    importer.close()


@pytest.mark.parametrize(
    "name",
    ["idna", "punycode", "unicode_escape", "Raw-Unicode-Escape", "undefined", "charmap", "mbcs", "oem", "base64",
     "rot13", "zlib", "hex", "aliases", "", "a\0b", "../os", "no-such"],
)  # fmt: skip
def test_what_is_no_encoding_of_files_is_refused(name: str) -> None:
    with pytest.raises(InvalidOption, match="no such text encoding"):
        ImportOptions(encoding=name)
