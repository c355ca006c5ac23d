"""Sums in figures and in words (大写)."""

from __future__ import annotations

from functools import lru_cache

import cn2an

from policy.money import Fen, format_yuan

_CEILING = 10**15  # fen; cn2an reads at most 16 digits


@lru_cache(maxsize=4096)
def in_capitals(fen: int) -> str:
    """
    Return the sum in financial characters, e.g. 叁万伍仟元整.

    Raises:
        ValueError: negative, or too large to be written.
    """
    if not 0 <= fen < _CEILING:
        raise ValueError(f"no capital form for {fen} fen")
    yuan, cents = divmod(fen, 100)
    return str(cn2an.an2cn(f"{yuan}.{cents:02d}" if cents else str(yuan), "rmb"))


def both_ways(fen: int) -> str:
    """Return ¥35,000.00（叁万伍仟元整）."""
    return f"{format_yuan(Fen(fen))}（{in_capitals(fen)}）"


def figures(fen: int) -> str:
    """Return ¥35,000.00."""
    return format_yuan(Fen(fen))
