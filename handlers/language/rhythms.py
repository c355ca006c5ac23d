"""How a series goes on, as people write it: 每周一 10:00, 每月5日 14:00, 每月底, 每季末 14:00."""

from __future__ import annotations

import re
from datetime import time

from handlers.language.clocks import take_clock
from handlers.language.normalize import normalize
from handlers.language.numerals import read_whole
from policy.calendar import WorkingCalendar
from policy.rhythms import MONTH_END, MONTHLY, QUARTER_END, WEEKLY, Rhythm

_WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6,
             "1": 0, "2": 1, "3": 2, "4": 3, "5": 4, "6": 5, "7": 6}
_EVERY = re.compile(
    r"每个?(?:(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天1-7])"
    r"|月(?:(?P<day>[0-9]{1,2}|[一二三四五六七八九十]{1,3})[日号]|(?P<month_end>底|末))"
    r"|季度?(?P<quarter_end>底|末))的?(?P<rest>.*)"
)
_BEGINS = re.compile(r"每个?(?:周|星期|礼拜|月|季|天|日)")


def looks_like_rhythm(typed: str) -> bool:
    """Return whether a text begins like a rhythm, understood or not."""
    return _BEGINS.match(normalize(typed).replace(" ", "")) is not None


def read_rhythm(typed: str, calendar: WorkingCalendar) -> Rhythm | str:
    """
    Read a rhythm with its time of day. Never raises.

    Returns:
        The rhythm, or "unclear", "hour" (no time of day), "ambiguous" (3点), "impossible" (每月32日).
    """
    found = _EVERY.fullmatch(normalize(typed).replace(" ", ""))
    if found is None:
        return "unclear"
    clock, left = take_clock(found["rest"], calendar) if found["rest"] else (None, "")
    if isinstance(clock, str):
        return clock
    if left:
        return "unclear"
    if clock is None:
        return "hour"
    at: time = clock.time
    if found["weekday"]:
        return Rhythm(WEEKLY, _WEEKDAYS[found["weekday"]], at)
    if found["month_end"]:
        return Rhythm(MONTH_END, 0, at)
    if found["quarter_end"]:
        return Rhythm(QUARTER_END, 0, at)
    day = read_whole(found["day"])
    return Rhythm(MONTHLY, day, at) if day is not None and 1 <= day <= 31 else "impossible"
