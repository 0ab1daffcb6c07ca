"""Settings: environment variables over an ``.env`` file over defaults that go by ``ENTREPOT_ENV``."""

import os
import re
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal, get_args

import msgspec
import platformdirs

from entrepot.setting_values import (
    as_it_is,
    count_or_none,
    file_or_none,
    is_url,
    memory,
    networks_or_none,
    one_of,
    origins_or_none,
    read_renditions,
    read_size,
    renditions_or_none,
    size_or_nothing,
    store,
    url_or_none,
    whole,
    without_password,
)
from entrepot_core.errors import InvalidOption
from entrepot_core.image import RENDITIONS, Renditions
from entrepot_core.limits import Limits
from entrepot_core.meant import nearest

Environment = Literal["development", "staging", "production"]
Sandbox = Literal["auto", "require", "off"]
MakeRenditions = Literal["request", "import"]
LogLevel = Literal["debug", "info", "warning", "error"]
LogFormat = Literal["auto", "console", "json"]

PREFIX = "ENTREPOT_"
MEMORY = ":memory:"
"""The store that lives in this process only, and is gone with it."""

_MOST_WORKERS = 256
_MOST_PORT = 65_535
_ASSIGNMENT = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)")


def _home() -> str:
    return platformdirs.user_data_dir("entrepot")


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What can be set from outside; each field is the variable ``ENTREPOT_`` and its name in capitals.

    Attributes:
        env: Where it runs; the defaults of others go by it.
        store: A home folder, a server's URL, or ``:memory:``.
        host: The address ``serve`` listens at.
        port: The port ``serve`` listens at; 0 takes a free one.
        workers: How many processes ``serve`` runs.
        max_upload_bytes: The most bytes of an upload.
        max_decompressed_bytes: The most bytes of what a packed file, or a workbook, holds.
        max_rows: The most rows of a dataset; none for no limit.
        max_columns: The most columns of a dataset.
        max_cell_bytes: The most bytes of a cell of a text file; a line may have four times as many.
        fetch_allow: Networks that may be fetched from though they are not public, as ``10.0.0.0/8,127.0.0.1/32``.
        fetch_bytes: The most bytes of a file that is fetched by its URL.
        fetch_seconds: The most seconds that takes.
        max_image_bytes: The most bytes of an image, fetched or uploaded.
        max_image_pixels: The most pixels of an image, in all its frames together.
        image_seconds: The most seconds that fetching an image takes, and that decoding one does.
        image_memory_bytes: The most memory for decoding an image.
        image_base_url: What stands in front of ``/images/…`` in answers, where a CDN serves them; none for this server.
        renditions: How platforms wish their images, as JSON: ``{"web": {"width": 1280}, "mobile": {"width": 480}}``;
            none for these two.
        make_renditions: Whether renditions are made on the first ``request``, or when an image comes, on ``import``.
        allow_origins: Origins whose web pages may read and change everything, as
            ``https://app.example.org,http://localhost:5173``, or ``*`` for all; none for this server's own.
        trusted_proxies: Networks of proxies whose ``Forwarded`` headers are believed; none for no proxy.
        sandbox: What of the sandbox an import must have: ``auto`` what this system can, ``require`` all of it or no
            import, ``off`` a process of its own, but with the rights of this one.
        import_workers: How many imports run at once in each process; the others wait.
        import_memory_bytes: The most memory of an import.
        import_seconds: The most seconds that an import takes.
        cache_bytes: The most memory for tables that are kept at hand, over all workers; 0 keeps none.
        keep_versions: How many versions of a dataset are kept; none for all of them.
        metadata_schema: A file with the JSON Schema that payloads of the metadata registry must fit; none for the
            built-in one.
        log_level: The least grave of what is logged.
        log_format: ``console`` for people, ``json`` for machines; ``auto`` goes by whether a person is looking.
    """

    env: Environment = "development"
    store: str = msgspec.field(default_factory=_home)
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    max_upload_bytes: int = 10 * 10**9
    max_decompressed_bytes: int = 20 * 10**9
    max_rows: int | None = None
    max_columns: int = 16_384
    max_cell_bytes: int = 16 * 10**6
    fetch_allow: str | None = None
    fetch_bytes: int = 10 * 10**9
    fetch_seconds: int = 600
    max_image_bytes: int = 20 * 10**6
    max_image_pixels: int = 50 * 10**6
    image_seconds: int = 30
    image_memory_bytes: int = 2**30
    image_base_url: str | None = None
    renditions: str | None = None
    make_renditions: MakeRenditions = "request"
    allow_origins: str | None = None
    trusted_proxies: str | None = None
    sandbox: Sandbox = "auto"
    import_workers: int = 2
    import_memory_bytes: int = 4 * 2**30
    import_seconds: int = 1800
    cache_bytes: int = 2**30
    keep_versions: int | None = None
    metadata_schema: str | None = None
    log_level: LogLevel = "info"
    log_format: LogFormat = "auto"

    @property
    def limits(self) -> Limits:
        """What an import reads at the most."""
        return Limits(
            columns=self.max_columns,
            rows=self.max_rows,
            cell_bytes=self.max_cell_bytes,
            decompressed_bytes=self.max_decompressed_bytes,
        )

    @property
    def platforms(self) -> Renditions:
        """How platforms wish their images.

        Raises:
            InvalidOption: A rendition can't be made, or be called like that.
        """
        return RENDITIONS if self.renditions is None else read_renditions(self.renditions)

    @property
    def is_remote(self) -> bool:
        """Whether the store is a server's URL."""
        return is_url(self.store)

    def shown(self) -> dict[str, str]:
        """All settings by their variable, as text that is safe to print: without a password in a URL."""
        values = {name: getattr(self, name) for name in self.__struct_fields__}
        values["store"] = without_password(self.store)
        return {f"{PREFIX}{name.upper()}": "none" if value is None else str(value) for name, value in values.items()}


