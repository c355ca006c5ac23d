"""`make test`: every check; all of them run even when one fails. Ends with pytest's own summary."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools.browser import bring_browser
from tools.proven import asked_for, settle

ROOT = Path(__file__).resolve().parents[1]
LINTERS = {
    "ruff": ["-m", "ruff", "check", "."],
    "mypy": ["-m", "mypy"],
    "layers": ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
}


def main() -> int:
    """Run everything and return 0 when all of it passed."""
    bring_browser()
    with ThreadPoolExecutor(len(LINTERS)) as pool:
        failed = [name for name, ok in pool.map(_lint, LINTERS) if not ok]
    whole = ["-n", str(max(2, os.cpu_count() or 2)), "--dist", "worksteal", "--durations", "10"]
    arguments = sys.argv[1:] or whole
    with asked_for() as (environment, target):
        command = [sys.executable, "-m", "pytest", "-q", *arguments]
        tests = subprocess.run(command, cwd=ROOT, env=environment, check=False)
        # A part of the tests proves only a part; the file tells of a whole run.
        if arguments is whole and not settle(target):
            failed.append("controls")
    if failed:
        # Said before the summary as well; here for whoever reads the exit code.
        return 1
    return tests.returncode


def _lint(name: str) -> tuple[str, bool]:
    began = time.monotonic()
    done = subprocess.run([sys.executable, *LINTERS[name]], cwd=ROOT, capture_output=True, text=True, check=False)
    ok = done.returncode == 0
    print(f"{name}: {'ok' if ok else 'FAILED'} ({time.monotonic() - began:.0f} s)", flush=True)
    if not ok:
        print(done.stdout + done.stderr, flush=True)
    return name, ok


if __name__ == "__main__":
    sys.exit(main())
