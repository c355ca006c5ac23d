"""设置: what a person sets for themselves, and the evening list (contract, Chat)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from notifications.texts.moments import clock_time, plain_day
from notifications.texts.words import NOUNS, shortened
from policy.terms import Noun

USAGE = "设置 项目 值：自己的提醒方式"
EXAMPLES = ("设置", "设置 晚间清单 开", "设置 晚间清单 关")
ON, OFF = "开", "关"
EVENING = "晚间清单"


def evening_usage(at: str) -> str:
    """Say what the evening list is."""
    return f"每天 {at} 发来第二天到期的事，没有就不发"


def all_settings(rows: Sequence[tuple[str, str, str, Sequence[str]]]) -> str:
    """Show what can be set: name, value, what it does, values."""
    lines = ["您的设置："]
    lines += [f"· {name}：{value}（{usage}）" for name, value, usage, _ in rows]
    name, value, _, values = rows[0]
    other = next(each for each in values if each != value)
    lines.append(f"要改请发，例如：设置 {name} {other}")
    return "\n".join(lines)


def unknown_setting(typed: str, names: Sequence[str]) -> str:
    """There is no such setting."""
    return f'没有"{shortened(typed, 20)}"这项设置，没有改动。可以设置：{"、".join(names)}。例如发：设置 {names[0]}'


def which_value(name: str, values: Sequence[str], got: str) -> str:
    """The value is missing or none of those."""
    seen = f"（收到的是 {shortened(got, 20)}）" if got else ""
    options = "，或 ".join(f"设置 {name} {value}" for value in values)
    return f'"{name}"只能是 {"、".join(values)}{seen}，没有改动。请发：{options}'


def set_to(name: str, value: str, usage: str) -> str:
    """Answer a change."""
    return f"{name}已设为：{value}（{usage}）。"


def set_already(name: str, value: str) -> str:
    """It is like that already."""
    return f"{name}已经是：{value}，没有改动。"


def evening_list(day: date, lines: Sequence[str], more: int) -> str:
    """Return what is due tomorrow; `day` is that day."""
    shown = [f"明天 {plain_day(day)} 到期的有 {len(lines) + more} 件：", *(f"· {line}" for line in lines)]
    if more:
        shown.append(f"还有 {more} 件。")
    shown.append('发"待办"看全部。不想再收请发"设置 晚间清单 关"。')
    return "\n".join(shown)


def evening_line(noun: Noun, number: str, title: str, due_at: datetime) -> str:
    """Return one line of it."""
    return f"{NOUNS[noun]} {number} {shortened(title, 24)}（{clock_time(due_at)} 前）"
