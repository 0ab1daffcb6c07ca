"""The code of Python's encodings, kept at hand in this process."""

import encodings
import shutil
import sys
from pathlib import Path

import pytest

from entrepot_adapters.sandbox.encoding_modules import keep_at_hand

RARE = "encodings.cp1006"


def test_encodings_in_a_zip_file_are_at_hand(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    library = Path(encodings.__file__).parents[1]
    archive = shutil.make_archive(str(tmp_path / "library"), "zip", library, encodings.__name__)
    monkeypatch.setattr(encodings, "__path__", [f"{archive}/{encodings.__name__}"])
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    monkeypatch.delitem(sys.modules, RARE, raising=False)
    keep_at_hand()
    assert sys.meta_path[0].find_spec(RARE, None) is not None
