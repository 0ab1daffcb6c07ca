"""Landlock: which files this thread, and those it starts, may touch; and that they reach no network or process.

It has to be applied before polars starts its threads.
"""

import ctypes
import errno
import os
import struct
from collections.abc import Iterable
from contextlib import suppress
from enum import IntFlag
from pathlib import Path
from typing import NamedTuple

from entrepot_adapters.sandbox.kernel import call

_VERSION = 1  # LANDLOCK_CREATE_RULESET_VERSION
_PATH_BENEATH = 1  # LANDLOCK_RULE_PATH_BENEATH
_NETWORK = 0b11  # to bind and to connect TCP sockets
_SCOPES = 0b11  # abstract sockets and signals stay within the sandbox


class Right(IntFlag):
    """What can be done with files, by the kernel's numbers."""

    EXECUTE = 1 << 0
    WRITE_FILE = 1 << 1
    READ_FILE = 1 << 2
    READ_DIR = 1 << 3
    REMOVE_DIR = 1 << 4
    REMOVE_FILE = 1 << 5
    MAKE_DIR = 1 << 7
    MAKE_REG = 1 << 8
    TRUNCATE = 1 << 14


LIST = Right.READ_DIR
READ = Right.READ_FILE | Right.READ_DIR
SCRATCH = (
    READ | Right.WRITE_FILE | Right.TRUNCATE | Right.MAKE_REG | Right.MAKE_DIR | Right.REMOVE_FILE | Right.REMOVE_DIR
)

_ON_FILES = Right.EXECUTE | Right.WRITE_FILE | Right.READ_FILE | Right.TRUNCATE
_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}
"""The rights that each version of Landlock governs; all those that are governed and not given are denied."""
_WITH_NETWORK, _WITH_SCOPES = 4, 6
"""The versions since which it governs these."""


class Allowed(NamedTuple):
    """A path, and what may be done at and below it."""

    path: Path
    rights: Right


def restrict(allowed: Iterable[Allowed]) -> None:
    """Deny this thread, and those it starts from now on, all files but the given ones.

    Paths that aren't there are left out.

    Raises:
        OSError: The kernel has no Landlock, or refuses.
    """
    version = call("landlock_create_ruleset", None, 0, _VERSION)
    governed = _RIGHTS[min(version, max(_RIGHTS))]
    rules = call("landlock_create_ruleset", *_attributes(version, governed), 0)
    try:
        for path, rights in allowed:
            _allow(rules, path, rights & governed)
        call("landlock_restrict_self", rules, 0)
    finally:
        os.close(rules)


def _attributes(version: int, governed: int) -> "tuple[ctypes.Array[ctypes.c_char], int]":
    fields = [governed]
    if version >= _WITH_NETWORK:
        fields.append(_NETWORK)
    if version >= _WITH_SCOPES:
        fields.append(_SCOPES)
    packed = struct.pack(f"={len(fields)}Q", *fields)
    return ctypes.create_string_buffer(packed, len(packed)), len(packed)


def _allow(rules: int, path: Path, rights: int) -> None:
    with suppress(FileNotFoundError, NotADirectoryError, PermissionError):
        file = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            given = rights if path.is_dir() else rights & _ON_FILES
            rule = struct.pack("=Qi", given, file)
            call("landlock_add_rule", rules, _PATH_BENEATH, ctypes.create_string_buffer(rule, len(rule)), 0)
        except OSError as error:
            if error.errno != errno.ENOMSG:  # no right is left to give
                raise
        finally:
            os.close(file)
