"""Fixtures that every test may ask for."""

import structlog
from hypothesis import HealthCheck, settings

# How fast examples are made says how busy the machine is, nothing about the code they are made for.
settings.register_profile("liuhen", suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("liuhen")

# A traceback with every local variable, drawn in boxes, takes seconds; a failing test needs the plain one.
structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
    ]
)

pytest_plugins = ["tests.databases", "tests.handlers.office", "tests.controls.proving", "tests.seeds"]
