"""Collections: published datasets as plain lists, for web pages and apps."""

from typing import Any

import httpx
import pytest

from tests.apps.http.conftest import PROXY, Client, Gallery

SERVER = "http://testserver.local"


def items(client: Client, url: str, **headers: str) -> Any:  # noqa: ANN401 - JSON
    answer = client.get(url, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
def client(gallery: Gallery) -> Client:
    """The client of the gallery."""
    return gallery.client


def test_what_is_published_is_listed(client: Client) -> None:
    client.post("/datasets/?name=hidden", content="a\n1\n")
    client.post("/datasets/?name=bikes&title=All+bikes&tags=two,wheels&published=1", content="a\n1\n2\n3\n")
    answer = client.get("/api/")
    bikes, cars = answer.json()
    assert bikes == {
        "name": "bikes",
        "title": "All bikes",
        "description": "",
        "tags": ["two", "wheels"],
        "rows": 3,
        "updated_at": client.get("/datasets/bikes/").json()["updated_at"],
        "href": f"{SERVER}/api/bikes/",
        "images": [],
    }
    assert (cars["name"], cars["rows"], cars["images"]) == ("cars", 4, ["image"])
    assert items(client, cars["href"]) == items(client, "/api/cars/")
    assert answer.headers["x-total-count"] == "2"
    assert client.get("/").json()["_links"]["collections"]["href"] == "/api/"
    client.patch("/datasets/bikes/", json={"published": False})
    assert [one["name"] for one in items(client, "/api")] == ["cars"]


def test_the_list_of_collections_is_an_answer_like_those_of_collections(client: Client) -> None:
    answer = client.get("/api/")
    tag = answer.headers["etag"]
    assert answer.headers["cache-control"] == client.get("/api/cars/").headers["cache-control"]
    for headers in ({}, {"origin": "https://shop.example"}):
        fresh = client.get("/api/", headers={**headers, "if-none-match": tag})
        assert (fresh.status_code, fresh.headers["access-control-allow-origin"]) == (304, "*")
    head = client.head("/api/")
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", tag)
    asked = client.options("/api/", headers={"origin": "https://shop.example"})
    assert (asked.status_code, asked.headers["access-control-allow-methods"]) == (204, "GET, HEAD, OPTIONS")
    client.patch("/datasets/cars/", json={"title": "New"})
    assert client.get("/api/", headers={"if-none-match": tag}).json()[0]["title"] == "New"
    for path, status, code in (("/api/?limit=0", 400, "invalid_option"), ("/api/?q=x", 400, "unknown_parameter")):
        refused = client.get(path)
        assert (refused.status_code, refused.json()["code"]) == (status, code)
        assert refused.headers["access-control-allow-origin"] == "*"
    assert client.post("/api/", json={}).status_code == 405


def test_many_collections_come_in_pages(client: Client) -> None:
    for number in range(4):
        client.post(f"/datasets/?name=a{number}&published=1", content="a\n1\n")
    seen: list[str] = []
    url: str | None = "/api/?limit=2"
    while url:
        answer = client.get(url)
        seen += [one["name"] for one in answer.json()]
        assert answer.headers["x-total-count"] == "5"
        url = links(answer).get("next")
    assert seen == ["a0", "a1", "a2", "a3", "cars"]
    assert [one["name"] for one in items(client, "/api/?limit=1&offset=3")] == ["a3"]


@pytest.mark.parametrize("url", ["/api/", "/api"])
def test_the_list_of_collections_begins_urls_where_the_client_sees_the_server(gallery: Gallery, url: str) -> None:
    for peer, base in [("192.0.2.1", SERVER), (PROXY, "https://shop.example/v"), ("192.0.2.1", SERVER)] * 2:
        gallery.peer[0] = peer
        answer = gallery.client.get(url, headers=FORWARDED)
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.json()[0]["href"] == f"{base}/api/cars/"
        assert links(answer)["first"] == f"{base}/api/"
        assert {"Host", "Forwarded", "X-Forwarded-Host"} <= set(answer.headers["vary"].split(", "))


def test_a_collection_is_an_array_of_rows_with_urls_of_images(gallery: Gallery) -> None:
    original = f"{SERVER}{gallery.image()}/original"
    expected = [
        {"id": 377, "title": "Car 0", "image": original},
        {"id": 378, "title": "Car 1", "image": None},
        {"id": 379, "title": "Car 2", "image": None},
        {"id": 380, "title": "Car 3", "image": None},
    ]
    for url in ("/api/cars/", "/api/cars"):
        assert items(gallery.client, url) == expected
    assert list(items(gallery.client, "/api/cars/")[0]) == ["id", "title", "image"]


@pytest.mark.parametrize("platform", ["web", "mobile"])
def test_a_platform_sees_its_renditions(gallery: Gallery, platform: str) -> None:
    found = items(gallery.client, f"/api/cars/{platform}/")
    assert [one["image"] for one in found] == [f"{SERVER}{gallery.image()}/{platform}", None, None, None]
    assert items(gallery.client, f"/api/cars/{platform}/377") == found[0]


def test_an_item_is_had_by_its_id(client: Client) -> None:
    listed = items(client, "/api/cars/")
    assert [items(client, f"/api/cars/{one['id']}") for one in listed] == listed


def test_every_url_of_an_image_leads_to_one(client: Client) -> None:
    for url in ("/api/cars/", "/api/cars/web/", "/api/cars/mobile/"):
        image = client.get(items(client, url)[0]["image"])
        assert image.status_code == 200
        assert image.headers["content-type"].startswith("image/")


def test_where_the_data_has_no_id_it_is_the_rows_number(client: Client) -> None:
    client.post("/datasets/?name=plain&published=1", content="make,price\nFiat,1\nAudi,2\n")
    both = [{"id": 1, "make": "Fiat", "price": 1}, {"id": 2, "make": "Audi", "price": 2}]
    assert items(client, "/api/plain/") == both
    assert items(client, "/api/plain/2") == both[1]
    assert items(client, "/api/plain/?id=2&columns=make,id") == [{"make": "Audi", "id": 2}]


def test_an_id_may_be_a_text(client: Client) -> None:
    client.post("/datasets/?name=codes&published=1", content="id,make\nA 1,Fiat\nweb,Audi\nÄ%,BMW\n")
    for url, make in [("A%201", "Fiat"), ("web/web", "Audi"), ("%C3%84%25", "BMW"), ("mobile/A%201", "Fiat")]:
        assert items(client, f"/api/codes/{url}")["make"] == make
    assert len(items(client, "/api/codes/web")) == 3


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("title=Car%202", [379]),
        ("id__gt=378", [379, 380]),
        ("q=%22car+3%22", [380]),
        ("sort=-id", [380, 379, 378, 377]),
        ("limit=2&offset=1", [378, 379]),
        ("or=(id.377,title__endswith.3)", [377, 380]),
        ("image__isnull=1", [379]),
        ("columns=id&limit=1", [377]),
    ],
)
@pytest.mark.parametrize("platform", ["", "web/"])
def test_filters_order_and_pages_are_those_of_rows(client: Client, query: str, ids: list[int], platform: str) -> None:
    assert [one["id"] for one in items(client, f"/api/cars/{platform}?{query}")] == ids


