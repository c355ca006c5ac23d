"""
雷达: what may be worth a second look, as a hint to the signer and the auditor, never as an accusation (3.1a, 4.1a).

Three shapes: purchases that stay below the limit one by one and reach it together; decisions seconds apart; a signer
who has never said no to an applicant. Each has innocent reasons; a hint says figures and numbers, and decides nothing.
Values in, values out.

Source: research/approvals (c) 4, (d) 23.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import groupby

from policy.terms import ItemState

_PURPOSE_LEAST = 6  # characters; 扩容 or 日常使用 alone says nothing about two things belonging together
CORE_MOST = 80  # characters of a key
_DEAD = frozenset({ItemState.WITHDRAWN, ItemState.REJECTED})
_NUMERAL = "0-9一二三四五六七八九十百两"
# What tells the parts of one order apart: 第二批, 2台, 首批, 尾款, a trailing A or B.
_PARTS = re.compile(
    rf"第[{_NUMERAL}]+[批期次部分单]+|[{_NUMERAL}]+[台个套件份箱批期次单只张把块组]|[首余尾]批|[首余尾]款|预付款?|追加|[0-9]+"
)
_LAST_LETTER = re.compile(r"(?<=[一-鿿])[a-z]$")
_NO_WORD = re.compile(r"[\W_]+")  # all but letters and figures of any script
_COMPANY = re.compile(r"(股份)?(有限)?(责任)?公司$")


@dataclass(frozen=True)
class Spending:
    """
    One filed application with a sum, in its present revision.

    Attributes:
        kind: id of its kind of approval.
        fen: its sum; at: company instant of its filing.
        supplier: "" where none was said.
    """

    number: str
    kind: str
    applicant: str
    department: str
    title: str
    reason: str
    supplier: str
    fen: int
    state: ItemState
    at: datetime

    @property
    def cores(self) -> tuple[str, ...]:
        """Return its keys."""
        return cores_of(self.title, self.reason, self.supplier)


@dataclass(frozen=True)
class Split:
    """
    Several below the limit that reach it together.

    Attributes:
        numbers: all of them, oldest first.
        fen: their sum.
    """

    numbers: tuple[str, ...]
    fen: int

    def others(self, number: str) -> tuple[str, ...]:
        """Return the numbers beside one of them."""
        return tuple(one for one in self.numbers if one != number)


@dataclass(frozen=True)
class Decided:
    """One decision of a signer, whichever it was, at a company instant."""

    signer: str
    number: str
    at: datetime


@dataclass(frozen=True)
class Burst:
    """Decisions of one signer close after each other: their numbers in order, begun at, and how many seconds."""

    signer: str
    numbers: tuple[str, ...]
    began: datetime
    seconds: int


@dataclass(frozen=True)
class Tally:
    """
    How a signer decided on an applicant's items in a span.

    Attributes:
        count: decisions; refused: those of them that were 退回 or 驳回.
        example: the number of one of them.
    """

    signer: str
    applicant: str
    count: int
    refused: int
    example: str


def core_of(words: str) -> str:
    """Return words without spelling, punctuation and what only tells the parts of one order apart."""
    plain = _plain(words)
    return _LAST_LETTER.sub("", _PARTS.sub("", plain)) or plain


@lru_cache(maxsize=1024)  # one event asks for its own several times, a list for each against each
def cores_of(title: str, reason: str, supplier: str) -> tuple[str, ...]:
    """Return the keys by which an application is found again: thing, supplier, and a purpose that says enough."""
    purpose = core_of(reason)
    wanted = (
        ("thing", core_of(title)), ("firm", _firm(supplier)),
        ("purpose", purpose if len(purpose) >= _PURPOSE_LEAST else ""),
    )
    return tuple(f"{what}:{core}"[:CORE_MOST] for what, core in wanted if core)


def alike(one: Spending, other: Spending) -> bool:
    """Return whether two are of one kind, asked for by one person or department, and for the same thing or supplier."""
    if one.kind != other.kind or not (one.applicant == other.applicant or one.department == other.department):
        return False
    return not set(one.cores).isdisjoint(other.cores)


def split_with(filing: Spending, others: Iterable[Spending], *, limit: int, days: int) -> Split | None:
    """
    Return the largest sum of `filing` and what is like it within any `days` days, where it reaches the limit.

    What reaches the limit by itself has the signers it needs; what was withdrawn or rejected spends nothing; an
    amended one counts once, with its present sum.

    Args:
        limit: fen; from this much on one alone is signed by the director too (4.1a).
    """
    if filing.fen >= limit or filing.state in _DEAD:
        return None
    near = {
        one.number: one for one in others
        if one.number != filing.number and one.state not in _DEAD and one.fen < limit and alike(filing, one)
    }
    span = timedelta(days=days)
    found: Split | None = None
    for first in (filing, *near.values()):
        if not first.at <= filing.at <= first.at + span:
            continue
        within = [one for one in (filing, *near.values()) if first.at <= one.at <= first.at + span]
        total = sum(one.fen for one in within)
        if len(within) > 1 and total >= limit and (found is None or total > found.fen):
            found = Split(tuple(one.number for one in sorted(within, key=lambda each: (each.at, each.number))), total)
    return found


def splits(filings: Sequence[Spending], *, limit: int, days: int) -> list[Split]:
    """Return every split among these, the largest sum first; what stands in one is not told again in a smaller."""
    found = {
        split for filing in filings if (split := split_with(filing, filings, limit=limit, days=days)) is not None
    }
    told: set[str] = set()
    kept = []
    for split in sorted(found, key=lambda each: (-each.fen, each.numbers)):
        if not told.issuperset(split.numbers):
            kept.append(split)
            told |= set(split.numbers)
    return kept


def bursts(decisions: Iterable[Decided], *, least: int, seconds: int) -> list[Burst]:
    """
    Return where a signer decided `least` or more within `seconds`, the most decisions first.

    Several decisions of one instant are one tap on a list read before it (批量): they are left out.
    """
    found: list[Burst] = []
    for signer, made in _by(sorted(decisions, key=lambda each: (each.signer, each.at, each.number))):
        single = [
            same[0] for same in (list(group) for _, group in groupby(made, key=lambda each: each.at)) if len(same) == 1
        ]
        at = 0
        while at + least <= len(single):
            if single[at + least - 1].at - single[at].at > timedelta(seconds=seconds):
                at += 1
                continue
            end = at + least
            while end < len(single) and single[end].at - single[end - least + 1].at <= timedelta(seconds=seconds):
                end += 1
            run = single[at:end]
            lasted = int((run[-1].at - run[0].at).total_seconds())
            found.append(Burst(signer, tuple(one.number for one in run), run[0].at, lasted))
            at = end
    return sorted(found, key=lambda each: (-len(each.numbers), each.began, each.signer))


def pairs_never_refusing(tallies: Iterable[Tally], *, least: int) -> list[Tally]:
    """Return who decided `least` or more of somebody's and never 退回 or 驳回, the most first."""
    found = [tally for tally in tallies if tally.count >= least and not tally.refused]
    return sorted(found, key=lambda each: (-each.count, each.signer, each.applicant))


def _by(decisions: Sequence[Decided]) -> Iterable[tuple[str, list[Decided]]]:
    return ((signer, list(made)) for signer, made in groupby(decisions, key=lambda each: each.signer))


def _firm(name: str) -> str:
    plain = _plain(name)
    return _COMPANY.sub("", plain) or plain


def _plain(words: str) -> str:
    return _NO_WORD.sub("", unicodedata.normalize("NFKC", words).casefold())
