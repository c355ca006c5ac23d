"""Rhythms as people write them."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.language.rhythms import looks_like_rhythm, read_rhythm
from policy.calendar import WorkingCalendar
from policy.rhythms import MONTH_END, MONTHLY, QUARTER_END, WEEKLY, Rhythm

CALENDAR = WorkingCalendar()


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("每周一 10:00", Rhythm(WEEKLY, 0, time(10))), ("每个星期五下午3点", Rhythm(WEEKLY, 4, time(15))),
        ("每周日上午9点半", Rhythm(WEEKLY, 6, time(9, 30))), ("每周3 14:30", Rhythm(WEEKLY, 2, time(14, 30))),
        ("每月5日 14:00", Rhythm(MONTHLY, 5, time(14))), ("每个月十五号 9:00", Rhythm(MONTHLY, 15, time(9))),
        ("每月底 16:00", Rhythm(MONTH_END, 0, time(16))), ("每季度末 14:00", Rhythm(QUARTER_END, 0, time(14))),
        ("每季底14:00", Rhythm(QUARTER_END, 0, time(14))),
        ("每周一", "hour"), ("每周一 3点", "ambiguous"), ("每月32日 10:00", "impossible"), ("每周八 10:00", "unclear"),
        ("每天 10:00", "unclear"), ("周一 10:00", "unclear"), ("", "unclear"), ("每周一 10:00 苏主管", "unclear"),
        ("每周一 25:00", "impossible"),
    ],
)
def test_a_rhythm_is_understood_or_named_as_unclear(typed: str, expected: Rhythm | str) -> None:
    assert read_rhythm(typed, CALENDAR) == expected


@given(st.text(max_size=40))
def test_reading_never_raises(typed: str) -> None:
    read_rhythm(typed, CALENDAR)
    read_rhythm(f"每{typed}", CALENDAR)
    looks_like_rhythm(typed)
