"""The time of day as people write it: 14:30, 14点30, 下午三点一刻, 晚上8点半, 中午12点, 3pm, 下班前."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

from handlers.language.numerals import read_whole
from policy.calendar import WorkingCalendar

_CN = "[零一二两三四五六七八九十]{1,3}"
_MORNING = ("清晨", "早上", "早晨", "上午", "早", "晨")
_AFTERNOON = ("下午", "午后", "傍晚")
_EVENING = ("晚上", "晚间", "晚", "夜里", "夜间", "深夜", "半夜")
PARTS = ("凌晨", "中午", *_MORNING, *_AFTERNOON, *_EVENING)
_CLOCK = re.compile(
    rf"(?P<part>{'|'.join(PARTS)})?(?:"
    r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?(?![0-9:])(?P<half>am|pm)?"
    r"|(?P<plain>[0-9]{1,2})(?P<plain_half>am|pm)"
    rf"|(?P<spoken>[0-9]{{1,2}}|{_CN})[点时](?:钟|整|(?P<thirty>半)|(?P<quarter>[一三13])刻"
    rf"|过?(?P<minutes>[0-9]{{1,2}}|{_CN})分?)?)",
    re.IGNORECASE,
)
_WORDS = re.compile(r"下班(?:之前|以前|前|时)?|上班(?:之前|以前|前|时)?|中午|正午|午夜")
_NOON, _MIDNIGHT = time(12), time(0)


@dataclass(frozen=True)
class Clock:
    """
    A time of day.

    Attributes:
        next_day: midnight at the end of the day (24:00, 晚上12点): 00:00 of the day after.
        closing: said as 下班: on a rest day it means the next day worked.
    """

    time: time
    next_day: bool = False
    closing: bool = False


def take_clock(text: str, calendar: WorkingCalendar) -> tuple[Clock | str | None, str]:
    """
    Take a time of day off the beginning of a text without spaces.

    Returns:
        The clock, or "impossible" (25点), "ambiguous" (3点: night or afternoon?), or None when there is none; and
        what is left of the text.
    """
    found = _CLOCK.match(text)
    if found is None:
        word = _WORDS.match(text)
        return (None, text) if word is None else (_word(word.group(), calendar), text[word.end() :])
    rest = text[found.end() :]
    part = found["part"] or ""
    hour = read_whole(found["hour"] or found["plain"] or found["spoken"])
    minute = _minute(found)
    if hour is None or minute is None or minute > 59:
        return "impossible", rest
    half = (found["half"] or found["plain_half"] or "").lower()
    if half:
        return _twelve(hour, minute, half), rest
    if not part:
        # 3点 and 3:30 are said at night and in the afternoon; 03:30 is not.
        if 1 <= hour <= 7 and not (found["hour"] or "").startswith("0"):
            return "ambiguous", rest
        return _on_dial(hour, minute), rest
    return _in_part(part, hour, minute), rest


def _word(word: str, calendar: WorkingCalendar) -> Clock:
    if word.startswith("下班"):
        return Clock(calendar.closes, closing=True)
    if word.startswith("上班"):
        return Clock(calendar.opens)
    return Clock(_MIDNIGHT, next_day=True) if word == "午夜" else Clock(_NOON)


def _minute(found: re.Match[str]) -> int | None:
    if found["second"] not in (None, "00"):
        return None
    if found["minute"]:
        return int(found["minute"])
    if found["thirty"]:
        return 30
    if found["quarter"]:
        return 15 if found["quarter"] in "一1" else 45
    return read_whole(found["minutes"].lstrip("零") or "0") if found["minutes"] else 0


def _twelve(hour: int, minute: int, half: str) -> Clock | str:
    if not 1 <= hour <= 12:
        return "impossible"
    return Clock(time(hour % 12 + (12 if half == "pm" else 0), minute))


def _on_dial(hour: int, minute: int) -> Clock | str:
    if hour == 24 and minute == 0:
        return Clock(_MIDNIGHT, next_day=True)
    return Clock(time(hour, minute)) if hour < 24 else "impossible"


def _in_part(part: str, hour: int, minute: int) -> Clock | str:
    """Place an hour in a part of the day; what lies outside it is impossible."""
    if part in _MORNING:
        return Clock(time(hour, minute)) if hour <= 12 else "impossible"
    if part == "凌晨":
        return Clock(time(hour % 12, minute)) if hour <= 6 or hour == 12 else "impossible"
    if part == "中午":
        hour += 12 if 1 <= hour <= 3 else 0
        return Clock(time(hour, minute)) if 11 <= hour <= 15 else "impossible"
    if part in _AFTERNOON:
        hour += 12 if 1 <= hour <= 11 else 0
        return Clock(time(hour, minute)) if 12 <= hour <= 23 else "impossible"
    if hour in (0, 12, 24):
        return Clock(time(0, minute), next_day=True)
    if 1 <= hour <= 4:
        return "ambiguous"  # 晚上2点: of this night, but on which date
    hour += 12 if hour <= 11 else 0
    return Clock(time(hour, minute)) if 17 <= hour <= 23 else "impossible"
