import io
from collections.abc import Iterable
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest

from entrepot.library.incoming import Landable, opened
from entrepot_core.errors import FileMissing, InvalidOption
from entrepot_core.ports.operations import Source
from entrepot_core.source import Label, Link

FRAME = pl.DataFrame({"a": [1, 2], "b": ["x", None]})


def content(source: Source) -> bytes:
    assert isinstance(source.content, Iterable)
    return b"".join(source.content)


def test_a_path_is_labelled_with_its_base_name_and_size(tmp_path: Path) -> None:
    path = tmp_path / "Cars 2024.csv"
    path.write_bytes(b"a\n1\n")
    with opened(path) as source:
        assert (content(source), source.label, source.size) == (b"a\n1\n", Label("Cars 2024.csv"), 4)


def test_a_url_is_left_to_the_store() -> None:
    with opened("https://ada:secret@example.org/data/cars.csv.gz") as source, opened("http://x.org/", "y.csv") as named:
        assert (source.content, source.label) == (Link("https://ada:secret@example.org/data/cars.csv.gz"), Label(None))
        assert (source.known.file_name, source.known.stem) == ("cars.csv.gz", "cars")
        assert named.known.file_name == "y.csv"


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://ada:secret@example.org/x.csv", "s3://bucket/cars.csv"])
def test_a_url_that_is_not_fetched_says_so_without_its_password(url: str) -> None:
    with pytest.raises(InvalidOption, match="only http and https URLs can be fetched") as caught, opened(url):
        pass
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("thing", [b"a\n1\n", bytearray(b"a\n1\n"), memoryview(b"a\n1\n")])
def test_bytes_have_no_name_of_their_own(thing: Landable) -> None:
    with opened(thing) as source:
        assert (content(source), source.label, source.size) == (b"a\n1\n", Label(None), 4)


def test_an_open_file_stays_open_and_is_read_from_where_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "cars.csv"
    path.write_bytes(b"# skip\na\n1\n")
    with path.open("rb") as file:
        file.readline()
        with opened(file) as source:
            assert (content(source), source.label.file_name) == (b"a\n1\n", "cars.csv")
        assert not file.closed


def test_an_open_text_is_encoded() -> None:
    with opened(io.StringIO("é\n1\n"), "x.csv") as source:
        assert (content(source), source.label.file_name) == ("é\n1\n".encode(), "x.csv")


@pytest.mark.parametrize(
    "table",
    [FRAME, FRAME.lazy(), FRAME.to_pandas(), FRAME.to_arrow(), pa.RecordBatchReader.from_stream(FRAME)],
    ids=["polars", "lazy", "pandas", "arrow", "stream"],
)
def test_a_table_comes_as_an_arrow_stream_and_never_was_a_file(table: Landable) -> None:
    with opened(table) as source:
        assert source.label.is_table
        written = content(source)
    assert source.size == len(written)
    assert pl.read_ipc_stream(written).equals(FRAME)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("missing.csv", "there is no such file"),
        (".", "it is a folder"),
        (Path("https://example.org/x.csv"), "it is a URL"),
    ],
)
def test_a_path_that_can_not_be_read_says_why(path: str | Path, reason: str) -> None:
    with pytest.raises(FileMissing, match=reason), opened(path):
        pass


def test_anything_else_is_a_type_error_that_says_what_can_be_landed() -> None:
    with pytest.raises(TypeError, match="int can't be landed; give a path, a URL"), opened(5):  # type: ignore[arg-type]  # the test
        pass
