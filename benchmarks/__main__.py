"""`make bench`: prints what is, side by side in one run. See the docstrings of the parts for what each one measures."""

from __future__ import annotations

import platform
import sys

from benchmarks import callbacks, family, queue


def main() -> None:
    """Run every part; a tenth of the sizes with --quick."""
    quick = "--quick" in sys.argv
    print(f"Python {platform.python_version()} on {platform.system()} {platform.machine()}; times are this machine's")
    callbacks.measure(rounds=3 if quick else 10, count=100 if quick else 400)
    queue.measure(jobs=60 if quick else 300, rows=500 if quick else 5000)
    family.measure(callbacks=100 if quick else 1000)


if __name__ == "__main__":
    main()
