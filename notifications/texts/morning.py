"""What was held over night comes as one message."""

from __future__ import annotations

from datetime import datetime

from notifications.texts.moments import moment


def head(count: int) -> str:
    """Open the summary; every entry below carries its own date."""
    return f"休息时段有 {count} 条消息，按时间先后："


def entry(at: int, sent: datetime, content: str) -> str:
    """Show one held message whole; `at` counts from 1."""
    first, _, _ = content.partition("\n")
    return f"{at}. {_dated(sent, first)}{content}"


def short_entry(at: int, sent: datetime, content: str) -> str:
    """Show the first line of one held message, when all of them together are too long."""
    first, _, rest = content.partition("\n")
    return f"{at}. {_dated(sent, first)}{first}{'…' if rest else ''}"


def _dated(sent: datetime, first: str) -> str:
    """Return the moment to put before a message; none where its first line ends with just that moment."""
    said = moment(sent)
    return "" if first.endswith(f" {said}") else f"{said} "


FOOT = '发"待办"看等您处理的事，发"查 编号"看详情。'
