"""Behind a proxy that has this server below a prefix: each link leads through the proxy, by whatever answer it came."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any, cast

import httpx
import pytest

import entrepot
from tests.apps.http.conftest import CARS, PROXY, STRANGER, Gallery
from tests.painting import painted
from tests.proxying import below
from tests.serving import served

ROWS = "id,title,image\n1,One,\n2,Two,\n3,Three,\n"
CSV = {"content-type": "text/csv"}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a server below ``/shop`` of a proxy; what is not below it, the proxy answers with 502."""
    home = tmp_path_factory.mktemp("prefixes") / "home"
    with served(home, TRUSTED_PROXIES="127.0.0.1/32") as inner, below(inner, "/shop") as url:
        yield url


@pytest.fixture(scope="module")
def client(shop: str) -> Iterator[httpx.Client]:
    """Asks the proxy, by paths as answers have them; there are the published ``cars``, with an image."""
    with httpx.Client(base_url=shop.removesuffix("/shop"), timeout=60) as found:
        query = "name=cars&published=1&image=image"
        found.post(f"/shop/datasets/?{query}", content=ROWS, headers=CSV).raise_for_status()
        found.put("/shop/datasets/cars/rows/1/images/image", content=painted(3).content).raise_for_status()
        yield found


def paths_in(value: object) -> Iterator[str]:
    """The paths and URLs of a document, wherever they are.

    What tells an image from others, and what its cell holds, are the same for everybody; its ``url`` leads there.
    """
    if isinstance(value, dict):
        for name, one in cast("dict[str, object]", value).items():
            yield from () if name in {"path", "text"} else paths_in(one)
    elif isinstance(value, list):
        for one in cast("list[object]", value):
            yield from paths_in(one)
    elif isinstance(value, str) and value.startswith(("/", "http")):
        yield value


def links_of(answer: httpx.Response) -> list[str]:
    """Everything in an answer that leads somewhere."""
    document = answer.json() if "json" in answer.headers["content-type"] else None
    html = re.findall(r'(?:href|src)="([^"]+)"', answer.text) if "html" in answer.headers["content-type"] else []
    linked = re.findall(r"<([^>]+)>", answer.headers.get("link", ""))
    return [*paths_in(document), *html, *linked, *answer.headers.get_list("location")]


def is_there(client: httpx.Client, link: str) -> bool:
    """Whether a link leads to something, through the proxy; a form of ``diff`` that lacks its parameters counts."""
    with client.stream("GET", link) as answer:
        return answer.status_code == 200 or (link.endswith("/diff/") and answer.status_code == 400)


@pytest.mark.parametrize(
    "path",
    [
        "/", "/datasets/", "/datasets/?limit=1&offset=1", "/datasets/cars/", "/datasets/cars/?version=1",
        "/datasets/cars/rows/?limit=1&offset=1", "/datasets/cars/versions/", "/datasets/cars/versions/1/",
        "/datasets/cars/images/", "/datasets/cars/images/?limit=1&offset=1", "/jobs/", "/problems/",
        "/api/", "/api/cars/?limit=1&offset=1", "/api/cars/web/",
    ],
)  # fmt: skip
@pytest.mark.parametrize("api", ["", "/api/v1"])
def test_every_link_of_a_document_is_below_the_prefix(client: httpx.Client, api: str, path: str) -> None:
    answer = client.get(f"/shop{'' if path.startswith('/api/') else api}{path}", headers={"accept": "application/json"})
    found = links_of(answer)
    assert answer.status_code == 200
    assert found or answer.json() == []
    assert [link for link in found if not is_there(client, link)] == []


@pytest.mark.parametrize("path", ["/", "/problems/", "/docs"])
def test_every_link_of_a_page_is_below_the_prefix(client: httpx.Client, path: str) -> None:
    answer = client.get(f"/shop{path}", headers={"accept": "text/html"})
    found = links_of(answer)
    assert len(found) >= 3
    assert all(link.startswith("/shop/api/v1/") for link in found)
    assert [link for link in found if not is_there(client, link)] == []


