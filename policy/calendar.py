"""
The working calendar: which days are worked, and instants moved by them (policy.md, Calendar).

Company time is Asia/Shanghai whatever the machine's zone; instants are aware UTC in and out, a naive one is refused.
Holidays and make-up days are handed in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

COMPANY_ZONE = ZoneInfo("Asia/Shanghai")
_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True)
class WorkingCalendar:
    """
    Working days and hours.

    Attributes:
        rest_days: public holidays that fall on weekdays.
        work_days: make-up working days (调休) at weekends.
        known_years: years whose holidays are known; in others weekdays count as working days.
        opens, closes: office hours, company time; lunch is not deducted.

    Raises:
        ValueError: office hours that do not open before they close.
    """

    rest_days: frozenset[date] = frozenset()
    work_days: frozenset[date] = frozenset()
    known_years: frozenset[int] = frozenset()
    opens: time = time(9, 0)
    closes: time = time(18, 0)
    zone: ZoneInfo = field(default=COMPANY_ZONE)

    def __post_init__(self) -> None:
        if self.opens >= self.closes:
            raise ValueError(f"office hours open at {self.opens} and close at {self.closes}: set opens before closes")

    def knows(self, year: int) -> bool:
        """Return whether the year's holidays are known."""
        return year in self.known_years

    def local(self, instant: datetime) -> datetime:
        """
        Return the instant in company time.

        Raises:
            ValueError: a naive instant.
        """
        if instant.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        return _local(instant, self.zone)

    def today(self, instant: datetime) -> date:
        """Return the company's day at an instant."""
        return self.local(instant).date()

    def at(self, day: date, clock: time) -> datetime:
        """
        Return the instant of a company day and time, aware UTC.

        Raises:
            ValueError: a clock time that brings a zone of its own.
        """
        if clock.tzinfo is not None:
            raise ValueError("company time has the company's zone: give a plain time")
        return _instant(day, clock, self.zone)

    def next_at(
        self, instant: datetime, clock: time, *, weekday: int | None = None, working_days_only: bool = False
    ) -> datetime:
        """
        Return the first instant strictly after `instant` at which the company's clock shows `clock`.

        Args:
            weekday: only on that day of the week, 0 = Monday.
            working_days_only: days that are not worked are passed over.
        """
        day = self.today(instant)
        while True:
            if weekday in (None, day.weekday()) and (not working_days_only or self.is_working_day(day)):
                due = self.at(day, clock)
                if due > instant:
                    return due
            day += _DAY

    def is_working_day(self, day: date) -> bool:
        """Return whether the day is worked."""
        if day in self.work_days:
            return True
        return day.weekday() < _SATURDAY and day not in self.rest_days

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
        """
        Return the count-th working day after `day`; the day itself never counts, so Saturday + 1 is Monday.

        Args:
            count: 0 gives `day`, or the next worked one; below 0 counts back.
        """
        if count == 0:
            return self.next_working_day(day, inclusive=True)
        step = self.next_working_day if count > 0 else self.previous_working_day
        for _ in range(abs(count)):
            day = step(day)
        return day

    def add_working_hours(self, instant: datetime, hours: float) -> datetime:
        """
        Return the instant after so many office hours; nights and rest days do not count.

        An instant outside office hours counts from the next opening. What ends at closing time ends that day.

        Raises:
            ValueError: fewer than 0 hours, or a naive instant.
        """
        if hours < 0:
            raise ValueError("working hours are added, not taken off")
        left = timedelta(hours=hours)
        start = self._office_time(instant)
        while True:
            day = self.today(start)
            close = self.at(day, self.closes)
            if start + left <= close:
                return start + left
            left -= close - start
            start = self.at(self.next_working_day(day), self.opens)

    def last_working_day_of_week(self, day: date) -> date:
        """
        Return the last working day of the week (Monday first) that `day` lies in: the policy's Friday.

        A week without any gives the next working day after it.
        """
        monday = day - timedelta(days=day.weekday())
        last = self.previous_working_day(monday + timedelta(days=6), inclusive=True)
        return last if last >= monday else self.next_working_day(monday + timedelta(days=6))

    def last_working_day_of_month(self, day: date) -> date:
        """Return the last working day of the month that `day` lies in (月底)."""
        first_of_next = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
        return self.previous_working_day(first_of_next)

    def last_working_day_of_quarter(self, day: date) -> date:
        """Return the last working day of the quarter that `day` lies in."""
        return self.last_working_day_of_month(day.replace(day=1, month=(day.month - 1) // 3 * 3 + 3))

    def _office_time(self, instant: datetime) -> datetime:
        """Return the instant if it lies in office hours, else the next opening."""
        day = self.today(instant)
        if self.is_working_day(day):
            if instant < self.at(day, self.opens):
                return self.at(day, self.opens)
            if instant < self.at(day, self.closes):
                return instant.astimezone(UTC)
        return self.at(self.next_working_day(day), self.opens)


@lru_cache(maxsize=256)  # an event asks for its own instant many times
def _local(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone)


@lru_cache(maxsize=1024)  # opening, closing and morning of the same few days, all day long
def _instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, zone).astimezone(UTC)
