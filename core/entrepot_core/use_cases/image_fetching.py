"""Asking sources for images, several at once."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from datetime import datetime
from itertools import islice
from threading import Event
from urllib.parse import quote, urljoin, urlsplit

from attrs import define, field, frozen

from entrepot_core.collection import ImageRecord, digest_of
from entrepot_core.dataset import Dataset
from entrepot_core.dialect import Report
from entrepot_core.errors import (
    AddressRefused,
    BlobDamaged,
    EntrepotError,
    FetchFailed,
    Interrupted,
    InvalidImage,
    InvalidOption,
    LimitExceeded,
)
from entrepot_core.image import RENDITION_FORMATS, Image
from entrepot_core.ports.driven import Driven
from entrepot_core.source import Link
from entrepot_core.use_cases.showing import render
from entrepot_core.validators import NO_VALIDATORS

AT_ONCE = 8
"""How many images of a dataset are asked for at once."""
PAUSES = (0.5, 2.0)
"""Seconds before one is asked for again whose source stumbled."""
MOST_IN_A_ROW = 5
"""After so many images in a row that a host did not answer for, it is not asked for more."""

_NO_URL = "this is no whole URL, and where it would lead from is not known: the table did not come from a URL"
_IN_LINE = 4 * AT_ONCE
"""How many are asked for or wait for it."""
_TICK = 0.2
_KEPT_IN_PATHS = "/:@!$&'()*+,;=%~-._"
_KEPT_IN_QUERIES = "?" + _KEPT_IN_PATHS
_REFUSALS = (FetchFailed, AddressRefused, LimitExceeded, InvalidImage, InvalidOption)


@frozen
class Outcome:
    """What became of asking for an image.

    Attributes:
        failed: What is to be remembered of one that did not come; one that came is remembered before its bytes are
            let go of.
        is_lost: Whether the image that was there before is there no more.
    """

    failed: ImageRecord | None = None
    is_lost: bool = False


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


def fetch_all(driven: Driven, dataset: Dataset, texts: Sequence[str], report: Report) -> bool:
    """Ask for the images that texts name, some at a time; what comes of each is recorded at once.

    Those that failed by the time one has ended are recorded together. Where it breaks off, those that are not recorded
    yet stay as they were.

    Returns:
        Whether an image that was there is there no more.

    Raises:
        DatasetNotFound: The dataset was removed meanwhile.
    """
    asking, waiting, done, lost = Asking(driven, dataset), set[Future[Outcome]](), 0, False
    left = iter(texts)
    report("images", 0, len(texts))
    with ThreadPoolExecutor(AT_ONCE, "images") as pool:
        try:
            while True:
                some = list(islice(left, _IN_LINE - len(waiting)))
                known = driven.images.known(dataset.id, some)
                waiting |= {pool.submit(asking.fetch, text, known.get(text)) for text in some}
                if not waiting:
                    return lost
                finished, waiting = wait(waiting, _TICK, FIRST_COMPLETED)
                lost |= _ended(driven, dataset, [one.result() for one in finished])
                done += len(finished)
                report("images", done, len(texts))
        except BaseException:
            asking.stop.set()
            for one in waiting:
                one.cancel()
            raise


def _ended(driven: Driven, dataset: Dataset, outcomes: Sequence[Outcome]) -> bool:
    """Record what failed; answer whether an image that was there is there no more."""
    failed = [one.failed for one in outcomes if one.failed is not None]
    if failed:
        driven.images.record(dataset.id, *failed)
    return any(one.is_lost for one in outcomes)


@define
class Asking:
    """Asks for images of a dataset; several threads do.

    Attributes:
        driven: The store.
        dataset: The dataset.
        stop: Set where no more is to be asked for.
    """

    driven: Driven
    dataset: Dataset
    stop: Event = field(factory=Event, init=False)
    _silent: Counter[str] = field(factory=Counter[str], init=False)

    def fetch(self, text: str, record: ImageRecord | None) -> Outcome:
        """Ask for an image of which this is known, again where its source stumbles; record it if it came."""
        url = url_of(text, self.dataset.version.report.source_url)
        host = urlsplit(url or "").netloc
        for pause in (*PAUSES, None):
            if self.stop.is_set():
                break
            try:
                made = self._asked(text, url, record, host)
            except Interrupted:
                break
            except _REFUSALS as error:
                is_silent = isinstance(error, FetchFailed) and not error.answered
                self._silent[host] = self._silent[host] + 1 if is_silent else 0
                may_pass = _is_passing(error) and not self._is_given_up(host)
                if may_pass and pause is not None and not self.stop.wait(pause):
                    continue
                failed = _failed(text, url, record, error, self.driven.clock.now())
                return Outcome(failed, is_lost=_is_lost(record, failed))
            self._silent[host] = 0
            return Outcome(is_lost=_is_lost(record, made))
        return Outcome()

    def _is_given_up(self, host: str) -> bool:
        return self._silent[host] >= MOST_IN_A_ROW

    def _go_on(self, *_: object) -> None:
        if self.stop.is_set():
            raise Interrupted(reason="somebody stopped it")

    def _asked(self, text: str, url: str | None, record: ImageRecord | None, host: str) -> ImageRecord:
        """What is known of an image once it has come."""
        at, uploaded = self.driven.clock.now(), digest_of(text)
        if uploaded is not None:
            image = self._held(self.driven.images.image(uploaded))
            if image is None:
                raise InvalidImage(reason="no image of this digest is here")
            return self._recorded(ImageRecord(text=text, url=None, checked_at=at, image=image))
        if url is None:
            raise InvalidOption(option="url", value="…", reason=_NO_URL)
        if self._is_given_up(host):
            raise FetchFailed(url=url, reason=f"{host} did not answer {MOST_IN_A_ROW} times in a row", answered=0)
        before = None if record is None or record.url != url else self._held(record.image)
        known = NO_VALIDATORS if before is None or record is None else record.validators
        with self.driven.blobs.stage() as staged:
            fetched = self.driven.image_fetcher.fetch(Link(url), staged, self._go_on, known)
            image = before
            if not fetched.is_unchanged or image is None:
                look = self.driven.imaging.inspect(staged.file)
                blob = self.driven.blobs.keep(staged)
                image = Image(blob.digest, blob.size, look)
            made = ImageRecord(text=text, url=url, checked_at=at, image=image, validators=fetched.validators)
            self._recorded(made)
        if self.driven.renders_ahead:
            _render(self.driven, image)
        return made

    def _held(self, image: Image | None) -> Image | None:
        """An image, if its bytes are there."""
        if image is None:
            return None
        try:
            self.driven.blobs.open(image.digest).close()
        except BlobDamaged:
            return None
        return image

    def _recorded(self, record: ImageRecord) -> ImageRecord:
        self.driven.images.record(self.dataset.id, record)
        return record


def _render(driven: Driven, image: Image) -> None:
    """Make what will be asked for. What can't be made will be told then."""
    for rendition in driven.renditions.values():
        for format in RENDITION_FORMATS if rendition.format is None else (rendition.format,):
            with suppress(InvalidImage, LimitExceeded):
                render(driven, image, rendition, format)


def _is_lost(before: ImageRecord | None, after: ImageRecord) -> bool:
    return before is not None and before.image not in {None, after.image}


def _is_passing(error: EntrepotError) -> bool:
    return isinstance(error, FetchFailed) and error.is_passing


def _failed(text: str, url: str | None, record: ImageRecord | None, error: EntrepotError, at: datetime) -> ImageRecord:
    """What is known of an image that did not come; one that came before stays, whatever stands there now."""
    is_known = record is not None and record.url == url
    image, validators = (record.image, record.validators) if record is not None and is_known else (None, NO_VALIDATORS)
    problem = str(getattr(error, "reason", error))
    return ImageRecord(text=text, url=url, checked_at=at, image=image, problem=problem, validators=validators)
