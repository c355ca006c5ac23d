"""
The day as people write it: 2026-12-01, 12月1日, 12.1, 1号, 周五, 下周三, 明天, 月底, 3天后, 3个工作日内.

Two kinds: days said without doubt, and bare ones (周五, 12月1日, 1号) that mean the next one when they have passed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from handlers.language.numerals import DIGITS, read_whole
from policy.calendar import WorkingCalendar

_NUM = r"(?:[0-9]{1,2}(?![0-9])|[一二三四五六七八九十]{1,3})"
_MONTHS = "下下个?月|下个?月|本月|当月|这个?月|上个?月"
_WORDS = {
    "大前天": -3, "前天": -2, "前日": -2, "昨天": -1, "昨日": -1, "昨": -1, "今天": 0, "今日": 0, "今儿": 0, "今": 0,
    "当天": 0, "当日": 0, "明天": 1, "明日": 1, "明儿": 1, "明": 1, "后天": 2, "后日": 2, "大后天": 3,
}
_WORD = re.compile(
    r"大前天|大后天|前天|前日|昨天|昨日|今天|今日|今儿|当天|当日|明天|明日|明儿|后天|后日|[昨今明](?=[早晚晨夜])"
)
_WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6,
             "1": 0, "2": 1, "3": 2, "4": 3, "5": 4, "6": 5, "7": 6}
_WEEK_WORD = "周|星期|礼拜"
_WEEK = re.compile(rf"(下下个?|下个?|上上个?|上个?|本|这个?)?(?:{_WEEK_WORD})([一二三四五六日天]|[1-7](?![0-9]))")
_NOTE = re.compile(rf"\(?(?:{_WEEK_WORD})([一二三四五六日天])\)?")
_FULL = re.compile(
    r"([0-9]{4}|[〇零一二三四五六七八九]{4})[-/.年]" rf"({_NUM})[-/.月]({_NUM})[日号]?T?"
    r"|(20[0-9]{2})(0[1-9]|1[0-2])([0-9]{2})(?![0-9])"
)
_YEAR = {"去年": -1, "今年": 0, "明年": 1, "后年": 2}
_MONTH_DAY = re.compile(
    rf"(去年|今年|明年|后年)?({_NUM})月({_NUM})[日号]?|([0-9]{{1,2}})[-/.]([0-9]{{1,2}})(?![0-9:]|[-/.][0-9])[日号]?"
)
_DAY = re.compile(rf"({_MONTHS})?({_NUM})[日号]")
_END = re.compile(
    rf"(?:(?P<which>{_MONTHS}|{_NUM}月)(?:底|末|内)|月(?:底|末|内))|(?P<year>今年年?|年)(?:底|末|内)|"
    r"(?P<quarter>本?季度?)(?:底|末|内)|(?P<week>[下本这])个?周内"
)
_AHEAD = re.compile(
    r"([0-9]{1,5}|[一二两三四五六七八九十百]{1,4}|半)(个)?(天|日|周|星期|礼拜|工作日|月)"
    r"(以后|之后|过后|后|以内|之内|内|以前|之前|前)?"
)


@dataclass(frozen=True)
class Day:
    """
    A day as understood.

    Attributes:
        again: for a bare one, the next time it comes round; None for a day said without doubt.
        rolled: the bare one had passed, so it is the next.
    """

    on: date
    again: date | None = None
    rolled: bool = False


Taken = tuple[Day | str | None, str]


def take_day(
    text: str, today: date, since: date, calendar: WorkingCalendar, *, nearest: bool = False
) -> Taken:
    """
    Take a day off the beginning of a text.

    Args:
        today: what 明天 and 下周 count from.
        since: bare days mean the first one from here on.
        nearest: bare days mean the nearest one, past or to come (for what has happened).

    Returns:
        The day, or "impossible", "ambiguous", "contradictory" (12月1日 said to be a Wednesday), or None when there is
        none; and what is left of the text.

    Raises:
        ValueError, OverflowError: no such day.
    """
    for take in (_ahead, _full, _word, _month_day, _month_end, _day_of_month):
        taken, rest = take(text, today, since, calendar, nearest)
        if taken is not None:
            note = _NOTE.match(rest)
            if note is not None and isinstance(taken, Day):
                rest = rest[note.end() :]
                if taken.on.weekday() != _WEEKDAYS[note.group(1)]:
                    return "contradictory", rest
            return taken, rest
    week = _WEEK.match(text)
    if week is None:
        return None, text
    named, rest = _weekday(week, today, since, nearest), text[week.end() :]
    if not week.group(1):
        dated, after = _month_day(rest, today, since, calendar, nearest)
        if isinstance(dated, Day):
            return (dated, after) if dated.on.weekday() == named.on.weekday() else ("contradictory", after)
    return named, rest


def _full(text: str, today: date, since: date, calendar: WorkingCalendar, nearest: bool) -> Taken:
    found = _FULL.match(text)
    if found is None:
        return None, text
    year_text = found.group(1) or found.group(4)
    year = int("".join(str(DIGITS.get(character, character)) for character in year_text))
    month, day = read_whole(found.group(2) or found.group(5)), read_whole(found.group(3) or found.group(6))
    if month is None or day is None:
        return "impossible", text
    return Day(date(year, month, day)), text[found.end() :]


def _word(text: str, today: date, since: date, calendar: WorkingCalendar, nearest: bool) -> Taken:
    found = _WORD.match(text)
    if found is None:
        return None, text
    return Day(today + timedelta(days=_WORDS[found.group()])), text[found.end() :]


def _month_day(text: str, today: date, since: date, calendar: WorkingCalendar, nearest: bool) -> Taken:
    found = _MONTH_DAY.match(text)
    if found is None:
        return None, text
    rest = text[found.end() :]
    month, number = read_whole(found.group(2) or found.group(4)), read_whole(found.group(3) or found.group(5))
    if month is None or number is None:
        return "impossible", rest
    if found.group(1):
        return Day(date(today.year + _YEAR[found.group(1)], month, number)), rest
    years = [_on(since.year + step, month, number) for step in (-1, 0, 1)]
    if nearest:
        near = min((day for day in years if day is not None), key=lambda day: abs(day - since), default=None)
        return ("impossible" if near is None else Day(near, rolled=near.year != today.year)), rest
    coming = [day for day in years if day is not None and day >= since]
    if not coming:
        return "impossible", rest
    return Day(coming[0], _on(coming[0].year + 1, month, number), coming[0].year != today.year), rest


def _day_of_month(text: str, today: date, since: date, calendar: WorkingCalendar, nearest: bool) -> Taken:
    found = _DAY.match(text)
    number = read_whole(found.group(2)) if found is not None else None
    if found is None or number is None:
        return None, text
    rest = text[found.end() :]
    if found.group(1):
        return Day(_month(today, found.group(1)).replace(day=number)), rest
    if nearest:
        return Day(since.replace(day=number)), rest
    rolled = number < since.day
    day = (_months_on(since, 1) if rolled else since).replace(day=number)
    following = _months_on(day, 1)
    return Day(day, _on(following.year, following.month, number), rolled), rest


def _month_end(text: str, today: date, since: date, calendar: WorkingCalendar, nearest: bool) -> Taken:
    found = _END.match(text)
    if found is None:
        return None, text
    rest, which = text[found.end() :], found["which"] or ""
    if found["week"]:
        monday = today - timedelta(days=today.weekday(), weeks=-1 if found["week"] == "下" else 0)
        return Day(calendar.last_working_day_of_week(monday)), rest
    if which and read_whole(which[:-1]) is not None:
        return _end_of_named_month(which, since, calendar, nearest), rest
    if which:
        return Day(calendar.last_working_day_of_month(_month(today, which))), rest
    first, step, end = today.replace(day=1), 1, calendar.last_working_day_of_month
    if found["year"]:
        first, step = today.replace(month=12, day=1), 12
    elif found["quarter"]:
        step, end = 3, calendar.last_working_day_of_quarter
    day = end(first)
    if day < today and not nearest:
        return Day(end(_months_on(first, step)), rolled=True), rest
    return Day(day), rest


def _end_of_named_month(which: str, since: date, calendar: WorkingCalendar, nearest: bool) -> Day | str:
    month = read_whole(which[:-1])
    if month is None or not 1 <= month <= 12:
        return "impossible"
    day = calendar.last_working_day_of_month(date(since.year, month, 1))
    if day < since and not nearest:
        return Day(calendar.last_working_day_of_month(date(since.year + 1, month, 1)), rolled=True)
    return Day(day)


def _weekday(found: re.Match[str], today: date, since: date, nearest: bool) -> Day:
    which, wanted = found.group(1) or "", _WEEKDAYS[found.group(2)]
    weeks = {"下下": 2, "下": 1, "上上": -2, "上": -1, "本": 0, "这": 0}
    if which:
        monday = today - timedelta(days=today.weekday())
        return Day(monday + timedelta(days=wanted, weeks=weeks[which.rstrip("个")]))
    day = since - timedelta(days=since.weekday()) + timedelta(days=wanted)
    if nearest:
        return Day(day)
    rolled = day < since
    day += timedelta(weeks=1 if rolled else 0)
    return Day(day, day + timedelta(weeks=1), rolled)


def _ahead(text: str, today: date, since: date, calendar: WorkingCalendar, nearest: bool) -> Taken:
    """Read a count from today: 3天后, 两周内, 3个工作日, 半个月后, 3天前."""
    found = _AHEAD.match(text)
    if found is None:
        return None, text
    count_text, each, unit, where = found.groups()
    rest = text[found.end() :]
    if where is None and (unit != "工作日" or rest):
        return None, text
    if unit == "月" and not each:
        return None, text  # 3月后: after March, or in three months
    back = where is not None and where.endswith("前")
    if unit == "日" and back:
        return "ambiguous", rest  # before the 3rd, or three days ago
    if count_text == "半":
        return (Day(today + timedelta(days=-15 if back else 15)), rest) if unit == "月" else ("ambiguous", rest)
    count = read_whole(count_text)
    if count is None:
        return None, text
    count = -count if back else count
    if unit == "工作日":
        return (Day(calendar.add_working_days(today, count)) if abs(count) <= 1000 else "impossible"), rest
    if unit == "月":
        return Day(_months_on(today, count)), rest
    return Day(today + timedelta(days=count * (1 if unit in ("天", "日") else 7))), rest


def _month(today: date, which: str) -> date:
    """Return the first of the month that 下月, 上个月, 本月 names."""
    steps = 2 if which.startswith("下下") else 1 if which.startswith("下") else -1 if which.startswith("上") else 0
    return _months_on(today.replace(day=1), steps)


def _months_on(day: date, count: int) -> date:
    """Return the day so many months on; a 31st becomes the month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    for number in (day.day, 30, 29, 28):
        found = _on(year, month + 1, number)
        if found is not None and number <= day.day:
            return found
    raise OverflowError("no such year")


def _on(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None