def load_settings(environ: Mapping[str, str] | None = None, dotenv: Path | None = None) -> Settings:
    """Gather the settings; an unknown ``ENTREPOT_…`` variable is warned of.

    Args:
        environ: The environment variables; by default the process's own.
        dotenv: The ``.env`` file, which need not be there; by default that of the current folder.

    Raises:
        InvalidOption: A variable has a value it can't have, or the file can't be understood; it is named.
    """
    file = read_dotenv(Path(".env") if dotenv is None else dotenv)
    given = {**file, **(os.environ if environ is None else environ)}
    texts = {name: text.strip() for name, text in given.items() if name.startswith(PREFIX) and text.strip()}
    for name in sorted(set(texts) - set(_READERS)):
        told = f"{name} is not a setting of Entrepot and is ignored. {_meant(name)}".rstrip()
        warnings.warn(told, UserWarning, stacklevel=2)
    read = {name: _READERS[name](name, text) for name, text in texts.items() if name in _READERS}
    values = {name.removeprefix(PREFIX).lower(): value for name, value in read.items()}
    defaults = _DEFAULTS[values.get("env", "development")]
    return msgspec.convert({**defaults, **values}, Settings)


def _meant(name: str) -> str:
    """Which setting may have been meant; all names begin alike, which counts for nothing."""
    found = nearest(name.removeprefix(PREFIX), [known.removeprefix(PREFIX) for known in _READERS])
    return "" if found is None else f"Did you mean {PREFIX}{found}?"


def load_with_warnings() -> tuple[Settings, list[str]]:
    """Gather the settings; and what there is to warn of, to be told in a way of one's own.

    Raises:
        InvalidOption: A variable has a value it can't have, or the file can't be understood; it is named.
    """
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        settings = load_settings()
    return settings, [str(warning.message) for warning in caught]


def read_dotenv(path: Path) -> dict[str, str]:
    """The variables of an ``.env`` file: ``NAME=value`` lines, values bare or in quotes; none where there is no file.

    Raises:
        InvalidOption: A line is nothing of the kind, or the file can't be read.
    """
    if not path.is_file():
        return {}
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidOption(option=path.name, value=str(path), reason=f"can't be read: {error}") from error
    found: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        bare = line.strip()
        if not bare or bare.startswith("#"):
            continue
        if (match := _ASSIGNMENT.fullmatch(bare)) is None:
            raise InvalidOption(option=f"{path.name} line {number}", value=bare, reason="write NAME=value")
        found[match[1]] = _unquoted(match[2])
    return found


def _unquoted(text: str) -> str:
    if text[:1] in {"'", '"'} and (end := text.find(text[0], 1)) > 0:
        return text[1:end]
    return re.sub(r"\s+#.*", "", text)


_READERS: dict[str, Callable[[str, str], object]] = {
    "ENTREPOT_ENV": one_of(get_args(Environment)),
    "ENTREPOT_STORE": store,
    "ENTREPOT_HOST": as_it_is,
    "ENTREPOT_PORT": lambda name, text: whole(name, text, 0, _MOST_PORT),
    "ENTREPOT_WORKERS": lambda name, text: whole(name, text, 1, _MOST_WORKERS),
    "ENTREPOT_MAX_UPLOAD_BYTES": read_size,
    "ENTREPOT_MAX_DECOMPRESSED_BYTES": read_size,
    "ENTREPOT_MAX_ROWS": count_or_none,
    "ENTREPOT_MAX_COLUMNS": lambda name, text: whole(name, text, 1),
    "ENTREPOT_MAX_CELL_BYTES": read_size,
    "ENTREPOT_FETCH_ALLOW": networks_or_none,
    "ENTREPOT_FETCH_BYTES": read_size,
    "ENTREPOT_FETCH_SECONDS": lambda name, text: whole(name, text, 1),
    "ENTREPOT_MAX_IMAGE_BYTES": read_size,
    "ENTREPOT_MAX_IMAGE_PIXELS": lambda name, text: whole(name, text, 1),
    "ENTREPOT_IMAGE_SECONDS": lambda name, text: whole(name, text, 1),
    "ENTREPOT_IMAGE_MEMORY_BYTES": memory,
    "ENTREPOT_IMAGE_BASE_URL": url_or_none,
    "ENTREPOT_RENDITIONS": renditions_or_none,
    "ENTREPOT_MAKE_RENDITIONS": one_of(get_args(MakeRenditions)),
    "ENTREPOT_ALLOW_ORIGINS": origins_or_none,
    "ENTREPOT_TRUSTED_PROXIES": networks_or_none,
    "ENTREPOT_SANDBOX": one_of(get_args(Sandbox)),
    "ENTREPOT_IMPORT_WORKERS": lambda name, text: whole(name, text, 1, _MOST_WORKERS),
    "ENTREPOT_IMPORT_MEMORY_BYTES": memory,
    "ENTREPOT_IMPORT_SECONDS": lambda name, text: whole(name, text, 1),
    "ENTREPOT_CACHE_BYTES": size_or_nothing,
    "ENTREPOT_KEEP_VERSIONS": count_or_none,
    "ENTREPOT_METADATA_SCHEMA": file_or_none,
    "ENTREPOT_LOG_LEVEL": one_of(get_args(LogLevel)),
    "ENTREPOT_LOG_FORMAT": one_of(get_args(LogFormat)),
}
"""How each variable is read; what is not here is not a setting."""

_DEFAULTS: dict[object, dict[str, object]] = {
    "development": {},
    "staging": {"workers": 2, "log_level": "debug", "log_format": "json"},
    "production": {"workers": 2, "log_format": "json"},
}
