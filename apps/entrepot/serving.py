"""Serving a store over HTTP: the server's processes, and the app that each of them runs."""

import logging
import os
import socket
import threading
import time
from typing import TYPE_CHECKING

import msgspec

from entrepot import deferring
from entrepot.counting import counting_folder, counting_together
from entrepot.homes import checks, is_sound
from entrepot.origins import Origins
from entrepot.read_only import refuse
from entrepot.setting_values import networks
from entrepot.settings import MEMORY, PREFIX, Settings, load_with_warnings
from entrepot.wiring import begin_process, open_home
from entrepot_core.errors import InvalidOption

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from litestar import Litestar

_APP = "entrepot.serving:open_app"
_SECONDS_TO_START = 60
_SECONDS_TO_END = 10
"""What a server process has to finish its answers; one that was told to stop while it began hears nothing else."""
_SECONDS_BETWEEN_LOOKS = 0.05


def serve(settings: Settings, ready: "Callable[[str], None]", warnings: "Sequence[str]" = ()) -> None:
    """Serve the store of the settings until a signal says stop. A process that dies is started again.

    Args:
        settings: Where to listen, with how many processes, on which home.
        ready: Called with the URL, from a thread, once somebody answers there.
        warnings: What the log is to say of the settings.

    Raises:
        InvalidOption: The store is a server's URL or in memory, the address can't be listened at, or the schema for
            metadata is none.
        StoreUnusable: The folder can't be used as a home.
        SystemExit: A process can't start.
    """
    from granian.constants import Interfaces
    from granian.log import LogLevels

    from entrepot.http.logs import configure_logs
    from entrepot.processes import LOGGING, NAME, Server

    if settings.is_remote or settings.store == MEMORY:
        reason = "only a folder of this machine can be served; give one with --store"
        raise InvalidOption(option="store", value=settings.store, reason=reason)
    configure_logs(settings.log_level, settings.log_format)
    for warning in warnings:
        logging.getLogger(NAME).warning(warning)
    settings = msgspec.structs.replace(settings, port=_free_port(settings))
    deferring.payloads(settings)  # what can't be served is told here, not by dying workers
    if not is_sound(settings.store):
        open_home(settings.store, settings).close()
    os.environ.update(_environ(settings))
    server = Server(
        _APP,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=settings.workers,
        websockets=False,
        log_access=False,
        log_level=LogLevels.warning,
        log_dictconfig=LOGGING,
        respawn_failed_workers=True,
        workers_kill_timeout=_SECONDS_TO_END,
    )
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    url = f"http://{host}:{settings.port}"
    threading.Thread(target=_tell_when_up, args=(settings, lambda: ready(url)), daemon=True).start()
    with counting_together(settings.workers):
        server.serve(target_loader=open_app, wrap_loader=False)  # by name, Granian looks in the current folder first


def log_settings(settings: Settings) -> bool:
    """Log the settings in one line, where the log is for machines; answer whether it is."""
    from entrepot.http.logs import is_for_machines
    from entrepot.processes import NAME

    if not is_for_machines(settings.log_format):
        return False
    logging.getLogger(NAME).info("settings", extra=settings.shown())
    return True


def _tell_when_up(settings: Settings, tell: "Callable[[], None]") -> None:
    until = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < until:
        try:
            socket.create_connection((settings.host, settings.port), timeout=1).close()
        except OSError:
            time.sleep(_SECONDS_BETWEEN_LOOKS)
        else:
            tell()
            return


def open_app() -> "Litestar":
    """Build the app of one server process, from the settings in its environment.

    Raises:
        SystemExit: It can't be built; the log says why.
    """
    import structlog

    from entrepot.http.logs import configure_logs
    from entrepot.processes import NAME

    begin_process()
    settings, _ = load_with_warnings()  # which were told where the server was started
    configure_logs(settings.log_level, settings.log_format)
    try:
        return _app(settings)
    except Exception as error:
        structlog.stdlib.get_logger(NAME).critical("start failed", reason=str(error), exc_info=error)
        raise SystemExit(1) from error


def _app(settings: Settings) -> "Litestar":
    metrics_folder = counting_folder()  # before the library is imported that counts

    from entrepot.http.app import HttpSettings, create_app
    from entrepot.http.backend import MOST_ANSWER_BYTES

    home = open_home(settings.store, settings)
    home.keep_warm()
    stop = home.keep_up()

    def close() -> None:
        stop()
        home.close()

    return create_app(
        home.operations,
        stage=refuse if home.is_read_only else home.driven.blobs.stage,
        checks=lambda: checks(home),
        settings=HttpSettings(
            max_upload_bytes=settings.max_upload_bytes,
            max_image_bytes=settings.max_image_bytes,
            answer_bytes=min(MOST_ANSWER_BYTES, settings.cache_bytes // settings.workers),
            allow_origins=Origins.of(settings.allow_origins),
            trusted_proxies=networks(settings.trusted_proxies),
            image_base_url=settings.image_base_url,
            metrics_folder=metrics_folder,
        ),
        on_shutdown=close,
        stamp=home.stamp,
    )


def _free_port(settings: Settings) -> int:
    """The port to listen at, after a look whether it is free; of 0, one that is."""
    try:
        family = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((settings.host, settings.port))
            port: int = probe.getsockname()[1]
            return port
    except OSError as error:
        place = f"{settings.host}:{settings.port}"
        reason = f"can't listen there ({error.strerror}); choose another with --host and --port"
        raise InvalidOption(option="address", value=place, reason=reason) from error


def _environ(settings: Settings) -> dict[str, str]:
    """What the server's processes are given: the settings as the variables they are read from, and one for Python."""
    values = msgspec.structs.asdict(settings)
    named = {f"{PREFIX}{name.upper()}": "none" if value is None else str(value) for name, value in values.items()}
    return {**named, "PYTHONSAFEPATH": "1"}  # no process imports what lies in the current folder
