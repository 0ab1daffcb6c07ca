"""Links: what can be fetched, and what of a URL is never shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot_core.errors import InvalidOption
from entrepot_core.source import Label, Link

WORDS = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=8, max_size=12)


@pytest.mark.parametrize(
    "url",
    [
        "", "cars.csv", "/etc/passwd", "file:///etc/passwd", "FILE:///etc/passwd", "ftp://example.org/x", "data:,a",
        "javascript:alert(1)", "jar:http://example.org!/x", "//example.org/x", "http:", "http://", "http:///x",
        "http:example.org", "https://[::1", "http://example.org:port/", "http://example.org:70000/", "http://a b/",
        "http://example.org/\n", "http://example.org\\@evil.org/", "http://:80/", "http://ada@/", "http://h:0/",
    ],
)  # fmt: skip
def test_only_whole_urls_of_the_web_are_links(url: str) -> None:
    with pytest.raises(InvalidOption) as caught:
        Link(url)
    assert caught.value.option == "url"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("notaurl", "notaurl"), ("example.org/cars.csv?token=x#y", "example.org/cars.csv"),
        ("ada:secret@example.org", "ada:…"),
        ("//ada:secret@example.org/x", "…"), ("ada@example.org", "…"), ("ftp://ada:secret@example.org", "ftp:…"),
    ],
)  # fmt: skip
def test_what_is_no_url_is_shown_without_what_may_be_secret(text: str, shown: str) -> None:
    with pytest.raises(InvalidOption) as caught:
        Link(text)
    assert caught.value.value == shown


def test_a_link_may_be_written_in_many_ways() -> None:
    for url in (
        "http://example.org",
        "HTTPS://Example.org:8443/a/b.csv?c=d#e",
        "http://[2001:db8::1]/x",
        "https://bücher.de/",
    ):
        assert Link(url).url == url


@given(
    WORDS, WORDS, WORDS, st.sampled_from(["token", "api_key", "X-Amz-Signature", "sig", "access-key", "AccessToken"])
)
def test_no_secret_is_shown(user: str, password: str, secret: str, name: str) -> None:
    link = Link(f"https://{user}:{password}@example.org/cars.csv?year=2024&{name}={secret}&page=1#{secret}")
    assert link.shown == "https://example.org/cars.csv?year=2024&page=1"
    assert repr(link) == f"Link({link.shown!r})"


@given(WORDS, st.sampled_from(["ftp://{}@h/", "http://u:{}@[bad/", "http://u:{}/x@h/", "http://u:{}@h :1/", "x:{}@h"]))
def test_no_secret_is_shown_of_what_is_no_link(secret: str, form: str) -> None:
    with pytest.raises(InvalidOption) as caught:
        Link(form.format(f"Z{secret}"))
    assert secret not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://example.org/a/cars.csv?x=y.json", "cars.csv"),
        ("https://example.org/Cars%202024.csv", "Cars 2024.csv"),
        ("https://example.org/..%2f..%2fetc%2fpasswd", "passwd"),
        ("https://example.org/a%0d%0aX:b.csv", "aX:b.csv"),
        ("https://example.org/", None),
        ("https://example.org", None),
        ("https://example.org/..", None),
    ],
)
def test_the_file_is_named_after_the_end_of_the_path(url: str, name: str | None) -> None:
    assert Link(url).file_name == name


@pytest.mark.parametrize(
    ("file_name", "stem", "format"),
    [
        ("cars.csv.gz", "cars", "csv"),
        ("cars.2024.json.zst", "cars.2024", "json"),
        ("cars.tsv.GZIP", "cars", "tsv"),
        ("cars.gz", "cars", None),
        ("cars.zstd", "cars", None),
        (".gz", ".gz", None),
        ("gz", "gz", None),
        ("cars.csv", "cars", "csv"),
    ],
)
def test_a_packed_file_is_named_after_what_it_holds(file_name: str, stem: str, format: str | None) -> None:
    label = Label(file_name, "application/gzip")
    assert (label.stem, label.format) == (stem, format)
