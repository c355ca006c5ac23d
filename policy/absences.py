"""
Who signs for whom, and when: a delegation (委托) or a leave (休假) as a frozen value (4.1c).

Instants are aware UTC; a period includes its start and not its end. Times decide, so a period ends by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from policy.decisions import Refusal


class AbsenceKind(StrEnum):
    """Why somebody else signs."""

    DELEGATION = "delegation"  # 委托: the giver is here
    LEAVE = "leave"  # 休假: the giver is away


@dataclass(frozen=True)
class Absence:
    """
    One period in which somebody else signs for a person.

    Attributes:
        number: QX-…, under which it is listed.
        person: userid of whom it is about.
        by: userid of who signs instead; None = nobody named (only on leave).
    """

    number: str
    kind: AbsenceKind
    person: str
    by: str | None
    starts_at: datetime
    ends_at: datetime

    def holds_at(self, instant: datetime) -> bool:
        """Return whether the period is running."""
        return self.starts_at <= instant < self.ends_at

    def overlaps(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Return whether another period shares an instant with this one."""
        return self.starts_at < ends_at and starts_at < self.ends_at


def refuse_period(
    existing: Iterable[Absence], person: str, starts_at: datetime, ends_at: datetime, *, now: datetime, most_days: int
) -> Refusal | None:
    """
    Return why a person cannot have this period, None when it can be.

    Returns:
        absence.past, absence.too_long (data: days), absence.overlaps (data: number, starts_at, ends_at).

    Source: 4.1c.
    """
    if ends_at <= now or ends_at <= starts_at:
        return Refusal("absence.past", "4.1c")
    if ends_at - starts_at > timedelta(days=most_days):
        return Refusal("absence.too_long", "4.1c", {"days": most_days})
    for one in existing:
        if one.person == person and one.overlaps(starts_at, ends_at):
            return Refusal(
                "absence.overlaps", "4.1c", {"number": one.number, "starts_at": one.starts_at, "ends_at": one.ends_at}
            )
    return None
