"""The demo of collections: cars with pictures, landed by URL and served."""

import os
import subprocess
import sys
from importlib.resources import as_file, files
from urllib.parse import urljoin

import msgspec

from entrepot.cli.loopback import HERE, serving_files
from entrepot.cli.output import print_json
from entrepot.serving import serve
from entrepot.settings import Settings
from entrepot.wiring import connect
from entrepot_core.errors import ServerUnreachable

_NAME, _CAR = "cars", "107"
_WORDS = (
    f"--name={_NAME}", "--title=The showroom", "--description=A dozen made-up cars, with a picture each.", "--tag=demo",
    "--image=image", "--publish", "--replace",
)  # fmt: skip


def show(settings: Settings, *, as_json: bool) -> int:
    """Land the cars in a home, and serve it until a signal says stop; answer the exit status.

    Args:
        settings: Which home, and where to listen.
        as_json: Whether to print for machines.
    """

    def ready(url: str) -> None:
        try:
            paths = _paths(url, settings)
        except ServerUnreachable:  # it was stopped before it was up
            return
        if as_json:
            print_json({"url": url, "open": paths})
            return
        print(f"Entrepot serves {settings.store} at {url} (Ctrl-C stops it). Open in a browser:")
        print("\n".join(paths), flush=True)

    status = _land(settings, as_json=as_json)
    if status == 0:
        serve(settings, ready)
    return status


def _land(settings: Settings, *, as_json: bool) -> int:
    """Land the cars, in a process of its own, and answer its exit status.

    The server's processes are forks of this one, which has to have no threads for that; and only what lands the cars
    may fetch from this machine.
    """
    allowed = ",".join(one for one in (settings.fetch_allow, f"{HERE}/32") if one)
    with as_file(files("entrepot") / "samples" / "showroom") as folder, serving_files(folder) as url:
        command = [sys.executable, "-m", "entrepot", "add", f"{url}/cars.csv", *_WORDS, f"--store={settings.store}"]
        return subprocess.run(  # noqa: S603 - our own program
            command,
            env=os.environ | {"ENTREPOT_FETCH_ALLOW": allowed},
            stdout=subprocess.DEVNULL if as_json else None,
            check=False,
        ).returncode


def _paths(url: str, settings: Settings) -> list[str]:
    """What there is to look at: the collection, and as each platform sees it; one car, and its picture."""
    collection = f"{url}/api/{_NAME}/"
    with connect(url, settings) as server:
        seen = [server.operations.get_item(_NAME, _CAR, platform).item["image"] for platform in settings.platforms]
    pictures = [urljoin(url, msgspec.json.decode(image, type=str)) for image in seen]
    return [collection, *(f"{collection}{platform}/" for platform in settings.platforms), collection + _CAR, *pictures]
