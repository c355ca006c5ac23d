"""What the watchdog says outside the product's own ways, when something stands still."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from notifications.texts.moments import moment

PARTS = {"web": "网页与回调", "worker": "发送", "clock": "计时", "watchdog": "值守"}
LANES = {"urgent": "紧急消息", "default": "一般消息", "bulk": "批量消息"}
DATABASE = "数据库打不开"
DEADLINES = "到期的事项没有处理"


def part(name: str) -> str:
    """A process that gives no sign of life."""
    kind, _, serial = name.partition("-")
    return f'"{PARTS.get(kind, kind)}{serial}"没有动静'


def lane(name: str) -> str:
    """A lane of messages that does not move."""
    return f"{LANES.get(name, name)}没有发出"


def alarm(number: str) -> str:
    """An open alarm that nothing will carry on."""
    return f"告警 {number} 无人应答，也没有下一步"


def standing_still(at: datetime, rows: Sequence[tuple[str, int]]) -> str:
    """Say what stands still and for how many minutes; the machine's moment keeps two such messages apart."""
    lines = [f"留痕有部件停住了（{moment(at)}），请管理员查看："]
    lines += [f"{at}. {what}，已 {minutes} 分钟" for at, (what, minutes) in enumerate(rows, 1)]
    return "\n".join(lines)


def moving_again(at: datetime) -> str:
    """Say that all moves again."""
    return f"留痕已恢复正常（{moment(at)}）。"
