"""Company time on the desk: machine time plus an offset that the product reads from a file (contract, Rehearsal)."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Protocol

SHANGHAI = timezone(timedelta(hours=8))
_SETTLE_SECONDS = 4.0  # the product fires what a jump passed within 3 s
_LOOK_SECONDS = 0.1
_MOST_STOPS = 500
# An alarm that nobody answers calls every three minutes for ever: who moves on to Monday does not wait for them all.
_WALK_SECONDS = 120.0
_AFTER_DUE = timedelta(seconds=1)

NextDue = Callable[[datetime], datetime | None]
AtRest = Callable[[], bool]


class PlatformClock(Protocol):
    """Both clocks of the platform. Instants are aware UTC."""

    @property
    def offset(self) -> int:
        """Return company time minus machine time in seconds."""
        ...

    def machine_now(self) -> datetime:
        """Return machine time."""
        ...

    def now(self) -> datetime:
        """Return company time."""
        ...

    def due(self) -> datetime | None:
        """Return the next company instant at which the product acts by itself, None when there is none."""
        ...

    def move_to(self, target: datetime) -> None:
        """
        Move company time forward; raises ValueError when it lies in the past.

        It may answer before it is there: `walking` tells.
        """
        ...

    def walking(self) -> bool:
        """Return whether a move is under way."""
        ...

    def sleep(self, seconds: float) -> None:
        """Let machine time pass."""
        ...

    def listen(self, told: Callable[[], None]) -> None:
        """Call somebody after each move."""
        ...


def local(instant: datetime) -> str:
    """Return an instant as ISO text in the company's zone."""
    return instant.astimezone(SHANGHAI).isoformat(timespec="milliseconds")


class DeskClock:
    """
    Real time plus an offset; walks from due instant to due instant, so that things happen in order.

    Args:
        next_due: the earliest company instant after a given one at which the product will act by itself.
        at_rest: whether the product has done all that is due at this moment.
        patience: machine seconds a walk may stop on its way; after them it goes on to its end in one jump.
    """

    def __init__(self, file: Path, next_due: NextDue, at_rest: AtRest, patience: float = _WALK_SECONDS) -> None:
        self._file = file
        self._next_due = next_due
        self._at_rest = at_rest
        self._patience = patience
        self._told: Callable[[], None] = lambda: None
        self._lock = threading.Lock()
        self._walk: threading.Thread | None = None
        self._halt = threading.Event()
        self._offset = self._read()

    @property
    def offset(self) -> int:
        """Return company time minus machine time in seconds."""
        return self._offset

    def machine_now(self) -> datetime:
        """Return machine time, aware UTC."""
        return datetime.now(UTC)

    def now(self) -> datetime:
        """Return company time, aware UTC."""
        return self.machine_now() + timedelta(seconds=self._offset)

    def due(self) -> datetime | None:
        """Return the next due instant, None when nothing is due or it cannot be told."""
        return self._due_after(self.now())

    def sleep(self, seconds: float) -> None:
        """Let machine time pass."""
        time.sleep(seconds)

    def listen(self, told: Callable[[], None]) -> None:
        """Call somebody after each move."""
        self._told = told

    def move_to(self, target: datetime) -> None:
        """
        Walk to a company instant in the background; answers at once.

        Raises:
            ValueError: it lies in the past.
        """
        if target < self.now() - timedelta(seconds=1):
            raise ValueError("时间只能往前走")
        with self._lock:
            self._stop_walking()
            self._halt.clear()
            self._walk = threading.Thread(target=self._walk_to, args=(target,), name="walk", daemon=True)
            self._walk.start()

    def walking(self) -> bool:
        """Return whether a walk is under way."""
        return self._walk is not None and self._walk.is_alive()

    def jump(self, seconds: int) -> None:
        """Set the offset at once, without stops."""
        self._offset = seconds
        self._write()
        self._told()

    def close(self) -> None:
        """End a walk."""
        with self._lock:
            self._stop_walking()

    def _walk_to(self, target: datetime) -> None:
        reached = self.now()
        until = time.monotonic() + self._patience
        for _ in range(_MOST_STOPS):
            due = self._due_after(reached)
            if due is None or due > target or self._halt.is_set() or time.monotonic() >= until:
                break
            self._step_to(due + _AFTER_DUE)
            self._wait_until_done()
            reached = due
        if not self._halt.is_set():
            self._step_to(target)
        self._told()

    def _step_to(self, instant: datetime) -> None:
        # Whole seconds, rounded up: a stop must not lie before its instant.
        more = -int(-(instant - self.now()).total_seconds() // 1)
        if more > 0:
            self._offset += more
            self._write()
            self._told()

    def _wait_until_done(self) -> None:
        until = time.monotonic() + _SETTLE_SECONDS
        while time.monotonic() < until and not self._halt.is_set():
            time.sleep(_LOOK_SECONDS)
            try:
                if self._at_rest():
                    return
            except Exception:  # noqa: S112 - the product is being restarted: the desk must not stop for it
                continue

    def _due_after(self, instant: datetime) -> datetime | None:
        try:
            return self._next_due(instant)
        except Exception:
            return None  # the product is being restarted: the desk must not stop for it

    def _stop_walking(self) -> None:
        self._halt.set()
        if self._walk is not None and self._walk is not threading.current_thread():
            self._walk.join(_SETTLE_SECONDS + 1)

    def _read(self) -> int:
        try:
            return int(self._file.read_text().strip() or 0)
        except (FileNotFoundError, ValueError):
            return 0

    def _write(self) -> None:
        temporary = self._file.with_suffix(".new")
        temporary.write_text(f"{self._offset}\n")
        os.replace(temporary, self._file)
