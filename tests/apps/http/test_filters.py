"""Filters by HTTP: what they select, where they stand, and what is refused."""

from typing import Any

import pytest

from tests.apps.http.conftest import Client, Post

WORDS = "limit,version,a__gt,when,name\n1,x,5,2024-01-01T10:00:00,Ångström\n2,y,,2024-01-02T10:00:00,b&c=d\n3,,7,,\n"


def ids(client: Client, url: str, part: str = "rows") -> list[int]:
    answer = client.get(f"/datasets/{url.partition('?')[0]}/{part}/?{url.partition('?')[2]}")
    assert answer.status_code == 200, answer.text
    return [row["_id"] for row in answer.json()["rows"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("make=Audi", [2]),
        ("make__not=Audi", [1, 3]),
        ("price__gt=10.5", [3]),
        ("price__gte=1&price__lt=30", [1]),
        ("price__isnull=1", [2]),
        ("make__in=Audi,BMW", [2, 3]),
        ('make__in=["Audi","BMW"]', [2, 3]),
        ("make__in=Audi&make__in=BMW", []),
        ("or=(price__gt.20,make.Fiat)", [1, 3]),
        ("or=(price__gt.20,make.Fiat)&or=(city.Torino,make.Audi)", [1]),
        ("q=AUDI", [2]),
        ("city=München", [3]),
        ("_id__gt=1&sort=-_id", [3, 2]),
        ("sort=-price", [3, 1, 2]),
        ("sort=-price,make&limit=1", [3]),
        ("columns=make&make=Audi", [2]),
    ],
)
def test_filters_select_rows(client: Client, cars: dict[str, Any], query: str, expected: list[int]) -> None:
    del cars
    assert ids(client, f"cars?{query}") == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("limit__exact=2", [2]),
        ("limit=2", [1, 2]),
        ("version__exact=x", [1]),
        ("a__gt=7", [3]),
        ("a__gt__gt=5", [3]),
        ("name=%C3%85ngstr%C3%B6m", [1]),
        ("name=b%26c%3Dd", [2]),
        ("when__lt=2024-01-02", [1]),
        ("name__isnull=1", [3]),
    ],
)
def test_columns_may_be_called_anything(client: Client, post: Post, query: str, expected: list[int]) -> None:
    post(WORDS, name="words")
    assert ids(client, f"words?{query}") == expected


def asked(client: Client, query: bytes) -> str:
    """What is answered to a query whose bytes come as they are, as curl sends what is typed."""
    sent: list[bytes] = []

    async def ask() -> None:
        scope: Any = {
            "type": "http", "method": "GET", "path": "/datasets/cars/rows/", "raw_path": b"", "headers": [],
            "query_string": query, "root_path": "", "http_version": "1.1",
            "scheme": "http", "client": None, "server": None, "state": {},
        }  # fmt: skip

        async def receive() -> Any:  # noqa: ANN401 - an ASGI message
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:  # noqa: ANN401 - an ASGI message
            sent.append(message.get("body", b""))

        await client.app(scope, receive, send)

    with client.portal() as portal:
        portal.call(ask)
    return b"".join(sent).decode()


def test_what_is_not_ascii_may_come_unquoted(client: Client, cars: dict[str, Any]) -> None:
    del cars
    assert '"make":"BMW"' in asked(client, "city=München&columns=make".encode())


@pytest.mark.parametrize("query", [b"city=M%FCnchen", b"city__in=a,%c3", b"city=M\xfcnchen", b"%FC=1", b"q=%ED%A0%80"])
def test_a_query_that_is_no_utf_8_is_refused_and_not_taken_for_another_text(
    client: Client, cars: dict[str, Any], query: bytes
) -> None:
    del cars
    answer = asked(client, query)
    assert '"status":400,' in answer
    assert '"code":"invalid_request"' in answer
    assert "The query is not UTF-8: it has %" in answer


def test_exports_and_other_formats_obey_filters(client: Client, cars: dict[str, Any]) -> None:
    del cars
    query = "price__gt=1&sort=-price&columns=make,_id"
    expected = "make,_id\nBMW,3\nFiat,1\n"
    assert client.get(f"/datasets/cars/export/?{query}").text == expected
    assert client.get(f"/datasets/cars/rows/?{query}&format=csv").text == expected
    assert client.get(f"/datasets/cars/rows/?{query}", headers={"accept": "text/csv"}).text == expected
    assert client.get(f"/datasets/cars/export/?{query}&format=json&limit=1").json() == [{"make": "BMW", "_id": 3}]


def test_pages_and_their_links_keep_the_filters(client: Client, post: Post) -> None:
    post("n,word\n" + "".join(f"{number},a&b\n" for number in range(20)), name="numbers")
    query = {"n__gte": "5", "word": "a&b", "or": ["(n__lt.12,n__gt.17)", "(n__lt.100)"], "sort": "-n", "limit": "4"}
    page = client.get("/datasets/numbers/rows/", params=query)
    seen = [row["n"] for row in page.json()["rows"]]
    while page.json()["next_url"]:
        assert f'<{page.json()["next_url"]}>; rel="next"' in page.headers["link"]
        page = client.get(page.json()["next_url"])
        seen += [row["n"] for row in page.json()["rows"]]
    assert seen == [19, 18, 11, 10, 9, 8, 7, 6, 5]
    back = client.get(page.json()["_links"]["prev"]["href"]).json()
    assert [row["n"] for row in back["rows"]] == [9, 8, 7, 6]
    assert [row["n"] for row in client.get(page.json()["_links"]["first"]["href"]).json()["rows"]] == seen[:4]


