"""
Rhythms of the policy as values: when the next one is due, moved by the working calendar.

Instants are aware UTC; days are company days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from policy.calendar import WorkingCalendar


@dataclass(frozen=True)
class Weekly:
    """
    Once a week at a time; on a rest day it moves to the next working day of that week or after (policy, Calendar).

    Attributes:
        weekday: 0 = Monday.
    """

    weekday: int
    at: time

    def next_after(self, instant: datetime, calendar: WorkingCalendar) -> tuple[datetime, int]:
        """Return the first due instant after `instant` and its period: the ordinal of that week's Monday."""
        day = calendar.local(instant).date()
        monday = day - timedelta(days=day.weekday() + 7)
        while True:
            wanted = monday + timedelta(days=self.weekday)
            due = calendar.at(_working(wanted, calendar), self.at)
            if due > instant:
                return due, monday.toordinal()
            monday += timedelta(days=7)


@dataclass(frozen=True)
class Daily:
    """Every day (or every working day) at a time."""

    at: time
    working_days_only: bool = False

    def next_after(self, instant: datetime, calendar: WorkingCalendar) -> tuple[datetime, int]:
        """Return the first due instant after `instant` and its period: the ordinal of the day."""
        day = calendar.local(instant).date()
        while True:
            if not self.working_days_only or calendar.is_working_day(day):
                due = calendar.at(day, self.at)
                if due > instant:
                    return due, day.toordinal()
            day += timedelta(days=1)


@dataclass(frozen=True)
class Monthly:
    """
    Once a month on a day at a time; on a rest day it moves to the next working day (policy, Calendar).

    Attributes:
        day: 1 … 28.
    """

    day: int
    at: time

    def next_after(self, instant: datetime, calendar: WorkingCalendar) -> tuple[datetime, int]:
        """Return the first due instant after `instant` and its period: the ordinal of that month's first day."""
        first = (calendar.local(instant).date().replace(day=1) - timedelta(days=1)).replace(day=1)
        while True:
            due = calendar.at(_working(first.replace(day=self.day), calendar), self.at)
            if due > instant:
                return due, first.toordinal()
            first = (first.replace(day=28) + timedelta(days=4)).replace(day=1)


Schedule = Weekly | Daily | Monthly


def _working(day: date, calendar: WorkingCalendar) -> date:
    return day if calendar.is_working_day(day) else calendar.next_working_day(day)
