"""批量签字：一张卡片，逐单勾选。"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from notifications.texts.moments import moment
from notifications.texts.sums import figures
from notifications.texts.words import shortened

USAGE = "批量：把等您签的小额单子列在一张卡片上，逐单勾选同意"
EXAMPLES = ("批量",)
FIRST = "请在下面逐单勾选"
SUBMIT, DONE = "同意所选", "已处理"
NONE_SIGNED = "没有签成的单子"
NOTHING_TICKED = '没有勾选任何单子，没有签字。请在卡片上勾选后再点"同意所选"。'
_TEXT = 17


def nothing(large: int, most: int) -> str:
    """Nothing may be signed together."""
    more = f"另有 {large} 单超过单笔 {figures(most)}，请在各自的卡片上签。" if large else ""
    return f"现在没有可以批量签的单子。{more}"


def row(at: int, number: str, title: str, fen: int | None, applicant: str) -> str:
    """Return one line of the list."""
    return f"{at}. {number} {shortened(title, 30)} {figures(fen or 0)}（{applicant}）"


def listed(rows: Sequence[str], total: int, more: int, large: int, most: int) -> str:
    """Answer 批量 with the list; the card follows."""
    lines = [f"可以批量签的有 {len(rows)} 单，合计 {figures(total)}，请在卡片上逐单勾选：", *rows]
    if more:
        lines.append(f"还有 {more} 单没有列出，签完这些再发一次批量。")
    if large:
        lines.append(f"另有 {large} 单超过单笔 {figures(most)}，请在各自的卡片上签。")
    return "\n".join(lines)


def title(count: int, only_purchases: bool) -> str:
    """Return the card's title."""
    return f"待签{'采购' if only_purchases else '单子'} {count} 单"


def desc(total: int) -> str:
    """Return the card's second line."""
    return f"合计 {figures(total)} · 勾选的每一单各算一次签字"


def option(at: int, title_: str, fen: int) -> str:
    """Return one choice."""
    money = figures(fen)
    return f"{at} {shortened(title_, max(1, _TEXT - len(money) - len(str(at)) - 2))} {money}"


def source(rehearsal: bool) -> str:
    """Return the line above the card."""
    return f"{'演练 · ' if rehearsal else ''}批量 · 待您审批"


def source_done(rehearsal: bool) -> str:
    """Return the line above the settled card."""
    return f"{'演练 · ' if rehearsal else ''}批量 · 已处理"


def signed(count: int, ticked: int) -> str:
    """Return the settled card's title."""
    return f"已同意 {count} 单" if count == ticked else f"已同意 {count} 单，{ticked - count} 单没有签成"


def signed_desc(name: str, at: datetime) -> str:
    """Return the settled card's second line."""
    return f"{name} · {moment(at)}"


def refused(reasons: Sequence[str]) -> str:
    """Say which were not signed, and why."""
    return "\n".join(["没有签成的：", *reasons])


def too_large(number: str, most: int) -> str:
    """A sum above the single limit is signed on its own card."""
    return f"{number} 超过单笔 {figures(most)}，请在它自己的卡片上签。"
