"""
What changed figures would have done to past filings (P.2, 8e; design rule 10).

Both the old and the changed figures run under today's code, on the company as it was seen when each was filed. A
filing for which today's code no longer gives the path that was recorded is named apart: that difference is the
code's, not the figures'.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from policy.approval_kinds import kind_of, plan_of
from policy.decisions import Refusal
from policy.org import Org
from policy.parameters import Parameters


@dataclass(frozen=True)
class Path:
    """Who is asked, step by step, each step's people in order; or why nothing could be filed."""

    steps: tuple[tuple[str, ...], ...] = ()
    refusal: str = ""

    @property
    def signatures(self) -> int:
        """Return how many people are asked."""
        return sum(map(len, self.steps))


@dataclass(frozen=True)
class PastFiling:
    """
    One filing as it was seen.

    Attributes:
        at: company time, aware UTC.
        kind: id of the kind of approval.
        fen: None where it moves no money.
        parameters: the figures it was filed under.
        recorded: the path that was taken.
    """

    number: str
    at: datetime
    applicant: str
    kind: str
    fen: int | None
    org: Org
    parameters: Parameters
    recorded: Path


@dataclass(frozen=True)
class Replayed:
    """One filing under both figures. drifted: today's code differs from the record already with the old ones."""

    filing: PastFiling
    before: Path
    after: Path

    @property
    def drifted(self) -> bool:
        """Return whether today's code takes another path than the record, figures unchanged."""
        return self.before != self.filing.recorded

    @property
    def differs(self) -> bool:
        """Return whether the changed figures take another path."""
        return self.before != self.after


@dataclass(frozen=True)
class Outcome:
    """
    All filings replayed.

    Attributes:
        differing: those whose path would differ, oldest first.
        drifted: those that today's code already takes another way.
        more, fewer: signatures that would be added and saved.
        fen: the money of those that differ.
    """

    count: int
    differing: Sequence[Replayed]
    drifted: Sequence[Replayed]
    more: int
    fewer: int
    fen: int


def replay(filings: Iterable[PastFiling], change: Callable[[Parameters], Parameters]) -> Outcome:
    """Run filings under the figures they had and under changed ones."""
    done = [
        Replayed(filing, path_of(filing, filing.parameters), path_of(filing, change(filing.parameters)))
        for filing in filings
    ]
    differing = [each for each in done if each.differs]
    steps = [each.after.signatures - each.before.signatures for each in differing]
    return Outcome(
        len(done), differing, [each for each in done if each.drifted], sum(step for step in steps if step > 0),
        -sum(step for step in steps if step < 0), sum(each.filing.fen or 0 for each in differing),
    )


def path_of(filing: PastFiling, parameters: Parameters) -> Path:
    """Return the path of a filing under some figures; a kind those figures do not know is a refusal."""
    try:
        kind = kind_of(parameters, filing.kind)
    except KeyError:
        return Path(refusal="kind.unknown")
    plan = plan_of(filing.org, kind, filing.applicant, filing.fen, parameters)
    if isinstance(plan, Refusal):
        return Path(refusal=plan.code)
    return Path(tuple(step.signers for step in plan.steps))
