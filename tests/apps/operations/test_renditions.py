"""Renditions are made once, on the first request or ahead, and again where they are damaged."""

import io
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import BinaryIO

import attrs
import pytest
from PIL import Image

from entrepot.settings import MEMORY, Settings
from entrepot.wiring import open_home
from entrepot_adapters.images.pillow import PillowImaging
from entrepot_adapters.memory import MemoryFetcher, Page
from entrepot_core.dialect import ImportOptions, no_report
from entrepot_core.image import Look, Rendition, RenditionFormat
from entrepot_core.names import DatasetName, DatasetRef, Digest
from entrepot_core.ports.driven import Driven
from entrepot_core.ports.operations import Source
from entrepot_core.source import Label, NewDataset
from entrepot_core.use_cases import checking
from entrepot_core.use_cases.local import LocalOperations
from tests.painting import painted

URL = "https://example.org/a.jpg"


@attrs.define
class CountingImaging:
    """Decodes images, and counts what it makes."""

    made: Counter[tuple[int | None, str]] = attrs.field(factory=Counter)
    _inner: PillowImaging = attrs.field(factory=PillowImaging)

    def inspect(self, source: BinaryIO) -> Look:
        return self._inner.inspect(source)

    def render(self, source: BinaryIO, out: BinaryIO, rendition: Rendition, format: RenditionFormat) -> tuple[int, int]:
        self.made[rendition.width, format] += 1
        return self._inner.render(source, out, rendition, format)


@pytest.fixture
def imaging() -> CountingImaging:
    return CountingImaging()


@pytest.fixture(params=["memory", "disk"])
def driven(request: pytest.FixtureRequest, tmp_path: Path, imaging: CountingImaging) -> Iterator[Driven]:
    place = MEMORY if request.param == "memory" else str(tmp_path)
    with open_home(place, Settings()) as home:
        fetcher = MemoryFetcher({URL: Page(painted(1).content)})
        yield attrs.evolve(home.driven, image_fetcher=fetcher, imaging=imaging)


def land(driven: Driven) -> tuple[LocalOperations, Digest]:
    """A collection of one image, and that image's digest."""
    operations = LocalOperations(driven)
    source = Source([f"name,image\nAda,{URL}\n".encode()], Label("cars.csv"))
    details = NewDataset(name=DatasetName("cars"), published=True)
    made = operations.add_dataset(source, details, ImportOptions(), no_report)
    [record] = driven.images.known(made.id).values()
    assert record.image is not None
    return operations, record.image.digest


def test_a_rendition_is_made_on_the_first_request_and_given_again(driven: Driven, imaging: CountingImaging) -> None:
    operations, digest = land(driven)
    assert not imaging.made
    for _ in range(3):
        with operations.open_image(digest, "web", "webp") as download:
            content = download.read()
        assert (download.media_type, download.size) == ("image/webp", len(content))
    assert imaging.made == {(1280, "webp"): 1}
    with operations.open_image(digest, "web", "jpeg") as download:
        assert Image.open(io.BytesIO(download.read())).format == "JPEG"
    assert download.file_name.endswith("-web.jpg")


def test_many_that_ask_for_one_at_once_have_it_made_once(driven: Driven, imaging: CountingImaging) -> None:
    operations, digest = land(driven)
    together = Barrier(12)

    def ask(_: int) -> bytes:
        together.wait()
        with operations.open_image(digest, "mobile", "webp") as download:
            return download.read()

    with ThreadPoolExecutor(12) as pool:
        assert len(set(pool.map(ask, range(12)))) == 1
    assert imaging.made == {(480, "webp"): 1}


def test_renditions_are_made_ahead_where_that_is_wished(driven: Driven, imaging: CountingImaging) -> None:
    land(attrs.evolve(driven, renders_ahead=True))
    assert imaging.made == {(width, format): 1 for width in (1280, 480) for format in ("webp", "jpeg")}


def test_a_size_that_is_changed_is_made_anew(driven: Driven, imaging: CountingImaging) -> None:
    operations, digest = land(driven)
    operations.open_image(digest, "web", "webp").close()
    smaller = attrs.evolve(driven, renditions={"web": Rendition(width=40, format="jpeg")})
    with LocalOperations(smaller).open_image(digest, "web", "webp") as download:
        shown = Image.open(io.BytesIO(download.read()))
    assert (shown.format, shown.width) == ("JPEG", 40)
    assert imaging.made == {(1280, "webp"): 1, (40, "jpeg"): 1}


def test_what_belongs_to_images_is_checked_and_kept_and_goes_with_the_dataset(driven: Driven) -> None:
    operations, digest = land(driven)
    operations.open_image(digest, "web", "webp").close()
    operations.add_dataset(Source([b"a\n1\n"], Label("a.csv")), NewDataset(), ImportOptions(), no_report)
    operations.remove_dataset(DatasetRef("a"))  # which sweeps
    found = checking.check(driven, no_report)
    assert (found.damages, found.orphans) == ((), ())
    with operations.open_image(digest, "original", "webp") as download:
        assert download.read() == painted(1).content
    operations.remove_dataset(DatasetRef("cars"))
    assert checking.check(driven, no_report).blobs == 0


def test_a_rendition_that_is_lost_is_made_again(tmp_path: Path, imaging: CountingImaging) -> None:
    with open_home(str(tmp_path), Settings()) as home:
        fetcher = MemoryFetcher({URL: Page(painted(1).content)})
        operations, digest = land(attrs.evolve(home.driven, image_fetcher=fetcher, imaging=imaging))
        with operations.open_image(digest, "web", "webp") as download:
            content = download.read()
        [lost] = [blob for blob in home.driven.images.blobs() if blob.digest != digest]
        (tmp_path / "blobs" / lost.digest[:2] / lost.digest).unlink()
        assert [damage.fault for damage in checking.check(home.driven, no_report).damages] == ["missing"]
        with operations.open_image(digest, "web", "webp") as download:
            assert download.read() == content
        assert checking.check(home.driven, no_report).damages == ()
