"""A clock that is moved by hand, for tests with fixed dates."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

# Monday 23 November 2026, 10:00 in Shanghai.
START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


class HandClock:
    """Both clocks stand still until moved."""

    def __init__(self, at: datetime = START) -> None:
        self.company = at
        self.machine = at

    def company_now(self) -> datetime:
        return self.company

    def machine_now(self) -> datetime:
        return self.machine

    def refresh(self) -> None:
        pass

    def offsets(self) -> tuple[int, int]:
        return 0, 0

    def move(self, **span: float) -> None:
        """Let time pass on both clocks."""
        self.company += timedelta(**span)
        self.machine += timedelta(**span)

    def jump(self, **span: float) -> None:
        """Move company time only, as a rehearsal does."""
        self.company += timedelta(**span)
