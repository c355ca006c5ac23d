"""The Monday digest's rules: who gets one, which week it speaks of, and what is worth a hint (4.2a, 1.1a)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from policy.calendar import WorkingCalendar
from policy.org import Org, Person
from policy.terms import Grade

WEEK = timedelta(days=7)
_WEEKS_BEFORE = 4


def gets_digest(org: Org, person: Person) -> bool:
    """Return whether somebody gets the digest: heads of departments, and supervisors and above (4.2a)."""
    heads = any(department.head == person.userid for department in org.departments.values())
    return heads or person.grade.rank >= Grade.SUPERVISOR.rank


def watched_by(org: Org, person: Person) -> frozenset[str]:
    """Return whose work a manager's digest speaks of: the own, everyone's below, and the headed departments'."""
    headed = {each.id for each in org.departments.values() if each.head == person.userid}
    members = {each.userid for each in org.active_people() if each.department in headed}
    return frozenset(members | {each.userid for each in org.everyone_below(person.userid)} | {person.userid})


@dataclass(frozen=True)
class Week:
    """
    The week a digest speaks of. Instants are aware UTC; `ends` belongs to the next week.

    Attributes:
        monday: the company day it begins with; `begins` is its first instant.
    """

    monday: date
    last_begins: datetime
    begins: datetime
    ends: datetime

    @classmethod
    def of(cls, monday: date, calendar: WorkingCalendar) -> Week:
        """Return the week that begins on a Monday."""
        starts = [calendar.at(monday + timedelta(days=days), time(0)) for days in (-7, 0, 7)]
        return cls(monday, *starts)


@dataclass(frozen=True)
class Drop:
    """Less was filed in a region last week than usual, by so many percent."""

    region: str
    percent: int


def sharpest_drop(filed: Mapping[str, Sequence[int]], least_percent: int, least_usual: int) -> Drop | None:
    """
    Return the region whose filings fell most against the mean of the four weeks before; None when none fell enough.

    Args:
        filed: per region the records of last week and of the four weeks before it, newest first.
        least_percent: smaller falls are not worth a line.
        least_usual: a mean below this says nothing.
    """
    drops = []
    for region, weeks in filed.items():
        before = sum(weeks[1 : 1 + _WEEKS_BEFORE])
        if before < least_usual * _WEEKS_BEFORE:
            continue
        percent = 100 - weeks[0] * 100 * _WEEKS_BEFORE // before
        if percent >= least_percent:
            drops.append(Drop(region, percent))
    return min(drops, key=lambda drop: (-drop.percent, drop.region), default=None)


def spread(count: int, seconds: int, at_once: int) -> list[int]:
    """Return for each of so many digests how many seconds after the first it goes: `at_once` a second if they fit."""
    if not count:
        return []
    step = min(1 / at_once, seconds / count)
    return [int(serial * step) for serial in range(count)]
