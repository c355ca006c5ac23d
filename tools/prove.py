"""`make prove`: every campaign in full; each writes docs/evidence/<name>.json by itself (design rule 18)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tools.browser import bring_browser

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Run the campaigns one after the other, so that none disturbs another's clock."""
    bring_browser()
    environment = {**os.environ, "LIUHEN_PROVE": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-m", "campaign", "-p", "no:xdist", "-o", "timeout=7200", "-s"]
    return subprocess.run([*command, *sys.argv[1:]], cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