def test_the_page_of_the_docs_finds_the_document_beside_it(client: httpx.Client) -> None:
    (script,) = (link for link in links_of(client.get("/shop/docs")) if link.endswith("/start.js"))
    (relative,) = re.findall(r'new URL\("([^"]+)", document\.currentScript\.src\)', client.get(script).text)
    url = httpx.URL(str(client.base_url)).join(script).join(relative)
    assert url.path == "/shop/api/v1/openapi.json"
    assert client.get(url).json()["openapi"] == "3.1.0"


def test_the_openapi_document_names_servers_below_the_prefix(client: httpx.Client) -> None:
    document = client.get("/shop/openapi.json").json()
    ((server,), apart) = document["servers"], document["paths"]["/api/{name}/"]["get"]["servers"][0]
    assert (server["url"], apart["url"]) == ("/shop/api/v1", "/shop")
    assert client.get(f"{server['url']}/datasets/cars/").status_code == 200
    assert client.get(f"{apart['url']}/api/cars/").status_code == 200
    assert "/shop/api/v1/problems/" in document["info"]["description"]


@pytest.mark.parametrize(
    "path", ["/datasets/cars/rows/?limit=1", "/datasets/cars/versions/?limit=1", "/metadata?limit=1"]
)
def test_pages_lead_to_the_end_by_next_url(client: httpx.Client, path: str) -> None:
    for number in range(3):
        client.patch("/shop/datasets/cars/rows/1", json={"title": f"t{number}"}).raise_for_status()
        record = {"name": f"r{number}", "payload": '{"sourceName": "s"}'}
        client.post("/shop/metadata", json=record).raise_for_status()
    seen, url = 0, f"/shop{path}"
    while url:
        page = client.get(url).raise_for_status().json()
        seen += 1
        url = page["next_url"]
    assert seen >= 3


def test_the_location_of_what_was_made_is_below_the_prefix(client: httpx.Client) -> None:
    made = client.post("/shop/datasets/?name=made", content=CARS, headers=CSV)
    assert [link for link in links_of(made) if not is_there(client, link)] == []
    for path, body in (
        ("datasets/made/rows/", {"make": "Saab"}),
        ("datasets/made/restore/", {"version": 1}),
        ("metadata", {"name": "r", "payload": '{"sourceName": "s"}'}),
    ):
        answer = client.post(f"/shop/{path}", json=body).raise_for_status()
        assert is_there(client, answer.headers["location"])
    assert client.delete(made.json()["_links"]["self"]["href"]).status_code == 204


def test_a_job_and_its_events_are_below_the_prefix(client: httpx.Client) -> None:
    begun = client.post("/shop/datasets/?name=later", content=CARS, headers={**CSV, "prefer": "respond-async"})
    assert begun.status_code == 202
    job = client.get(begun.headers["location"]).json()
    events = client.get(job["_links"]["events"]["href"]).text
    told = [json.loads(line.removeprefix("data:")) for line in events.splitlines() if line.startswith("data:")]
    assert told[-1]["state"] == "succeeded"
    for one in told:
        assert [link for link in paths_in(one["_links"]) if not is_there(client, link)] == []
    client.delete(told[-1]["_links"]["dataset"]["href"]).raise_for_status()


def test_a_job_that_failed_tells_of_its_problem_below_the_prefix(client: httpx.Client) -> None:
    begun = client.post("/shop/datasets/?types=x", content=b"\x00", headers={**CSV, "prefer": "respond-async"})
    while begun.status_code == 202 and begun.json()["state"] in {"queued", "running"}:
        begun = client.get(begun.headers["location"])
    problem: dict[str, Any] = begun.json()
    assert is_there(client, problem.get("problem", problem)["type"])


@pytest.mark.parametrize("path", ["/api/v1/datasets/nobody/", "/datasets/cars/?wrong=1", "/nowhere", "/api/nobody/"])
def test_a_problem_is_below_the_prefix(client: httpx.Client, path: str) -> None:
    problem = client.get(f"/shop{path}").json()
    assert is_there(client, problem["type"])
    assert problem["instance"] == f"/shop{path.partition('?')[0]}"
    assert path != "/nowhere" or "/shop/api/v1/docs" in problem["detail"]


