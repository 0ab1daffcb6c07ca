from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot_core.changes import DatasetChanges, tidy_tags
from entrepot_core.dataset import Dataset, Role
from entrepot_core.errors import InvalidOption, Stale
from entrepot_core.names import DatasetName
from entrepot_core.source import NewDataset
from tests.contracts.datasets import NOON, dataset, digest, version

LATER = NOON + timedelta(hours=1)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
TAGS = st.lists(TEXTS.filter(lambda text: "," not in text), max_size=5).map(tuple)
CHANGES = st.builds(
    DatasetChanges,
    name=st.none() | st.just(DatasetName("autos")),
    title=st.none() | TEXTS,
    description=st.none() | TEXTS,
    tags=st.none() | TAGS,
    published=st.none() | st.booleans(),
)


@given(CHANGES)
def test_an_edit_changes_what_is_given_and_counts(changes: DatasetChanges) -> None:
    before = dataset(tags=("old",))
    after = before.edited(changes, LATER)
    for name in ("name", "title", "description", "published"):
        given = getattr(changes, name)
        assert getattr(after, name) == (getattr(before, name) if given is None else given)
    assert after.tags == (before.tags if changes.tags is None else tidy_tags(changes.tags))
    assert (after.updated_at, after.revision) == (LATER, before.revision + 1)
    assert (after.id, after.created_at, after.version, after.latest) == (
        (before.id, before.created_at, before.version, before.latest)
    )


@given(CHANGES, st.integers(1, 50), st.integers(1, 50))
def test_a_successor_has_the_next_number_whichever_version_is_seen(
    changes: DatasetChanges, latest: int, seen: int
) -> None:
    before = msgspec.structs.replace(dataset(), latest=latest, version=version(min(seen, latest)))
    newer = msgspec.structs.replace(version(mark="new"), created_at=LATER)
    after = before.succeeded_by(newer, changes)
    assert after.latest == after.version.number == latest + 1
    assert msgspec.structs.replace(after.version, number=1) == newer
    assert (after.updated_at, after.revision) == (LATER, before.revision + 1)
    assert after == msgspec.structs.replace(before.edited(changes, LATER), version=after.version, latest=after.latest)


@given(TAGS)
def test_tidy_tags_are_sorted_bare_and_unique(tags: tuple[str, ...]) -> None:
    tidy = tidy_tags(tags)
    assert list(tidy) == sorted(set(tidy))
    assert set(tidy) == {tag.strip() for tag in tags} - {""}
    assert tidy_tags(tidy) == tidy


@pytest.mark.parametrize("kind", [DatasetChanges, NewDataset])
def test_a_tag_has_no_comma(kind: type[DatasetChanges | NewDataset]) -> None:
    with pytest.raises(InvalidOption, match="a,b") as caught:
        kind(tags=("x", "a,b"))
    assert (caught.value.option, caught.value.value) == ("tags", "a,b")


def test_a_column_of_images_is_kept_once() -> None:
    before = dataset(tags=("old",))
    after = before.edited(DatasetChanges(images=("b", "a", "b")), LATER)
    assert after.images == ("b", "a")
    imaged = msgspec.structs.replace(after, imaged=1)
    assert imaged.edited(DatasetChanges(images=("b", "b", "a")), LATER).imaged == 1


def test_a_revision_that_is_known_is_insisted_on() -> None:
    one: Dataset = dataset()
    one.require(None)
    one.require(1)
    with pytest.raises(Stale) as caught:
        one.require(2)
    assert caught.value.ref == "cars"


def test_a_version_knows_its_forms_by_their_roles() -> None:
    found = version(mark="m")
    assert found.original is not None
    assert found.original.role is Role.ORIGINAL
    assert found.parts == (digest("m part 1"), digest("m part 2"))
    assert found.profile == digest("m profile")
    assert version(table_only=True).original is None
