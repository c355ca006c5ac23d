"""How instants are written: the clock as strftime would show it, in company time."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from notifications.texts.moments import clock_time, moment, moment_with_weekday, plain_moment
from policy.calendar import COMPANY_ZONE


def test_an_instant_is_shown_in_company_time_with_two_figures_each() -> None:
    instant = datetime(2026, 11, 23, 1, 5, tzinfo=UTC)
    assert clock_time(instant) == "09:05"
    assert moment(instant) == "11月23日 09:05"
    assert moment_with_weekday(instant) == "11月23日（周一）09:05"
    assert plain_moment(instant) == "11月23日 周一 09:05"


@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_every_minute_is_shown_as_a_clock_shows_it(instant: datetime) -> None:
    shown = f"{instant.astimezone(COMPANY_ZONE):%H:%M}"
    assert clock_time(instant) == shown
    assert all(words(instant).endswith(shown) for words in (moment, moment_with_weekday, plain_moment))
