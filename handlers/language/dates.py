"""
Moments, spans and durations as people write them: 下周三 14:30, 今天到周五, 3个工作日内, 1小时30分钟.

A bare weekday, date or time that has passed means the next one (`rolled`) and is said aloud in the echo. What could be
two moments (明天3点: night or afternoon?) is a problem with that code, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from handlers.language.clocks import PARTS, Clock, take_clock
from handlers.language.days import Day, take_day
from handlers.language.normalize import normalize
from handlers.language.numerals import Numeral, read_numeral
from policy.calendar import WorkingCalendar

ClockTime = time  # Moment has a field of that name

_MOST = 60  # characters; longer ones are sentences
_YEARS = range(2000, 2200)
_BEFORE = re.compile(r"(?:之前|以前|前|截止|为止|之内|以内)$")
_HOURS_AWAY = re.compile(r"(.*(?:小时|钟头|分钟|刻钟|分))(?:以后|之后|过后|后|以内|之内|内|(以前|之前|前))")
# A space between two figures keeps 12-1 10:30 from becoming 12-110:30.
_IDLE_SPACE = re.compile(r"(?<![0-9])\s+|\s+(?![0-9])")
_PART = re.compile("|".join(PARTS))
_SPLITS = (
    re.compile(r"\s*(?:到|至|~|--)\s*"), re.compile(r"\s+-\s+"), re.compile(r"-"), re.compile(r"\s*(?:起|开始)\s*"),
    re.compile(r"\s+"),
)
_WEEK = re.compile(r"(下下|下|本|这)个?(?:周|星期|礼拜)")
_PIECE = re.compile(
    r"(?:(半)个?(小时|钟头|钟)|([0-9.]+|[一二两三四五六七八九十百]+)(?:个(?=[小钟半周星礼]))?(半)?(个)?"
    r"(小时|钟头|钟|hours|hour|hr|h|刻钟|分钟|分|mins|min|m|天|日|d|周|星期|礼拜)(半)?)(?:零|又)?"
)
_MINUTES = {
    "小时": 60, "钟头": 60, "钟": 60, "hours": 60, "hour": 60, "hr": 60, "h": 60, "刻钟": 15, "分钟": 1, "分": 1,
    "mins": 1, "min": 1, "m": 1, "天": 1440, "日": 1440, "d": 1440, "周": 10080, "星期": 10080, "礼拜": 10080,
}
_MOST_MINUTES = 1_000_000
_HALF_A_YEAR = timedelta(days=183)


@dataclass(frozen=True)
class Moment:
    """
    A company day, perhaps with a time, as understood.

    Attributes:
        rolled: the bare weekday, date or time typed had passed; this is the next one.
    """

    date: date
    time: time | None
    text: str
    rolled: bool = False

    def instant(self, calendar: WorkingCalendar, *, default: ClockTime | None = None) -> datetime:
        """Return the instant, aware UTC; without a time: at `default`, else at closing time."""
        return calendar.at(self.date, self.time or default or calendar.closes)


@dataclass(frozen=True)
class Span:
    """From one moment to another, both as understood; the last day is included when it has no time."""

    start: Moment
    end: Moment
    text: str


@dataclass(frozen=True)
class DateProblem:
    """
    Why no moment was taken.

    Attributes:
        code: none (nothing typed) | impossible (2月30日, 25点) | ambiguous (3点) | contradictory (12月1日 said to be a
            Wednesday) | order (ends before it begins) | unclear (no date at all).
    """

    code: str
    text: str


def read_moment(
    typed: str, now: datetime, calendar: WorkingCalendar, *, nearest: bool = False
) -> Moment | DateProblem:
    """
    Read a text that is a day or time and nothing else. Never raises on any text.

    Args:
        now: aware UTC, company time.
        nearest: for what has happened (a record's date): bare days mean the nearest one, nothing rolls forward.
    """
    text = normalize(typed)
    if not text:
        return DateProblem("none", typed)
    local = calendar.local(now).replace(tzinfo=None)
    return _moment(text, local, local, calendar, nearest)


def read_span(typed: str, now: datetime, calendar: WorkingCalendar) -> Span | DateProblem:
    """
    Read from–to: 12月1日 12月3日, 今天到周五, 12-01~12-03, 明天 14:00-16:00, 明天起3天, 下周; one day is that day.

    Never raises on any text.
    """
    text = normalize(typed)
    if not text:
        return DateProblem("none", typed)
    local = calendar.local(now).replace(tzinfo=None)
    whole = _moment(text, local, local, calendar, nearest=False)
    if isinstance(whole, Moment):
        return Span(whole, whole, text)
    week = _WEEK.fullmatch(text)
    if week is not None:
        return _week(week.group(1), local.date(), calendar, text)
    problem = whole if len(text) > _MOST else None
    for left, right in _halves(text) if problem is None else ():
        start = _moment(left, local, local, calendar, nearest=False)
        if not isinstance(start, Moment):
            if start.code != "unclear" and problem is None:
                problem = start
            continue
        end = _end(right, left, start, local, calendar)
        if isinstance(end, Moment):
            if _clock_of(end, time.max) < _clock_of(start, time.min):
                problem = DateProblem("order", text)
                continue
            return Span(start, end, text)
        if end.code != "unclear":
            problem = DateProblem(end.code, text)
    return problem or DateProblem("unclear", text)


def read_duration(typed: str) -> timedelta | None:
    """Return a length of time (1小时, 半小时, 90分钟, 1.5h, 一个半小时, 2天), None when it is none. Never raises."""
    text = normalize(typed).replace(" ", "").lower()
    if not text or len(text) > _MOST:
        return None
    minutes, at = 0, 0
    while at < len(text):
        found = _PIECE.match(text, at)
        piece = _piece(found) if found is not None else None
        if found is None or piece is None:
            return None
        minutes, at = minutes + piece, found.end()
    return timedelta(minutes=minutes) if 0 < minutes <= _MOST_MINUTES else None


def _piece(found: re.Match[str]) -> int | None:
    if found.group(1):
        return 30
    each = _MINUTES[found.group(6)]
    number = read_numeral(found.group(3))
    minutes = number.times(each) if isinstance(number, Numeral) else None
    if minutes is None:
        return None
    if found.group(4) or found.group(7):
        return None if each % 2 else minutes + each // 2
    return minutes


def _moment(
    text: str, local: datetime, since: datetime, calendar: WorkingCalendar, nearest: bool
) -> Moment | DateProblem:
    """Read one moment; bare forms mean the first from `since` on. Both company time without zone."""
    if len(text) > _MOST:
        return DateProblem("unclear", text)
    try:
        read = _read(_IDLE_SPACE.sub("", text), text, local, since, calendar, nearest)
    except (ValueError, OverflowError):
        return DateProblem("impossible", text)
    if isinstance(read, Moment) and read.date.year not in _YEARS:
        return DateProblem("impossible", text)
    return read


def _read(
    compact: str, text: str, local: datetime, since: datetime, calendar: WorkingCalendar, nearest: bool
) -> Moment | DateProblem:
    if compact in ("现在", "此刻"):
        return Moment(local.date(), local.time().replace(second=0, microsecond=0), text)
    away = _HOURS_AWAY.fullmatch(compact)
    length = read_duration(away.group(1)) if away is not None else None
    if away is not None and length is not None:
        there = (local - length if away.group(2) else local + length).replace(second=0, microsecond=0)
        return Moment(there.date(), there.time(), text)
    day, rest = take_day(compact, local.date(), since.date(), calendar, nearest=nearest)
    rest = rest.lstrip(" 的,")
    clock, left = take_clock(rest, calendar) if rest else (None, "")
    if day is None and clock is None:
        return DateProblem("unclear", text)
    if _BEFORE.sub("", left):
        return DateProblem("unclear", text)
    for part in (day, clock):
        if isinstance(part, str):
            return DateProblem(part, text)
    assert not isinstance(day, str)
    assert not isinstance(clock, str)
    if day is None:
        assert clock is not None
        return _bare_clock(clock, text, since, calendar, nearest)
    if clock is None:
        return Moment(day.on, None, text, day.rolled)
    return _on_day(day, clock, text, since, nearest)


def _bare_clock(clock: Clock, text: str, since: datetime, calendar: WorkingCalendar, nearest: bool) -> Moment:
    """Place a time without a day: today, or tomorrow when it has passed; 下班 on the next day worked."""
    day = since.date()
    while not nearest and (
        _place(day, clock) <= since or (clock.closing and not calendar.is_working_day(day))
    ):
        day += timedelta(days=1)
    return Moment(_place(day, clock).date(), clock.time, text, day != since.date())


def _on_day(day: Day, clock: Clock, text: str, since: datetime, nearest: bool) -> Moment:
    rolled = day.rolled
    if day.again is not None and not nearest and _place(day.on, clock) <= since:
        day, rolled = replace(day, on=day.again), True
    return Moment(_place(day.on, clock).date(), clock.time, text, rolled)


def _place(day: date, clock: Clock) -> datetime:
    return datetime.combine(day + timedelta(days=1 if clock.next_day else 0), clock.time)


def _halves(text: str) -> Iterator[tuple[str, str]]:
    """Give every way to cut a text in two at a word or sign that separates a beginning from an end."""
    for sign in _SPLITS:
        for cut in sign.finditer(text):
            left, right = text[: cut.start()].strip(), text[cut.end() :].strip()
            if left and right:
                yield left, right


def _end(right: str, left: str, start: Moment, local: datetime, calendar: WorkingCalendar) -> Moment | DateProblem:
    """Read the end of a span, bare forms counted from its start; 2点到6点 takes over the part of the day."""
    length = read_duration(right)
    if length is not None:
        return _after(start, length, right)
    if right.isdecimal() and len(right) <= 2:
        right += "日"  # 12月1日-3
    since = datetime.combine(start.date, start.time or time.min) - timedelta(microseconds=1)
    read = _moment(right, local, since, calendar, nearest=False)
    if take_clock(_IDLE_SPACE.sub("", right), calendar)[0] is not None:
        # A time without a day belongs to the day the span begins on, if any part of that day makes it later.
        part = _PART.search(left)
        for typed in (right, f"{part.group() if part else ''}{right}", f"下午{right}"):
            same_day = _moment(typed, local, since, calendar, nearest=False)
            if isinstance(same_day, Moment) and same_day.date == start.date:
                return replace(same_day, text=right)
    elif isinstance(read, Moment) and read.rolled and read.date - start.date > _HALF_A_YEAR:
        return DateProblem("order", right)  # 12月3日到12月1日 is no year's leave
    return replace(read, rolled=False) if isinstance(read, Moment) else read


def _after(start: Moment, length: timedelta, text: str) -> Moment | DateProblem:
    """Return the end of a span of that length; 3 days without a time include the first."""
    try:
        if start.time is None:
            if length % timedelta(days=1):
                return DateProblem("unclear", text)
            return Moment(start.date + length - timedelta(days=1), None, text)
        end = datetime.combine(start.date, start.time) + length
    except OverflowError:
        return DateProblem("impossible", text)
    return Moment(end.date(), end.time(), text)


def _week(which: str, today: date, calendar: WorkingCalendar, text: str) -> Span:
    """Return a week's working days; this week's begin today."""
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks={"下": 1, "下下": 2}.get(which, 0))
    first = calendar.next_working_day(max(monday, today), inclusive=True)
    last = max(first, calendar.last_working_day_of_week(monday))
    return Span(Moment(first, None, text), Moment(last, None, text), text)


def _clock_of(moment: Moment, otherwise: time) -> datetime:
    return datetime.combine(moment.date, moment.time or otherwise)
