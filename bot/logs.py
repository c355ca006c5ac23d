"""Logs: JSON lines on standard error, one event each; a reference number that a user sees leads to its line."""

from __future__ import annotations

import logging
import sys

import structlog


def start_logging(level: str) -> None:
    """
    Write log lines from a level on: debug, info, warning, error.

    Traces of exceptions go into the line; nothing that people wrote, no token and no address with one is logged.
    """
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            # Without local variables: they hold what people wrote, keys and tokens.
            structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False)),
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    # Libraries (gunicorn, alembic, urllib3) say what they must through the standard library.
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
