"""Whatever goes wrong is a problem document."""

import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import httpx
import msgspec
import pytest
from litestar.exceptions import LitestarException
from litestar.testing import TestClient

from entrepot.http.app import HttpSettings, create_app
from entrepot.http.problems import every_problem, told_problem
from entrepot_core.download import Download
from entrepot_core.errors import BlobDamaged, DiskFull, StoreBusy, StoreUnusable
from entrepot_core.views import DatasetView
from tests.apps.http.conftest import Client
from tests.serving import served

if TYPE_CHECKING:
    from entrepot_core.ports.operations import Operations

MEMBERS = {"type", "title", "status", "detail", "instance", "code", "correlation_id"}


class Failing:
    """Operations of which every one fails."""

    def __init__(self, error: BaseException) -> None:
        self.error = error

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - it stands for any operation
        def fail(*_args: object, **_kwargs: object) -> None:
            raise self.error

        return fail


def failing(error: BaseException) -> Client:
    """An app over operations that fail."""
    operations = cast("Operations", Failing(error))
    app = create_app(operations, stage=lambda: 1 / 0, checks=dict, settings=HttpSettings())  # type: ignore[arg-type,return-value]  # never asked to stage
    return TestClient(app, raise_server_exceptions=False)


@pytest.mark.parametrize(
    ("method", "path", "headers", "status", "code"),
    [
        ("GET", "/nope", {}, 404, "route_not_found"),
        ("GET", "/api/v1/nope/", {}, 404, "route_not_found"),
        ("GET", "/api/v2/datasets/", {}, 404, "route_not_found"),
        ("GET", "/api/v1datasets/", {}, 404, "collection_not_found"),
        ("GET", "/datasets/cars/nope", {}, 404, "route_not_found"),
        ("GET", "/docs/../app.py", {}, 404, "route_not_found"),
        ("GET", "/docs/app.py", {}, 404, "route_not_found"),
        ("GET", "/problems/nope", {}, 404, "route_not_found"),
        ("GET", "/datasets/nobody", {}, 404, "dataset_not_found"),
        ("DELETE", "/datasets/nobody", {}, 404, "dataset_not_found"),
        ("GET", "/datasets/01890000-0000-7000-8000-000000000000/rows/", {}, 404, "dataset_not_found"),
        ("GET", "/datasets/%00/", {}, 404, "dataset_not_found"),
        ("GET", "/datasets/' OR 1=1 --/", {}, 404, "dataset_not_found"),
        ("DELETE", "/version", {}, 405, "method_not_allowed"),
        ("POST", "/datasets/cars/facets/", {}, 405, "method_not_allowed"),
        ("GET", "/", {"accept": "image/png"}, 406, "not_acceptable"),
        ("GET", "/datasets/nobody/export/", {"accept": "text/html"}, 406, "not_acceptable"),
        ("GET", "/datasets/nobody/export/", {"accept": "text/csv;q=0"}, 406, "not_acceptable"),
        ("GET", "/version?x=1", {}, 400, "unknown_parameter"),
    ],
)
def test_what_a_request_does_wrong_is_told(
    client: Client, method: str, path: str, headers: dict[str, str], status: int, code: str
) -> None:
    answer = client.request(method, path, headers=headers)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert set(problem) >= MEMBERS
    assert problem["status"] == status
    assert problem["correlation_id"] == answer.headers["x-correlation-id"]
    assert client.get(problem["type"]).status_code == 200


def test_the_methods_that_are_allowed_are_named(client: Client) -> None:
    answer = client.delete("/datasets/")
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS, POST"
    asked = client.options("/api/v1/datasets/cars/")
    assert (asked.status_code, asked.headers["allow"]) == (204, "DELETE, GET, HEAD, OPTIONS, PATCH, PUT")
    assert client.options("/nope").status_code == 404


