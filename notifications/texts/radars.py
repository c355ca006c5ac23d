"""Hints, never accusations (4.1a)."""

from __future__ import annotations

from collections.abc import Sequence

from notifications.texts.sums import figures

_SHOWN = 3


def on_card(numbers: Sequence[str], fen: int) -> str:
    """Return the hint that signers read on the card."""
    return f"提示：近 7 天同类 {len(numbers) + 1} 单合计 {figures(fen)}（{_listed(numbers)}），请留意是否应合并"


def for_records(number: str, numbers: Sequence[str], fen: int) -> str:
    """Return the hint for the records department."""
    return (
        f"提示：{number} 与近 7 天的 {_listed(numbers)} 同类，合计 {figures(fen)}，各单都在限额以下（制度四（一））。"
        f'仅供留意，不影响审批。要看经过请发"追溯 {number}"。'
    )


def _listed(numbers: Sequence[str]) -> str:
    more = f" 等 {len(numbers)} 单" if len(numbers) > _SHOWN else ""
    return "、".join(numbers[:_SHOWN]) + more
