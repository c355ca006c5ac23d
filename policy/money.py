"""Money as integer fen (分), never a float (policy.md, Amounts)."""

from __future__ import annotations

import re
from typing import NewType

Fen = NewType("Fen", int)

FEN_PER_YUAN = 100
LARGEST = Fen(9_999_999_999_999)  # ¥99,999,999,999.99: nobody means more

_PLAIN = re.compile(r"(\d+)(?:\.(\d{1,2}))?(?:元|yuan)?")


def format_yuan(fen: int) -> str:
    """Return ¥35,000.00; a negative sum is -¥500.00."""
    sign = "-" if fen < 0 else ""
    yuan, cents = divmod(abs(fen), FEN_PER_YUAN)
    return f"{sign}¥{yuan:,}.{cents:02d}"


def parse_setting(text: str) -> Fen:
    """
    Read a sum as settings write it: 50000, 50000.50, 50000元.

    Raises:
        ValueError: anything else.
    """
    found = _PLAIN.fullmatch(text.strip().replace(",", ""))
    if found is None:
        raise ValueError(f"not a sum: {text!r}; write it like 50000元")
    return Fen(int(found.group(1)) * FEN_PER_YUAN + int((found.group(2) or "0").ljust(2, "0")))
