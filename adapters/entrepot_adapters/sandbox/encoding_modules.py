"""Python's modules of text encodings, for a worker that sees no files any more."""

import encodings
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec, spec_from_loader
from pkgutil import iter_modules
from types import CodeType, ModuleType

from entrepot_core.dialect import NO_ENCODINGS

_SHARED = ("_codecs_cn", "_codecs_hk", "_codecs_iso2022", "_codecs_jp", "_codecs_kr", "_codecs_tw", "_multibytecodec")
"""What those of several bytes a letter are made with."""


class _AtHand(MetaPathFinder, Loader):
    """Imports modules whose code was read before."""

    def __init__(self, code: Mapping[str, CodeType]) -> None:
        self._code = code

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        del path, target
        return spec_from_loader(fullname, self) if fullname in self._code else None

    def exec_module(self, module: ModuleType) -> None:
        exec(self._code[module.__name__], vars(module))  # noqa: S102  # pylint: disable=exec-used  # Python's own code


def keep_at_hand() -> None:
    """Read the code of all encodings, any of which a file may be in: to import them takes three times as long."""
    for name in _SHARED:
        with suppress(ImportError):  # a Python without them
            import_module(name)
    sys.meta_path.insert(0, _AtHand(dict(_all())))


def _all() -> Iterator[tuple[str, CodeType]]:
    for module in iter_modules(encodings.__path__):
        name = f"{encodings.__name__}.{module.name}"
        if module.name not in NO_ENCODINGS and name not in sys.modules:
            loader = getattr(find_spec(name), "loader", None)
            get_code = getattr(loader, "get_code", None)  # which a zip file's has too, though it is no InspectLoader
            if get_code and (code := get_code(name)):
                yield name, code
