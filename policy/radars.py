"""
Hints on filings, never accusations: orders that together reach a limit which each of them stays below (4.1a, 6.2c).

Pure: past filings in, a hint out. Source: research/approvals (c) 4, (d) 23.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

SPLIT_WITHIN = timedelta(days=7)
_IDLE = re.compile(r"[\s\d第批次期一二三四五六七八九十（）()·、，,.\-_#]+")


@dataclass(frozen=True)
class Filing:
    """One filing as far as it bears on a hint. at: aware UTC."""

    number: str
    applicant: str
    department: str
    subject: str
    supplier: str
    fen: int
    at: datetime


@dataclass(frozen=True)
class SplitHint:
    """Filings that belong together: their numbers, oldest first, and the sum of all in fen, the new one included."""

    numbers: tuple[str, ...]
    fen: int


def split_hint(new: Filing, earlier: Iterable[Filing], limit: int) -> SplitHint | None:
    """
    Return which earlier filings reach the limit together with a new one that stays below it; None when none do.

    They belong together when they are of one applicant or department, of one supplier or purpose, within seven days.
    """
    if new.fen >= limit:
        return None
    close = [
        one for one in earlier
        if one.number != new.number and one.fen < limit and new.at - SPLIT_WITHIN <= one.at <= new.at
        and (one.applicant == new.applicant or one.department == new.department) and _same_matter(one, new)
    ]
    total = new.fen + sum(one.fen for one in close)
    if not close or total < limit:
        return None
    return SplitHint(tuple(one.number for one in sorted(close, key=lambda one: (one.at, one.number))), total)


def _same_matter(one: Filing, other: Filing) -> bool:
    if one.supplier and one.supplier.strip().casefold() == other.supplier.strip().casefold():
        return True
    plain = _IDLE.sub("", one.subject).casefold()
    return bool(plain) and plain == _IDLE.sub("", other.subject).casefold()
