"""
Bugs planted into a copy of the source must turn the suite red (RP-8.5): all of them in `make prove`, three at random in
`make test`. The tests that notice them are green on the copy as it is.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.campaigns.scale import FULL, Campaign
from tests.planted.bugs import BUGS, Bug

ROOT = Path(__file__).resolve().parents[2]
_NOT_COPIED = shutil.ignore_patterns(".*", "__pycache__", "docs", "*.egg-info", "build", "dist")
MOST_SECONDS = 90  # each takes a few; the machine may be busy


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name.replace(" ", "-"))
def test_the_words_that_a_bug_replaces_stand_there_once(bug: Bug) -> None:
    for change in bug.changes:
        assert (ROOT / change.file).read_text().count(change.old) == 1, f"{change.file} has moved on; mend the bug"


@pytest.mark.campaign
@pytest.mark.timeout(3600 if FULL else 600)
def test_planted_bugs_turn_the_suite_red(tmp_path: Path) -> None:
    campaign = Campaign("planted_bugs_turn_the_suite_red")
    copy = tmp_path / "copy"
    shutil.copytree(ROOT, copy, ignore=_NOT_COPIED)
    chosen = list(BUGS) if FULL else campaign.dice.sample(BUGS, 3)
    seconds: dict[str, float] = {}
    code, said = _run(copy, [test for bug in chosen for test in bug.tests])
    assert code == 0, f"without any bug:\n{said}"
    for bug in chosen:
        begun = time.monotonic()
        before = {change.file: (copy / change.file).read_text() for change in bug.changes}
        for change in bug.changes:
            file = copy / change.file
            file.write_text(file.read_text().replace(change.old, change.new))
        code, said = _run(copy, bug.tests)
        for name, text in before.items():
            (copy / name).write_text(text)
        # 1 = tests failed; anything else would be a run that could not begin.
        assert (code, " failed" in said) == (1, True), f"{bug.name} was not noticed:\n{said}"
        seconds[bug.name] = round(time.monotonic() - begun, 1)
    campaign.found(planted=len(chosen), noticed=len(seconds), of=len(BUGS), seconds=seconds)


def _run(copy: Path, tests: Sequence[str]) -> tuple[int, str]:
    environment = {
        name: value for name, value in os.environ.items()
        if not name.startswith(("LIUHEN_", "PYTEST_")) and name != "PYTHONPATH"
    }
    # Bytecode is told apart by seconds and size: a change could go unseen.
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    done = subprocess.run(
        [
            sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", "--no-header",
            "--tb=line", "--basetemp", str(copy.parent / "basetemp"), *dict.fromkeys(tests),
        ],
        cwd=copy, env=environment, capture_output=True, text=True, check=False, timeout=MOST_SECONDS * len(tests),
    )
    return done.returncode, (done.stdout + done.stderr)[-3000:]
