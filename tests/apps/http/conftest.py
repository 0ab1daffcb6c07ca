"""A small app in this process, for what claims nothing about streams."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from entrepot.http.app import HttpSettings, create_app
from entrepot.settings import MEMORY, Settings
from entrepot.wiring import checks, open_home

CARS = "make,price,city\nFiat,10.5,Torino\nAudi,,Ingolstadt\nBMW,30,München\n"
MOST_BYTES = 100_000
FORM = {"content-type": "multipart/form-data; boundary=x"}
END = "--x--\r\n"
"""What a form written by hand ends with."""

Client = TestClient[Litestar]
Post = Callable[..., dict[str, Any]]


def part(name: str, text: str, file_name: str | None = None) -> str:
    """A part of a form written by hand."""
    given = f'; filename="{file_name}"' if file_name else ""
    return f'--x\r\nContent-Disposition: form-data; name="{name}"{given}\r\n\r\n{text}\r\n'


@pytest.fixture(scope="package")
def shared_client() -> Iterator[Client]:
    """An app over a store in memory that takes uploads of 100 kB; to start one for every test takes too long."""
    with open_home(MEMORY, Settings(fetch_allow="127.0.0.9/32", max_decompressed_bytes=10_000_000)) as home:
        settings = HttpSettings(max_upload_bytes=MOST_BYTES, version="1.2.3")
        app = create_app(home.operations, home.driven.blobs.stage, lambda: checks(home), settings)
        with TestClient(app) as found:
            yield found


@pytest.fixture
def client(shared_client: Client) -> Client:
    """The app, its store empty."""
    for one in shared_client.get("/datasets/").json()["items"]:
        assert shared_client.delete(one["_links"]["self"]["href"]).status_code == 204
    return shared_client


@pytest.fixture
def post(client: Client) -> Post:
    """Adds a dataset from CSV text and answers its document."""

    def add(text: str = CARS, file_name: str = "cars.csv", **fields: str) -> dict[str, Any]:
        answer = client.post("/datasets/", files={"file": (file_name, text.encode(), "text/csv")}, data=fields)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    return add


@pytest.fixture
def cars(post: Post) -> dict[str, Any]:
    """The document of a small dataset, ``cars``."""
    return post()
