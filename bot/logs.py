"""Logs: JSON lines on standard error, one event each; a reference number that a user sees leads to its line."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

import orjson
import structlog
from structlog.typing import EventDict, WrappedLogger

# What orjson would write in a way of its own goes through _other.
_PLAIN = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS


def start_logging(level: str) -> None:
    """
    Write log lines from a level on: debug, info, warning, error.

    Traces of exceptions go into the line; nothing that people wrote, no token and no address with one is logged.
    """
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            _time,
            # Without local variables: they hold what people wrote, keys and tokens.
            structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False)),
            _line,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.BytesLoggerFactory(sys.stderr.buffer),
        cache_logger_on_first_use=True,
    )
    # Libraries (gunicorn, alembic, urllib3) say what they must through the standard library.
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")


def _time(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    event["timestamp"] = f"{datetime.now(UTC).isoformat()[:-6]}Z"
    return event


def _line(logger: WrappedLogger, method: str, event: EventDict) -> bytes:
    try:
        return orjson.dumps(event, _other, _PLAIN)
    except TypeError:  # half a surrogate pair, a key that is no text, a very large number
        pass
    try:
        text = json.dumps(event, ensure_ascii=False, default=str)
    except (TypeError, ValueError):  # a key that is a pair, what holds itself
        text = json.dumps({name: repr(value) for name, value in event.items()}, ensure_ascii=False)
    return text.encode("utf-8", "backslashreplace")


def _other(value: object) -> object:
    return list(value) if isinstance(value, tuple) else str(value)
