"""Which columns of a table that is published hold images."""

from collections.abc import Iterator

import pytest

from entrepot.settings import MEMORY, Settings
from entrepot.wiring import open_home
from entrepot_core.changes import DatasetChanges
from entrepot_core.dialect import ImportOptions, no_report
from entrepot_core.errors import InvalidOption, UnknownColumn
from entrepot_core.names import DatasetRef
from entrepot_core.ports.operations import Source
from entrepot_core.rows.query import RowQuery
from entrepot_core.source import Label, NewDataset
from entrepot_core.use_cases.local import LocalOperations
from entrepot_core.views import DatasetView

WEB = "https://127.0.0.1/"


@pytest.fixture
def operations() -> Iterator[LocalOperations]:
    with open_home(MEMORY, Settings()) as home:
        operations = LocalOperations(home.driven)
        yield operations
        operations.close()


def landed(operations: LocalOperations, column: str, texts: list[str], details: NewDataset) -> DatasetView:
    rows = "\n".join(f'{number},"{text}"' for number, text in enumerate(texts))
    source = Source([f"n,{column}\n{rows}\n".encode()], Label("cars.csv"))
    return operations.add_dataset(source, details, ImportOptions(), no_report)


@pytest.mark.parametrize(
    ("column", "texts", "is_found"),
    [
        ("image", [WEB + "a", WEB + "b"], True),
        ("Foto-URL", [WEB + "a.jpg"], True),
        ("front", ["img/a.JPG", "b.png"], True),
        ("photo", [WEB + "a.jpg", "n/a", "-"], True),
        ("photo", [WEB + "a.jpg", "", "no url"], True),
        ("photo", [WEB + "a.jpg", "no url", "nor this"], False),
        ("front", [WEB + "a.jpg", "no url"], False),
        ("link", [WEB + "a", WEB + "b"], False),
        ("photo", ["a photo", "another"], False),
        ("photo", ["n/a", "n/a"], False),
        ("imagination", [WEB + "a", WEB + "b"], False),
    ],
)
def test_columns_of_images_are_recognised(
    operations: LocalOperations, column: str, texts: list[str], *, is_found: bool
) -> None:
    found = (column,) if is_found else ()
    assert landed(operations, column, texts, NewDataset(published=True)).images == found


def test_nothing_is_looked_for_where_somebody_has_said_or_nothing_is_published(operations: LocalOperations) -> None:
    assert landed(operations, "image", [WEB + "a"], NewDataset(published=True, images=())).images == ()
    made = landed(operations, "image", [WEB + "a"], NewDataset())
    assert made.images == ()
    published = operations.edit_dataset(DatasetRef(made.id), DatasetChanges(published=True))
    assert published.images == ("image",)


def test_the_next_version_is_looked_at_anew_where_none_was_found(operations: LocalOperations) -> None:
    made = landed(operations, "image", ["later"], NewDataset(published=True))
    source = Source([b"n,image\n1,a.jpg\n"], Label("cars.csv"))
    after = operations.replace_dataset(DatasetRef(made.id), source, DatasetChanges(), ImportOptions(), no_report)
    assert (made.images, after.images) == ((), ("image",))


def test_a_column_that_can_hold_none_is_refused_and_nothing_is_stored(operations: LocalOperations) -> None:
    with pytest.raises(UnknownColumn):
        landed(operations, "image", ["a"], NewDataset(images=("picture",)))
    with pytest.raises(InvalidOption, match="integer"):
        landed(operations, "image", ["a"], NewDataset(images=("n",)))
    assert not operations.search("cars").items


def test_a_version_without_a_column_of_images_warns(operations: LocalOperations) -> None:
    made = landed(operations, "image", ["a.jpg"], NewDataset(published=True))
    source = Source([b"n,picture\n1,a.jpg\n"], Label("cars.csv"))
    after = operations.replace_dataset(DatasetRef(made.id), source, DatasetChanges(), ImportOptions(), no_report)
    assert after.images == ()
    assert "'image', which held images, is not there any more" in after.import_report.warnings[-1]


def test_words_are_not_looked_for_in_urls(operations: LocalOperations) -> None:
    landed(operations, "image", [WEB + "cars/a.jpg"], NewDataset(published=True))
    assert not operations.read_collection("cars", RowQuery(q="cars")).items
    assert operations.read_rows(DatasetRef("cars"), RowQuery(q="cars")).total == 1
