"""numpy leaves alone what the processor is slow at, unless whoever runs this says otherwise."""

import platform
import subprocess
import sys
from pathlib import Path

import pytest

from entrepot_adapters.instructions import avoided
from entrepot_adapters.sandbox.surroundings import environment

ZEN_4 = "processor\t: 0\nvendor_id\t: AuthenticAMD\ncpu family\t: 25\nmodel\t\t: 17\n"


def told(folder: Path, text: str) -> Path:
    file = folder / "cpuinfo"
    file.write_text(text)
    return file


def test_sorting_with_avx_512_is_avoided_on_zen_4(tmp_path: Path) -> None:
    assert avoided(told(tmp_path, ZEN_4)) == {"NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR"}


@pytest.mark.parametrize("other", [("AuthenticAMD", "GenuineIntel"), ("25", "26"), ("25", "250"), (ZEN_4, "")])
def test_nothing_is_avoided_elsewhere(tmp_path: Path, other: tuple[str, str]) -> None:
    assert avoided(told(tmp_path, ZEN_4.replace(*other))) == {}
    assert avoided(tmp_path / "absent") == {}


@pytest.mark.skipif(platform.machine() not in {"x86_64", "AMD64"}, reason="it has other instructions")
def test_numpy_knows_the_names_of_what_is_avoided(tmp_path: Path) -> None:
    names = avoided(told(tmp_path, ZEN_4))
    program = "import numpy, numpy._core._multiarray_umath as m; print(m.__cpu_features__['X86_V4'])"
    command = [sys.executable, "-W", "error", "-c", program]
    assert subprocess.run(command, check=True, env=names, capture_output=True, text=True).stdout == "False\n"


def test_a_list_of_what_numpy_is_to_use_stands_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NPY_ENABLE_CPU_FEATURES", "X86_V3")
    assert avoided(told(tmp_path, ZEN_4)) == {}


def test_a_worker_goes_by_what_its_user_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NPY_DISABLE_CPU_FEATURES", "AVX512_ICL")
    assert environment(10**9)["NPY_DISABLE_CPU_FEATURES"] == "AVX512_ICL"
