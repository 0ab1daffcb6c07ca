"""Logs: one line an event, for people or for machines, with the correlation id of the request it belongs to."""

import logging
import sys
from typing import Literal

import structlog
from structlog.typing import Processor


def configure_logs(level: str, format: Literal["auto", "console", "json"]) -> None:
    """Send what this process logs to standard error, through structlog and the standard library alike.

    Args:
        level: The least grave of what is logged, ``info`` say.
        format: ``json`` for machines, ``console`` for people; ``auto`` goes by whether a person is looking.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=_last(format)))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    logging.getLogger("httpcore").setLevel(logging.INFO)  # its debugging shows headers, with what is secret in them


def _last(format: Literal["auto", "console", "json"]) -> list[Processor]:
    bare = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if format == "console" or (format == "auto" and sys.stderr.isatty()):
        return [bare, _console()]
    return [bare, structlog.processors.format_exc_info, structlog.processors.JSONRenderer(sort_keys=False)]


def _console() -> Processor:
    # Plain tracebacks: the pretty ones print local variables, which hold people's data.
    plain = structlog.dev.plain_traceback
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)
