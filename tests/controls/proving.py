"""
Writes down which controls the tests have proven (design rule 17): nobody claims one by hand.

A control is proven when its file tests/controls/test_<id>.py (3.1a → test_3_1a.py; test_3_1a_more.py belongs to it too)
was run and everything in it passed: a failed, skipped or expected failure proves nothing. With LIUHEN_PROVEN naming a
file, the run writes the proven IDs there; `make test` compares that with what is checked in.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from policy.controls import CONTROLS

PROVEN = "LIUHEN_PROVEN"
_FILE = re.compile(r"tests/controls/test_(?P<id>[A-Za-z0-9]+(?:_[0-9]+[a-z]?)?)(?:_[a-z][a-z_]*)?\.py::")
_SPELLED = {control.replace(".", "_").lower(): control for control in CONTROLS}
_passed: set[str] = set()
_failed: set[str] = set()


def control_of(nodeid: str) -> str | None:
    """Return the control whose test this is, None for other tests."""
    found = _FILE.search(nodeid)
    return _SPELLED.get(found.group("id").lower()) if found is not None else None


def proven() -> list[str]:
    """Return the IDs proven so far in this run, in the policy's order."""
    return [control for control in CONTROLS if control in _passed - _failed]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note what came of a test; with several workers every report arrives at the one that leads."""
    control = control_of(report.nodeid)
    if control is None:
        return
    if report.when == "call" and report.passed and not hasattr(report, "wasxfail"):
        _passed.add(control)
    elif not report.passed or hasattr(report, "wasxfail"):
        _failed.add(control)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the proven IDs, once, when asked for."""
    target = os.environ.get(PROVEN)
    if target and not hasattr(session.config, "workerinput"):
        Path(target).write_text(json.dumps(proven()) + "\n", encoding="utf-8")
