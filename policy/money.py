"""Money as integer fen (分), never a float (policy.md, Amounts)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NewType

Fen = NewType("Fen", int)

FEN_PER_YUAN = 100
LARGEST = Fen(9_999_999_999_999)  # ¥99,999,999,999.99: nobody means more

_PLAIN = re.compile(r"([0-9]{1,12})(?:\.([0-9]{1,2}))?(?:元|yuan)?")
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])")
_WAN = 10_000 * FEN_PER_YUAN
_YI = 100_000_000 * FEN_PER_YUAN


@lru_cache(maxsize=1024)  # one message, its card and its copies all write the same sum
def format_yuan(fen: int) -> str:
    """Return ¥35,000.00; a negative sum is -¥500.00."""
    sign = "-" if fen < 0 else ""
    yuan, cents = divmod(abs(fen), FEN_PER_YUAN)
    return f"{sign}¥{yuan:,}.{cents:02d}"


def short_yuan(fen: int) -> str:
    """
    Return a sum for headlines: 3.5万元, 1.2亿元, 800元, 12.50元.

    From 10,000 yuan on it is rounded half up to two decimals of its unit: for reading, never for signing.
    """
    sign, size = ("-" if fen < 0 else ""), abs(fen)
    # 99,999,950.00 would round to 10000万: it is 1亿.
    for unit, name in ((_YI, "亿"), (_WAN, "万")):
        if size >= unit or _hundredths(size, unit // 10_000) >= 1_000_000:
            hundredths = _hundredths(size, unit)
            decimals = f"{hundredths % 100:02d}".rstrip("0")
            return f"{sign}{hundredths // 100}{'.' if decimals else ''}{decimals}{name}元"
    yuan, cents = divmod(size, FEN_PER_YUAN)
    return f"{sign}{yuan:,}.{cents:02d}元" if cents else f"{sign}{yuan:,}元"


def parse_setting(text: str) -> Fen:
    """
    Read a sum as settings write it: 50000, 50,000.50, 50000元.

    Raises:
        ValueError: anything else, or more than LARGEST.
    """
    plain = text.strip()
    grouped = _GROUPED.match(plain)
    if grouped is not None:
        plain = grouped.group().replace(",", "") + plain[grouped.end() :]
    found = _PLAIN.fullmatch(plain)
    fen = -1 if found is None else int(found.group(1)) * FEN_PER_YUAN + int((found.group(2) or "0").ljust(2, "0"))
    if not 0 <= fen <= LARGEST:
        raise ValueError(f"not a sum: {text!r}; write it like 50000元")
    return Fen(fen)


def _hundredths(size: int, unit: int) -> int:
    """Return size in hundredths of unit, rounded half up."""
    return (size * 200 + unit) // (2 * unit)