def links(answer: Any) -> dict[str, str]:  # noqa: ANN401 - httpx's own class goes by two names
    found = httpx.Response(200, headers=answer.headers).links
    return {str(name): link["url"] for name, link in found.items()}


@pytest.mark.parametrize("path", ["/api/cars/", "/api/cars/mobile/"])
def test_pages_are_linked_and_the_total_is_told(client: Client, path: str) -> None:
    answer = client.get(f"{path}?limit=2&sort=-id")
    assert answer.headers["x-total-count"] == "4"
    found = links(answer)
    assert set(found) == {"first", "next"}
    assert all(url.startswith(f"{SERVER}{path}?") for url in found.values())
    after = client.get(found["next"])
    assert [one["id"] for one in after.json()] == [378, 377]
    assert set(links(after)) == {"first", "prev"}
    assert client.get(links(after)["prev"]).json() == client.get(links(after)["first"]).json() == answer.json()
    assert "x-total-count" not in client.get(f"{path}?count=none").headers


@pytest.mark.parametrize(
    ("url", "status", "code"),
    [
        ("/api/nobody/", 404, "collection_not_found"),
        ("/api/nobody/web/", 404, "collection_not_found"),
        ("/api/nobody/1", 404, "collection_not_found"),
        ("/api/nobody/web/1", 404, "collection_not_found"),
        ("/api/CARS/", 404, "collection_not_found"),
        ("/api/cars/999", 404, "item_not_found"),
        ("/api/cars/tv", 404, "item_not_found"),
        ("/api/cars/original", 404, "item_not_found"),
        ("/api/cars/tv/377", 404, "item_not_found"),
        ("/api/cars/web/999", 404, "item_not_found"),
        ("/api/cars/?nope=1", 400, "unknown_column"),
        ("/api/cars/?_id=1", 200, ""),
        ("/api/cars/?id=x", 400, "invalid_filter"),
        ("/api/cars/?limit=0", 400, "invalid_option"),
        ("/api/cars/?limit=1&limit=2", 400, "invalid_option"),
        ("/api/cars/?cursor=x", 400, "invalid_cursor"),
        ("/api/cars/?version=1", 400, "unknown_parameter"),
        ("/api/cars/?format=csv", 400, "unknown_parameter"),
        ("/api/cars/web/?nope=1", 400, "unknown_column"),
        ("/api/cars/377?limit=1", 400, "unknown_parameter"),
        ("/api/cars/tv?title=x", 404, "item_not_found"),
        ("/api/cars/web/377?title=x", 400, "unknown_parameter"),
        ("/api/v2/cars/", 404, "route_not_found"),
        ("/api/datasets/", 404, "route_not_found"),
        ("/api/cars/web/377/x", 404, "route_not_found"),
    ],
)
def test_what_is_wrong_is_told(client: Client, url: str, status: int, code: str) -> None:
    answer = client.get(url)
    assert answer.status_code == status, answer.text
    if code:
        assert (answer.headers["content-type"], answer.json()["code"]) == ("application/problem+json", code)
        assert answer.headers["access-control-allow-origin"] == "*"


