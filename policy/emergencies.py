"""
紧急先办: who may order what at once, until when it is to be ratified, and who is told (4.1b).

An order executes at once and is never undone by what is decided afterwards: the true times of execution, filing and
ratification stand apart (research/approvals (d) 30). Values in, values out; instants are aware UTC.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum

from policy.calendar import WorkingCalendar
from policy.decisions import Refusal
from policy.org import Org, Person
from policy.parameters import Parameters
from policy.terms import Grade, Post


class EmergencyState(StrEnum):
    """Where the debt of ratification stands."""

    OPEN = "open"  # 待补批
    RATIFIED = "ratified"  # 已补批
    REFUSED = "refused"  # 不予补批，转整改


@dataclass(frozen=True)
class Emergency:
    """
    One order and its debt.

    Attributes:
        orderer: userid; team: userids as named.
        fen: up to which it may be executed.
        effective_at: when it took effect; executed_at, spent: as its people say when they file the ratification.
        ratification: number of the newest approval made up afterwards, "" = none; filed_at: of the first.
        climbed: how many superiors were told that it is overdue.
        version: rises with every change; the compare-and-set of storage.
    """

    number: str
    state: EmergencyState
    version: int
    orderer: str
    fen: int
    team: tuple[str, ...]
    effective_at: datetime
    due_at: datetime
    climbed: int = 0
    ratification: str = ""
    filed_at: datetime | None = None
    executed_at: datetime | None = None
    spent: int | None = None
    settled_at: datetime | None = None

    def next(self, **changes: object) -> Emergency:
        """Return it with changes, its version raised."""
        return replace(self, version=self.version + 1, **changes)  # type: ignore[arg-type]


def refuse_order(orderer: Person, team: Sequence[Person], fen: int, parameters: Parameters) -> Refusal | None:
    """
    Return why this order cannot be, None when it takes effect at once.

    Returns:
        emergency.no_authority: neither who orders nor anyone in the team is a supervisor or above;
        emergency.above_cap (data: cap): above the cap, and no executive in the team.

    Source: 4.1b: at most the cap; above that an executive in the team.
    """
    everyone = (orderer, *team)
    if fen > parameters.emergency_cap and not any(one.grade is Grade.EXECUTIVE for one in everyone):
        return Refusal("emergency.above_cap", "4.1b", {"cap": parameters.emergency_cap})
    if not any(one.grade.rank >= Grade.SUPERVISOR.rank for one in everyone):
        return Refusal("emergency.no_authority", "4.1b")
    return None


def ratify_by(now: datetime, calendar: WorkingCalendar, parameters: Parameters) -> datetime:
    """Return when an order of `now` is to be ratified: in 72 h, and not before 18:00 of the second working day."""
    day = calendar.today(now)
    for _ in range(parameters.ratify_working_days):
        day = calendar.next_working_day(day)
    not_before = calendar.at(day, time.fromisoformat(parameters.ratify_not_before))
    return max(now + timedelta(hours=parameters.ratify_hours), not_before)


def told_of(org: Org, orderer: str, team: Sequence[str]) -> tuple[str, ...]:
    """Return who hears of an order at once: the line above up to the top, finance before the CEO, the team left out."""
    line = [person.userid for person in org.line_above(orderer)]
    finance, ceo = org.holder(Post.FINANCE_APPROVER), org.holder(Post.CEO)
    wanted = [userid for userid in line if ceo is None or userid != ceo.userid]
    wanted += [holder.userid for holder in (finance, ceo) if holder is not None]
    return tuple(dict.fromkeys(userid for userid in wanted if userid not in (orderer, *team)))


def next_above(org: Org, orderer: str, climbed: int) -> Person | None:
    """Return the superior who is told next that an order is overdue, None when the top has been told."""
    line = list(org.line_above(orderer))
    return line[climbed] if climbed < len(line) else None


def executives(org: Org) -> tuple[str, ...]:
    """Return every executive's userid."""
    return tuple(person.userid for person in org.active_people() if person.grade is Grade.EXECUTIVE)
