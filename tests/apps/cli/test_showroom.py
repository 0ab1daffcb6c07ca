"""``entrepot demo cars``, as the shell runs it: it serves."""

import io
import json
import signal
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pytest
from PIL import Image

from entrepot.cli.loopback import serving_files
from tests.serving import free_port

DEMO = [sys.executable, "-m", "entrepot", "demo", "cars"]


def test_the_cars_are_landed_with_their_pictures_and_served_until_ctrl_c(home: Path, tmp_path: Path) -> None:
    with subprocess.Popen([*DEMO, "--json", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as demo:
        assert demo.stdout is not None
        told = json.loads(demo.stdout.readline())
        collection, web, mobile, one, *pictures = told["open"]
        cars = {url: httpx.get(url).json() for url in (collection, web, mobile)}
        images = [Image.open(io.BytesIO(httpx.get(url).content)) for url in pictures]
        shown = httpx.get(one).json()
        demo.send_signal(signal.SIGINT)
        assert (demo.wait(60), demo.stdout.read()) == (0, b"")
    assert all(len(found) == 12 and all(car["image"] for car in found) for found in cars.values())
    assert shown in cars[collection]
    assert [image.width for image in images] == [1280, 480]
    assert not home.exists()
    assert (tmp_path / "data" / "entrepot-demo-cars").is_dir()


def test_what_serves_may_not_fetch_from_this_machine(home: Path) -> None:
    demo = [*DEMO, f"--store={home}", f"--port={free_port()}"]
    with subprocess.Popen(demo, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        landed, served = process.stdout.readline().decode(), process.stdout.readline().decode()
        url = served.partition(" at ")[2].partition(" ")[0]
        refused = httpx.post(f"{url}/api/v1/datasets/cars/refresh/")
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read().decode()
    assert landed.startswith("cars\t12 rows × 7 columns\t")
    assert served.startswith(f"Entrepot serves {home} at http://127.0.0.1:")
    assert rest.splitlines()[0] == f"{url}/api/cars/"
    assert (refused.status_code, refused.json()["code"]) == (422, "address_refused")


def test_a_home_that_is_none_is_told_by_what_lands_the_cars(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"no folder")
    demo = subprocess.run([*DEMO, f"--store={tmp_path / 'file'}"], capture_output=True, check=False)
    assert (demo.returncode, demo.stdout) == (1, b"")
    assert demo.stderr.startswith(b"entrepot: ")
    assert len(demo.stderr.splitlines()) < 3


def test_a_folder_is_a_source_until_it_is_left(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_bytes(b"a")
    threads = threading.active_count()
    with serving_files(tmp_path) as url:
        first = httpx.get(f"{url}/a.txt")
        known = {"If-Modified-Since": first.headers["Last-Modified"]}
        assert (first.content, httpx.get(f"{url}/a.txt", headers=known).status_code) == (b"a", 304)
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url}/a.txt")
    assert threading.active_count() == threads
    assert capfd.readouterr() == ("", "")
