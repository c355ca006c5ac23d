"""每日汇总: what is still overdue of all that a superior was told of (3.2d, 4.2e)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from notifications.texts.moments import day_with_weekday, moment
from notifications.texts.words import shortened

AT = time(8, 45)


def minutes_row(number: str, subject: str, owes: str, due_at: datetime) -> str:
    """Minutes that have not come."""
    return f"纪要 {number} {shortened(subject, 20)}（{owes}，应于 {moment(due_at)}）"


def task_row(number: str, title: str, owner: str, due_at: datetime) -> str:
    """A task that is not done."""
    return f"任务 {number} {shortened(title, 20)}（{owner}，应于 {moment(due_at)}）"


def summary(day: date, rows: Sequence[str], total: int) -> str:
    """The day's message."""
    lines = [f"每日汇总 {day_with_weekday(day)}：逾期仍未了结 {total} 件"]
    lines += [f"{at}. {row}" for at, row in enumerate(rows, 1)]
    if total > len(rows):
        lines.append(f"还有 {total - len(rows)} 件。")
    return "\n".join(lines)
