"""How a series of meetings goes on, by the working calendar."""

from __future__ import annotations

from datetime import date, time

import pytest

from policy.rhythms import MONTH_END, MONTHLY, QUARTER_END, WEEKLY, Rhythm
from tests.policy.test_calendar import CALENDAR, shanghai


@pytest.mark.parametrize(
    ("kind", "day", "after", "expected"),
    [
        (WEEKLY, 0, "2026-11-24T10:00", "2026-11-30T09:00"), (WEEKLY, 0, "2026-11-30T08:59", "2026-11-30T09:00"),
        (WEEKLY, 0, "2026-11-30T09:00", "2026-12-07T09:00"), (WEEKLY, 3, "2026-09-28T10:00", "2026-10-08T09:00"),
        (MONTHLY, 5, "2026-11-05T09:00", "2026-12-07T09:00"), (MONTHLY, 31, "2026-11-02T09:00", "2026-11-30T09:00"),
        (MONTHLY, 31, "2026-11-01T09:00", "2026-11-02T09:00"),  # 31 October is a Saturday
        (MONTHLY, 1, "2026-09-15T09:00", "2026-10-08T09:00"),
        (MONTH_END, 0, "2026-11-01T09:00", "2026-11-30T09:00"), (MONTH_END, 0, "2026-11-30T09:00", "2026-12-31T09:00"),
        (QUARTER_END, 0, "2026-11-30T09:00", "2026-12-31T09:00"),
        (QUARTER_END, 0, "2026-09-30T08:00", "2026-09-30T09:00"),
    ],
)
def test_the_next_time_comes_after_and_on_a_working_day(kind: str, day: int, after: str, expected: str) -> None:
    found = Rhythm(kind, day, time(9)).next_after(shanghai(after), CALENDAR)
    assert found == shanghai(expected)
    assert CALENDAR.is_working_day(CALENDAR.today(found))


def test_a_rhythm_is_kept_as_text_and_read_back() -> None:
    for rhythm in (Rhythm(WEEKLY, 4, time(14, 30)), Rhythm(MONTHLY, 31, time(9)), Rhythm(QUARTER_END, 0, time(8, 5))):
        assert Rhythm.read(rhythm.kept()) == rhythm


def test_a_series_of_a_year_never_goes_back_or_stands_still() -> None:
    at = shanghai("2026-01-04T10:00")
    for rhythm in (Rhythm(WEEKLY, 0, time(9)), Rhythm(MONTHLY, 15, time(9)), Rhythm(MONTH_END, 0, time(9))):
        instant, seen = at, []
        while CALENDAR.today(instant) < date(2026, 12, 1):
            instant = rhythm.next_after(instant, CALENDAR)
            seen.append(instant)
        assert seen == sorted(set(seen))
