import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot_core.changes import DatasetChanges
from entrepot_core.errors import InvalidOption
from entrepot_core.formats import Format
from entrepot_core.source import Label, NewDataset, base_name

HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
BYTES = 200
PATHS = st.one_of(
    st.text(st.characters(), max_size=20),
    st.text(st.sampled_from("ab./\\: \u202e\u200b\n\t\x00\x7fé🚗\ud800"), max_size=500),
    st.builds(lambda one, other: one * other, st.text(max_size=3), st.integers(0, 400)),
)


@given(PATHS)
def test_a_base_name_is_safe(path: str) -> None:
    name = base_name(path)
    if name is None:
        return
    assert not set(name) & set("/\\")
    assert not {unicodedata.category(char) for char in name} & HIDDEN
    assert 0 < len(name.encode()) <= BYTES
    assert name == name.strip()
    assert name.strip(". ")


@given(PATHS)
def test_a_base_name_is_its_own(path: str) -> None:
    name = base_name(path)
    assert name is None or base_name(name) == name


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("cars.csv", "cars.csv"),
        ("/data/x/cars.csv", "cars.csv"),
        ("C:\\data\\cars.csv", "cars.csv"),
        ("../../etc/passwd", "passwd"),
        ("a/b/", None),
        ("..", None),
        (" . ", None),
        ("", None),
        ("cars\u202evsc.exe", "carsvsc.exe"),
        ("a\r\nb.csv", "ab.csv"),
        (".hidden", ".hidden"),
        ("Čärs 🚗.csv", "Čärs 🚗.csv"),
        ("x" * 300 + ".csv", "x" * 196 + ".csv"),
        ("🚗" * 300 + ".csv", "🚗" * 49 + ".csv"),
        ("x" * 500 + "." + "y" * 300, "x" * 200),
        ("a." + "y" * 300, "a." + "y" * 198),
    ],
)
def test_base_names(path: str, name: str | None) -> None:
    assert base_name(path) == name


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        (Label("a.csv", "application/json; charset=utf-8"), Format.JSON),
        (Label("a.csv", "application/octet-stream"), Format.CSV),
        (Label("a.PARQUET"), Format.PARQUET),
        (Label("a"), None),
        (Label(), None),
    ],
)
def test_the_media_type_says_more_than_the_name(label: Label, expected: Format | None) -> None:
    assert label.format is expected


def test_a_table_is_an_arrow_stream_without_a_file_name() -> None:
    arrow = Format.ARROW.media_type
    assert Label(None, arrow).is_table
    assert not Label("a.arrow", arrow).is_table
    assert not Label(None, "text/csv").is_table


@pytest.mark.parametrize(("name", "stem"), [("a.b.csv", "a.b"), ("a", "a"), (".csv", ".csv"), (None, "")])
def test_stems(name: str | None, stem: str) -> None:
    assert Label(name).stem == stem


def test_a_new_dataset_says_what_to_change_in_one_that_is_there() -> None:
    details = NewDataset(title="T", tags=("a",), published=False, if_exists="replace")
    assert details.changes == DatasetChanges(title="T", tags=("a",), published=False)


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "a\udcff"])
def test_texts_that_cannot_be_stored_are_refused(text: str) -> None:
    for refused in (
        lambda: NewDataset(title=text),
        lambda: NewDataset(description=text),
        lambda: DatasetChanges(tags=("fine", text)),
    ):
        with pytest.raises(InvalidOption) as caught:
            refused()
        str(caught.value).encode()