def test_a_cursor_is_of_its_rows_only(client: Client, cars: dict[str, Any]) -> None:
    del cars
    cursor = client.get("/datasets/cars/rows/?limit=1&price__isnull=0").json()["next"]
    for query in ("", "&price__isnull=1", "&price__isnull=0&sort=make", "&price__isnull=0&q=a"):
        answer = client.get(f"/datasets/cars/rows/?limit=1&cursor={cursor}{query}")
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor"), query


@pytest.mark.parametrize("part", ["rows", "export", "facets"])
@pytest.mark.parametrize(
    ("query", "code", "named"),
    [
        ("bogus=1", "unknown_column", "bogus"),
        ("limt=1", "unknown_column", "limt"),
        ("price__near=1", "invalid_filter", "near"),
        ("price=cheap", "invalid_filter", "cheap"),
        ("make__date=2024-01-01", "invalid_filter", "date"),
        ("price__contains=1", "invalid_filter", "contains"),
        ("or=price.1", "invalid_filter", "or"),
        ("or=(bogus.1)", "unknown_column", "bogus"),
        ("=1", "unknown_column", ""),
        ("make__in=[1", "invalid_filter", "make__in"),
    ],
)
def test_a_filter_that_can_not_be_is_named(
    client: Client, cars: dict[str, Any], part: str, query: str, code: str, named: str
) -> None:
    del cars
    answer = client.get(f"/datasets/cars/{part}/?{query}&columns=make")
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert named in answer.json()["detail"]


@pytest.mark.parametrize("query", ["sort=bogus", "sort=-bogus", "columns=bogus"])
def test_a_column_that_is_not_there_is_named(client: Client, cars: dict[str, Any], query: str) -> None:
    del cars
    problem = client.get(f"/datasets/cars/rows/?{query}").json()
    assert (problem["code"], problem["column"], problem["columns"]) == (
        "unknown_column", "bogus", ["make", "price", "city"],
    )  # fmt: skip


@pytest.mark.parametrize("part", ["", "stats/", "schema/", "file/", "versions/", "diff/", "rows/1"])
def test_elsewhere_there_are_no_filters(client: Client, cars: dict[str, Any], part: str) -> None:
    del cars
    answer = client.get(f"/datasets/cars/{part}?price__gt=1")
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_parameter")


def test_the_openapi_document_tells_of_filters(client: Client) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    for method, part in (("get", "rows"), ("get", "export"), ("get", "facets"), ("delete", "rows")):
        by_name = {one["name"]: one for one in paths[f"/datasets/{{ds}}/{part}/"][method]["parameters"]}
        filters, groups = by_name["filters"], by_name["or"]
        assert (filters["style"], filters["explode"], filters["schema"]["type"]) == ("form", True, "object")
        assert filters["examples"]
        assert (groups["style"], groups["explode"], groups["schema"]["type"]) == ("form", True, "array")
        assert "where" not in by_name


def test_facets_count_values_among_the_rows_that_fit(client: Client, post: Post) -> None:
    post("make,city\na,x\na,y\nb,x\n,x\n", name="counts")
    found = client.get("/datasets/counts/facets/?columns=make,city&city=x").json()
    assert found == {
        "facets": [
            {"column": "make", "values": [
                {"value": "a", "count": 1}, {"value": "b", "count": 1}, {"value": None, "count": 1},
            ], "more": False},
            {"column": "city", "values": [{"value": "x", "count": 3}], "more": False},
        ],
        "version": 1,
    }  # fmt: skip
    first = client.get("/datasets/counts/facets/?columns=make&limit=1").json()["facets"][0]
    assert (first["values"], first["more"]) == ([{"value": "a", "count": 2}], True)


@pytest.mark.parametrize("query", ["", "columns=", "columns=make&limit=0", "columns=make&limit=1001"])
def test_facets_need_columns_and_a_limit_that_can_be(client: Client, cars: dict[str, Any], query: str) -> None:
    del cars
    answer = client.get(f"/datasets/cars/facets/?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_option")


@pytest.mark.parametrize("part", ["rows", "export", "facets"])
@pytest.mark.parametrize("operator", ["contains", "notcontains", "startswith", "endswith", "like"])
def test_nul_in_a_filter_of_documents_is_refused(client: Client, post: Post, part: str, operator: str) -> None:
    post('[{"a":{"x":1}},{"a":{"x":2}}]', file_name="documents.json")
    for query in (f"a__{operator}=%00", f"or=(a__{operator}.%00)"):
        answer = client.get(f"/datasets/documents/{part}/?columns=a&{query}")
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_filter"), query
