"""Company time on the desk: machine time plus an offset that the product reads from a file (contract, Rehearsal)."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

SHANGHAI = timezone(timedelta(hours=8))
_SETTLE_SECONDS = 3.5  # the product fires what a jump passed within 3 s
_LOOK_SECONDS = 0.1
_MOST_STOPS = 500
_AFTER_DUE = timedelta(seconds=1)


class DeskClock:
    """
    Moves company time; walks from due instant to due instant, so that things happen in order.

    Args:
        next_due: the earliest company instant at which the product will act by itself.
        told: called after each move.
    """

    def __init__(self, file: Path, next_due: Callable[[], datetime | None], told: Callable[[], None]) -> None:
        self._file = file
        self._next_due = next_due
        self._told = told
        self._lock = threading.Lock()
        self._walk: threading.Thread | None = None
        self._halt = threading.Event()
        self.offset = self._read()

    @staticmethod
    def machine_now() -> datetime:
        """Return machine time, aware UTC."""
        return datetime.now(UTC)

    def now(self) -> datetime:
        """Return company time, aware UTC."""
        return self.machine_now() + timedelta(seconds=self.offset)

    def local(self) -> str:
        """Return company time as ISO text with its zone."""
        return self.now().astimezone(SHANGHAI).isoformat(timespec="seconds")

    def due(self) -> str | None:
        """Return the next due instant as ISO text, None when nothing is due or it cannot be told."""
        instant = self._due()
        return None if instant is None else instant.astimezone(SHANGHAI).isoformat(timespec="seconds")

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
        self.offset = seconds
        self._write()
        self._told()

    def close(self) -> None:
        """End a walk."""
        with self._lock:
            self._stop_walking()

    def _walk_to(self, target: datetime) -> None:
        for _ in range(_MOST_STOPS):
            due = self._due()
            if due is None or due > target or self._halt.is_set():
                break
            if due > self.now():
                self._step_to(due + _AFTER_DUE)
            self._wait_until_done(due)
        if not self._halt.is_set() and target > self.now():
            self._step_to(target)
        self._told()

    def _step_to(self, instant: datetime) -> None:
        self.offset += max(0, round((instant - self.now()).total_seconds()))
        self._write()
        self._told()

    def _wait_until_done(self, due: datetime) -> None:
        until = time.monotonic() + _SETTLE_SECONDS
        while time.monotonic() < until and not self._halt.is_set():
            following = self._due()
            if following is None or following > due:
                return
            time.sleep(_LOOK_SECONDS)

    def _due(self) -> datetime | None:
        try:
            return self._next_due()
        except Exception:  # the product is being restarted: the desk must not stop for it
            return None

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
        temporary.write_text(f"{self.offset}\n")
        os.replace(temporary, self._file)
