"""``serve``."""

from typing import Annotated

import msgspec
from cyclopts import Parameter
from cyclopts.validators import Number

from entrepot.cli.output import print_json, say
from entrepot.cli.parameters import Port
from entrepot.cli.session import Given
from entrepot.serving import log_settings
from entrepot.serving import serve as serve_store


def serve(
    *,
    host: str | None = None,
    port: Port = None,
    workers: Annotated[int | None, Parameter(validator=Number(gte=1, lte=256))] = None,
    session: Given,
) -> None:
    """Serve a store over HTTP until Ctrl-C.

    Args:
        host: The address to listen at; by default only this machine.
        port: The port to listen at; 0 takes a free one.
        workers: How many processes.
    """
    given = {"host": host, "port": port, "workers": workers}
    loaded, warnings = session.loaded
    settings = msgspec.structs.replace(loaded, **{name: value for name, value in given.items() if value is not None})

    def ready(url: str) -> None:
        if session.json:
            print_json({"url": url, "settings": settings.shown()})
            return
        if not log_settings(settings):
            for name, value in settings.shown().items():
                say(f"{name}={value}")
        print(f"Entrepot serves {settings.store} at {url} (Ctrl-C stops it)", flush=True)

    serve_store(settings, ready, warnings)
