"""Working days, office hours, and instants that do not depend on the machine's zone (policy, Calendar)."""

from __future__ import annotations

import time as machine_time
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.calendar import COMPANY_ZONE, WorkingCalendar

# China 2026, as announced.
REST = frozenset(
    date.fromisoformat(f"2026-{day}")
    for day in (
        "01-01", "01-02", "02-16", "02-17", "02-18", "02-19", "02-20", "02-23", "04-06", "05-01", "05-04", "05-05",
        "06-19", "09-25", "10-01", "10-02", "10-05", "10-06", "10-07",
    )
)
WORKED = frozenset(
    date.fromisoformat(f"2026-{day}") for day in ("01-04", "02-14", "02-28", "05-09", "09-20", "10-10")
)
CALENDAR = WorkingCalendar(REST, WORKED, frozenset({2026}))
days = st.dates(date(2026, 1, 1), date(2026, 12, 31))
instants = st.datetimes(datetime(2026, 1, 2), datetime(2026, 12, 30), timezones=st.just(UTC))


def day(text: str) -> date:
    return date.fromisoformat(text)


def shanghai(text: str) -> datetime:
    """Return the UTC instant of a company time."""
    return datetime.fromisoformat(text).replace(tzinfo=COMPANY_ZONE).astimezone(UTC)


@pytest.mark.parametrize(
    ("when", "worked", "why"),
    [
        ("2026-11-23", True, "a Monday"),
        ("2026-11-28", False, "a Saturday"),
        ("2026-10-01", False, "National Day"),
        ("2026-10-10", True, "a Saturday made up"), ("2026-09-20", True, "a Sunday made up"),
        ("2026-10-03", False, "the Saturday within the holiday"),
        ("2027-10-01", True, "no data: a Friday is worked"),
    ],
)
def test_a_day_is_worked_by_the_announced_arrangement(when: str, worked: bool, why: str) -> None:
    assert CALENDAR.is_working_day(day(when)) is worked, why


def test_a_calendar_says_which_years_it_knows() -> None:
    assert CALENDAR.knows(2026)
    assert not CALENDAR.knows(2027)


@pytest.mark.parametrize(
    ("start", "after", "before"),
    [
        ("2026-11-23", "2026-11-24", "2026-11-20"), ("2026-11-28", "2026-11-30", "2026-11-27"),
        ("2026-09-30", "2026-10-08", "2026-09-29"), ("2026-10-09", "2026-10-10", "2026-10-08"),
    ],
)
def test_the_next_and_the_previous_working_day_pass_over_holidays(start: str, after: str, before: str) -> None:
    assert CALENDAR.next_working_day(day(start)) == day(after)
    assert CALENDAR.previous_working_day(day(start)) == day(before)


def test_inclusive_keeps_a_worked_day_and_moves_a_rest_day() -> None:
    assert CALENDAR.next_working_day(day("2026-11-23"), inclusive=True) == day("2026-11-23")
    assert CALENDAR.previous_working_day(day("2026-11-23"), inclusive=True) == day("2026-11-23")
    assert CALENDAR.next_working_day(day("2026-10-01"), inclusive=True) == day("2026-10-08")
    assert CALENDAR.previous_working_day(day("2026-10-05"), inclusive=True) == day("2026-09-30")


@pytest.mark.parametrize(
    ("start", "count", "lands", "why"),
    [
        ("2026-11-23", 3, "2026-11-26", "within a week"),
        ("2026-11-23", 5, "2026-11-30", "over a weekend"),
        ("2026-11-28", 1, "2026-11-30", "from a Saturday the first is Monday"),
        ("2026-09-30", 1, "2026-10-08", "over the holiday"),
        ("2026-10-08", 2, "2026-10-10", "onto a made-up Saturday"),
        ("2026-11-28", 0, "2026-11-30", "0 from a rest day is the next worked"),
        ("2026-11-23", 0, "2026-11-23", "0 from a worked day is itself"),
        ("2026-11-23", -1, "2026-11-20", "back"),
        ("2026-10-08", -2, "2026-09-29", "back over the holiday"),
    ],
)
def test_working_days_are_counted_from_the_day_after(start: str, count: int, lands: str, why: str) -> None:
    assert CALENDAR.add_working_days(day(start), count) == day(lands), why


