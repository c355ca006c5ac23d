"""Fixtures that every test may ask for."""

import structlog

# A traceback with every local variable, drawn in boxes, takes seconds; a failing test needs the plain one.
structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
    ]
)

pytest_plugins = ["tests.databases", "tests.handlers.office", "tests.controls.proving", "tests.seeds"]
