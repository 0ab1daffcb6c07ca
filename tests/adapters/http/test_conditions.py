"""What is said to a source of the file that it gave before, and what is believed of its answer."""

from ipaddress import ip_network

import pytest

from entrepot_adapters.http.fetcher import HttpFetcher
from entrepot_core.errors import FetchFailed
from entrepot_core.validators import NO_VALIDATORS, Validators
from tests.contracts.fetcher import BOTH, CARS, DATE, TAG, ask
from tests.sources import Sources, conditionally

FETCHER = HttpFetcher(allowed=(ip_network("127.0.0.1/32"),))
_UNSAYABLE = ["", " ", "é", "x" * 1001, '"a\tb"', '"\x7f"']


def said(source: Sources) -> list[tuple[str | None, str | None]]:
    """Which conditions came with each request."""
    return [(headers.get("If-None-Match"), headers.get("If-Modified-Since")) for _, headers in source.asked]


def test_one_who_knows_nothing_sets_no_conditions(source: Sources) -> None:
    ask(FETCHER, source.gives("/cars.csv", CARS))
    assert said(source) == [(None, None)]


def test_the_tag_goes_with_redirects_and_the_date_does_not(source: Sources) -> None:
    """A redirect that leads back to an older file would not have changed since that date either."""
    source.at["/cars.csv"] = conditionally(CARS, TAG, DATE)
    assert ask(FETCHER, source.redirects("/latest", "/cars.csv"), BOTH)[1].is_unchanged
    assert said(source) == [(TAG, DATE), (TAG, None)]
    assert ask(FETCHER, f"{source.url}/latest", Validators(last_modified=DATE))[0] == CARS


def test_what_a_source_says_when_nothing_has_changed_counts_from_then_on(source: Sources) -> None:
    url = source.gives("/cars.csv", status=304, ETag='W/"v1"')
    assert ask(FETCHER, url, BOTH)[1].validators == Validators('W/"v1"', DATE)
    assert ask(FETCHER, source.gives("/cars.csv", status=304), BOTH)[1].validators == BOTH


@pytest.mark.parametrize("known", [NO_VALIDATORS, Validators(etag="a\nb")])
def test_that_nothing_has_changed_is_not_believed_unasked(source: Sources, known: Validators) -> None:
    with pytest.raises(FetchFailed, match="304 Not Modified") as caught:
        ask(FETCHER, source.gives("/cars.csv", status=304), known)
    assert caught.value.answered == 304


def test_that_nothing_has_changed_is_not_believed_after_a_redirect_that_was_asked_nothing(source: Sources) -> None:
    source.gives("/cars.csv", status=304)
    with pytest.raises(FetchFailed, match="304 Not Modified"):
        ask(FETCHER, source.redirects("/latest", "/cars.csv"), Validators(last_modified=DATE))


@pytest.mark.parametrize("text", _UNSAYABLE)
def test_only_short_plain_text_is_remembered_of_a_source(source: Sources, text: str) -> None:
    url = source.gives("/cars.csv", CARS, ETag=text, Last_Modified=text)
    assert ask(FETCHER, url)[1].validators == NO_VALIDATORS


@pytest.mark.parametrize("text", [*_UNSAYABLE, "a\x0bb", "a\r\nX-Injected: 1", "\0"])
def test_only_short_plain_text_is_said_to_a_source(source: Sources, text: str) -> None:
    content, _ = ask(FETCHER, source.gives("/cars.csv", CARS), Validators(text, text))
    assert (content, said(source)) == (CARS, [(None, None)])


@pytest.mark.parametrize("tag", ['W/"1"', '""', "unquoted", '"a b"', '"' + "x" * 998 + '"'])
def test_a_tag_is_said_as_it_came(source: Sources, tag: str) -> None:
    source.at["/cars.csv"] = conditionally(CARS, tag, "")
    known = ask(FETCHER, f"{source.url}/cars.csv")[1].validators
    assert ask(FETCHER, f"{source.url}/cars.csv", known)[1].is_unchanged
    assert said(source) == [(None, None), (tag, None)]


def test_what_is_wished_is_said(source: Sources) -> None:
    ask(FETCHER, source.gives("/car", CARS))
    ask(HttpFetcher(allowed=FETCHER.allowed, accept="image/webp,image/*;q=0.5"), f"{source.url}/car")
    assert [headers["Accept"] for _, headers in source.asked] == ["*/*", "image/webp,image/*;q=0.5"]
