"""Measures renditions of images: Pillow, as the adapter uses it, against libvips; and what WebP's methods are worth.

    python benchmarks/images.py                             # Pillow alone, where pyvips is not installed
    python benchmarks/images.py --vips /tmp/vips/bin/python

libvips is no dependency. Its peer needs an environment of its own, whose interpreter is given:

    python -m venv /tmp/vips && /tmp/vips/bin/pip install "pyvips[binary]"

The images are made here: a photograph as a camera's JPEG of 12 megapixels, a cut-out as a PNG of 2 with alpha, a WebP
of 6. Each rendition is made in a process of its own: its times are the least of several, of the processors in all and
by the clock; its memory is the most that the process had, the libraries included. `begin` is what a process takes to
start and to load the library.
"""

import argparse
import io
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

TIMES = 5
CASES = [(width, format_) for width in (1280, 480) for format_ in ("webp", "jpeg")]
BEGINNINGS = {"pillow": "import entrepot_adapters.images.rendering", "libvips": "import pyvips"}


def main() -> None:
    """Print tables of Markdown."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--vips", default=sys.executable)
    parser.add_argument("--run", nargs=4, metavar=("LIBRARY", "IMAGE", "WIDTH", "FORMAT"))
    arguments = parser.parse_args()
    if arguments.run:
        _measure(*arguments.run)
        return
    libraries = {"pillow": sys.executable, "libvips": arguments.vips}
    if subprocess.run([arguments.vips, "-c", "import pyvips"], capture_output=True, check=False).returncode:
        print("pyvips is not installed there, so libvips is left out; see how to install it at the top of this file\n")
        del libraries["libvips"]
    with tempfile.TemporaryDirectory() as folder:
        images = _images(Path(folder))
        _compare(libraries, images)
        _methods(images[0])


def _compare(libraries: dict[str, str], images: list[Path]) -> None:
    for name, python in libraries.items():
        bare = _begin(python, "pass")
        extra = _begin(python, BEGINNINGS[name]) - bare
        print(f"{name} begins in {bare * 1000:.0f} + {extra * 1000:.0f} ms of a processor")
    print("\n| image | rendition | library | processor, ms | clock, ms | memory, MB | size, kB |")
    print("|---|---|---|---|---|---|---|")
    for image in images:
        for width, format_ in CASES:
            for name, python in libraries.items():
                script = [python, __file__, "--run", name, str(image), str(width), format_]
                found = json.loads(subprocess.run(script, capture_output=True, check=True).stdout)
                print(f"| {image.name} | {width} {format_} | {name} | {found['cpu']:.0f} | {found['wall']:.0f} |"
                      f" {found['memory']:.0f} | {found['size'] / 1000:.0f} |", flush=True)  # fmt: skip


def _begin(python: str, script: str) -> float:
    """Seconds of a processor that a script takes, at the least."""
    taken = []
    for _ in range(2 * TIMES):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([python, "-c", script], check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        taken.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(taken)


def _measure(library: str, image: str, width: str, format_: str) -> None:
    """Make a rendition several times, and print what it took."""
    make = (_with_pillow if library == "pillow" else _with_libvips)(Path(image), int(width), format_)
    cpu, wall, size = [], [], 0
    for _ in range(TIMES):
        began, worked = time.perf_counter(), time.process_time()
        size = len(make())
        cpu.append(time.process_time() - worked)
        wall.append(time.perf_counter() - began)
    memory = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1000
    print(json.dumps({"cpu": min(cpu) * 1000, "wall": min(wall) * 1000, "memory": memory, "size": size}))


def _with_pillow(image: Path, width: int, format_: str) -> Callable[[], bytes]:
    from entrepot_adapters.images.pillow import PillowImaging
    from entrepot_core.image import Rendition

    def make() -> bytes:
        out = io.BytesIO()
        with image.open("rb") as source:
            PillowImaging().render(source, out, Rendition(width=width), "webp" if format_ == "webp" else "jpeg")
        return out.getvalue()

    return make


def _with_libvips(image: Path, width: int, format_: str) -> Callable[[], bytes]:
    import pyvips

    pyvips.cache_set_max(0)

    def make() -> bytes:
        small = pyvips.Image.thumbnail(str(image), width, height=100_000, size="down", output_profile="srgb")
        if format_ == "webp":
            return bytes(small.webpsave_buffer(Q=80, effort=4, keep="none"))
        return bytes(small.jpegsave_buffer(Q=80, interlace=True, optimize_coding=True, keep="none", background=[255]))

    return make


def _methods(photograph: Path) -> None:
    """Print what each of WebP's methods takes, and how far from the image it is."""
    import numpy as np
    from PIL import Image

    with Image.open(photograph) as whole:
        image = whole.resize((1280, 960), Image.Resampling.LANCZOS)
    print("\n| WebP's method | processor, ms | size, kB | PSNR, dB |\n|---|---|---|---|")
    for method in range(7):
        taken, out = [], io.BytesIO()
        for _ in range(TIMES):
            out, began = io.BytesIO(), time.process_time()
            image.save(out, "WEBP", quality=80, method=method)
            taken.append(time.process_time() - began)
        with Image.open(out) as back:
            error = np.mean((np.asarray(back, np.float64) - np.asarray(image, np.float64)) ** 2)
        size = len(out.getvalue()) / 1000
        print(f"| {method} | {min(taken) * 1000:.0f} | {size:.0f} | {10 * np.log10(255**2 / error):.2f} |", flush=True)


def _images(folder: Path) -> list[Path]:
    from PIL import Image, ImageDraw, ImageFilter

    cut_out = _photograph(1600, 1250)
    shape = Image.new("L", cut_out.size)
    ImageDraw.Draw(shape).ellipse((100, 100, 1500, 1150), fill=255)
    cut_out.putalpha(shape.filter(ImageFilter.GaussianBlur(8)))
    _photograph(4000, 3000).save(folder / "photograph.jpg", quality=90)
    cut_out.save(folder / "cut-out.png")
    _photograph(3000, 2000).save(folder / "picture.webp", quality=85)
    return [folder / name for name in ("photograph.jpg", "cut-out.png", "picture.webp")]


def _photograph(width: int, height: int) -> "Image.Image":
    """Something like one: clouds of all sizes, some of the grain of a sensor, and hard edges."""
    import numpy as np
    from PIL import Image, ImageDraw

    dice = np.random.default_rng(width)
    light = np.linspace(200, 80, height)[:, None, None] + dice.normal(0, 3, (height, width, 1))
    for grain in (4, 16, 64, 256):
        clouds = dice.integers(0, 256, (height // grain + 2, width // grain + 2, 3), dtype=np.uint8)
        light = light + (np.asarray(Image.fromarray(clouds).resize((width, height))) - 127.5) * grain**0.5 / 30
    image = Image.fromarray(np.clip(light, 0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    for left, top, size, colour in zip(
        dice.integers(0, width, 40), dice.integers(0, height, 40), dice.integers(20, width // 12, 40),
        dice.integers(0, 256, (40, 3)), strict=True,
    ):  # fmt: skip
        draw.ellipse((left, top, left + size, top + size), fill=tuple(map(int, colour)))
        draw.line((left, top, left + 2 * size, top + size), fill=tuple(map(int, colour[::-1])), width=3)
    return image


if __name__ == "__main__":
    main()
