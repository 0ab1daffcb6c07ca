"""Datasets by HTTP: listing, adding, changing and removing them."""

from typing import Any

import pytest

from tests.apps.http.conftest import CARS, END, FORM, Client, Post, part


def names(client: Client, query: str = "") -> list[str]:
    return [one["name"] for one in client.get(f"/datasets/?{query}").json()["items"]]


def test_a_file_in_a_form_becomes_a_dataset(client: Client) -> None:
    fields = {"title": "All cars", "tags": "old, new", "published": "true", "name": "fleet"}
    answer = client.post("/api/v1/datasets/", files={"file": ("C:\\data\\cars.csv", CARS.encode())}, data=fields)
    document = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/api/v1/datasets/{document['id']}/"
    assert (document["name"], document["title"], document["published"]) == ("fleet", "All cars", True)
    assert document["tags"] == ["new", "old"]
    assert (document["file_name"], document["size"], document["rows"], document["columns"]) == (
        "cars.csv", len(CARS.encode()), 3, 3,
    )  # fmt: skip
    assert document["created_at"].endswith("Z")
    assert client.get(answer.headers["location"]).json() == document


def test_a_raw_body_becomes_a_dataset_with_fields_from_the_query(client: Client) -> None:
    query = {"file_name": "Räder.csv", "tags": ["a", "b"], "delimiter": ";"}
    answer = client.post("/datasets", params=query, content="x;y\n1;2\n", headers={"content-type": "text/csv"})
    document = answer.json()
    assert answer.status_code == 201
    assert (document["name"], document["file_name"], document["tags"]) == ("rader", "Räder.csv", ["a", "b"])
    assert document["columns"] == 2


def test_the_order_of_dates_is_said_in_the_query_or_in_the_form(client: Client) -> None:
    content, headers = "day,n\n03/04/2024,1\n", {"content-type": "text/csv"}
    client.post("/datasets", params={"date_order": "day_first", "name": "d"}, content=content, headers=headers)
    assert client.get("/datasets/d/rows/1").json()["day"] == "2024-04-03"
    form = {"file": ("d.csv", content.encode())}
    assert client.put("/datasets/d", files=form, data={"date_order": "month_first"}).status_code == 200
    assert client.get("/datasets/d/rows/1").json()["day"] == "2024-03-04"
    assert client.patch("/datasets/d/schema", json={"date_order": "day_first"}).status_code == 200
    assert client.get("/datasets/d/rows/1").json()["day"] == "2024-04-03"
    assert client.patch("/datasets/d/schema", json={"decimal": ","}).status_code == 200
    assert client.patch("/datasets/d/schema", json={}).json()["code"] == "invalid_option"
    assert "date_order" in client.patch("/datasets/d/schema", json={"date_order": "dmy"}).text
    refused = client.post("/datasets", params={"date_order": "dmy"}, content=content, headers=headers)
    assert (refused.status_code, refused.json()["code"], refused.json()["option"]) == (
        400,
        "invalid_option",
        "date_order",
    )


def test_a_form_may_name_its_fields_after_the_file(client: Client) -> None:
    body = part("file", "a\n1\n", "a.csv") + part("title", "Last") + END
    assert client.post("/datasets/", content=body, headers=FORM).json()["title"] == "Last"


def test_the_document_links_to_all_its_parts(client: Client, cars: dict[str, Any]) -> None:
    assert set(cars["_links"]) == {
        "self", "rows", "schema", "stats", "statistics", "plot", "excel", "export", "file", "versions", "diff",
    }  # fmt: skip
    for name, link in cars["_links"].items():
        assert client.get(link["href"]).status_code == 200, name


def test_a_dataset_has_its_name_and_its_id(client: Client, cars: dict[str, Any]) -> None:
    assert client.get("/datasets/cars/").json() == client.get(f"/datasets/{cars['id']}").json() == cars


def test_a_taken_name_is_refused_or_replaced(client: Client, post: Post) -> None:
    first = post(name="fleet")
    again = part("file", "a\n1\n", "b.csv") + part("name", "fleet")
    refused = client.post("/datasets/", content=again + END, headers=FORM)
    assert (refused.status_code, refused.json()["code"]) == (409, "name_taken")
    replaced = client.post("/datasets/", content=again + part("if_exists", "replace") + END, headers=FORM).json()
    assert (replaced["id"], replaced["version"]) == (first["id"], 2)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["c", "b", "a"]),
        ("sort=name", ["a", "b", "c"]),
        ("q=BEE", ["b"]),
        ("tag=x", ["c", "a"]),
        ("name=a", ["a"]),
        ("published=true", ["b"]),
        ("published=false&limit=1", ["c"]),
        ("media_type=text/csv&limit=2", ["c", "b"]),
        ("limit=1&offset=1", ["b"]),
        ("created_after=2020-01-01T00:00:00Z", ["c", "b", "a"]),
        ("created_after=2020-01-01T00:00:00+02:00", ["c", "b", "a"]),
        ("created_before=2020-01-01", []),
    ],
)
def test_lists_are_filtered_sorted_and_paged(client: Client, post: Post, query: str, expected: list[str]) -> None:
    post(name="a", tags="x")
    post(name="b", title="A bee", published="true")
    post(name="c", tags="x,y")
    assert names(client, query) == expected