@pytest.mark.parametrize(
    ("start", "hours", "lands", "why"),
    [
        ("2026-11-23 10:00", 4, "2026-11-23 14:00", "the same day, lunch is not deducted"),
        ("2026-11-23 16:00", 4, "2026-11-24 11:00", "over night"),
        ("2026-11-23 14:00", 4, "2026-11-23 18:00", "to close"),
        ("2026-11-23 07:00", 4, "2026-11-23 13:00", "before opening"),
        ("2026-11-23 20:00", 4, "2026-11-24 13:00", "after"),
        ("2026-11-23 18:00", 1, "2026-11-24 10:00", "closing time is outside"),
        ("2026-11-27 17:30", 1, "2026-11-30 09:30", "over the weekend"),
        ("2026-11-28 12:00", 1, "2026-11-30 10:00", "from a rest day"),
        ("2026-09-30 17:00", 2, "2026-10-08 10:00", "over the holiday"),
        ("2026-10-09 17:00", 10, "2026-10-10 18:00", "through a made-up Saturday"),
        ("2026-11-23 17:59", 0, "2026-11-23 17:59", "nothing"),
        ("2026-11-23 16:00", 20, "2026-11-25 18:00", "what ends at closing time ends that day"),
        ("2026-11-23 10:00", 0.5, "2026-11-23 10:30", "half an hour"),
    ],
)
def test_working_hours_run_only_while_the_office_is_open(start: str, hours: float, lands: str, why: str) -> None:
    reached = CALENDAR.add_working_hours(shanghai(start), hours)
    assert reached == shanghai(lands), why
    assert reached.tzinfo is UTC


def test_working_hours_are_not_taken_off() -> None:
    with pytest.raises(ValueError, match="added"):
        CALENDAR.add_working_hours(shanghai("2026-11-23 10:00"), -1)


@given(instants, st.integers(0, 40), st.integers(0, 40))
def test_hours_added_in_two_steps_reach_the_same_instant(start: datetime, first: int, second: int) -> None:
    stepwise = CALENDAR.add_working_hours(CALENDAR.add_working_hours(start, first), second)
    at_once = CALENDAR.add_working_hours(start, first + second)
    # Closing time and the next opening are the same office moment.
    same = stepwise == at_once or CALENDAR.add_working_hours(at_once, 0) == CALENDAR.add_working_hours(stepwise, 0)
    assert same


@given(days, st.integers(1, 60))
def test_going_forth_and_back_by_working_days_returns(start: date, count: int) -> None:
    start = CALENDAR.next_working_day(start, inclusive=True)
    assert CALENDAR.add_working_days(CALENDAR.add_working_days(start, count), -count) == start


@pytest.mark.parametrize(
    ("start", "week", "month", "quarter"),
    [
        ("2026-11-23", "2026-11-27", "2026-11-30", "2026-12-31"),
        ("2026-11-29", "2026-11-27", "2026-11-30", "2026-12-31"),
        ("2026-10-05", "2026-10-10", "2026-10-30", "2026-12-31"),
        ("2026-09-16", "2026-09-20", "2026-09-30", "2026-09-30"),
        ("2026-01-31", "2026-01-30", "2026-01-30", "2026-03-31"),
        ("2026-02-17", "2026-02-24", "2026-02-28", "2026-03-31"),
        ("2024-02-29", "2024-03-01", "2024-02-29", "2024-03-29"),
    ],
)
def test_ends_are_last_working_days(start: str, week: str, month: str, quarter: str) -> None:
    """A week of nothing but holiday ends on the first day worked after it; a made-up Saturday ends its week."""
    assert CALENDAR.last_working_day_of_week(day(start)) == day(week)
    assert CALENDAR.last_working_day_of_month(day(start)) == day(month)
    assert CALENDAR.last_working_day_of_quarter(day(start)) == day(quarter)


def test_company_time_is_eight_hours_ahead() -> None:
    assert CALENDAR.at(day("2026-11-23"), time(9)) == datetime(2026, 11, 23, 1, tzinfo=UTC)
    local = CALENDAR.local(datetime(2026, 11, 22, 16, 30, tzinfo=UTC))
    assert (local.date(), local.time(), local.utcoffset()) == (day("2026-11-23"), time(0, 30), timedelta(hours=8))
    assert CALENDAR.today(datetime(2026, 11, 22, 16, 0, tzinfo=UTC)) == day("2026-11-23")


