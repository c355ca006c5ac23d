"""What was held over night comes as one message."""

from __future__ import annotations

from datetime import datetime

from notifications.texts.moments import moment


def head(count: int) -> str:
    """Open the summary; every entry below carries its own date."""
    return f"休息时段有 {count} 条消息，按时间先后："


def entry(at: int, sent: datetime, content: str) -> str:
    """Show one held message whole; `at` counts from 1."""
    return f"{at}. {moment(sent)} {content}"


def short_entry(at: int, sent: datetime, content: str) -> str:
    """Show the first line of one held message, when all of them together are too long."""
    first, _, rest = content.partition("\n")
    return f"{at}. {moment(sent)} {first}{'…' if rest else ''}"


FOOT = '发"待办"看等您处理的事，发"查 编号"看详情。'