def test_the_results_of_a_batch_are_below_the_prefix(client: httpx.Client) -> None:
    results = client.request("DELETE", "/shop/datasets/batch", json=["nobody"]).json()["results"]
    assert results[0]["problem"]["type"] == "/shop/api/v1/problems/dataset_not_found"
    changed = client.patch("/shop/datasets/batch", json=[{"id": "cars", "title": "Cars"}]).json()["results"]
    assert [link for link in paths_in(changed) if not is_there(client, link)] == []


def test_the_library_takes_a_store_below_a_prefix(shop: str, client: httpx.Client) -> None:
    assert client.get("/shop/health").status_code == 200
    for url in (shop, f"{shop}/", f"{shop}/api/v1"):
        with entrepot.connect(url) as store:
            assert "cars" in store
            pages = list(store["cars"].rows(limit=1).pages())
            assert len(pages) == 3
            added = store.add(CARS.encode(), name="added")
            assert added.rows().total == 3
            added.delete()


def test_the_command_line_takes_a_store_below_a_prefix(shop: str, client: httpx.Client) -> None:
    assert client.get("/shop/health").status_code == 200
    command = [sys.executable, "-m", "entrepot", "list", "--store", shop]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "cars" in listed


PATHS = ["/datasets/cars/", "/datasets/cars/rows/?limit=1", "/docs", "/openapi.json", "/problems/", "/nowhere"]


@pytest.mark.parametrize("path", PATHS)
def test_each_prefix_has_answers_of_its_own_that_are_kept_apart(gallery: Gallery, path: str) -> None:
    gallery.peer[0] = PROXY
    for prefix in ("", "/shop", "/b/c", "") * 2:
        headers = {"x-forwarded-prefix": prefix} if prefix else {}
        answer = gallery.client.get(path, headers=headers)
        links = [link for link in links_of(answer) if "/api/v1" in link]
        links += [link for link in answer.text.split('"') if link.endswith("/api/v1")]
        assert links
        assert {link.partition("/api/v1")[0] for link in links if not link.startswith("http")} <= {prefix, ""}
        assert any(link.startswith(f"{prefix}/api/v1") for link in links)
        assert "X-Forwarded-Prefix" in answer.headers["vary"]


def test_a_stranger_has_no_prefix(gallery: Gallery) -> None:
    for peer, seen in ((PROXY, "/shop"), (STRANGER, ""), (PROXY, "/shop")):
        gallery.peer[0] = peer
        answer = gallery.client.get("/datasets/cars/", headers={"x-forwarded-prefix": "/shop"})
        assert answer.json()["_links"]["rows"]["href"].startswith(f"{seen}/api/v1/datasets/")


def test_a_dataset_has_one_tag_whatever_the_prefix(gallery: Gallery) -> None:
    """Who has read it by one way may change it by another."""
    gallery.peer[0], headers = PROXY, {"x-forwarded-prefix": "/shop"}
    tag = gallery.client.get("/datasets/cars/").headers["etag"]
    assert gallery.client.get("/datasets/cars/", headers=headers).headers["etag"] == tag
    changed = gallery.client.patch("/datasets/cars/", json={"title": "New"}, headers={**headers, "if-match": tag})
    assert changed.status_code == 200


@pytest.mark.parametrize("path", ["/datasets/cars/", "/api/cars/", "/", "/docs"])
def test_a_prefix_that_is_none_is_refused_and_says_what_to_send(gallery: Gallery, path: str) -> None:
    gallery.peer[0] = PROXY
    answer = gallery.client.get(path, headers={"x-forwarded-prefix": "shop"})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")
    assert answer.json()["detail"].endswith(
        "X-Forwarded-Prefix can't be used: 'shop' is no prefix of a path, as /shop is."
    )
    gallery.peer[0] = STRANGER
    assert gallery.client.get(path, headers={"x-forwarded-prefix": "shop"}).status_code == 200
