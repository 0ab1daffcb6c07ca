from html.parser import HTMLParser
from operator import methodcaller
from pathlib import Path

import pytest
from IPython.core.formatters import DisplayFormatter

import entrepot
from entrepot.library import notebook
from tests.serving import served

HOSTILE = "</bdi></table><script>alert(1)</script><img src=x onerror=alert(1)> \"'&amp;\u202e"
TAGS = {
    "bdi",
    "br",
    "code",
    "div",
    "h4",
    "li",
    "rect",
    "span",
    "style",
    "svg",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
}
VOID = {"br", "img", "rect"}


class Page(HTMLParser):
    """What a browser makes of some HTML: its tags, its text, and whether every tag was closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.values: list[tuple[str, str]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.values += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def page_of(thing: object) -> Page:
    """What Jupyter shows of it."""
    return Page(methodcaller("_repr_html_")(thing))


@pytest.fixture
def hostile(store: entrepot.Store) -> entrepot.Dataset:
    """A dataset that is hostile wherever it can be."""
    quoted = '"' + HOSTILE.replace('"', '""') + '"'
    content = f"{quoted},text\n1.5,{quoted}\n2.5,{quoted}\n".encode()
    return store.add(content, "hostile", title=HOSTILE, tags=[HOSTILE], file_name=f"{HOSTILE}.csv", progress=False)


def test_nothing_of_the_data_becomes_a_tag(store: entrepot.Store, hostile: entrepot.Dataset) -> None:
    for page in (page_of(hostile), page_of(hostile.rows()), page_of(store)):
        assert set(page.tags) <= TAGS
        assert not {name for name in page.attributes if name.startswith(("on", "src", "href"))}
        assert page.open == []
        assert "<script>alert(1)" in page.text


def test_a_card_has_title_shape_rows_and_a_histogram_for_each_numeric_column(cars: entrepot.Dataset) -> None:
    page = page_of(cars)
    assert "cars" in page.text
    assert "6 rows × 4 columns" in page.text
    assert "2024-02-05" in page.text
    assert page.tags.count("svg") == 2


def test_a_card_has_notes_of_what_was_noticed(store: entrepot.Store) -> None:
    noted = store.add(b"a,<b>\n1,2\nx,3\n4,5,6,7\n" + b"5,6\n" * 20, "noted", progress=False)
    assert len(noted.notes) == 2
    assert repr(noted) == "<Dataset 'noted': 22 rows × 2 columns, version 1, 2 notes>"
    page = Page(methodcaller("_repr_html_")(noted))
    assert all(note in page.text for note in noted.notes)
    assert page.tags.count("li") == 2
    assert repr(noted.replace(b"a,b\n1,2\n", progress=False)).endswith(", version 2>")


def test_wide_tables_and_long_texts_are_cut(store: entrepot.Store) -> None:
    names = ",".join(f"c{number}" for number in range(30))
    values = ",".join(["long " * 50] * 30)
    wide = store.add(f"{names}\n{values}\n".encode(), "wide", progress=False)
    page = page_of(wide)
    assert "… and 18 more columns" in page.text
    assert "long " * 13 not in page.text


def test_a_histogram_without_counts_is_left_out() -> None:
    empty = {"column_type": "int", "column_statistics": {"histogram": None}}
    assert notebook.sparkline(empty) == ""


def test_many_bins_are_added_up_to_few_bars() -> None:
    entry = {"column_type": "float", "column_statistics": {"histogram": {"hist": [1] * 100}}}
    assert notebook.sparkline(entry).count("<rect") == 20


def test_facets_versions_and_differences_are_tables(cars: entrepot.Dataset) -> None:
    cars.update({2: {"price": 9}})
    cars.append({"make": "Di"})
    assert "Ada" in page_of(cars.facets("make", "doors")).text
    assert page_of(cars.facets("make", "doors")).tags.count("table") == 2
    assert "and others" in page_of(cars.facets("make", limit=1)).text
    assert "1 row added" in page_of(cars.versions()).text
    differences = page_of(cars.diff(1))
    assert "1 row added, 0 removed, 1 changed" in differences.text
    assert "11.5" in differences.text
    assert "and 1 more row" in page_of(cars.diff(1, limit=1)).text


def test_nothing_of_what_changed_becomes_a_tag(hostile: entrepot.Dataset) -> None:
    hostile.append({"text": f"{HOSTILE}2"})
    hostile.update({1: {"text": f"{HOSTILE}3"}})
    for page in (
        page_of(hostile.facets("text", hostile.columns[0])),
        page_of(hostile.versions()),
        page_of(hostile.diff(1)),
    ):
        assert set(page.tags) <= TAGS
        assert page.open == []


def displayed(thing: object, capfd: pytest.CaptureFixture[str]) -> dict[str, object]:
    """What a notebook gets of a thing, without a word on its error stream."""
    data: dict[str, object] = DisplayFormatter().format(thing)[0]
    assert capfd.readouterr() == ("", "")
    return data


def test_a_chart_tells_in_its_place_why_it_can_not_be_drawn(
    cars: entrepot.Dataset, capfd: pytest.CaptureFixture[str]
) -> None:
    wrong = cars.plot(columns=["prize"])
    data = displayed(wrong, capfd)
    assert set(data) == {"text/plain", "text/html"}
    assert "There is no column 'prize'. Did you mean 'price'?" in Page(str(data["text/html"])).text
    with pytest.raises(entrepot.UnknownColumn):
        _ = wrong.svg
    assert set(displayed(cars.plot(), capfd)) == {"text/plain", "image/svg+xml", "image/png"}
    hostile = Page(str(displayed(cars.plot(columns=[HOSTILE]), capfd)["text/html"]))
    assert set(hostile.tags) == {"div", "style"}


def test_a_dataset_that_is_gone_tells_so_in_its_place(
    store: entrepot.Store, cars: entrepot.Dataset, capfd: pytest.CaptureFixture[str]
) -> None:
    chart = cars.plot()
    cars.delete()
    for thing in (cars, chart):
        assert "There is no dataset" in Page(str(displayed(thing, capfd)["text/html"])).text
    assert "0 datasets" in page_of(store).text


def test_a_store_whose_server_is_gone_tells_so_in_its_place(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with served(tmp_path) as url:
        store = entrepot.connect(url)
    assert "No Entrepot server answers" in Page(str(displayed(store, capfd)["text/html"])).text
    store.close()
