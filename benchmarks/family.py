"""Start-up of the whole family, and its memory as the sum of PSS after so many callbacks."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.ground import AGENT_ID, CORP_ID, Ground, Sink, free_port, process, wait_until_answers
from benchmarks.load import Mill, run


def measure(callbacks: int) -> None:
    """Print the first and the second start until /readyz answers, and the memory."""
    sink = Sink()
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        ground = Ground(Path(folder), sink.url)
        config = ground.config(port)
        starts = []
        for last in (False, True):
            began = time.perf_counter()
            with process(["bot.cli", "up", "--config", str(config)]) as family:
                wait_until_answers(port, "/readyz")
                starts.append(time.perf_counter() - began)
                if last:
                    mill = Mill(ground.codec(), CORP_ID, AGENT_ID, time.time)
                    run(port, [mill.purchase("xu") for _ in range(callbacks)], 8)
                    memory = _pss(family.pid)
        sink.close()
    print(f"\nthe family: first start {starts[0]:.1f} s, second start {starts[1]:.1f} s until /readyz answers")
    if memory:
        print(f"memory after {callbacks} callbacks: {sum(memory) / 1024:.0f} MiB PSS in {len(memory)} processes")
    else:
        print("memory: this system does not tell PSS")


def _pss(root: int) -> list[int]:
    """Return the proportional set size of a process and all below it, in KiB; [] where /proc does not tell."""
    if sys.platform != "linux":
        return []
    listed = subprocess.run(["ps", "-e", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    parents = {int(pid): int(parent) for pid, parent in (line.split() for line in listed.splitlines())}
    family = {root}
    while True:
        more = {pid for pid, parent in parents.items() if parent in family} - family
        if not more:
            break
        family |= more
    sizes = []
    for pid in family:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                sizes.append(int(line.split()[1]))
    return sizes