def test_an_instant_in_another_zone_is_the_same_instant() -> None:
    there = datetime(2026, 11, 22, 21, 0, tzinfo=timezone(timedelta(hours=-4)))
    assert CALENDAR.local(there) == CALENDAR.local(there.astimezone(UTC))
    assert CALENDAR.add_working_hours(there, 1) == shanghai("2026-11-23 10:00")
    assert CALENDAR.add_working_hours(there, 0).tzinfo is UTC


@pytest.mark.parametrize(
    "ask",
    [
        lambda naive: CALENDAR.local(naive), lambda naive: CALENDAR.today(naive),
        lambda naive: CALENDAR.add_working_hours(naive, 1), lambda naive: CALENDAR.next_at(naive, time(9)),
    ],
)
def test_a_naive_instant_is_refused(ask: Callable[[datetime], object]) -> None:
    with pytest.raises(ValueError, match="time zone"):
        ask(datetime(2026, 11, 23, 9))


def test_a_clock_with_a_zone_of_its_own_is_refused() -> None:
    with pytest.raises(ValueError, match="plain time"):
        CALENDAR.at(day("2026-11-23"), time(9, tzinfo=UTC))


def test_office_hours_must_open_before_they_close() -> None:
    with pytest.raises(ValueError, match="opens before closes"):
        WorkingCalendar(opens=time(18), closes=time(9))


@pytest.mark.parametrize(
    ("after", "clock", "weekday", "working", "lands"),
    [
        ("2026-11-23 08:00", time(9), None, False, "2026-11-23 09:00"),
        ("2026-11-23 09:00", time(9), None, False, "2026-11-24 09:00"),
        ("2026-11-23 10:00", time(9), 0, False, "2026-11-30 09:00"),
        ("2026-11-23 10:00", time(16), 4, False, "2026-11-27 16:00"),
        ("2026-11-27 18:00", time(8, 30), None, True, "2026-11-30 08:30"),
        ("2026-10-01 00:00", time(8, 30), None, True, "2026-10-08 08:30"),
        ("2026-10-01 00:00", time(9), 0, True, "2026-10-12 09:00"),
    ],
)
def test_the_next_time_of_a_rhythm_is_strictly_later(
    after: str, clock: time, weekday: int | None, working: bool, lands: str
) -> None:
    due = CALENDAR.next_at(shanghai(after), clock, weekday=weekday, working_days_only=working)
    assert due == shanghai(lands)


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/New_York", "Pacific/Kiritimati", "Europe/London"])
def test_the_machines_zone_changes_nothing(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", zone)
    machine_time.tzset()
    try:
        noon = shanghai("2026-11-23 12:00")
        assert noon == datetime(2026, 11, 23, 4, tzinfo=UTC)
        assert CALENDAR.at(day("2026-11-23"), time(12)) == noon
        assert CALENDAR.add_working_hours(noon, 7) == datetime(2026, 11, 24, 2, tzinfo=UTC)
        assert CALENDAR.next_at(noon, time(0)) == datetime(2026, 11, 23, 16, tzinfo=UTC)
    finally:
        monkeypatch.undo()
        machine_time.tzset()


@given(
    st.datetimes(
        datetime(1992, 1, 1), datetime(2099, 12, 30),
        timezones=st.sampled_from([UTC, COMPANY_ZONE, timezone(timedelta(hours=-5))]),
    ),
    st.times(),
)
def test_an_instant_asked_for_twice_is_the_one_the_zone_gives(instant: datetime, clock: time) -> None:
    for _ in range(2):
        local = CALENDAR.local(instant)
        assert (local.replace(tzinfo=None), local.tzinfo) == (
            instant.astimezone(COMPANY_ZONE).replace(tzinfo=None), COMPANY_ZONE
        )
        at = CALENDAR.at(local.date(), clock)
        assert (at, at.tzinfo) == (datetime.combine(local.date(), clock, COMPANY_ZONE).astimezone(UTC), UTC)
