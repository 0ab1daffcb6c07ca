"""Which instructions of the processor numpy is to leave alone.

numpy sorts with AVX-512 where there is such. AMD's Zen 4 has it, but takes a hundred cycles for the instruction that
this sorting stands on, a store of what a mask picks: a million floats take 51 ms, and 9 with AVX2. See
https://github.com/numpy/x86-simd-sort/issues/6.
"""

import os
import re
from contextlib import suppress
from pathlib import Path

_FEATURES = "NPY_DISABLE_CPU_FEATURES"
_OTHERS = "NPY_ENABLE_CPU_FEATURES"
"""Whoever runs this may set it; numpy can't be imported where both are set."""

_AVX_512 = "X86_V4 AVX512_ICL AVX512_SPR"
_ZEN_4 = re.compile(rb"^vendor_id\s*: AuthenticAMD\ncpu family\s*: 25$", re.MULTILINE)
"""Also Zen 3, which has none. Zen 5, another family, is quick at it."""

_SOME = 512
"""Bytes of what Linux tells of the first processor, in which its family stands."""


def avoided(told: Path = Path("/proc/cpuinfo")) -> dict[str, str]:
    """The variables by which numpy, where it is imported later, avoids what this processor is slow at.

    Args:
        told: What Linux tells of the processors; where there is no such file, nothing is avoided.
    """
    if _OTHERS in os.environ:
        return {}
    with suppress(OSError), told.open("rb") as file:
        if _ZEN_4.search(file.read(_SOME)):
            return {_FEATURES: _AVX_512}
    return {}
