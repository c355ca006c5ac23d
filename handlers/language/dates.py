"""
Days and times as people write them: 12月1日, 周五, 下周三 14:30, 明天下午3点, 月底, 3个工作日, 下班前.

A bare weekday, date or time that has passed means the next one (`rolled`), and is said aloud in the echo.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from handlers.language.amounts import Amount, read_amount
from handlers.language.normalize import normalize
from policy.calendar import WorkingCalendar

_NUMBER = "[0-9一二两三四五六七八九十]+"
_WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6, "末": 5,
             "1": 0, "2": 1, "3": 2, "4": 3, "5": 4, "6": 5, "7": 6}
_DAY_WORDS = {"大前天": -3, "前天": -2, "昨天": -1, "昨日": -1, "今天": 0, "今日": 0, "今儿": 0, "明天": 1, "明日": 1,
              "后天": 2, "大后天": 3, "今": 0, "明": 1, "昨": -1, "当天": 0}
_FULL = re.compile(r"(\d{4})(?:[-/.年])(\d{1,2})(?:[-/.月])(\d{1,2})[日号]?")
_MONTH_DAY = re.compile(r"(\d{1,2})(?:月|[-/.])(\d{1,2})[日号]?")
_DAY = re.compile(r"(下个?月|本月|这个?月|上个?月)?(\d{1,2}|[一二三十]+)[日号]")
_WEEK = re.compile(r"(下下|下个?|上个?|本|这个?)?(?:周|星期|礼拜)([一二三四五六日天末1-7])")
_END = re.compile(r"(下个?月|本月|这个?月)?(月底|月末|年底|年末|季度末|季末|周末)|(下个?月)底")
_AHEAD = re.compile(rf"({_NUMBER})\s*(?:个)?(天|日|周|星期|礼拜|工作日|月|小时|分钟)(?:以?后|之后|内|之内|以内)?")
_RELATIVE = re.compile(r"(大前天|前天|昨天|昨日|今天|今日|今儿|明天|明日|大后天|后天|当天|今(?=[早晚])|明(?=[早晚])|昨(?=晚))")
_CLOCK = re.compile(
    r"(凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|早|晚)?\s*(?:"
    r"(\d{1,2})[:：](\d{2})|([0-9]{1,2}|[一二两三四五六七八九十]{1,3})[点时](?:(半)|(一刻|三刻)|([0-9]{1,2}|[一二三四五十]{1,3})分?|整)?)(?:钟)?"
)
_OFF_WORK = re.compile(r"(?:下班前|下班时?)")
_BEFORE = re.compile(r"(?:之前|以前|前)$")
_CN_DIGIT = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}


@dataclass(frozen=True)
class Moment:
    """A company day, perhaps with a time, as understood."""

    date: date
    time: time | None
    text: str
    rolled: bool = False


@dataclass(frozen=True)
class DateProblem:
    """Why no day was taken: none | impossible | unclear."""

    code: str
    text: str


def read_moment(typed: str, now: datetime, calendar: WorkingCalendar) -> Moment | DateProblem:
    """
    Read a text that is a day or time and nothing else. Never raises.

    Args:
        now: aware UTC, company time.
    """
    text = normalize(typed).replace(" ", "")
    if not text:
        return DateProblem("none", typed)
    if len(text) > 40:
        return DateProblem("unclear", text)
    try:
        return _read(text, now, calendar)
    except (ValueError, OverflowError):
        return DateProblem("impossible", text)


def _read(text: str, now: datetime, calendar: WorkingCalendar) -> Moment | DateProblem:
    local = calendar.local(now)
    today = local.date()
    rest = _BEFORE.sub("", text) if not _OFF_WORK.search(text) else text
    span = _AHEAD.fullmatch(rest)
    if span is not None and (rest[-1] in "后内天周期拜日月时钟" or rest.endswith("工作日")):
        return _ahead(span, local, calendar, text)
    day, rest, explicit, rolled = _day(rest, today, calendar)
    clock: time | None = None
    if rest:
        clock, rest = _time(rest, calendar)
    if rest in ("", "的", "前"):
        if day is None and clock is None:
            return DateProblem("unclear", text)
        if day is None:
            assert clock is not None
            day = today if clock > local.timetz().replace(tzinfo=None) else today + timedelta(days=1)
            rolled = day != today
        elif clock is not None and day == today and not explicit and clock <= local.timetz().replace(tzinfo=None):
            day, rolled = day + timedelta(days=7), True
        return Moment(day, clock, text, rolled)
    return DateProblem("unclear", text)


def _day(text: str, today: date, calendar: WorkingCalendar) -> tuple[date | None, str, bool, bool]:
    """Return (day, what is left, said without doubt, moved to the next one)."""
    found = _FULL.match(text)
    if found:
        return date(*(int(part) for part in found.groups())), text[found.end() :], True, False
    found = _RELATIVE.match(text)
    if found:
        return today + timedelta(days=_DAY_WORDS[found.group(1)]), text[found.end() :], True, False
    found = _WEEK.match(text)
    if found and found.group(2) != "末":
        return _weekday(found, today, text)
    found = _END.match(text)
    if found:
        return _end(found, today, calendar), text[found.end() :], True, False
    found = _DAY.match(text)
    if found and not re.match(r"[点时:]", text[found.end() :]):
        return _day_of_month(found, today, text)
    found = _MONTH_DAY.match(text)
    if found and not (text[found.start() : found.end()].count(":")):
        month, number = int(found.group(1)), int(found.group(2))
        day = date(today.year, month, number)
        if day < today and today - day > timedelta(days=180):
            return date(today.year + 1, month, number), text[found.end() :], False, True
        return day, text[found.end() :], True, False
    return None, text, False, False


def _weekday(found: re.Match[str], today: date, text: str) -> tuple[date, str, bool, bool]:
    which, wanted = found.group(1) or "", _WEEKDAYS[found.group(2)]
    monday = today - timedelta(days=today.weekday())
    rest = text[found.end() :]
    if which.startswith("下下"):
        return monday + timedelta(days=14 + wanted), rest, True, False
    if which.startswith("下"):
        return monday + timedelta(days=7 + wanted), rest, True, False
    if which.startswith("上"):
        return monday + timedelta(days=wanted - 7), rest, True, False
    day = monday + timedelta(days=wanted)
    if which:
        return day, rest, True, False
    rolled = day < today
    return (day + timedelta(days=7) if rolled else day), rest, False, rolled


def _end(found: re.Match[str], today: date, calendar: WorkingCalendar) -> date:
    word = found.group(2) or ""
    if word.startswith("年"):
        return calendar.last_working_day_of_month(today.replace(month=12, day=1))
    if word.startswith("季"):
        return calendar.last_working_day_of_quarter(today)
    if word == "周末":
        return today - timedelta(days=today.weekday()) + timedelta(days=5)
    if (found.group(1) or found.group(3) or "").startswith("下"):
        return calendar.last_working_day_of_month(_next_month(today))
    return calendar.last_working_day_of_month(today)


def _day_of_month(found: re.Match[str], today: date, text: str) -> tuple[date, str, bool, bool]:
    which, number = found.group(1) or "", _small(found.group(2))
    rest = text[found.end() :]
    if which.startswith("下"):
        return _next_month(today).replace(day=number), rest, True, False
    if which.startswith("上"):
        return (today.replace(day=1) - timedelta(days=1)).replace(day=number), rest, True, False
    if which:
        return today.replace(day=number), rest, True, False
    if number < today.day:
        return _next_month(today).replace(day=number), rest, False, True
    return today.replace(day=number), rest, False, False


def _time(text: str, calendar: WorkingCalendar) -> tuple[time | None, str]:
    off = _OFF_WORK.match(text)
    if off:
        return calendar.closes, text[off.end() :]
    if text in ("中午", "正午"):
        return time(12, 0), ""
    found = _CLOCK.match(text)
    if found is None:
        return None, text
    part, hour_text, minute_text, spoken, half, quarter, spoken_minute = found.groups()
    hour = int(hour_text) if hour_text else _small(spoken)
    minute = int(minute_text) if minute_text else 0
    if half:
        minute = 30
    elif quarter:
        minute = 15 if quarter == "一刻" else 45
    elif spoken_minute:
        minute = _small(spoken_minute)
    if part in ("下午", "傍晚", "晚上", "夜里", "晚") and hour < 12:
        hour += 12
    elif part == "中午" and hour < 4:
        hour += 12
    return time(hour, minute), text[found.end() :]


def _ahead(found: re.Match[str], local: datetime, calendar: WorkingCalendar, text: str) -> Moment:
    count, unit = _small(found.group(1)), found.group(2)
    today = local.date()
    if unit == "工作日":
        day = today
        for _ in range(min(count, 1000)):
            day = calendar.next_working_day(day)
        return Moment(day, None, text)
    if unit in ("小时", "分钟"):
        later = local + (timedelta(hours=count) if unit == "小时" else timedelta(minutes=count))
        return Moment(later.date(), later.timetz().replace(tzinfo=None, second=0, microsecond=0), text)
    if unit == "月":
        month = today.month - 1 + count
        year, month = today.year + month // 12, month % 12 + 1
        last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
        return Moment(date(year, month, min(today.day, last)), None, text)
    return Moment(today + timedelta(days=count * (7 if unit in ("周", "星期", "礼拜") else 1)), None, text)


def read_duration(typed: str) -> timedelta | None:
    """Return a span (1小时, 半小时, 90分钟, 1.5h, 两个小时, 1天), None when it is none. Never raises."""
    text = normalize(typed).replace(" ", "").lower()
    if text in ("半小时", "半个小时", "半个钟头"):
        return timedelta(minutes=30)
    found = re.fullmatch(r"([0-9.]+|[一二两三四五六七八九十]+)(?:个)?(半)?(小时|钟头|h|分钟|分|min|m|天|d)(半)?", text)
    if found is None:
        return None
    number = read_amount(found.group(1))
    if not isinstance(number, Amount):
        return None
    minutes_each = {"小时": 60, "钟头": 60, "h": 60, "分钟": 1, "分": 1, "min": 1, "m": 1, "天": 1440, "d": 1440}
    minutes = number.fen * minutes_each[found.group(3)] / 100
    if found.group(2) or found.group(4):
        minutes += minutes_each[found.group(3)] / 2
    return timedelta(minutes=minutes) if minutes <= 1_000_000 else None


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def _small(text: str) -> int:
    """Read 0–99 in figures or Chinese."""
    if text.isdecimal():
        return int(text)
    if "十" in text:
        head, _, tail = text.partition("十")
        return (_CN_DIGIT[head] if head else 1) * 10 + (_CN_DIGIT[tail] if tail else 0)
    if len(text) == 1 and text in _CN_DIGIT:
        return _CN_DIGIT[text]
    raise ValueError(text)
