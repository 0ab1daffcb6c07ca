"""The rows that an import set aside, on their way out."""

from collections.abc import Iterator
from typing import BinaryIO

import attrs
import msgspec
import pytest
from litestar.testing import TestClient

from entrepot.http.app import HttpSettings, create_app
from entrepot.settings import MEMORY, Settings
from entrepot.wiring import open_home
from entrepot_core.dialect import Report
from entrepot_core.ports.importer import Imported, Importer, ImportTask
from entrepot_core.use_cases.local import LocalOperations
from tests.apps.http.conftest import CARS, Client

ASIDE = b"line,reason,text\n4,too few cells,Opel\n"


@attrs.frozen
class SettingAside:
    """An importer that sets the same row aside of every file."""

    importer: Importer

    def prepare(self) -> None:
        self.importer.prepare()

    def load(self, source: BinaryIO, table: BinaryIO, rejects: BinaryIO, task: ImportTask, report: Report) -> Imported:
        imported = self.importer.load(source, table, rejects, task, report)
        rejects.write(ASIDE)
        return msgspec.structs.replace(imported, report=msgspec.structs.replace(imported.report, rejected=1))


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with open_home(MEMORY, Settings()) as home:
        driven = attrs.evolve(home.driven, importer=SettingAside(home.driven.importer))
        app = create_app(LocalOperations(driven), driven.blobs.stage, checks=dict, settings=HttpSettings())
        with TestClient(app) as found:
            found.post("/datasets/", files={"file": ("cars.csv", CARS, "text/csv")}).raise_for_status()
            yield found


def test_they_are_linked_and_come_as_csv_under_a_name_of_their_own(client: Client) -> None:
    document = client.get("/datasets/cars/").json()
    assert document["import_report"]["rejected"] == 1
    answer = client.get(document["_links"]["rejects"]["href"])
    assert (answer.status_code, answer.content) == (200, ASIDE)
    assert answer.headers["content-type"].startswith("text/csv")
    assert 'filename="cars-rejects.csv"' in answer.headers["content-disposition"]
    assert answer.headers["content-length"] == str(len(ASIDE))


def test_they_are_cached_as_a_file_is(client: Client) -> None:
    href = client.get("/datasets/cars/").json()["_links"]["rejects"]["href"]
    pinned = client.get(f"{href}?version=1")
    assert "immutable" in pinned.headers["cache-control"]
    assert client.get(href).headers["cache-control"] == "no-cache"
    assert client.get(href, headers={"if-none-match": pinned.headers["etag"]}).status_code == 304


def test_they_are_of_their_version_and_kept_as_long(client: Client) -> None:
    client.patch("/datasets/cars/schema/", json={"types": {"price": "string"}}).raise_for_status()
    for version in (1, 2):
        assert client.get(f"/datasets/cars/rejects/?version={version}").content == ASIDE
