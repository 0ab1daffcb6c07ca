"""What is known of images, their URLs and renditions, without any adapter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot_core.collection import digest_of, image_path, unfit
from entrepot_core.errors import InvalidOption
from entrepot_core.image import RENDITIONS, Rendition, check_renditions, names_something
from entrepot_core.intervals import read_interval
from entrepot_core.names import Digest
from entrepot_core.source import Link
from entrepot_core.use_cases.image_fetching import url_of

BASE = "https://example.org/lists/cars.csv"


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://example.org/a.jpg", "https://example.org/a.jpg"),
        (" https://example.org/my car.jpg?size=1 2 ", "https://example.org/my%20car.jpg?size=1%202"),
        ("https://example.org/ä%20b.jpg", "https://example.org/%C3%A4%20b.jpg"),
        ("a.jpg", "https://example.org/lists/a.jpg"),
        ("../img/a b.jpg", "https://example.org/img/a%20b.jpg"),
        ("/a.jpg", "https://example.org/a.jpg"),
        ("//cdn.example.org/a.jpg", "https://cdn.example.org/a.jpg"),
        ("http://[", None),
    ],
)
def test_a_cell_is_read_as_people_mean_it(text: str, url: str | None) -> None:
    assert url_of(text, BASE) == url


def test_a_relative_text_means_nothing_where_the_table_has_no_url() -> None:
    assert url_of("a.jpg", None) is None


@given(st.text(max_size=50))
def test_whatever_a_cell_says_it_is_a_url_that_can_be_asked_for_or_told_of(text: str) -> None:
    found = url_of(text, BASE)
    if found is not None:
        try:
            shown = Link(found).shown
        except InvalidOption:
            return
        assert shown.isascii() or "//" in text


def test_the_path_of_an_original_is_known_again() -> None:
    digest = Digest("ab" * 32)
    assert digest_of(image_path(digest)) == digest
    for text in (image_path(digest, "web"), f"https://example.org{image_path(digest)}", "/images/ab/original", ""):
        assert digest_of(text) is None


@pytest.mark.parametrize(
    ("text", "whether"), [("n/a", False), (" - ", False), ("", False), ("None", False), ("-.jpg", True), ("a", True)]
)
def test_words_for_nothing_name_no_image(*, text: str, whether: bool) -> None:
    assert names_something(text) is whether


def test_texts_that_no_url_is_as_long_as_are_not_asked_for() -> None:
    assert unfit("a" * 4_096) is None
    assert unfit("a" * 4_097)
    assert unfit("a\0b")


@pytest.mark.parametrize("name", ["", "original", "Web", "1st", "a/b", "ü", "a" * 33])
def test_a_platform_has_a_name_that_can_stand_in_a_path(name: str) -> None:
    check_renditions(RENDITIONS)
    with pytest.raises(InvalidOption):
        check_renditions({name: Rendition()})


@pytest.mark.parametrize(
    "wrong", [{"width": 0}, {"height": 16_384}, {"quality": 101}, {"fit": "fill", "width": 10}, {"fit": "fill"}]
)
def test_a_rendition_that_can_not_be_made_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidOption):
        Rendition(**wrong)  # type: ignore[arg-type]  # whatever it is


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("15m", 900), (" 1H ", 3_600), ("7 d", 604_800), ("none", 0), ("0", 0)]
)
def test_intervals_are_read(text: str, seconds: int) -> None:
    assert read_interval("refresh", text) == seconds


@pytest.mark.parametrize("text", ["", "1", "h", "1.5h", "-1h", "1h30m", "٣h", "1 hour"])
def test_what_is_no_interval_is_refused(text: str) -> None:
    with pytest.raises(InvalidOption, match="refresh"):
        read_interval("refresh", text)
