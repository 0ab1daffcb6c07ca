"""Charts as documents: what their pages say, looked up by programs that read PDF, SVG and PNG."""

import io
import logging
import os
import subprocess
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree as ET

import matplotlib as mpl
import polars as pl
import pypdf
import pytest
from PIL import Image

from entrepot_adapters.charts import MatplotlibCharts
from entrepot_adapters.polars.histograms import histogram
from entrepot_core.formats import CHART_FORMATS, Format
from entrepot_core.profile import Histogram

PLAIN = Histogram(counts=(3, 1, 4), edges=(0.0, 1.0, 2.0, 3.0))

NAMES = [
    "price", "Größe", "価格", "السعر", "ไทย", "naïve café", "a_b^c", "$x$ and \\alpha", "100 %", "{}", "😀 🚗",
    "<b>&amp;", "\ue000 private",
]  # fmt: skip

UGLY: dict[str, list[float]] = {
    "one value": [7.0],
    "one integer": [7],
    "constant": [1e-300] * 5,
    "huge": [-1e300, 1e300],
    "the greatest": [-1.7e308, 1.7e308],
    "the least": [5e-324, 1e-323],
    "skewed": [0.0] * 1_000_000 + [1e6],
    "close": [1.0, 1.0 + 2**-52],
    "close integers": [2**63 - 1, 2**63 - 3],
    "all integers": [-(2**63), 2**63 - 1],
    "negative": [-3.5, -2.5, -1e-9],
    "years": [1990, 2024, 2001],
}


def drawn(histograms: dict[str, Histogram], form: Format, title: str = "Cars") -> bytes:
    out = io.BytesIO()
    MatplotlibCharts().histograms(histograms, form, out, title=title)
    return out.getvalue()


def pages(document: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(document)).pages]


def plain(text: str) -> str:
    """Text as letters: how an extractor puts spaces and orders marks is its own affair."""
    return "".join(unicodedata.normalize("NFC", text).split())


# --- PDF ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("columns", "expected"), [(1, [1]), (6, [6]), (7, [6, 1]), (20, [6, 6, 6, 2])])
def test_a_pdf_has_six_titled_histograms_a_page_in_order(columns: int, expected: list[int]) -> None:
    names = [f"column-{number}." for number in range(columns)]
    found = pages(drawn(dict.fromkeys(names, PLAIN), Format.PDF))
    titles = [[line for line in page.splitlines() if line.startswith("column-")] for page in found]
    assert [len(titled) for titled in titles] == expected
    assert [title for titled in titles for title in titled] == names
    assert [page.count("8 values") for page in found] == expected


def test_each_page_tells_the_title_and_its_number() -> None:
    names = [f"c{number}" for number in range(8)]
    first, second = pages(drawn(dict.fromkeys(names, PLAIN), Format.PDF, "Prix à Zürich"))
    assert "Prix à Zürich" in first
    assert "Page 1 of 2" in first
    assert "Prix à Zürich" in second
    assert "Page 2 of 2" in second


@pytest.mark.parametrize("name", NAMES)
def test_any_name_is_a_title_as_it_stands(name: str) -> None:
    """It is no formula, and where no font has its letters the text is there all the same."""
    [page] = pages(drawn({name: PLAIN}, Format.PDF))
    assert plain(name) in plain(page)


def test_control_characters_are_shown_as_pictures() -> None:
    [page] = pages(drawn({"a\nb\tc\0d": PLAIN}, Format.PDF))
    assert "a␊b␉c␀d" in plain(page)


def test_a_long_name_is_shortened_in_its_middle() -> None:
    [page] = pages(drawn({f"measurement_{'x' * 500}_left": PLAIN}, Format.PDF))
    assert "measurement_xxx" in page
    assert "…" in page
    assert "_left" in page
    assert "x" * 40 not in page


def test_a_pdf_names_its_title_and_creator() -> None:
    metadata = pypdf.PdfReader(io.BytesIO(drawn({"x": PLAIN}, Format.PDF, "Größe 価格"))).metadata
    assert metadata
    assert (metadata.title, metadata.creator) == ("Größe 価格", "Entrepot")


