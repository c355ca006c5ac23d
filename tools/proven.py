"""Which controls the tests prove: `python -m tools.proven` runs tests/controls and writes it down (design rule 17)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "bot" / "data" / "controls_proven.json"
VARIABLE = "LIUHEN_PROVEN"


@contextmanager
def asked_for() -> Iterator[tuple[Mapping[str, str], Path]]:
    """Give the environment that makes a test run write what it proved, and the file it writes."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / KEPT.name
        yield {**os.environ, VARIABLE: str(target)}, target


def settle(target: Path) -> bool:
    """Take over what a run proved; return whether it was checked in like that already, and say so if not."""
    fresh = json.loads(target.read_text(encoding="utf-8")) if target.exists() else []
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    if fresh == kept:
        return True
    KEPT.write_text(json.dumps(fresh) + "\n", encoding="utf-8")
    lost, new = sorted(set(kept) - set(fresh)), sorted(set(fresh) - set(kept))
    print(
        f"{KEPT.relative_to(ROOT)} was out of date and is written anew; commit it."
        f" Proven now: {', '.join(new) or 'nothing more'}. No longer: {', '.join(lost) or 'none'}.",
        flush=True,
    )
    return False


def main() -> int:
    """Run the controls' tests alone and write down what they prove; 0 when all of them passed."""
    with asked_for() as (environment, target):
        command = [sys.executable, "-m", "pytest", "-q", "tests/controls", *sys.argv[1:]]
        done = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        settle(target)
    return done


if __name__ == "__main__":
    sys.exit(main())
