"""Asking sources for images, several at once."""

from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from threading import Event
from urllib.parse import quote, urljoin, urlsplit

import msgspec
from attrs import frozen

from entrepot_core.collection import ImageRecord, digest_of
from entrepot_core.dialect import Report
from entrepot_core.errors import (
    AddressRefused,
    EntrepotError,
    FetchFailed,
    Interrupted,
    InvalidImage,
    InvalidOption,
    LimitExceeded,
)
from entrepot_core.image import RENDITION_FORMATS, Image
from entrepot_core.names import DatasetId
from entrepot_core.ports.driven import Driven
from entrepot_core.source import Link
from entrepot_core.use_cases.showing import render
from entrepot_core.validators import NO_VALIDATORS

AT_ONCE = 8
"""How many images of a dataset are asked for at once."""
PAUSES = (0.5, 2.0)
"""Seconds before one is asked for again whose source stumbled."""

_TICK = 0.2
_KEPT_IN_PATHS = "/:@!$&'()*+,;=%~-._"
_REFUSALS = (FetchFailed, AddressRefused, LimitExceeded, InvalidImage, InvalidOption)


@frozen
class Wish:
    """An image that is to be asked for.

    Attributes:
        text: What stands in the cell.
        url: Where it is; none where the text is no URL.
        record: What was known of it.
    """

    text: str
    url: str | None
    record: ImageRecord | None


def url_of(text: str, base: str | None) -> str | None:
    """The URL that a cell means: its text, or where that leads from where the table came from; spaces are encoded.

    >>> url_of("my car.jpg", "https://example.org/data/cars.csv")
    'https://example.org/data/my%20car.jpg'
    """
    try:
        parts = urlsplit(text.strip())
        encoded = parts._replace(
            path=quote(parts.path, safe=_KEPT_IN_PATHS), query=quote(parts.query, safe="?/" + _KEPT_IN_PATHS)
        )
        if parts.scheme:
            return encoded.geturl()
        return None if base is None else urljoin(base, encoded.geturl())
    except ValueError:
        return None


def fetch_all(driven: Driven, dataset: DatasetId, wishes: Sequence[Wish], report: Report) -> None:
    """Ask for images, some at a time; what comes of each is recorded at once.

    Raises:
        DatasetNotFound: The dataset was removed meanwhile.
    """
    stop, done = Event(), 0
    report("images", 0, len(wishes))
    with ThreadPoolExecutor(AT_ONCE, "images") as pool:
        waiting = {pool.submit(_fetch, driven, dataset, wish, stop) for wish in wishes}
        try:
            while waiting:
                finished, waiting = wait(waiting, _TICK, FIRST_COMPLETED)
                for one in finished:
                    one.result()
                done += len(finished)
                report("images", done, len(wishes))
        except BaseException:
            stop.set()
            _cancel(waiting)
            raise


def _cancel(waiting: set[Future[None]]) -> None:
    for one in waiting:
        one.cancel()


def _fetch(driven: Driven, dataset: DatasetId, wish: Wish, stop: Event) -> None:
    """Ask for an image, again where its source stumbles, and record what came of it."""

    def go_on(*_: object) -> None:
        if stop.is_set():
            raise Interrupted(reason="somebody stopped it")

    for pause in (*PAUSES, None):
        try:
            _ask(driven, dataset, wish, go_on)
        except Interrupted:
            return
        except _REFUSALS as error:
            if pause is not None and _is_passing(error) and not stop.wait(pause):
                continue
            driven.images.record(dataset, _failed(driven, wish, error))
        return


def _ask(driven: Driven, dataset: DatasetId, wish: Wish, report: Report) -> None:
    uploaded = digest_of(wish.text)
    if uploaded is not None:
        image = driven.images.image(uploaded)
        if image is None:
            raise InvalidImage(reason="no image of this digest is here")
        at = driven.clock.now()
        driven.images.record(dataset, ImageRecord(text=wish.text, url=None, checked_at=at, image=image))
        return
    if wish.url is None:
        raise InvalidOption(option="url", value="…", reason="this is no URL")
    before = wish.record if wish.record is not None and wish.record.url == wish.url else None
    known = NO_VALIDATORS if before is None or before.image is None else before.validators
    with driven.blobs.stage() as staged:
        fetched = driven.image_fetcher.fetch(Link(wish.url), staged, report, known)
        record = ImageRecord(text=wish.text, url=wish.url, checked_at=driven.clock.now(), validators=fetched.validators)
        if fetched.is_unchanged and before is not None:
            image = before.image
        else:
            look = driven.imaging.inspect(staged.file)
            blob = driven.blobs.keep(staged)
            image = Image(blob.digest, blob.size, look)
        driven.images.record(dataset, msgspec.structs.replace(record, image=image))
    if driven.renders_ahead and image is not None:
        _render(driven, image)


def _render(driven: Driven, image: Image) -> None:
    """Make what will be asked for. What can't be made will be told then."""
    for rendition in driven.renditions.values():
        for format in RENDITION_FORMATS if rendition.format is None else (rendition.format,):
            with suppress(InvalidImage, LimitExceeded):
                render(driven, image, rendition, format)


def _is_passing(error: EntrepotError) -> bool:
    return isinstance(error, FetchFailed) and error.is_passing


def _failed(driven: Driven, wish: Wish, error: EntrepotError) -> ImageRecord:
    """What is known of an image that did not come. One that was there stays where its source only stumbled."""
    record, at = wish.record, driven.clock.now()
    stumbled = _is_passing(error) or isinstance(error, LimitExceeded)
    if record is not None and record.url == wish.url and stumbled:
        return msgspec.structs.replace(record, checked_at=at, problem=_reason(error))
    return ImageRecord(text=wish.text, url=wish.url, checked_at=at, problem=_reason(error))


def _reason(error: EntrepotError) -> str:
    return str(getattr(error, "reason", error))