def test_who_asks_for_what_is_not_there_is_told_the_platforms(client: Client) -> None:
    assert client.get("/api/cars/tv").json()["platforms"] == ["web", "mobile"]


def test_only_what_is_published_is_served_and_only_by_its_name(client: Client) -> None:
    document = client.get("/datasets/cars/").json()
    assert document["published"] is True
    assert client.get(document["_links"]["collection"]["href"]).status_code == 200
    assert client.get(f"/api/{document['id']}/").json()["code"] == "collection_not_found"
    client.patch("/datasets/cars/", json={"published": False})
    assert client.get("/api/cars/").json()["code"] == "collection_not_found"
    assert "collection" not in client.get("/datasets/cars/").json()["_links"]
    client.patch("/datasets/cars/", json={"published": True, "name": "autos"})
    assert len(items(client, "/api/autos/")) == 4
    assert client.get("/api/cars/").status_code == 404


@pytest.mark.parametrize("url", ["/api/cars/", "/api/cars/web/", "/api/cars/377", "/api/cars/web/377"])
def test_a_copy_is_asked_about_and_told_to_be_fresh(client: Client, url: str) -> None:
    first = client.get(url)
    assert first.headers["cache-control"] == "no-cache"
    fresh = {"if-none-match": first.headers["etag"]}
    assert [client.get(url, headers=fresh).status_code for _ in range(2)] == [304, 304]
    head = client.head(url)
    assert (head.content, head.headers["etag"]) == (b"", first.headers["etag"])
    assert head.headers["content-length"] == first.headers["content-length"]
    client.patch("/datasets/cars/rows/1", json={"title": "Another"})
    changed = client.get(url, headers=fresh)
    assert changed.status_code == 200
    assert "Another" in changed.text