def test_no_operation_takes_a_parameter_it_does_not_know(client: Client, cars: dict[str, Any]) -> None:
    client.patch(cars["_links"]["self"]["href"], json={"published": True})
    document = client.get("/openapi.json").json()
    for path, item in document["paths"].items():
        for method, operation in item.items():
            told = re.sub("{(row|number|key)}", "1", re.sub("{(item|platform)}", "web", path))
            url = re.sub("{[^}]*}", "cars", told)
            takes_filters = "filters" in {one["name"] for one in operation["parameters"]}
            query = "bogus=1&columns=make" if url.endswith("facets/") else "bogus=1"
            answer = client.request(method, f"{url}?{query}", headers={"content-type": "application/json"})
            code, named = ("unknown_column", "column") if takes_filters else ("unknown_parameter", "parameter")
            assert (answer.status_code, answer.json()["code"]) == (400, code), (method, path)
            assert answer.json()[named] == "bogus"


def test_an_error_brings_its_own_fields(client: Client) -> None:
    problem = client.get("/datasets/?limit=x").json()
    assert (problem["option"], problem["value"], problem["reason"]) == (
        "limit",
        "x",
        "give a whole number, of at most 18 digits",
    )
    assert problem["instance"] == "/datasets/"


@pytest.mark.parametrize(
    ("method", "url", "body"),
    [
        ("PATCH", "/datasets/cars/", b'{"title":"\xff"}'),
        ("PATCH", "/datasets/cars/schema/", b'{"types":"\xff"}'),
        ("POST", "/datasets/cars/restore/", b'{"versi":"\xff"}'),
        ("PATCH", "/datasets/batch", b'[{"id":  "\xff"}]'),
        ("DELETE", "/datasets/batch", b'["cars", "\xff"]'),
        ("POST", "/metadata", b'{"name": "\xff"}'),
        ("POST", "/metadata/batch", b'[{"name":"\xff"}]'),
        ("POST", "/datasets/cars/rows/", b'{"make": "\xff"}'),
        ("DELETE", "/datasets/cars/rows/", b'["       \xff"]'),
    ],
)
def test_a_body_that_is_no_utf_8_or_no_json_is_refused_alike_everywhere(
    client: Client, cars: dict[str, Any], method: str, url: str, body: bytes
) -> None:
    del cars
    answer = client.request(method, url, content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")
    at = body.index(b"\xff")
    assert f"it is not UTF-8: its byte {at}, counted from 0, is 0xff" in answer.json()["detail"]
    for broken in (b"{", b"[1,]", b"cars", b""):
        refused = client.request(method, url, content=broken, headers={"content-type": "application/json"})
        is_nothing = not broken and url.endswith("rows/") and method == "DELETE"
        code = "no_filter" if is_nothing else "invalid_request"
        assert (refused.status_code, refused.json()["code"]) == (400, code)


@pytest.mark.parametrize(
    ("method", "path", "wanted"),
    [
        ("GET", "rows/abc", "'abc' is no row's number. Give its _id, as in rows/1."),
        ("GET", "rows/1.0/", "'1.0' is no row's number. Give its _id, as in rows/1."),
        ("PATCH", "rows/abc", "'abc' is no row's number. Give its _id, as in rows/1."),
        ("PUT", "rows/abc/images/make", "'abc' is no row's number. Give its _id, as in rows/1."),
        ("GET", "versions/v1/", "'v1' is no version's number. Give it, as in versions/1."),
    ],
)
def test_a_path_without_the_number_it_needs_is_told_so(
    client: Client, cars: dict[str, Any], method: str, path: str, wanted: str
) -> None:
    for url in (f"/datasets/{cars['id']}/{path}", f"/api/v1/datasets/cars/{path}"):
        answer = client.request(method, url)
        assert (answer.status_code, answer.json()["code"], answer.json()["detail"]) == (400, "invalid_request", wanted)


@pytest.mark.parametrize("path", ["/datasets/cars/rows/1/x", "/datasets/cars/bogus/abc", "/x/datasets/cars/rows/abc"])
def test_other_paths_are_not_there(client: Client, path: str) -> None:
    assert client.get(path).json()["code"] == "route_not_found"


class _Panic(BaseException):
    """As polars' own, which no handler of exceptions sees."""


@pytest.mark.parametrize("kind", [ZeroDivisionError, _Panic])
def test_an_unforeseen_error_shows_nothing_of_the_inside(
    capsys: pytest.CaptureFixture[str], kind: type[BaseException]
) -> None:
    with failing(kind("secret /home/somebody")) as client:
        answer = client.get("/datasets/cars")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    log = capsys.readouterr().out
    assert kind.__name__ in log
    assert answer.headers["x-correlation-id"] in log


def test_a_store_that_cant_be_used_is_told_of_without_where_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    with failing(StoreUnusable(reason="Can't use the store at /home/somebody: it is gone.")) as client:
        answers = [client.get("/datasets/"), client.patch("/datasets/batch", json=[{"id": "cars", "title": "x"}])]
    assert (answers[0].status_code, answers[0].json()["code"]) == (503, "store_unusable")
    assert answers[1].json()["results"][0]["problem"]["code"] == "store_unusable"
    for answer in answers:
        assert "somebody" not in answer.text
    assert "Can't use the store at /home/somebody" in capsys.readouterr().out


def test_a_job_that_couldnt_use_the_store_doesnt_tell_where_it_is() -> None:
    problem = {"code": "store_unusable", "detail": "Can't use /home/somebody.", "reason": "Can't use /home/somebody."}
    told = told_problem(problem)
    assert told["status"] == 503
    assert "somebody" not in str(told)


def test_a_server_whose_store_is_gone_tells_its_log_where_it_was(tmp_path: Path) -> None:
    home = tmp_path / "secret"
    with served(home) as url:
        home.rename(tmp_path / "away")
        answers = [httpx.post(f"{url}/datasets/?name=cars", content="a\n1\n"), httpx.get(f"{url}/health")]
        assert [answer.status_code for answer in answers] == [503, 503]
        for answer in answers:
            assert "secret" not in answer.text
    log = (tmp_path / "secret.log").read_text()
    assert log.count(f"Can't use the store at {home}") > 1


@pytest.mark.parametrize("good", [0, 1])
def test_a_download_that_fails_is_closed_and_does_not_end_as_if_it_were_whole(cars: dict[str, Any], good: int) -> None:
    closed: list[bool] = []

    def chunks() -> Iterator[bytes]:
        yield from [b"a"] * good
        raise BlobDamaged(digest="ab")

    download = Download("a.csv", "text/csv", chunks(), release=lambda: closed.append(True))
    view = msgspec.convert(cars, DatasetView)
    operations = SimpleNamespace(get_dataset=lambda *_: view, open_file=lambda *_: download)
    app = create_app(cast("Operations", operations), cast("Any", None), checks=dict, settings=HttpSettings())
    with TestClient(app) as own:
        if good:
            with pytest.raises(LitestarException, match="after response started"):
                own.get("/datasets/cars/file/")
        else:
            assert own.get("/datasets/cars/file/").json()["code"] == "blob_damaged"
    assert closed == [True]


@pytest.mark.parametrize(("error", "status"), [(StoreBusy(), 503), (DiskFull(), 507), (BlobDamaged(digest="ab"), 500)])
def test_what_the_store_lacks_is_told(error: Exception, status: int) -> None:
    with failing(error) as client:
        answer = client.get("/datasets/")
    assert answer.status_code == status
    assert (answer.headers.get("retry-after") == "1") == (status == 503)


def test_every_problem_has_a_page_and_stands_in_the_list(client: Client) -> None:
    listed = {one["code"]: one for one in client.get("/problems/").json()["items"]}
    assert set(listed) == {kind.code for kind in every_problem()}
    for code, one in listed.items():
        page = client.get(one["href"], headers={"accept": "text/html"})
        assert page.headers["content-type"].startswith("text/html"), code
        assert f"<code>{code}</code>" in page.text
        told = client.get(one["href"], headers={"accept": "application/json"}).json()
        assert (told["title"], told["status"]) == (one["title"], one["status"])
    assert "<table>" in client.get("/problems/", headers={"accept": "text/html"}).text
    stale = client.get("/problems/stale", headers={"accept": "text/html"}).text
    assert "&gt;&gt;&gt;" not in stale
    assert "<p>For example: &#x27;cars&#x27; has changed since" in stale


def test_codes_are_unique() -> None:
    codes = [kind.code for kind in every_problem()]
    assert len(codes) == len(set(codes))
