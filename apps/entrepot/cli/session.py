"""One run of a command: the store it works on and how it prints."""

import sys
from contextlib import ExitStack
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Annotated, BinaryIO, Self, TypeAlias

from cyclopts import Parameter

if TYPE_CHECKING:
    from entrepot.settings import Settings
    from entrepot_core.ports.operations import Operations

STDIN = "/dev/stdin"
"""The standard input, by the name under which a lone hyphen reaches the commands."""


def place_of(file: str) -> str | BinaryIO:
    """What a word of the command line names: a path, a URL, or the standard input."""
    return sys.stdin.buffer if file == STDIN else file


class Session:
    """What a command is given. The store is opened when it is first used, and closed at the end.

    Attributes:
        store: What ``--store`` said.
        json: Whether to print for machines.
        debug: Whether to show where an error came from.
    """

    def __init__(self, *, store: str | None, json: bool, debug: bool) -> None:
        self.store = store
        self.json = json
        self.debug = debug
        self._open = ExitStack()
        self._for_import = False

    def expect_import(self) -> None:
        """Have an import made ready while the store opens."""
        self._for_import = True

    @cached_property
    def loaded(self) -> "tuple[Settings, list[str]]":
        """The settings, with the store of ``--store`` where one is given; and what there is to warn of."""
        import msgspec

        from entrepot.settings import load_with_warnings

        settings, warnings = load_with_warnings()
        return settings if self.store is None else msgspec.structs.replace(settings, store=self.store), warnings

    @cached_property
    def settings(self) -> "Settings":
        """The settings; what there is to warn of is told."""
        settings, warnings = self.loaded
        for warning in warnings:
            print(f"entrepot: warning: {warning}", file=sys.stderr)
        return settings

    @property
    def place(self) -> str:
        """Where the store is, safe to print: a folder, or a server's URL without its password."""
        from entrepot.settings import PREFIX

        return self.settings.shown()[f"{PREFIX}STORE"]

    @cached_property
    def operations(self) -> "Operations":
        """The store."""
        from entrepot.wiring import connect

        return self._open.enter_context(connect(None, self.settings, for_import=self._for_import)).operations

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, Exception):
            from entrepot.cli.nearest import add_hint

            add_hint(self, error)
        self._open.close()


Given: TypeAlias = Annotated[Session, Parameter(parse=False)]
"""The session, as a command's argument."""
