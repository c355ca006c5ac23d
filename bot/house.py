"""
What every part of the product shares, made once before forking: values only, no thread and no connection (rule 16).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from bot.settings import Settings
from handlers.registry import Registry
from notifications.clock import Clock
from notifications.post import Frank
from policy.calendar import WorkingCalendar
from storage.keys import Keyring


@dataclass(frozen=True)
class House:
    """
    The product before it starts.

    Attributes:
        database_key: of the embedded file, None with PostgreSQL.
        redis_url: of the settings, or of the embedded server's socket.
    """

    settings: Settings
    keyring: Keyring = field(repr=False)
    database_key: bytes | None = field(repr=False)
    registry: Registry
    clock: Clock
    calendar: WorkingCalendar
    frank: Frank
    redis_url: str = field(repr=False)

    @property
    def data_dir(self) -> Path:
        """Return the data folder."""
        return self.settings.data_dir

    @property
    def watchdog_file(self) -> Path:
        """Return where the watchdog writes what it sees."""
        return self.data_dir / "run" / "watchdog.prom"
