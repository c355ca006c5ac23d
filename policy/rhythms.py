"""
How a series of meetings goes on: 每周一, 每月5日, 每月底, 每季末, as values that can be kept as text.

Days are company days; a day that is not worked moves to the next working day (policy, Calendar); 月底 and 季末 are
last working days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from policy.calendar import WorkingCalendar

WEEKLY, MONTHLY, MONTH_END, QUARTER_END = "weekly", "monthly", "month_end", "quarter_end"


@dataclass(frozen=True)
class Rhythm:
    """
    A rhythm.

    Attributes:
        kind: weekly | monthly | month_end | quarter_end.
        day: weekday (0 = Monday) or day of the month; 0 for the ends.
    """

    kind: str
    day: int
    at: time

    def kept(self) -> str:
        """Return it as text, e.g. "weekly 0 09:30"."""
        return f"{self.kind} {self.day} {self.at:%H:%M}"

    @classmethod
    def read(cls, kept: str) -> Rhythm:
        """Read what `kept` gave."""
        kind, day, clock = kept.split(" ")
        return cls(kind, int(day), time.fromisoformat(clock))

    def next_after(self, instant: datetime, calendar: WorkingCalendar) -> datetime:
        """Return the first instant of the rhythm after `instant`; aware UTC."""
        day = calendar.today(instant)
        period = day - timedelta(days=day.weekday() + 7) if self.kind == WEEKLY else (
            (day.replace(day=1) - timedelta(days=1)).replace(day=1)
        )
        while True:
            due = calendar.at(self._day_of(period, calendar), self.at)
            if due > instant:
                return due
            period = period + timedelta(days=7) if self.kind == WEEKLY else _next_month(period)

    def _day_of(self, period: date, calendar: WorkingCalendar) -> date:
        if self.kind == WEEKLY:
            return calendar.next_working_day(period + timedelta(days=self.day), inclusive=True)
        if self.kind == MONTH_END:
            return calendar.last_working_day_of_month(period)
        if self.kind == QUARTER_END:
            return calendar.last_working_day_of_quarter(period)
        last = (_next_month(period) - timedelta(days=1)).day
        return calendar.next_working_day(period.replace(day=min(self.day, last)), inclusive=True)


def _next_month(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1)
