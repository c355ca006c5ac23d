"""The seeds of a run's campaigns, listed before pytest's summary: `LIUHEN_SEED=… make test` repeats one."""

from __future__ import annotations

from typing import Any

SIGN = "LIUHEN_SEED="


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say which dice were thrown; what a passing test prints is not shown otherwise."""
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.stats.get(kind, ())]
    lines = {line for report in reports for line in report.capstdout.splitlines() if SIGN in line}
    if lines:
        terminalreporter.section("campaigns and their seeds")
        for line in sorted(lines):
            terminalreporter.write_line(line)
