"""Rhythms: the instant of the next period in company time, moved off rest days, and the period's own number."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from policy.calendar import WorkingCalendar
from policy.schedules import Daily, Weekly

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkingCalendar(
    rest_days=frozenset(date(2026, 10, day) for day in range(1, 8)), work_days=frozenset({date(2026, 10, 10)}),
    known_years=frozenset({2026}),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


@pytest.mark.parametrize(
    ("after", "due", "week"),
    [
        ("2026-11-23 08:59", "2026-11-23 09:00", "2026-11-23"),
        ("2026-11-23 09:00", "2026-11-30 09:00", "2026-11-30"),
        ("2026-11-23 00:30", "2026-11-23 09:00", "2026-11-23"),  # still Sunday in UTC
        ("2026-11-29 23:59", "2026-11-30 09:00", "2026-11-30"),
        ("2026-11-23 16:59", "2026-11-30 09:00", "2026-11-30"),  # 9:00 in UTC is no Monday morning
        ("2026-10-04 12:00", "2026-10-08 09:00", "2026-10-05"),  # a holiday: the next working day
        ("2026-10-08 09:00", "2026-10-12 09:00", "2026-10-12"),
    ],
)
def test_monday_nine_is_shanghais_and_has_its_weeks_number(after: str, due: str, week: str) -> None:
    found, period = Weekly(0, time(9)).next_after(at(after), CALENDAR)
    assert found == at(due)
    assert date.fromordinal(period) == date.fromisoformat(week)


@pytest.mark.parametrize(
    ("working_days_only", "after", "due"),
    [
        (False, "2026-11-27 10:00", "2026-11-28 10:00"),
        (True, "2026-11-27 10:00", "2026-11-30 10:00"),
        (True, "2026-10-09 10:00", "2026-10-10 10:00"),  # a Saturday that is worked
        (True, "2026-09-30 10:00", "2026-10-08 10:00"),
        (True, "2026-11-23 07:30", "2026-11-23 10:00"),  # still the day before in UTC
    ],
)
def test_a_daily_rhythm_keeps_or_passes_over_rest_days(working_days_only: bool, after: str, due: str) -> None:
    found, period = Daily(time(10), working_days_only).next_after(at(after), CALENDAR)
    assert found == at(due)
    assert date.fromordinal(period) == date.fromisoformat(due[:10])