def test_several_ids_can_be_asked_for(client: Client, post: Post) -> None:
    ids = [post()["id"] for _ in range(3)]
    assert len(names(client, f"id={ids[0]},{ids[2]}")) == 2


def test_following_next_url_visits_every_dataset_once(client: Client, post: Post) -> None:
    added = {post()["name"] for _ in range(5)}
    seen: list[str] = []
    url: str | None = "/api/v1/datasets/?limit=2&sort=name"
    while url:
        page = client.get(url).json()
        seen += [one["name"] for one in page["items"]]
        assert page["total"] == 5
        assert (page["next"] is None) == (page["next_url"] is None)
        url = page["next_url"]
    assert seen == sorted(added)


def test_pages_link_to_their_neighbours(client: Client, post: Post) -> None:
    for _ in range(3):
        post()
    page = client.get("/datasets/?limit=1&offset=1&sort=name")
    links = page.json()["_links"]
    assert client.get(links["prev"]["href"]).json()["items"][0]["name"] == "cars"
    assert client.get(links["next"]["href"]).json()["items"][0]["name"] == "cars-3"
    assert links["first"]["href"] == "/api/v1/datasets/?limit=1&sort=name"
    assert page.headers["link"].count("rel=") == 3
    assert "prev" not in client.get(links["prev"]["href"]).json()["_links"]


def test_a_patch_changes_what_it_names_and_empties_what_is_null(client: Client, post: Post) -> None:
    post(title="Cars", description="Fast", tags="a")
    body = {"name": "wagons", "description": None, "tags": ["b"]}
    answer = client.patch("/datasets/cars/", json=body, headers={"content-type": "application/merge-patch+json"})
    document = answer.json()
    assert answer.status_code == 200
    assert (document["name"], document["title"], document["description"]) == ("wagons", "Cars", "")
    assert (document["tags"], document["version"], document["revision"]) == (["b"], 1, 2)


def test_columns_of_images_are_kept_once_each(client: Client, cars: dict[str, Any]) -> None:
    del cars
    patched = client.patch("/datasets/cars/", json={"images": ["make", "make", "city"]})
    assert patched.json()["images"] == ["make", "city"]
    added = client.post("/datasets/?image=make&image=make", content=CARS, headers={"content-type": "text/csv"})
    assert added.json()["images"] == ["make"]


@pytest.mark.parametrize(
    ("body", "media_type", "status", "code"),
    [
        (b'{"size": 3}', "application/json", 400, "invalid_request"),
        (b'{"title": 3}', "application/json", 400, "invalid_request"),
        (b'{"title"', "application/json", 400, "invalid_request"),
        (b"[]", "application/json", 400, "invalid_request"),
        (b'{"name": null}', "application/json", 400, "invalid_request"),
        (b'{"name": "No Name"}', "application/json", 422, "invalid_name"),
        (b'{"tags": ["x", "a,b"]}', "application/json", 400, "invalid_option"),
        (b"{}", "text/plain", 415, "unsupported_media_type"),
        (b'{"title": "%s"}' % (b"x" * 2_000_000), "application/json", 413, "body_too_large"),
    ],
)
def test_a_bad_patch_is_refused(
    client: Client, cars: dict[str, Any], body: bytes, media_type: str, status: int, code: str
) -> None:
    answer = client.patch("/datasets/cars", content=body, headers={"content-type": media_type})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert client.get("/datasets/cars").json() == cars


def test_a_put_makes_the_next_version_and_keeps_the_one_before(client: Client, cars: dict[str, Any]) -> None:
    answer = client.put("/datasets/cars/?title=New", content="a\n1\n", headers={"content-type": "text/csv"})
    document = answer.json()
    assert answer.status_code == 200
    assert (document["id"], document["version"], document["title"], document["rows"]) == (cars["id"], 2, "New", 1)
    assert client.get("/datasets/cars/?version=1").json()["rows"] == 3
    assert client.get("/datasets/cars/file/?version=1").text == CARS


def test_a_removed_dataset_is_gone(client: Client, cars: dict[str, Any]) -> None:
    answer = client.delete(f"/datasets/{cars['id']}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert client.get("/datasets/cars").status_code == 404
    assert client.delete("/datasets/cars").status_code == 404


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("bogus=1", 400, "unknown_parameter"),
        ("limit=x", 400, "invalid_option"),
        ("limit=0", 400, "invalid_option"),
        ("limit=10001", 400, "invalid_option"),
        ("limit=1&limit=2", 400, "invalid_option"),
        ("offset=-1", 400, "invalid_option"),
        ("sort=size", 400, "invalid_option"),
        ("created_after=soon", 400, "invalid_option"),
        ("cursor=nonsense", 400, "invalid_cursor"),
        ('id="a', 400, "invalid_option"),
    ],
)
def test_a_bad_list_query_is_refused_naming_the_parameter(client: Client, query: str, status: int, code: str) -> None:
    answer = client.get(f"/datasets/?{query}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert query.partition("=")[0] in answer.text
