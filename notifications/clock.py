"""
The two clocks (design rule 8). The only module that reads the time of day.

Company time is what users read and deadlines follow; machine time is for leases, retries, tokens and heartbeats.
They differ only in rehearsal (演练), by a whole number of seconds kept in a file that every part reads again at
least every half second (contract, Rehearsal). All instants are aware UTC.
"""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import structlog

LOG = structlog.get_logger(__name__)

REREAD_SECONDS = 0.4  # the contract asks for 0.5 at least
_MOST_BYTES = 64  # a number of seconds is shorter; never read a large file by mistake
_MOST_SECONDS = 100 * 366 * 86_400  # a century: beyond it datetime arithmetic would leave the calendar


class Clock(Protocol):
    """Both clocks. Implementations are safe to use from several threads."""

    def company_now(self) -> datetime:
        """Return company time, aware UTC."""
        ...

    def machine_now(self) -> datetime:
        """Return the machine's time, aware UTC."""
        ...

    def refresh(self) -> None:
        """Read the rehearsal offset again at once; called at every callback."""
        ...

    def offsets(self) -> tuple[int, int]:
        """Return the present and the previous rehearsal offset in seconds; (0, 0) outside rehearsal."""
        ...


class SystemClock:
    """Real operation: company time is machine time."""

    def company_now(self) -> datetime:
        """Return the machine's time, aware UTC."""
        return datetime.now(UTC)

    def machine_now(self) -> datetime:
        """Return the machine's time, aware UTC."""
        return datetime.now(UTC)

    def refresh(self) -> None:
        """Do nothing: there is no offset."""

    def offsets(self) -> tuple[int, int]:
        """Return (0, 0)."""
        return 0, 0


class RehearsalClock:
    """
    Rehearsal: company time is machine time plus the whole number of seconds in a file; an absent file is 0.

    A file that holds anything else keeps the offset that was valid before and is logged once per content.
    """

    def __init__(self, offset_file: Path) -> None:
        self._file = offset_file
        self._lock = threading.Lock()
        self._present = 0
        self._previous = 0
        self._complained_of: bytes | None = None
        self._read_at = 0.0
        self.refresh()
        # What stood in the file at the start is no jump.
        self._previous = self._present

    def company_now(self) -> datetime:
        """Return machine time plus the offset, which is at most 0.5 s old."""
        if time.monotonic() - self._read_at >= REREAD_SECONDS:
            self.refresh()
        return datetime.now(UTC) + timedelta(seconds=self._present)

    def machine_now(self) -> datetime:
        """Return the machine's time, aware UTC."""
        return datetime.now(UTC)

    def refresh(self) -> None:
        """Read the file again at once."""
        with self._lock:
            self._read_at = time.monotonic()
            found = self._read()
            if found is not None and found != self._present:
                self._present, self._previous = found, self._present

    def offsets(self) -> tuple[int, int]:
        """Return the present and the previous offset in seconds; equal until the first jump."""
        return self._present, self._previous

    def _read(self) -> int | None:
        try:
            with self._file.open("rb") as file:
                content = file.read(_MOST_BYTES + 1)
        except FileNotFoundError:
            return 0
        except OSError as error:
            self._complain(repr(error).encode())
            return None
        seconds = _whole_number(content)
        if seconds is None:
            self._complain(content)
            return None
        self._complained_of = None
        return seconds

    def _complain(self, content: bytes) -> None:
        if content != self._complained_of:
            self._complained_of = content
            LOG.error("rehearsal.offset_unreadable", file=str(self._file), content=repr(content[:_MOST_BYTES]))


def _whole_number(content: bytes) -> int | None:
    try:
        seconds = int(content.decode("ascii").strip())
    except ValueError:  # UnicodeDecodeError is one too
        return None
    return seconds if len(content) <= _MOST_BYTES and abs(seconds) <= _MOST_SECONDS else None
