"""A deadline that fires, as a value (design rule 7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Due:
    """
    A deadline on the moment it fires.

    Attributes:
        subject: what it watches: a number, a userid, a week.
        generation: counts the deadlines of one kind and subject; for a rhythm the ordinal of its period.
        due_at: company time, aware UTC.
        data: what was kept when it was set.
        late_seconds: whole seconds between due_at and firing; 0 when on time.
        missed: how many older ones of the same subject were superseded by this firing.
    """

    kind: str
    subject: str
    generation: int
    due_at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)
    late_seconds: int = 0
    missed: int = 0