def test_the_host_that_was_asked_stands_in_urls_and_no_other(client: Client) -> None:
    """Also of answers that are kept, and given again."""
    hosts = ["a.example", "b.example:8080", "[::1]:9", "a.example"]
    for host in hosts * 2:
        answer = client.get("/api/cars/?limit=1", headers={"host": host})
        assert answer.json()[0]["image"].startswith(f"http://{host}/images/")
        assert links(answer)["next"].startswith(f"http://{host}/api/cars/")
        assert "Host" in answer.headers["vary"]
        tag = answer.headers["etag"]
        others = [other for other in hosts if other != host]
        for other in others:
            asked = client.get("/api/cars/?limit=1", headers={"host": other, "if-none-match": tag})
            assert asked.status_code == 200


@pytest.mark.parametrize("host", ["evil.com/x", "user@evil.com", "a b", 'evil"onload="x', "evil.com:99999", "."])
@pytest.mark.parametrize("url", ["/api/cars/", "/api/cars/377", "/api/cars/web/377", "/datasets/cars/images"])
def test_a_hostile_host_gets_into_no_answer(client: Client, url: str, host: str) -> None:
    for _ in range(2):
        answer = client.get(url, headers={"host": host})
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")
        assert answer.headers["cache-control"] == "no-store"
    assert client.get(url).status_code == 200


FORWARDED = {"x-forwarded-proto": "https", "x-forwarded-host": "shop.example", "x-forwarded-prefix": "/v"}


def test_a_trusted_proxy_says_where_the_client_sees_the_server(gallery: Gallery) -> None:
    client = gallery.client
    for peer, base in [("192.0.2.1", SERVER), (PROXY, "https://shop.example/v"), ("192.0.2.1", SERVER)] * 2:
        gallery.peer[0] = peer
        answer = client.get("/api/cars/?limit=1", headers=FORWARDED)
        assert answer.json()[0]["image"] == f"{base}{gallery.image()}/original"
        assert links(answer)["first"] == f"{base}/api/cars/?limit=1"
        assert {"Host", "Forwarded", "X-Forwarded-Host"} <= set(answer.headers["vary"].split(", "))
        listed = client.get("/datasets/cars/images", headers=FORWARDED).json()
        assert listed["items"][0]["url"] == f"{base}{gallery.image()}/original"


def test_pages_of_other_sites_may_read_it(client: Client) -> None:
    asking = {"origin": "https://shop.example", "access-control-request-method": "GET"}
    for url in ("/api/cars/", "/api/cars/377", "/api/cars/web/377"):
        answer = client.get(url, headers={"origin": "https://shop.example"})
        assert answer.headers["access-control-allow-origin"] == "*"
        assert {"Link", "X-Total-Count"} <= set(answer.headers["access-control-expose-headers"].split(", "))
        asked = client.options(url, headers=asking)
        assert asked.status_code == 204
        assert asked.headers["access-control-allow-origin"] == "*"
        assert "GET" in asked.headers["access-control-allow-methods"]
        assert asked.headers["allow"] == "GET, HEAD, OPTIONS"
    for url in ("/datasets/cars/", "/datasets/cars/images", "/"):
        for answer in (client.get(url, headers=asking), client.options(url, headers=asking)):
            assert not [name for name in answer.headers if name.startswith("access-control")]


def test_a_collection_cant_be_written(client: Client) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answer = client.request(method, "/api/cars/", json={})
        assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")


def test_names_of_columns_that_need_quotes_are_no_harm(client: Client) -> None:
    client.post("/datasets/?name=odd&published=1", content='"a ""b""",limit\n1,2\n')
    assert items(client, "/api/odd/?limit__exact=2") == [{"id": 1, 'a "b"': 1, "limit": 2}]
