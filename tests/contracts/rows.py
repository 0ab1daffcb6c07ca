"""What every implementation of ``Operations`` does with rows and versions, embedded or remote."""

import io
import json
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from entrepot_core import errors
from entrepot_core.changes import DatasetChanges
from entrepot_core.dialect import ImportOptions, no_report
from entrepot_core.formats import Format
from entrepot_core.names import DatasetName
from entrepot_core.ports.operations import Operations
from entrepot_core.rows.query import FacetQuery, RowFilter, RowQuery
from entrepot_core.schema import FieldType
from entrepot_core.selection import DatasetQuery, VersionQuery
from entrepot_core.views import DatasetView
from tests.contracts.operations import NOBODY, ROWS, add, csv, ref

if TYPE_CHECKING:
    from collections.abc import Callable

    from entrepot_core.rows.edits import Row
    from entrepot_core.rows.views import RowsChanged

FIAT, SKODA, _ = ROWS


def rows(operations: Operations, dataset: DatasetView, **query: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - of any type
    """The rows of a page."""
    found: list[dict[str, Any]] = json.loads(bytes(operations.read_rows(ref(dataset), RowQuery(**query)).rows))
    return found


def ids(operations: Operations, dataset: DatasetView, **query: Any) -> list[int]:  # noqa: ANN401 - as above
    """The numbers of the rows of a page."""
    return [row["_id"] for row in rows(operations, dataset, **query)]


class RowsContract:
    """Inherit, and give the fixture ``operations``: an empty store."""

    # --- selecting ------------------------------------------------------------------------------

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ({"where": (("price__gt", "10.5"),)}, [3]),
            ({"where": (("make", "a,b"),)}, [3]),
            ({"where": (("make__in", 'Fiat,"a,b"'), ("sold", "true"))}, [1, 3]),
            ({"where": (("price__isnull", "1"),)}, [2]),
            ({"where": (("when__gte", "2024-02-03"), ("when__lt", "2024-03-04"))}, [2]),
            ({"where": (("_id__in", "3,1"),)}, [1, 3]),
            ({"any_of": ("(price__gt.20,make.Fiat)",)}, [1, 3]),
            ({"any_of": ('(make."a,b",make.Fiat)', "(price__lt.20)")}, [1]),
            ({"q": "ŠKODA"}, [2]),
            ({"sort": ("-price",)}, [3, 1, 2]),
            ({"sort": ("sold", "-_id")}, [2, 3, 1]),
            ({"sort": ("price",), "limit": 1, "offset": 1}, [3]),
        ],
    )
    def test_rows_are_selected_and_sorted(
        self, operations: Operations, query: dict[str, Any], expected: list[int]
    ) -> None:
        dataset = add(operations)
        assert ids(operations, dataset, **query) == expected
        wished: dict[str, Any] = {"limit": None, **query, "columns": ("_id",)}
        with operations.export(ref(dataset), Format.CSV, RowQuery(**wished)) as download:
            assert [int(line) for line in download.read().split()[1:]] == expected

    @pytest.mark.parametrize(
        ("text", "word"),
        [
            ("Müller", "MÜLLER"), ("Müller", "mu\u0308ller"), ("Mu\u0308ller", "müller"), ("Straße", "STRASSE"),
            ("ΟΔΟΣ", "οδος"), ("ﬁne", "FINE"), ("\uff2bia", "kia"),
        ],
    )  # fmt: skip
    def test_a_word_is_found_in_rows_as_in_titles_and_names(self, operations: Operations, text: str, word: str) -> None:
        dataset = add(operations, f"{text},n\nno,1\n{text},2\n", title=f"A {text}")
        assert ids(operations, dataset, q=word) == [2]
        assert operations.list_datasets(DatasetQuery(q=word)).total == 1
        assert len(operations.search(word).items) == 1
        assert ids(operations, dataset, q="muller") == []  # an accent is a letter's own

    def test_columns_may_be_called_like_what_a_query_has(self, operations: Operations) -> None:
        dataset = add(operations, 'limit,or,"a,b",__,a__gt,where\n1,x,2,3,4,5\n2,y,3,4,5,6\n', name="odd")
        for where in (("limit", "2"), ("or", "y"), ("a,b", "3"), ("__", "4"), ("a__gt", "5"), ("where__gte", "6")):
            assert ids(operations, dataset, where=(where,)) == [2], where
        assert ids(operations, dataset, sort=("-a,b",)) == [2, 1]
        assert rows(operations, dataset, columns=("a,b",), limit=1) == [{"_id": 1, "a,b": 2}]
        assert [one.column for one in operations.facets(ref(dataset), FacetQuery(columns=("a,b", "or"))).facets] == [
            "a,b", "or",
        ]  # fmt: skip

    def test_pages_of_a_selection_show_each_row_once(self, operations: Operations) -> None:
        dataset = add(operations, "n\n" + "".join(f"{number % 7}\n" for number in range(50)), name="numbers")
        query: dict[str, Any] = {"where": (("n__not", "3"),), "sort": ("-n",), "limit": 9}
        seen, cursor = list[tuple[int, int]](), None
        while True:
            page = operations.read_rows(ref(dataset), RowQuery(**query, cursor=cursor))
            assert (page.total, page.offset) == (43, len(seen))
            seen += [(-row["n"], row["_id"]) for row in json.loads(bytes(page.rows))]
            cursor = page.next
            if cursor is None:
                break
        assert seen == sorted(seen)
        assert len(set(seen)) == 43

    def test_a_cursor_of_other_rows_is_refused(self, operations: Operations) -> None:
        dataset = add(operations)
        cursor = operations.read_rows(ref(dataset), RowQuery(limit=1, where=(("sold", "1"),))).next
        with pytest.raises(errors.InvalidCursor):
            operations.read_rows(ref(dataset), RowQuery(limit=1, cursor=cursor))

    def test_what_a_filter_can_not_be_is_told(self, operations: Operations) -> None:
        dataset = add(operations)
        for where in (("price", "cheap"), ("price__near", "1"), ("price__like", "1")):
            with pytest.raises(errors.InvalidFilter) as invalid:
                operations.read_rows(ref(dataset), RowQuery(where=(where,)))
            assert invalid.value.filter == where[0]
        with pytest.raises(errors.UnknownColumn) as unknown:
            operations.export(ref(dataset), Format.CSV, RowQuery(where=(("prize__gt", "1"),)))
        assert (unknown.value.column, unknown.value.columns) == ("prize", ["make", "price", "sold", "when"])

    def test_a_row_is_found_by_its_number(self, operations: Operations) -> None:
        dataset = add(operations)
        found = operations.get_row(ref(dataset), 2)
        assert (json.loads(bytes(found.row)), found.version) == (SKODA, 1)
        for number in (0, -1, 4, 2**63, 10**30):
            with pytest.raises(errors.RowNotFound) as caught:
                operations.get_row(ref(dataset), number)
            assert caught.value.row == number

    def test_facets_tell_infinities_from_nulls(self, operations: Operations) -> None:
        added = add(operations, "f,g\n1.5,a\ninf,b\n-inf,c\n,d\n")
        (found,) = operations.facets(ref(added), FacetQuery(columns=("f",))).facets
        assert [(bytes(one.value), one.count) for one in found.values] == [
            (b'"-inf"', 1), (b"1.5", 1), (b'"inf"', 1), (b"null", 1),
        ]  # fmt: skip
        for value in ("inf", "-inf"):
            assert operations.read_rows(ref(added), RowQuery(where=(("f", value),))).total == 1

    def test_facets_count_values(self, operations: Operations) -> None:
        dataset = add(operations)
        found = operations.facets(ref(dataset), FacetQuery(columns=("sold", "price"), where=(("_id__lt", "3"),)))
        assert found.version == 1
        assert [
            (one.column, [(json.loads(bytes(value.value)), value.count) for value in one.values], one.more)
            for one in found.facets
        ] == [("sold", [(False, 1), (True, 1)], False), ("price", [(10.5, 1), (None, 1)], False)]
        limited = operations.facets(ref(dataset), FacetQuery(columns=("sold",), limit=1)).facets[0]
        assert ([(bytes(one.value), one.count) for one in limited.values], limited.more) == ([(b"true", 2)], True)
        with pytest.raises(errors.InvalidOption):
            operations.facets(ref(dataset), FacetQuery())
        with pytest.raises(errors.UnknownColumn):
            operations.facets(ref(dataset), FacetQuery(columns=("nope",)))

    # --- editing --------------------------------------------------------------------------------

    def test_rows_are_added_changed_and_removed_each_in_a_version(self, operations: Operations) -> None:
        dataset = add(operations)
        added = operations.append_rows(ref(dataset), [{"make": "Opel", "price": 7}, {"when": "2024-05-06"}])
        assert (added.version, added.revision, added.ids) == (2, 2, (4, 5))
        changed = operations.update_rows(ref(dataset), [{"_id": 5, "make": "VW"}, {"_id": 1, "price": None}], 2)
        assert (changed.version, changed.revision, set(changed.ids)) == (3, 3, {1, 5})
        whole = operations.update_rows(ref(dataset), [{"_id": 3, "make": "Kia"}], whole=True)
        removed = operations.remove_rows(ref(dataset), [2])
        assert (whole.version, removed.version, removed.ids) == (4, 5, (2,))
        empty = {"price": None, "sold": None, "when": None}
        assert rows(operations, dataset) == [
            {**FIAT, "price": None},
            {"_id": 3, "make": "Kia", **empty},
            {"_id": 4, "make": "Opel", **empty, "price": 7.0},
            {"_id": 5, "make": "VW", **empty, "when": "2024-05-06"},
        ]
        assert operations.append_rows(ref(dataset), [{}]).ids == (6,)
        last = operations.get_dataset(ref(dataset))
        assert (last.rows, last.version, last.revision, last.file_name) == (5, 6, 6, None)
        for version, expected in ((1, ROWS), (2, [*ROWS, {"_id": 4, "make": "Opel", **empty, "price": 7.0}])):
            page = operations.read_rows(ref(dataset), RowQuery(), version)
            assert json.loads(bytes(page.rows))[: len(expected)] == expected
        assert operations.get_statistics(ref(dataset)).num_examples == 5
        assert operations.describe(ref(dataset))["price"]["count"] == 1
        with pytest.raises(errors.NoOriginal):
            operations.open_file(ref(dataset))

    def test_rows_are_removed_by_a_filter(self, operations: Operations) -> None:
        dataset = add(operations)
        removed = operations.remove_rows(ref(dataset), RowFilter(where=(("sold", "true"),), any_of=("(_id.1,_id.2)",)))
        assert (removed.version, removed.ids) == (2, (1,))
        assert operations.remove_rows(ref(dataset), RowFilter(q="nobody")).version == 2
        with pytest.raises(errors.NoFilter):
            operations.remove_rows(ref(dataset), RowFilter())
        with pytest.raises(errors.UnknownColumn):
            operations.remove_rows(ref(dataset), RowFilter(where=(("nope", "1"),)))
        with pytest.raises(errors.InvalidFilter):
            operations.remove_rows(ref(dataset), RowFilter(where=(("price", "x"),)))
        assert ids(operations, dataset) == [2, 3]

    def test_an_edit_of_nothing_makes_no_version(self, operations: Operations) -> None:
        dataset = add(operations)
        for made in (
            operations.append_rows(ref(dataset), []),
            operations.update_rows(ref(dataset), []),
            operations.remove_rows(ref(dataset), []),
        ):
            assert (made.version, made.revision, made.ids) == (1, 1, ())
        assert operations.get_dataset(ref(dataset)) == dataset

    def test_what_does_not_fit_is_told_cell_by_cell_and_nothing_is_written(self, operations: Operations) -> None:
        dataset = add(operations)
        wrong: list[Row] = [
            {"make": "ok"},
            {"price": "cheap", "nope": 1},
            {"_id": 9},
            {"when": "31.1.2024"},
            {"sold": 1},
        ]
        with pytest.raises(errors.InvalidRows) as caught:
            operations.append_rows(ref(dataset), wrong)
        assert [(one.row, one.column, one.value) for one in caught.value.errors] == [
            (2, "price", "cheap"), (2, "nope", 1), (3, "_id", 9), (4, "when", "31.1.2024"), (5, "sold", 1),
        ]  # fmt: skip
        with pytest.raises(errors.InvalidRows) as unnumbered:
            operations.update_rows(ref(dataset), [{"make": "x"}, {"_id": 1}, {"_id": 1}])
        assert [(one.row, one.column) for one in unnumbered.value.errors] == [(1, "_id"), (3, "_id")]
        for value in (float("inf"), "\ud800", object()):
            with pytest.raises(errors.InvalidRows) as unstorable:
                operations.append_rows(ref(dataset), [{"make": "x"}, {"make": value}])
            assert [(one.row, one.column) for one in unstorable.value.errors] == [(2, "make")]
        assert operations.get_dataset(ref(dataset)) == dataset

    def test_one_row_that_is_not_there_keeps_all_from_being_changed(self, operations: Operations) -> None:
        dataset = add(operations)
        calls: list[Callable[[], RowsChanged]] = [
            lambda: operations.update_rows(ref(dataset), [{"_id": 1, "make": "x"}, {"_id": 7, "make": "x"}]),
            lambda: operations.remove_rows(ref(dataset), [1, 7]),
        ]
        for call in calls:
            with pytest.raises(errors.RowNotFound) as caught:
                call()
            assert (caught.value.ref, caught.value.row) == ("cars", 7)
        assert operations.get_dataset(ref(dataset)) == dataset

    def test_numbers_keep_their_digits(self, operations: Operations) -> None:
        dataset = add(operations, "big,small\n9007199254740993,0.1\n", name="digits")
        operations.append_rows(ref(dataset), [{"big": 2**63 - 1, "small": Decimal("0.30000000000000004")}])
        assert rows(operations, dataset)[1] == {"_id": 2, "big": 2**63 - 1, "small": 0.30000000000000004}

    def test_an_edit_of_what_has_changed_since_is_refused(self, operations: Operations) -> None:
        dataset = add(operations)
        operations.append_rows(ref(dataset), [{}], 1)
        for call in (
            lambda: operations.append_rows(ref(dataset), [{}], 1),
            lambda: operations.update_rows(ref(dataset), [{"_id": 1, "make": "x"}], 1),
            lambda: operations.remove_rows(ref(dataset), [1], 1),
            lambda: operations.remove_rows(ref(dataset), RowFilter(q="Fiat"), 1),
            lambda: operations.restore_version(ref(dataset), 1, 1),
        ):
            with pytest.raises(errors.Stale):
                call()
        assert operations.get_dataset(ref(dataset)).revision == 2

    def test_edits_at_once_are_all_kept(self, operations: Operations) -> None:
        dataset = add(operations)
        with ThreadPoolExecutor(4) as pool:
            made = list(pool.map(lambda n: operations.append_rows(ref(dataset), [{"make": f"n{n}"}]), range(12)))
        assert sorted(one.version for one in made) == list(range(2, 14))
        assert sorted(one.ids[0] for one in made) == list(range(4, 16))
        assert {row["make"] for row in rows(operations, dataset)[3:]} == {f"n{n}" for n in range(12)}

    def test_a_cursor_reads_on_in_its_version_past_edits(self, operations: Operations) -> None:
        dataset = add(operations)
        first = operations.read_rows(ref(dataset), RowQuery(limit=2, sort=("-make",)))
        operations.remove_rows(ref(dataset), [1])
        second = operations.read_rows(ref(dataset), RowQuery(limit=2, sort=("-make",), cursor=first.next))
        assert ([row["_id"] for row in json.loads(bytes(second.rows))], second.version) == ([1], 1)

    # --- versions -------------------------------------------------------------------------------

    def test_a_history_tells_how_each_version_came_to_be(self, operations: Operations) -> None:
        dataset = add(operations)
        operations.append_rows(ref(dataset), [{}, {}])
        operations.update_rows(ref(dataset), [{"_id": 4, "make": "x"}])
        operations.remove_rows(ref(dataset), [4])
        operations.restore_version(ref(dataset), 1)
        operations.replace_dataset(ref(dataset), csv(CARS2), DatasetChanges(), ImportOptions(), no_report)
        page = operations.list_versions(ref(dataset), VersionQuery())
        assert [one.version for one in page.items] == [6, 5, 4, 3, 2, 1]
        assert [(one.cause.kind, one.rows) for one in page.items] == [
            ("import", 1), ("restore", 3), ("edit", 4), ("edit", 5), ("edit", 5), ("import", 3),
        ]  # fmt: skip
        causes = [one.cause for one in page.items]
        assert (causes[4].added, causes[3].changed, causes[2].removed, causes[1].restored) == (2, 1, 1, 1)
        assert [one.file_name for one in page.items] == ["cars.csv", "cars.csv", None, None, None, "cars.csv"]
        assert (page.total, page.next) == (6, None)

    def test_a_history_comes_in_pages(self, operations: Operations) -> None:
        dataset = add(operations)
        for _ in range(4):
            operations.append_rows(ref(dataset), [{}])
        seen, cursor = list[int](), None
        while True:
            page = operations.list_versions(ref(dataset), VersionQuery(limit=2, cursor=cursor))
            assert (page.total, page.offset) == (5, len(seen))
            seen += [one.version for one in page.items]
            cursor = page.next
            if cursor is None:
                break
        assert seen == [5, 4, 3, 2, 1]
        skipped = operations.list_versions(ref(dataset), VersionQuery(limit=1, offset=3)).items
        assert [one.version for one in skipped] == [2]

    def test_rows_of_a_dataset_with_images_are_read_and_changed(self, operations: Operations) -> None:
        """Its document changes without a revision, as images come."""
        dataset = add(operations, "photo,n\nno.png,1\n,2\n", images=["photo"])
        found = operations.get_row(ref(dataset), 1)
        assert (found.version, json.loads(bytes(found.row))["photo"]) == (1, "no.png")
        changed = operations.append_rows(ref(dataset), [{"photo": "other.png"}], dataset.revision)
        assert (changed.version, changed.ids) == (2, (3,))
        assert operations.update_rows(ref(dataset), [{"_id": 1, "n": 3}], changed.revision).version == 3
        assert operations.remove_rows(ref(dataset), [2]).version == 4
        assert operations.get_row(ref(dataset), 1, 2).version == 2

    def test_a_restored_version_is_the_next_one(self, operations: Operations) -> None:
        dataset = add(operations)
        operations.remove_rows(ref(dataset), [1, 2])
        restored = operations.restore_version(ref(dataset), 1, 2)
        assert (restored.version, restored.revision, restored.rows, restored.sha256) == (3, 3, 3, dataset.sha256)
        assert rows(operations, dataset) == ROWS
        with operations.open_file(ref(dataset)) as download:
            assert len(download.read()) == dataset.size
        assert operations.append_rows(ref(dataset), [{}]).ids == (4,)
        for number in (9, 0, -1, 10**20):
            with pytest.raises(errors.VersionNotFound) as caught:
                operations.restore_version(ref(dataset), number)
            assert (caught.value.version, caught.value.latest) == (number, 4)

    def test_versions_are_compared_row_by_row(self, operations: Operations) -> None:
        dataset = add(operations)
        operations.append_rows(ref(dataset), [{"make": "Opel"}])
        operations.update_rows(ref(dataset), [{"_id": 1, "price": 9}])
        operations.remove_rows(ref(dataset), [2])
        found = operations.diff(ref(dataset), 1, 4)
        assert (found.before, found.after) == (1, 4)
        assert (found.rows.added, found.rows.removed, found.rows.changed, found.rows.more) == (1, 1, 1, False)
        opel = {"_id": 4, "make": "Opel", "price": None, "sold": None, "when": None}
        assert [(one.id, json.loads(bytes(one.before)), json.loads(bytes(one.after))) for one in found.rows.items] == [
            (1, FIAT, {**FIAT, "price": 9.0}),
            (2, SKODA, None),
            (4, None, opel),
        ]
        back = operations.diff(ref(dataset), 4, 1, 1).rows
        assert (back.added, back.removed, len(back.items), back.more) == (1, 1, 1, True)
        assert operations.diff(ref(dataset), 2, 2).rows.items == ()

    def test_columns_are_compared_too(self, operations: Operations) -> None:
        dataset = add(operations, "a,b,c\n1,2,3\n", name="d")
        operations.replace_dataset(ref(dataset), csv("a,c,d\n1,x,4\n"), DatasetChanges(), ImportOptions(), no_report)
        schema = operations.diff(ref(dataset), 1, 2).schema
        assert ([one.name for one in schema.added], [one.name for one in schema.removed]) == (["d"], ["b"])
        assert [(one.name, one.before, one.after) for one in schema.changed] == [
            ("c", FieldType.INTEGER, FieldType.STRING)
        ]

    def test_an_edited_table_leaves_in_every_form(self, operations: Operations) -> None:
        dataset = add(operations)
        operations.append_rows(ref(dataset), [{"make": "Opel"}])
        operations.update_rows(ref(dataset), [{"_id": 1, "make": "FIAT"}])
        makes = ["FIAT", "Škoda", "a,b", "Opel"]
        with operations.export(ref(dataset), Format.PARQUET, RowQuery(limit=None)) as download:
            frame = pl.read_parquet(io.BytesIO(download.read()))
        assert (frame.columns, frame.get_column("make").to_list()) == (["make", "price", "sold", "when"], makes)
        with operations.export(
            ref(dataset), Format.XLSX, RowQuery(limit=None, where=(("price__gt", "1"),))
        ) as download:
            assert pl.read_excel(io.BytesIO(download.read())).height == 2
        with operations.plot(ref(dataset), Format.SVG) as download:
            assert download.read()

    # --- searching ------------------------------------------------------------------------------

    def test_datasets_are_found_by_what_describes_them_and_by_columns(self, operations: Operations) -> None:
        named = add(operations, "a\n1\n", name="price-list")
        columned = add(operations, "b,Unit Price\n1,2\n", name="other")
        add(operations, "c\n1\n", name="third", description="nothing")
        found = operations.search("PRICE")
        assert [(one.dataset, one.columns) for one in found.items] == [(named, ()), (columned, ("Unit Price",))]
        assert found.more is False
        first = operations.search("price", 1)
        assert ([one.dataset.name for one in first.items], first.more) == (["price-list"], True)
        assert operations.search("nowhere").items == ()
        with pytest.raises(errors.InvalidOption) as caught:
            operations.search(" ")
        assert caught.value.option == "q"

    def test_no_operation_on_rows_finds_who_is_not_there(self, operations: Operations) -> None:
        calls = (
            lambda: operations.get_row(NOBODY, 1),
            lambda: operations.facets(NOBODY, FacetQuery(columns=("a",))),
            lambda: operations.list_versions(NOBODY, VersionQuery()),
            lambda: operations.diff(NOBODY, 1, 1),
            lambda: operations.append_rows(NOBODY, [{}]),
            lambda: operations.append_rows(NOBODY, []),
            lambda: operations.update_rows(NOBODY, [{"_id": 1}], 1),
            lambda: operations.remove_rows(NOBODY, [1]),
            lambda: operations.remove_rows(NOBODY, RowFilter(q="a")),
            lambda: operations.restore_version(NOBODY, 1),
        )
        for call in calls:
            with pytest.raises(errors.DatasetNotFound) as caught:
                call()
            assert caught.value.ref == NOBODY

    def test_a_version_that_is_not_there_has_no_rows(self, operations: Operations) -> None:
        dataset = add(operations, name=DatasetName("d"))
        for call in (
            lambda: operations.get_row(ref(dataset), 1, 2),
            lambda: operations.facets(ref(dataset), FacetQuery(columns=("make",)), 2),
            lambda: operations.diff(ref(dataset), 2, 1),
            lambda: operations.diff(ref(dataset), 1, 2),
        ):
            with pytest.raises(errors.VersionNotFound) as caught:
                call()
            assert (caught.value.version, caught.value.latest) == (2, 1)


CARS2 = "make\nLada\n"
