"""A small app in this process, for what claims nothing about streams."""

from collections.abc import Callable, Iterator
from hashlib import sha256
from ipaddress import ip_network
from typing import Any, cast

import pytest
from attrs import frozen
from litestar import Litestar
from litestar.testing import TestClient
from litestar.types import Receive, Scope, Send

from entrepot.homes import checks
from entrepot.http.app import HttpSettings, create_app
from entrepot.settings import MEMORY, Settings
from entrepot.wiring import open_home
from tests.painting import Painting, painted
from tests.sources import Sources, sources

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


PROXY, STRANGER = "10.0.0.1", "192.0.2.1"
MOST_IMAGE_BYTES = 60_000
PAINTING = painted(3)
"""A JPEG of 96 × 144 pixels."""


@frozen
class Gallery:
    """An app with a published dataset ``cars``, whose images come from a source on loopback.

    Attributes:
        client: Asks the app.
        source: Where the images are.
        peer: Whom the app takes the client for, by its address.
    """

    client: Client
    source: Sources
    peer: list[str]

    @property
    def list(self) -> str:
        """The table as it was: a good picture, one that isn't there, no picture, a text that is no URL."""
        url = self.source.url
        pictures = f"{url}/good.jpg", f"{url}/missing.jpg", "", "not a url"
        rows = (f"{377 + place},Car {place},{picture}" for place, picture in enumerate(pictures))
        return "\n".join(["id,title,image", *rows, ""])

    def image(self, painting: Painting = PAINTING) -> str:
        """Where a picture is that was stored, below the server and without its rendition."""
        return f"/images/{sha256(painting.content).hexdigest()}"


@pytest.fixture(scope="package")
def shared_gallery() -> Iterator[Gallery]:
    """The app, over a store in memory; it keeps answers, and believes a proxy."""
    limits = Settings(fetch_allow="127.0.0.1/32", max_image_bytes=MOST_IMAGE_BYTES)
    with sources() as source, open_home(MEMORY, limits) as home:
        settings = HttpSettings(max_image_bytes=MOST_IMAGE_BYTES, trusted_proxies=(ip_network("10.0.0.0/8"),))
        app = create_app(home.operations, home.driven.blobs.stage, dict, settings, stamp=home.stamp)
        peer, inner = [STRANGER], app.asgi_handler

        async def near(scope: Scope, receive: Receive, send: Send) -> None:
            cast("dict[str, Any]", scope)["client"] = (peer[0], 5000)
            await inner(scope, receive, send)

        app.asgi_handler = near
        with TestClient(app) as client:
            yield Gallery(client, source, peer)


@pytest.fixture
def gallery(shared_gallery: Gallery) -> Gallery:
    """The app, its store empty but for ``cars``."""
    client, source = shared_gallery.client, shared_gallery.source
    shared_gallery.peer[0] = STRANGER
    for one in client.get("/datasets/").json()["items"]:
        assert client.delete(one["_links"]["self"]["href"]).status_code == 204
    source.at.clear()
    source.asked.clear()
    source.gives("/good.jpg", PAINTING.content, Content_Type="image/jpeg")
    source.gives("/cars.csv", shared_gallery.list.encode(), Content_Type="text/csv")
    fields = {"url": f"{source.url}/cars.csv", "name": "cars", "published": "true", "image": "image"}
    assert client.post("/datasets/", data=fields).status_code == 201
    return shared_gallery
