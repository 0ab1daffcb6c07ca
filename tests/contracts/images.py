"""What everything does that remembers images."""

from datetime import timedelta

import msgspec
import pytest

from entrepot_core.collection import ImageRecord
from entrepot_core.errors import DatasetNotFound
from entrepot_core.image import Image, Look, Rendered
from entrepot_core.names import DatasetId, DatasetRef, Digest
from entrepot_core.ports.catalogue import Catalogue
from entrepot_core.ports.images import Images
from entrepot_core.validators import Validators
from tests.contracts.datasets import NOON, dataset

LATER = NOON + timedelta(seconds=1)


def image(letter: str = "a", width: int = 4) -> Image:
    """An original."""
    return Image(Digest(letter * 64), 1_000, Look("png", width, 3))


def record(text: str = "https://example.org/a.png", of: Image | None = None, problem: str | None = None) -> ImageRecord:
    """What is known of an image."""
    validators = Validators(etag='W/"1"', last_modified="Sat, 28 Nov 2026 12:00:00 GMT")
    return ImageRecord(text=text, url=text, checked_at=NOON, image=of, problem=problem, validators=validators)


def rendered(letter: str = "e") -> Rendered:
    """Something that was made of an original."""
    return Rendered(Digest(letter * 64), 100, "webp", 2, 1)


def digests(images: Images) -> set[str]:
    """Where all that is remembered is."""
    return {blob.digest for blob in images.blobs()}


def forget(images: Images, dataset: DatasetId) -> None:
    """Forget all that is known of a dataset's images."""
    images.leave(dataset, list(images.known(dataset)), 2)
    images.forget(dataset, 2)


class ImagesContract:
    """The facts; a subclass gives the fixtures ``catalogue`` and ``images``, which belong together and are empty."""

    @pytest.fixture
    def catalogue(self) -> Catalogue:
        raise NotImplementedError

    @pytest.fixture
    def images(self) -> Images:
        raise NotImplementedError

    @pytest.fixture
    def cars(self, catalogue: Catalogue) -> DatasetId:
        return added(catalogue, "cars")

    def test_what_is_recorded_is_known_by_its_text(self, images: Images, cars: DatasetId) -> None:
        stored, failed = record("Ä b.png", image()), record("c", problem="it answers 404 Not Found")
        for one in (stored, failed):
            images.record(cars, one)
        assert images.known(cars) == {stored.text: stored, failed.text: failed}
        assert images.known(cars, {"c", "d"}) == {"c": failed}
        assert images.known(cars, ()) == {}

    def test_a_newer_record_takes_the_place_of_the_older(self, images: Images, cars: DatasetId) -> None:
        images.record(cars, record(of=image("a")))
        newer = msgspec.structs.replace(record(of=image("b")), checked_at=LATER)
        images.record(cars, newer)
        assert images.known(cars) == {newer.text: newer}
        assert (images.image(Digest("a" * 64)), images.image(Digest("b" * 64))) == (None, newer.image)

    def test_several_are_recorded_at_once_and_of_one_text_the_last_stays(self, images: Images, cars: DatasetId) -> None:
        images.record(cars, record("a", image("a")), record("b"))
        newer, other = record("a", image("b")), record("c", problem="it answers 404 Not Found")
        images.record(cars, record("a"), other, newer)
        assert images.known(cars) == {"a": newer, "b": record("b"), "c": other}
        assert digests(images) == {"b" * 64}
        images.record(cars)
        assert len(images.known(cars)) == 3

    def test_many_are_known_at_once(self, images: Images, cars: DatasetId) -> None:
        for number in range(30):
            images.record(cars, record(str(number)))
        assert len(images.known(cars, [str(number) for number in range(5_000)])) == 30

    def test_images_belong_to_their_dataset_and_go_with_it(
        self, images: Images, catalogue: Catalogue, cars: DatasetId
    ) -> None:
        other = added(catalogue, "trains")
        images.record(cars, record(of=image("a")))
        images.record(other, record(of=image("b")))
        assert digests(images) == {"a" * 64, "b" * 64}
        catalogue.remove(DatasetRef(cars), lambda _: None)
        assert images.known(cars) == {}
        assert digests(images) == {"b" * 64}
        for gone in ((record(),), (record("a"), record("b")), ()):
            with pytest.raises(DatasetNotFound):
                images.record(cars, *gone)

    def test_what_no_kept_version_names_is_forgotten(self, images: Images, cars: DatasetId) -> None:
        for text, letter in (("a", "a"), ("b", "b"), ("c", "c")):
            images.record(cars, record(text, image(letter)))
        images.leave(cars, ["a", "x"], 3)
        images.leave(cars, ["b"], 4)
        images.leave(cars, [], 5)
        assert images.known(cars)["a"].left_at == 3
        images.forget(cars, 2)
        assert set(images.known(cars)) == {"a", "b", "c"}
        images.forget(cars, 3)
        assert set(images.known(cars)) == {"b", "c"}
        assert images.image(Digest("a" * 64)) is None
        images.leave(cars, ["b"], None)
        images.forget(cars, 10)
        assert set(images.known(cars)) == {"b", "c"}

    def test_a_rendition_is_found_by_its_key(self, images: Images, cars: DatasetId) -> None:
        original = image()
        images.record(cars, record(of=original))
        assert images.rendition(original.digest, "480x.webp") is None
        images.add_rendition(original.digest, "480x.webp", rendered())
        assert images.rendition(original.digest, "480x.webp") == rendered()
        assert images.rendition(original.digest, "480x.jpeg") is None
        images.add_rendition(original.digest, "480x.webp", rendered("f"))
        assert images.rendition(original.digest, "480x.webp") == rendered("f")

    def test_renditions_are_in_use_as_long_as_some_dataset_has_the_original(
        self, images: Images, catalogue: Catalogue, cars: DatasetId
    ) -> None:
        original, other = image(), added(catalogue, "trains")
        for one in (cars, other):
            images.record(one, record(of=original))
        images.add_rendition(original.digest, "k", rendered())
        forget(images, cars)
        images.trim()
        assert digests(images) == {original.digest, rendered().digest}
        forget(images, other)
        assert digests(images) == set()
        assert images.rendition(original.digest, "k") == rendered()
        images.trim()
        assert images.rendition(original.digest, "k") is None


def added(catalogue: Catalogue, name: str) -> DatasetId:
    """The id of a new dataset."""
    made = dataset(name)
    return catalogue.add(made, [made.name]).id
