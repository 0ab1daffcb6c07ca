"""What Pillow is used for leaves it, and whoever else uses it, as they were."""

import io
import subprocess
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image

from entrepot_adapters.images.faults import Fault
from entrepot_adapters.images.pillow import PillowImaging
from entrepot_adapters.images.quiet import quiet
from entrepot_core.errors import LimitExceeded
from entrepot_core.image import Look, Rendition
from tests.contracts.pictures import png, quarters, saved


def test_filters_of_warnings_are_as_before_when_threads_overlap() -> None:
    before = warnings.filters[:]
    first, second = quiet(), quiet()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert warnings.filters[:] != before
    second.__exit__(None, None, None)
    assert warnings.filters[:] == before


def test_many_threads_may_use_one() -> None:
    before, imaging = warnings.filters[:], PillowImaging()

    def use(number: int) -> tuple[Look, tuple[int, int]]:
        file = saved(quarters(number, 10), "JPEG")
        return imaging.inspect(file), imaging.render(file, io.BytesIO(), Rendition(width=10), "webp")

    with ThreadPoolExecutor(4) as threads:
        for number, (look, size) in zip(range(20, 60), threads.map(use, range(20, 60)), strict=True):
            assert (look.width, size[0]) == (number, 10)
    assert warnings.filters[:] == before


def test_pillows_own_settings_stay() -> None:
    before = (Image.MAX_IMAGE_PIXELS, Image.WARN_POSSIBLE_FORMATS)
    PillowImaging(max_pixels=10_000).inspect(saved(quarters(), "PNG"))
    assert before == (Image.MAX_IMAGE_PIXELS, Image.WARN_POSSIBLE_FORMATS)


def test_where_pillows_own_limit_is_lower_it_is_told() -> None:
    assert Image.MAX_IMAGE_PIXELS is not None
    with pytest.raises(LimitExceeded) as caught:
        PillowImaging(max_pixels=10**10).inspect(png(30_000, 30_000, (b"IDAT", b"")))
    assert caught.value.allowed == 2 * Image.MAX_IMAGE_PIXELS


def test_a_webp_that_claims_to_be_huge_is_not_even_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its decoder makes room for the whole image as soon as it is made."""
    opened: list[object] = []
    monkeypatch.setattr(Image, "open", opened.append)
    for options in ({}, {"lossless": True}):
        with pytest.raises(LimitExceeded):
            PillowImaging(max_pixels=80 * 40 - 1).inspect(saved(quarters(), "WEBP", **options))
    assert opened == []


def test_what_a_program_may_be_told_is_all_there() -> None:
    assert all(fault.value.startswith(("it", "its", "decoding")) and "." not in fault for fault in Fault)


def test_no_plugin_for_other_formats_is_loaded() -> None:
    script = """
import io, sys
from PIL import Image
from entrepot_adapters.images.pillow import PillowImaging
for format_ in ("WEBP", "AVIF", "GIF", "PNG", "JPEG"):
    file = io.BytesIO()
    Image.new("RGB", (2, 2)).save(file, format_)
    PillowImaging().inspect(file)
print([name for name in ("EpsImagePlugin", "FpxImagePlugin", "PdfImagePlugin") if f"PIL.{name}" in sys.modules])
"""
    assert subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout == "[]\n"
