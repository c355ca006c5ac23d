"""What could not be delivered, said to those who can do something about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from notifications.texts.moments import moment
from notifications.texts.words import shortened

GONE = "对方不在应用可见范围内，或已离职"
REFUSED = "企业微信没有接收"
MANY = "多人"
UNSURE = "可能已送达，没有得到确认"


def to_author(name: str, number: str) -> str:
    """Tell who filed an item that somebody in it cannot be reached."""
    return f"{number} 发给 {name} 的消息没有送达：{GONE}。请直接联系 {name}，并告知管理员。"


def attachment(number: str, failed: datetime) -> str:
    """Tell who sent a file that it could not be fetched; the instant keeps two such messages apart."""
    return f"{number} 的附件没有保存成功（{moment(failed)}），请把图片或文件重新发送一次。"


def row(outbox_id: int, name: str, number: str, summary: str, reason: str) -> str:
    """One undelivered message, for operators, with the id that `outbox retry` takes; its text is shortened."""
    first = summary.partition("\n")[0]
    about = " ".join(part for part in (number if number not in first else "", shortened(first, 40)) if part)
    return f"[{outbox_id}] 给 {name}：{about or '卡片'}（{reason}）"


def to_operator(rows: Sequence[str], count: int) -> str:
    """Tell an operator what waits for a decision; `count` may be more than the rows shown."""
    lines = [f"有 {count} 条消息没有送达，需要处理："]
    lines += [f"{at}. {each}" for at, each in enumerate(rows, 1)]
    if count > len(rows):
        lines.append(f"另有 {count - len(rows)} 条。")
    lines.append("请在服务器上用 liuhen outbox list 查看，再用 outbox retry 重发或 outbox drop 放弃。")
    return "\n".join(lines)
