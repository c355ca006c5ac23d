"""The family: parts that die come back, stopping goes in order, one folder has one family (design rule 16)."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.supervisor import AlreadyRunning, lock
from tests.bot.waiting import eventually

ROOT = Path(__file__).resolve().parents[2]
FAMILY = """
import os, sys, time
from pathlib import Path
from bot.logs import start_logging
from bot.supervisor import Member, Supervisor
start_logging("info")
folder = Path(sys.argv[1])

def note(words):
    with (folder / "log").open("a") as file:
        file.write(words + "\\n")

def part(name, seconds=0.0):
    def run(stop):
        note(f"{name} began {os.getpid()}")
        while not stop():
            time.sleep(0.01)
        time.sleep(seconds)
        note(f"{name} ended")
    return run

def deaf(stop):
    import signal
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    note(f"deaf began {os.getpid()}")
    time.sleep(60)

def broken(stop):
    note("broken began")
    raise RuntimeError("broken")

members = {
    "usual": [
        Member("web", 0, part("web", 0.2)), Member("worker", 1, part("worker", 0.2)), Member("clock", 2, part("clock")),
    ],
    "deaf": [Member("clock", 2, deaf)], "broken": [Member("x", 1, broken), Member("clock", 2, part("clock"))],
}[sys.argv[2]]
Supervisor(members).run(lambda: note("all began"))
note("over")
"""


class Family:
    """One supervisor in a process of its own."""

    def __init__(self, folder: Path, members: str) -> None:
        self.folder = folder
        with (folder / "stderr").open("wb") as stderr:
            self.process = subprocess.Popen(
                [sys.executable, "-c", FAMILY, str(folder), members], cwd=ROOT, stderr=stderr
            )
        eventually(lambda: "all began" in self.lines, 60)

    @property
    def lines(self) -> list[str]:
        log = self.folder / "log"
        return log.read_text().splitlines() if log.exists() else []

    def pids(self, name: str) -> list[int]:
        return [int(line.split()[2]) for line in self.lines if line.startswith(f"{name} began")]

    def stop(self) -> float:
        begun = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(30) == 0
        return time.monotonic() - begun


def test_stopping_goes_web_workers_clocks_each_after_the_other_has_ended(tmp_path: Path) -> None:
    family = Family(tmp_path, "usual")
    eventually(lambda: all(family.pids(name) for name in ("web", "worker", "clock")))
    assert family.stop() < 10
    assert [line for line in family.lines if "ended" in line or line == "over"] == [
        "web ended", "worker ended", "clock ended", "over",
    ]


def test_a_part_that_dies_comes_back_as_another_process_and_the_others_stay(tmp_path: Path) -> None:
    family = Family(tmp_path, "usual")
    eventually(lambda: all(family.pids(name) for name in ("web", "worker", "clock")))
    os.kill(family.pids("worker")[0], signal.SIGKILL)
    eventually(lambda: len(family.pids("worker")) == 2)
    assert len(set(family.pids("worker"))) == 2
    assert (len(family.pids("web")), len(family.pids("clock"))) == (1, 1)
    family.stop()


def test_a_part_that_breaks_at_once_is_tried_ever_more_slowly_and_logged(tmp_path: Path) -> None:
    family = Family(tmp_path, "broken")
    eventually(lambda: family.lines.count("broken began") >= 2)
    time.sleep(1.5)  # 0.4, 0.8, 1.6 … seconds between tries
    assert family.lines.count("broken began") <= 5
    family.stop()
    logged = [json.loads(line) for line in (tmp_path / "stderr").read_text().splitlines()]
    assert any(line["event"] == "family.part_broke" and line["part"] == "x" for line in logged)


def test_a_part_that_does_not_end_is_killed_in_time(tmp_path: Path) -> None:
    family = Family(tmp_path, "deaf")
    eventually(lambda: bool(family.pids("deaf")))
    assert family.stop() < 10
    with pytest.raises(ProcessLookupError):
        os.kill(family.pids("deaf")[0], 0)


def test_a_folder_is_locked_by_one_family_and_free_when_it_ends(tmp_path: Path) -> None:
    held = lock(tmp_path / "data")
    with pytest.raises(AlreadyRunning, match=rf"is in use by process {os.getpid()}; stop it first"):
        lock(tmp_path / "data")
    held.close()
    lock(tmp_path / "data").close()
