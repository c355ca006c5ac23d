"""How instants, days and spans are written: with their date, since messages stay for years."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from policy.calendar import COMPANY_ZONE

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


def weekday(day: date) -> str:
    """Return the weekday: 周一 … 周日."""
    return WEEKDAYS[day.weekday()]


def moment(instant: datetime) -> str:
    """Return "11月23日 14:05" in company time; the argument is aware UTC."""
    local = instant.astimezone(COMPANY_ZONE)
    return f"{local.month}月{local.day}日 {_clock(local)}"


def moment_with_weekday(instant: datetime) -> str:
    """Return "11月30日（周一）08:30" in company time."""
    local = instant.astimezone(COMPANY_ZONE)
    return f"{local.month}月{local.day}日（{weekday(local)}）{_clock(local)}"


def moment_to_the_second(instant: datetime) -> str:
    """Return "2026-11-23 14:05:07" in company time, for traces."""
    return f"{instant.astimezone(COMPANY_ZONE):%Y-%m-%d %H:%M:%S}"


def clock_time(instant: datetime) -> str:
    """Return "14:05" in company time; only where the date stands beside it."""
    return _clock(instant.astimezone(COMPANY_ZONE))


def day_of(instant: datetime) -> str:
    """Return "11月23日" in company time."""
    local = instant.astimezone(COMPANY_ZONE)
    return f"{local.month}月{local.day}日"


def day_with_weekday(day: date) -> str:
    """Return "11月27日（周五）"."""
    return f"{day.month}月{day.day}日（{weekday(day)}）"


def whole_day(day: date) -> str:
    """Return "2026年11月27日（周五）": where a day may be of any year."""
    return f"{day.year}年{day_with_weekday(day)}"


def plain_day(day: date) -> str:
    """Return "11月27日 周五"."""
    return f"{day.month}月{day.day}日 {weekday(day)}"


def plain_moment(instant: datetime) -> str:
    """Return "11月27日 周五 16:20" in company time."""
    local = instant.astimezone(COMPANY_ZONE)
    return f"{plain_day(local.date())} {_clock(local)}"


def span(length: timedelta) -> str:
    """Return a span in words: "3 小时 12 分", "2 天 4 小时", "42 分钟", "不到 1 分钟"."""
    minutes = int(length.total_seconds()) // 60
    if minutes < 1:
        return "不到 1 分钟"
    if minutes < 60:
        return f"{minutes} 分钟"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} 小时 {minutes} 分" if minutes else f"{hours} 小时"
    days, hours = divmod(hours, 24)
    return f"{days} 天 {hours} 小时" if hours else f"{days} 天"


def _clock(local: datetime) -> str:
    # A quarter of what strftime costs.
    return f"{local.hour:02d}:{local.minute:02d}"
