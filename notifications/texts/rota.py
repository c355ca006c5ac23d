"""值班: who answers alarms of a kind, and swaps (7.1b)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from notifications.texts.moments import day_with_weekday
from notifications.texts.words import shortened

USAGE = "值班：看值班表；值班 安排 类别 人 起 [止]；值班 换 人 日期"
EXAMPLES = ("值班", "值班 安排 系统 罗主管 11月23日 11月29日", "值班 换 魏工 11月25日")
ARRANGE, SWAP = "安排", "换"
KIND_MOST, DAYS_MOST = 10, 92
SWAP_SOURCE, BUTTON_TAKE, BUTTON_LEAVE = "换班 · 等您答复", "接班", "不接"
ROW_KIND, ROW_DAY, ROW_WAS = "类别", "日期", "原值班"
TAKEN, LEFT = "已接班", "未接班"
EMPTY = "还没有值班安排，告警按上级顺序通知。主管以上可发：值班 安排 类别 人 起 止"


def table(rows: Sequence[tuple[str, str]], days: int) -> str:
    """Show the rota; rows are kind and a line of days and names."""
    lines = [f"{kind}：{line}" for kind, line in rows]
    return "\n".join([f"今后 {days} 天的值班：", *lines, "换班请发：值班 换 人 日期"])


def stretch(first: date, last: date, name: str) -> str:
    """Return a run of days of one person."""
    days = day_with_weekday(first) if first == last else f"{day_with_weekday(first)}至{day_with_weekday(last)}"
    return f"{days} {name}"


def arranged(kind: str, name: str, first: date, last: date, days: int) -> str:
    """Answer 安排."""
    return f"已安排 {name} 值班：{kind}，{stretch(first, last, '').strip()}（{days} 天），已告知本人。"


def told(kind: str, first: date, last: date, by: str) -> str:
    """Tell who is on duty."""
    days = stretch(first, last, "").strip()
    return (
        f'{by} 安排您值班：{kind}，{days}。这期间的"{kind}"告警先通知您；'
        "有事请发：值班 换 人 日期"
    )


def not_allowed() -> str:
    """Arranging is for managers."""
    return "值班由主管及以上安排（制度七（一）），没有改动。要换班请发：值班 换 人 日期"


def unclear() -> str:
    """Not understood."""
    return f"没看懂，没有改动。请发其中一种：\n{chr(10).join(EXAMPLES)}"


def bad_kind(kind: str) -> str:
    """The kind is too long."""
    return f'类别最多 {KIND_MOST} 个字（收到的是"{shortened(kind, 20)}"），没有改动。'


def unknown_person(typed: str) -> str:
    """No such person, or several."""
    return f'名册里没有认出"{shortened(typed, 20)}"是哪一位，没有改动。请写全名或账号。'


def bad_day(typed: str) -> str:
    """The day is not understood."""
    return f'没看懂日期"{shortened(typed, 20)}"，没有改动。日期可以写 11月25日、周五、明天。'


def past_day(day: date) -> str:
    """The day has passed."""
    return f"{day_with_weekday(day)} 已经过去，没有改动。"


def too_many_days(most: int) -> str:
    """A stretch that is too long."""
    return f"一次最多安排 {most} 天，没有改动。"


def not_on_duty(day: date) -> str:
    """Swapping a day one has not."""
    return f'{day_with_weekday(day)} 您没有值班，没有改动。发"值班"看值班表。'


def swap_with_self() -> str:
    """Swapping with oneself."""
    return "不能和自己换班，没有改动。请发：值班 换 人 日期"


def swap_asked(name: str, day: date, kinds: Sequence[str]) -> str:
    """Answer 换."""
    return f"已请 {name} 接 {day_with_weekday(day)} 的值班（{'、'.join(kinds)}）。对方同意前仍由您值班。"


def swap_desc(name: str) -> str:
    """Return the card's second line."""
    return f"{name} 想请您代值"


def swap_taken(name: str, kind: str, day: date) -> str:
    """Tell who asked."""
    return f'{name} 已接 {day_with_weekday(day)} 的"{kind}"值班。'


def swap_left(name: str, kind: str, day: date) -> str:
    """Tell who asked."""
    return f'{name} 没有接 {day_with_weekday(day)} 的"{kind}"值班，仍由您值班。'


def swap_gone(kind: str, day: date) -> str:
    """The request no longer stands."""
    return f'{day_with_weekday(day)} 的"{kind}"值班已有变动，这次操作没有生效。发"值班"看值班表。'
