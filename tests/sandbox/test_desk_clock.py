"""The clock of the desk: it walks from due instant to due instant, but not for ever."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from pathlib import Path

from sandbox.platform.clock import DeskClock

STEP = timedelta(minutes=3)


def arrived(clock: DeskClock, target: datetime) -> bool:
    moved = threading.Event()
    clock.listen(lambda: moved.set() if clock.now() >= target else None)
    clock.move_to(target)
    return moved.wait(20)


def test_a_walk_stops_at_every_due_instant_on_its_way(tmp_path: Path) -> None:
    stops: list[datetime] = []

    def next_due(instant: datetime) -> datetime:
        stops.append(instant)
        return instant + STEP

    clock = DeskClock(tmp_path / "offset", next_due, lambda: True)
    assert arrived(clock, clock.now() + 4 * STEP - timedelta(minutes=1))
    clock.close()
    assert len(stops) == 4


def test_when_patience_ends_the_walk_goes_on_to_its_end_in_one_jump(tmp_path: Path) -> None:
    clock = DeskClock(tmp_path / "offset", lambda instant: instant + STEP, lambda: True, patience=0.3)
    target = clock.now() + timedelta(days=3)
    assert arrived(clock, target)
    clock.close()
    assert timedelta(0) <= clock.now() - target < timedelta(seconds=15)
