"""雷达与线索: hints to signers and to the records department; they accuse nobody (3.1a, 4.1a, 1.1a)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from notifications.texts.moments import moment
from notifications.texts.sums import figures
from notifications.texts.words import chapter

USAGE = "线索：业务记录部查看供参考的提示（同类合计、连续签字、从未退回）"
EXAMPLES = ("线索",)
_ON_CARD = 2  # numbers beside the sum on a card
_IN_LIST = 3  # numbers a line of the list names
_LINES = 5  # lines a part of the list shows


@dataclass(frozen=True)
class Figures:
    """The policy's figures as the list names them; limit in fen, look_days: how far back the first two parts look."""

    limit: int
    split_days: int
    bulk_decisions: int
    bulk_seconds: int
    pair_decisions: int
    pair_days: int
    look_days: int


def split_on_card(days: int, count: int, fen: int, others: Sequence[str]) -> str:
    """Return the last line of a signer's card."""
    return f"提示：{_together(days, count, fen)}，见 {_numbers(others, _ON_CARD)}"


def split_noted(shown: Sequence[str], days: int, count: int, fen: int, others: Sequence[str]) -> str:
    """Return the trail's words: what was pointed out, and to whom."""
    return f"提示 {'、'.join(shown)}：{_together(days, count, fen)}，见 {_numbers(others, _IN_LIST)}（供签字参考）"


def for_records(number: str, days: int, count: int, fen: int, others: Sequence[str]) -> str:
    """Return what the records director reads when it is filed."""
    return (
        f"提示：{number}：{_together(days, count, fen)}，见 {_numbers(others, _IN_LIST)}，"
        f"各单都在限额以下（{chapter('4.1a')}）。仅供参考，不影响审批。要看经过请发\"追溯 {number}\"。"
    )


def _together(days: int, count: int, fen: int) -> str:
    return f"{days} 天内同类 {count} 单合计 {figures(fen)}"


def _numbers(numbers: Sequence[str], most: int) -> str:
    return "、".join(numbers[:most]) + (" 等" if len(numbers) > most else "")


def not_yours() -> str:
    """Refuse the list to everybody else."""
    return f'"线索"由业务记录部查看（{chapter("1.1a")}）。看自己经手的单子，请发"待办"或"我提交的"。'


def nothing(given: Figures) -> str:
    """Nothing to point out."""
    return f"近 {given.look_days} 天没有需要参考的线索。"


def split_line(count: int, fen: int, numbers: Sequence[str]) -> str:
    """Return one of the list: several that reach the limit together."""
    return f"{count} 单合计 {figures(fen)}：{_numbers(numbers, _IN_LIST)}"


def burst_line(name: str, began: datetime, seconds: int, numbers: Sequence[str]) -> str:
    """Return one of the list: decisions seconds apart."""
    return f"{name} {moment(began)} 起 {seconds} 秒内 {len(numbers)} 单：{_numbers(numbers, _IN_LIST)}"


def pair_line(signer: str, applicant: str, count: int, example: str) -> str:
    """Return one of the list: a pair without a no."""
    return f"{signer} 签 {applicant} 的单 {count} 次，例如 {example}"


def listed(given: Figures, splits: Sequence[str], bursts: Sequence[str], pairs: Sequence[str]) -> str:
    """Return the list of the records department; empty parts are left out."""
    lines = ["线索（仅供参考，不代表有问题）"]
    parts = (
        (f"近 {given.look_days} 天，{given.split_days} 天内同类合计达到 {figures(given.limit)}（{chapter('4.1a')}）",
         splits),
        (f"近 {given.look_days} 天，{given.bulk_seconds} 秒内逐单签 {given.bulk_decisions} 单以上", bursts),
        (f"近 {given.pair_days} 天，签 {given.pair_decisions} 次以上、没有退回或驳回", pairs),
    )
    for head, rows in parts:
        if not rows:
            continue
        lines.append(f"{head}：")
        lines += [f"{at}. {row}" for at, row in enumerate(rows[:_LINES], 1)]
        if len(rows) > _LINES:
            lines.append(f"另有 {len(rows) - _LINES} 条")
    lines.append('看一单的经过请发"追溯 编号"。')
    return "\n".join(lines)


def in_digest(given: Figures, bursts: int, pairs: int) -> str:
    """Return the records department's line on Monday; "" where there is nothing."""
    said = []
    if bursts:
        said.append(f"上周 {given.bulk_seconds} 秒内逐单签 {given.bulk_decisions} 单以上 {bursts} 次")
    if pairs:
        said.append(f"近 {given.pair_days} 天签 {given.pair_decisions} 次以上、没有退回或驳回 {pairs} 对")
    return f'{"；".join(said)}，发"线索"看编号' if said else ""
