"""The program ``entrepot``, which ``python -m entrepot`` is too."""

import atexit
import gc
import os
import sys
from functools import partial
from typing import NoReturn

_OBJECTS = 50_000
"""How many objects a command makes before Python looks for garbage among them; it is 700 or 2,000 by default."""


def main() -> NoReturn:
    """Run the command line.

    Most of what it makes are the modules it imports, which are no garbage: to look for some again and again, and once
    more at the end, took a sixth of the time of most commands.
    """
    os.register_at_fork(after_in_child=partial(gc.set_threshold, *gc.get_threshold()))  # as those of a server are
    gc.set_threshold(_OBJECTS)
    atexit.register(gc.freeze)  # what is left at the end goes with the process
    _prepare_streams()
    from entrepot.cli.app import run

    sys.exit(run(sys.argv[1:]))


def _prepare_streams() -> None:
    """Have the standard streams: those that were closed, as by ``>&-``, lead nowhere, and no file takes their place."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115 - for good
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # the process's own are text files


if __name__ == "__main__":  # the processes of a server import this module too, and need no command line
    main()