# --- sheets -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_an_svg_holds_each_name_as_text(name: str) -> None:
    texts = [element.text for element in ET.fromstring(drawn({name: PLAIN}, Format.SVG)).iter() if element.text]  # noqa: S314 - our own
    assert name in texts


def test_an_svg_is_one_sheet_of_all_columns() -> None:
    svg = drawn({f"column {number}": PLAIN for number in range(12)}, Format.SVG).decode()
    assert all(f">column {number}<" in svg for number in range(12))


@pytest.mark.parametrize(
    ("columns", "size"), [(1, (646, 701)), (3, (1683, 701)), (7, (1683, 1680)), (20, (2201, 2659))]
)
def test_a_png_is_one_sheet_that_grows_with_the_columns(columns: int, size: tuple[int, int]) -> None:
    histograms = {f"c{number}": PLAIN for number in range(columns)}
    assert Image.open(io.BytesIO(drawn(histograms, Format.PNG))).size == size


@pytest.mark.parametrize(
    "size", [(4.5, 4.9), (60.0, 90.0), (3.0, 2000.0), (2000.0, 3.0), (180.0, 290.0), (1800.0, 2900.0)]
)
def test_a_png_of_very_many_columns_stays_a_size_that_viewers_open(size: tuple[float, float]) -> None:
    from entrepot_adapters.charts.pages import resolution

    wide, high = size
    dots = resolution(wide, high)
    assert 0 < dots <= 144
    assert max(wide, high) * dots <= 16_384
    assert wide * high * dots**2 <= 50_000_000


# --- whatever comes -----------------------------------------------------------------------------


@pytest.mark.parametrize("form", CHART_FORMATS)
def test_ugly_data_is_drawn_without_a_remark(form: Format, caplog: pytest.LogCaptureFixture) -> None:
    """Warnings are errors in this suite; matplotlib also logs."""
    histograms = {name: histogram(pl.Series(values), 20) for name, values in UGLY.items()}
    with caplog.at_level(logging.WARNING):
        assert drawn({name: one for name, one in histograms.items() if one}, form)
    assert len([one for one in histograms.values() if one]) == len(UGLY)
    assert not caplog.records


@pytest.mark.parametrize("form", CHART_FORMATS)
def test_the_same_histograms_give_the_same_bytes_in_any_thread(form: Format) -> None:
    histograms = dict.fromkeys(NAMES, PLAIN)
    settings = dict(mpl.rcParams)
    with ThreadPoolExecutor(3) as pool:
        assert len(set(pool.map(lambda _: drawn(histograms, form), range(3)))) == 1
    assert dict(mpl.rcParams) == settings


def test_the_readers_own_settings_are_neither_used_nor_changed() -> None:
    expected = drawn({"x": PLAIN}, Format.SVG)
    with mpl.rc_context({"axes.facecolor": "black", "font.size": 30.0}):
        before = dict(mpl.rcParams)
        assert drawn({"x": PLAIN}, Format.SVG) == expected
        assert dict(mpl.rcParams) == before


def test_matplotlib_is_imported_only_when_something_is_drawn() -> None:
    command = "import sys, entrepot_adapters.charts as c; c.MatplotlibCharts(); sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", command], check=False).returncode == 0


def test_a_folder_that_cannot_be_written_is_no_remark(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    unusable = {**os.environ, "MPLCONFIGDIR": str(tmp_path / "file" / "folder"), "TMPDIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", DRAW_ONE], check=True, capture_output=True, env=unusable)
    assert done.stdout.startswith(b"%PDF")
    assert not done.stderr


DRAW_ONE = """
import sys
from entrepot_adapters.charts import MatplotlibCharts
from entrepot_core.formats import Format
from entrepot_core.profile import Histogram
MatplotlibCharts().histograms({"x": Histogram((1,), (0.0, 1.0))}, Format.PDF, sys.stdout.buffer, title="Cars")
"""
