"""matplotlib without its remarks on folders and fonts, which are no concern of those who ask for a chart."""

import logging
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def quiet() -> Generator[None]:
    """Keep matplotlib from logging that its folder can't be written, or that a font has no face of some weight."""
    log = logging.getLogger("matplotlib")
    before = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(before)
