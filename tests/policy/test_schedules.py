"""Rhythms: a monthly one by the working calendar."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from policy.calendar import COMPANY_ZONE, WorkingCalendar
from policy.schedules import Monthly

# 2026: 15 November is a Sunday; 15 December a Tuesday, here a holiday, as is the 16th.
CALENDAR = WorkingCalendar(rest_days=frozenset({date(2026, 12, 15), date(2026, 12, 16)}))
CASES = [
    (datetime(2026, 11, 1, 0, 0), datetime(2026, 11, 16, 10, 0), date(2026, 11, 1)),
    (datetime(2026, 11, 16, 9, 59), datetime(2026, 11, 16, 10, 0), date(2026, 11, 1)),
    (datetime(2026, 11, 16, 10, 0), datetime(2026, 12, 17, 10, 0), date(2026, 12, 1)),
    (datetime(2026, 12, 31, 23, 0), datetime(2027, 1, 15, 10, 0), date(2027, 1, 1)),
]


@pytest.mark.parametrize(("after", "due", "month"), CASES, ids=[str(case[0]) for case in CASES])
def test_a_monthly_rhythm_falls_on_its_day_or_the_next_working_day(
    after: datetime, due: datetime, month: date
) -> None:
    found = Monthly(15, time(10, 0)).next_after(after.replace(tzinfo=COMPANY_ZONE), CALENDAR)
    assert found == (due.replace(tzinfo=COMPANY_ZONE), month.toordinal())


def test_a_month_whose_day_moves_into_the_next_month_is_not_passed_over() -> None:
    calendar = WorkingCalendar(rest_days=frozenset(date(2026, 12, day) for day in range(28, 32)))
    rhythm = Monthly(28, time(10, 0))
    first, period = rhythm.next_after(datetime(2026, 12, 30, 12, 0, tzinfo=COMPANY_ZONE), calendar)
    assert first == datetime(2027, 1, 1, 10, 0, tzinfo=COMPANY_ZONE)
    assert period == date(2026, 12, 1).toordinal()
