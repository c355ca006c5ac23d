"""
How big a campaign is: a tenth with a random seed in `make test`, in full with evidence in `make prove`.

`LIUHEN_PROVE=1` runs in full and writes docs/evidence/<name>.json; `LIUHEN_SEED` repeats a run.
"""

from __future__ import annotations

import json
import os
import platform
import random
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FULL = os.environ.get("LIUHEN_PROVE") == "1"


def _seed() -> int:
    return int(os.environ.get("LIUHEN_SEED") or random.SystemRandom().getrandbits(32))


@dataclass
class Campaign:
    """One campaign's dice, size and findings."""

    name: str
    seed: int = field(default_factory=_seed)
    begun: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        print(f"{self.name}: LIUHEN_SEED={self.seed}, {'in full' if FULL else 'a tenth'}")

    def size(self, full: int) -> int:
        """Return how many of something: all of them, or a tenth."""
        return full if FULL else max(1, full // 10)

    def found(self, **facts: object) -> None:
        """Say what was found, and keep it as evidence when run in full."""
        seconds = round(time.monotonic() - self.begun, 1)
        print(f"{self.name}: {facts} in {seconds} s")
        if not FULL:
            return
        commit = subprocess.run(
            ["git", "-C", str(ROOT), "rev-parse", "HEAD"], capture_output=True, text=True, check=False
        ).stdout.strip()
        evidence = {
            "name": self.name, "commit": commit, "seed": self.seed, "found": facts, "seconds": seconds,
            "machine": {
                "system": platform.system(), "release": platform.release(), "processor": platform.machine(),
                "processors": os.cpu_count(), "python": platform.python_version(),
            },
        }
        folder = ROOT / "docs" / "evidence"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{self.name}.json").write_text(json.dumps(evidence, indent=2, ensure_ascii=False) + "\n")
