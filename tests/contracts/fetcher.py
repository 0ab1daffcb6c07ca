"""What every fetcher does."""

from collections.abc import Callable

import pytest

from entrepot_adapters.memory import MemoryBlobs
from entrepot_core.dialect import Report, Stage, no_report
from entrepot_core.errors import FetchFailed, LimitExceeded
from entrepot_core.ports.fetcher import Fetched, Fetcher
from entrepot_core.source import Label, Link
from entrepot_core.validators import NO_VALIDATORS, Validators

CARS = b"make,price\nFiat,10.5\n"

Put = Callable[..., str]
"""Puts content at a path, with a media type, a file name, an etag and a date if it likes, and answers its URL."""

TAG, DATE = '"v1"', "Wed, 21 Oct 2015 07:28:00 GMT"
BOTH = Validators(TAG, DATE)


def fetch(fetcher: Fetcher, url: str, report: Report = no_report) -> tuple[bytes, Label]:
    """What is fetched, and what is said of it."""
    content, fetched = ask(fetcher, url, report=report)
    return content, fetched.label


def ask(
    fetcher: Fetcher, url: str, known: Validators = NO_VALIDATORS, report: Report = no_report
) -> tuple[bytes, Fetched]:
    """What is fetched, where something else is known, and all that is said of it."""
    with MemoryBlobs().stage() as staged:
        fetched = fetcher.fetch(Link(url), staged, report, known)
        staged.file.seek(0)
        return staged.file.read(), fetched


class FetcherContract:
    """The facts; a subclass gives ``put``, and ``make``, which builds a fetcher of what was put, of some limits."""

    @pytest.fixture
    def fetcher(self, make: Callable[..., Fetcher]) -> Fetcher:
        return make()

    def test_bytes_come_as_they_are_with_what_their_source_says(self, fetcher: Fetcher, put: Put) -> None:
        content = bytes(range(256)) * 3000
        url = put("/data/Cars%202024.csv", content, media_type="text/csv; charset=latin-1")
        assert fetch(fetcher, url) == (content, Label("Cars 2024.csv", "text/csv; charset=latin-1"))

    def test_nothing_is_a_file_too(self, fetcher: Fetcher, put: Put) -> None:
        assert fetch(fetcher, put("/empty.csv", b""))[0] == b""

    def test_a_name_that_the_source_gives_is_better_than_that_of_the_url(self, fetcher: Fetcher, put: Put) -> None:
        assert fetch(fetcher, put("/download", CARS, file_name="../cars.csv"))[1].file_name == "cars.csv"

    def test_a_url_without_a_name_gives_none(self, fetcher: Fetcher, put: Put) -> None:
        assert fetch(fetcher, put("/", CARS))[1] == Label(None, None)

    def test_progress_is_told(self, fetcher: Fetcher, put: Put) -> None:
        told: list[tuple[Stage, int, int | None]] = []
        fetch(fetcher, put("/cars.csv", CARS * 50_000), lambda *progress: told.append(progress))
        assert told[-1] == ("fetch", len(CARS) * 50_000, len(CARS) * 50_000)
        assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)

    def test_what_the_report_raises_stops_it(self, fetcher: Fetcher, put: Put) -> None:
        def stop(_stage: Stage, _done: int, _total: int | None) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            fetch(fetcher, put("/cars.csv", CARS), stop)

    def test_what_is_not_there_is_told_with_what_the_source_says(self, fetcher: Fetcher, put: Put) -> None:
        url = put("/cars.csv", CARS).replace("cars", "trucks")
        with pytest.raises(FetchFailed, match="it answers 404 Not Found") as caught:
            fetch(fetcher, url)
        assert (caught.value.answered, caught.value.url) == (404, url)

    def test_what_the_source_says_to_ask_by_is_told(self, fetcher: Fetcher, put: Put) -> None:
        _, fetched = ask(fetcher, put("/cars.csv", CARS, etag=TAG, last_modified=DATE))
        assert (fetched.validators, fetched.is_unchanged) == (BOTH, False)
        assert ask(fetcher, put("/vans.csv", CARS))[1].validators == NO_VALIDATORS

    @pytest.mark.parametrize("known", [BOTH, Validators(etag=TAG), Validators(last_modified=DATE)])
    def test_nothing_comes_of_a_file_that_is_still_the_one_that_is_known(
        self, fetcher: Fetcher, put: Put, known: Validators
    ) -> None:
        url = put("/cars.csv", CARS, etag=TAG, last_modified=DATE)
        content, fetched = ask(fetcher, url, known)
        assert (content, fetched.is_unchanged, fetched.validators) == (b"", True, BOTH)

    @pytest.mark.parametrize("known", [BOTH, Validators(etag=TAG), Validators(last_modified=DATE)])
    def test_a_file_that_has_changed_comes(self, fetcher: Fetcher, put: Put, known: Validators) -> None:
        later = Validators('"v2"', "Thu, 22 Oct 2015 07:28:00 GMT")
        url = put("/cars.csv", CARS, etag=later.etag, last_modified=later.last_modified)
        content, fetched = ask(fetcher, url, known)
        assert (content, fetched.is_unchanged, fetched.validators) == (CARS, False, later)

    def test_a_known_file_comes_whose_source_says_nothing_to_ask_by(self, fetcher: Fetcher, put: Put) -> None:
        content, fetched = ask(fetcher, put("/cars.csv", CARS), BOTH)
        assert (content, fetched.is_unchanged, fetched.validators) == (CARS, False, NO_VALIDATORS)

    def test_a_limit_has_the_name_that_it_was_given(self, make: Callable[..., Fetcher], put: Put) -> None:
        with pytest.raises(LimitExceeded, match="ENTREPOT_MAX_IMAGE_BYTES"):
            fetch(make(max_bytes=1, bytes_limit="ENTREPOT_MAX_IMAGE_BYTES"), put("/car.png", b"12"))

    def test_a_file_that_is_too_large_is_refused(self, make: Callable[..., Fetcher], put: Put) -> None:
        url = put("/cars.csv", CARS)
        assert fetch(make(max_bytes=len(CARS)), url)[0] == CARS
        with pytest.raises(LimitExceeded) as caught:
            fetch(make(max_bytes=len(CARS) - 1), url)
        assert (caught.value.limit, caught.value.allowed) == ("ENTREPOT_FETCH_BYTES", len(CARS) - 1)
