"""告警演练 (7.1b): a harmless message and call to every manager each month, and who was not reached."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from notifications.texts.words import shortened

SOURCE = "演练 · 不是真的告警"
BUTTON = "收到"
ROW_NUMBER = "编号"
DONE = "已应答"
_SHOWN = 20


def title(day: date) -> str:
    """Return the drill's title."""
    return f"{day.year}年{day.month}月告警演练"


def card_desc(minutes: int) -> str:
    """Return the card's second line."""
    return f"请点收到；{minutes} 分钟后会打一次电话，接听即可"


ABOUT = "每月一次，确认发生急事时能通知到您（制度七（一））。电话里是固定的提示语音。"


def answered(number: str) -> str:
    """Answer 收到."""
    return f"已收到您对演练 {number} 的应答。稍后的电话接听即可，不用再回复。"


def answered_before(number: str) -> str:
    """Answer a second 收到, or one that comes after the end."""
    return f"演练 {number} 已记录，不用再回复。"


def result(
    number: str, name: str, count: int, silent: Sequence[str], unphoned: Sequence[str], unreached: Sequence[str],
    why: str,
) -> str:
    """Tell the records director how it went."""
    lines = [f"{name}（{number}）已结束，参加 {count} 人。"]
    if not silent and not unphoned:
        lines.append("消息和电话全部通知到。")
    if unreached:
        lines.append(f"消息和电话都没有通知到：{_names(unreached)}。请核对联系方式，并安排备用人选。")
    if silent:
        lines.append(f"消息没有应答：{_names(silent)}。")
    if unphoned:
        lines.append(f"电话没有接听：{_names(unphoned)}{f'（{why}）' if why else ''}。")
    return "\n".join(lines)


def trace(act: str, facts: object) -> str:
    """Return one event of a drill's story."""
    assert isinstance(facts, dict)
    if act == "drill.opened":
        return f"开始演练，{facts['count']} 人参加"
    if act == "drill.closed":
        return f"演练结束：{facts['count']} 人参加，{facts['unreached']} 人没有通知到"
    return {"drill.answered": "应答演练消息"}.get(act, "")


def _names(names: Sequence[str]) -> str:
    shown = "、".join(names[:_SHOWN])
    return shortened(shown if len(names) <= _SHOWN else f"{shown} 等 {len(names)} 人", 400)
