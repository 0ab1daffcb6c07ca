"""What is said when a command fails: one or two lines, and an exit status."""

import errno
import os
import sys
import traceback
from collections.abc import Sequence

from cyclopts import CycloptsError, UnusedCliTokensError

from entrepot.cli.table import ALIASES, COMMANDS
from entrepot.cli.text import as_flags, one_line
from entrepot.failures import failure_of
from entrepot_core.errors import EntrepotError

UNFORESEEN, USAGE, NOT_FOUND, NOT_ALLOWED = 1, 2, 3, 7
INTERRUPTED = 130
"""What a shell says of a program that Ctrl-C ended."""
PIPE_CLOSED = 141
"""What a shell says of a program that wrote into a pipe that nobody reads any more."""

_FULL = "The disk is full: not all of the output could be written. Make room and try again."
_CUT_OFF = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: "The output is larger than a file may be here (see ulimit -f): not all of it was written.",
}
"""What is said where output ends before its end."""

_WHY_NOT: dict[type[OSError], int] = {
    FileNotFoundError: NOT_FOUND,
    NotADirectoryError: NOT_FOUND,
    PermissionError: NOT_ALLOWED,
}
"""Exit statuses for a path that can't be written."""


class Misused(Exception):
    """A command was called in a way that makes no sense; the message says what to do instead."""


def tell(error: BaseException, *, words: Sequence[str] = (), debug: bool = False) -> int:
    """Say on the standard error what went wrong, and answer the exit status.

    Args:
        error: What went wrong.
        words: The words of the command line, to name the right help.
        debug: Whether to show where it came from.
    """
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED
    if isinstance(error, BrokenPipeError):
        _give_up_stdout()
        return PIPE_CLOSED
    if debug:
        traceback.print_exception(error)
    status, said = _said(error, words)
    lines = [f"entrepot: {said[0]}", *said[1:]]
    print("\n".join(one_line(line) for line in lines), file=sys.stderr)
    return status


def tell_of(file: str, error: EntrepotError, *, debug: bool = False) -> int:
    """Say what went wrong with one of several files, and answer the exit status."""
    if debug:
        traceback.print_exception(error)
    said, *more = _all_said(error)
    for line in (f"entrepot: {said}" if file in said else f"entrepot: {file}: {said}", *more):
        print(one_line(line), file=sys.stderr)
    return failure_of(error).exit_status


def _said(error: BaseException, words: Sequence[str]) -> tuple[int, list[str]]:
    if isinstance(error, EntrepotError):
        return failure_of(error).exit_status, _all_said(error)
    if isinstance(error, UnusedCliTokensError):
        return USAGE, [f"What is {' '.join(error.unused_tokens or ())}? That is more than is asked for.", _see(words)]
    if isinstance(error, CycloptsError | Misused):
        return USAGE, [str(error), _see(words)]
    if isinstance(error, OSError) and error.filename is not None:
        said = f"Can't write {error.filename}: {(error.strerror or str(error)).lower()}."
        return _WHY_NOT.get(type(error), UNFORESEEN), [said]
    if isinstance(error, OSError) and error.errno in _CUT_OFF:
        return UNFORESEEN, [_CUT_OFF[error.errno]]
    said = f"This was not foreseen: {type(error).__name__}: {error}"
    return UNFORESEEN, [said, "Run it again with --debug to see where, and please report it."]


def _all_said(error: EntrepotError) -> list[str]:
    """What an error says, and what was added to it."""
    return [as_flags(str(error)), *getattr(error, "__notes__", ())]


def _see(words: Sequence[str]) -> str:
    known = {name.partition(" ")[0] for group in COMMANDS.values() for name in group} | set(ALIASES.values())
    command = next((word for word in words if word in known), None)
    return f"See: entrepot {command} --help" if command else "See: entrepot --help"


def _give_up_stdout() -> None:
    """Send what is still to be written nowhere, so that closing down does not fail on the pipe again."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
