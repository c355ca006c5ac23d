"""
The working calendar: which days are worked, and instants moved by them (policy.md, Calendar).

Company time is Asia/Shanghai; instants are aware UTC in and out. Holidays and make-up days are handed in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

COMPANY_ZONE = ZoneInfo("Asia/Shanghai")
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkingCalendar:
    """
    Working days and hours.

    Attributes:
        rest_days: public holidays that fall on weekdays.
        work_days: make-up working days (调休) at weekends.
        known_years: years whose holidays are known; in others weekdays count as working days.
        opens, closes: office hours, company time.
    """

    rest_days: frozenset[date] = frozenset()
    work_days: frozenset[date] = frozenset()
    known_years: frozenset[int] = frozenset()
    opens: time = time(9, 0)
    closes: time = time(18, 0)
    zone: ZoneInfo = field(default=COMPANY_ZONE)

    def knows(self, year: int) -> bool:
        """Return whether the year's holidays are known."""
        return year in self.known_years

    def local(self, instant: datetime) -> datetime:
        """Return the instant in company time."""
        if instant.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        return instant.astimezone(self.zone)

    def at(self, day: date, clock: time) -> datetime:
        """Return the instant of a company day and time, aware UTC."""
        return datetime.combine(day, clock, self.zone).astimezone(UTC)

    def is_working_day(self, day: date) -> bool:
        """Return whether the day is worked."""
        if day in self.work_days:
            return True
        return day.weekday() < 5 and day not in self.rest_days

    def next_working_day(self, day: date, *, inclusive: bool = False) -> date:
        """Return the next working day after `day` (or `day` itself when inclusive and worked)."""
        if not inclusive:
            day += _DAY
        while not self.is_working_day(day):
            day += _DAY
        return day

    def previous_working_day(self, day: date, *, inclusive: bool = False) -> date:
        """Return the last working day before `day` (or `day` itself when inclusive and worked)."""
        if not inclusive:
            day -= _DAY
        while not self.is_working_day(day):
            day -= _DAY
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """Return the working day `count` working days after `day` (count ≥ 0; 0 = `day` or the next worked)."""
        day = self.next_working_day(day, inclusive=True)
        for _ in range(count):
            day = self.next_working_day(day)
        return day

    def add_working_hours(self, instant: datetime, hours: float) -> datetime:
        """Return the instant after so many office hours; nights and rest days do not count."""
        left = timedelta(hours=hours)
        local = self.local(instant)
        day, clock = local.date(), local.timetz().replace(tzinfo=None)
        if not self.is_working_day(day) or clock >= self.closes:
            day, clock = self.next_working_day(day), self.opens
        elif clock < self.opens:
            clock = self.opens
        while True:
            start, close = self.at(day, clock), self.at(day, self.closes)
            if start + left <= close:
                return start + left
            left -= close - start
            day, clock = self.next_working_day(day), self.opens

    def last_working_day_of_week(self, day: date) -> date:
        """Return the last working day of the week (Monday first) that `day` lies in."""
        monday = day - timedelta(days=day.weekday())
        worked = [monday + timedelta(days=at) for at in range(7) if self.is_working_day(monday + timedelta(days=at))]
        return worked[-1] if worked else self.next_working_day(day)

    def last_working_day_of_month(self, day: date) -> date:
        """Return the last working day of the month that `day` lies in (月底)."""
        first_of_next = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
        return self.previous_working_day(first_of_next)

    def last_working_day_of_quarter(self, day: date) -> date:
        """Return the last working day of the quarter that `day` lies in."""
        return self.last_working_day_of_month(day.replace(day=1, month=(day.month - 1) // 3 * 3 + 3))
