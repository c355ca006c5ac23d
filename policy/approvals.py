"""
Approvals: every act as a row of one table, and the function that executes the table (3.1a, 4.1a).

`TRANSITIONS` is what the engine runs and what the manual prints. An act is (state, verb, who, guard → state).
What the table does not list is refused. Values in, values out: no clock, no database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from policy.chains import Plan, Role
from policy.decisions import Refusal
from policy.parameters import Parameters
from policy.terms import ItemState, Verb


class Who(StrEnum):
    """Who may act, seen from the approval."""

    APPLICANT = "applicant"  # 申请人
    SIGNER = "signer"  # 当前签字人
    PAST_SIGNER = "past_signer"  # 刚签过字的人


class Guard(StrEnum):
    """What else must hold."""

    NONE = "none"
    MORE_STEPS = "more_steps"
    LAST_STEP = "last_step"
    REASON = "reason"  # an opinion in words or a chosen reason
    NEXT_HAS_NOT_ACTED = "next_has_not_acted"  # within the minutes for taking back, nobody after has signed


@dataclass(frozen=True)
class Transition:
    """One row: in this state, this act by this person, under this guard, leads to that state."""

    state: ItemState
    verb: Verb
    who: Who
    guard: Guard
    to: ItemState
    control: str


TRANSITIONS: tuple[Transition, ...] = (
    Transition(ItemState.PENDING, Verb.APPROVE, Who.SIGNER, Guard.MORE_STEPS, ItemState.PENDING, "3.1a"),
    Transition(ItemState.PENDING, Verb.APPROVE, Who.SIGNER, Guard.LAST_STEP, ItemState.APPROVED, "3.1a"),
    Transition(ItemState.PENDING, Verb.RETURN, Who.SIGNER, Guard.REASON, ItemState.RETURNED, "3.1a"),
    Transition(ItemState.PENDING, Verb.REJECT, Who.SIGNER, Guard.REASON, ItemState.REJECTED, "3.1a"),
    Transition(
        ItemState.PENDING, Verb.TAKE_BACK, Who.PAST_SIGNER, Guard.NEXT_HAS_NOT_ACTED, ItemState.PENDING, "3.1a"
    ),
    Transition(ItemState.PENDING, Verb.WITHDRAW, Who.APPLICANT, Guard.NONE, ItemState.WITHDRAWN, "3.1a"),
    Transition(ItemState.RETURNED, Verb.WITHDRAW, Who.APPLICANT, Guard.NONE, ItemState.WITHDRAWN, "3.1a"),
    Transition(ItemState.RETURNED, Verb.AMEND, Who.APPLICANT, Guard.NONE, ItemState.PENDING, "P.3"),
    Transition(ItemState.REJECTED, Verb.REFILE, Who.APPLICANT, Guard.NONE, ItemState.REJECTED, "3.1a"),
    Transition(ItemState.WITHDRAWN, Verb.REFILE, Who.APPLICANT, Guard.NONE, ItemState.WITHDRAWN, "3.1a"),
    Transition(ItemState.PENDING, Verb.URGE, Who.APPLICANT, Guard.NONE, ItemState.PENDING, "3.1a"),
    Transition(ItemState.PENDING, Verb.HASTEN, Who.APPLICANT, Guard.NONE, ItemState.PENDING, "3.1a"),
    Transition(ItemState.PENDING, Verb.ASK, Who.SIGNER, Guard.REASON, ItemState.PENDING, "3.1a"),
    Transition(ItemState.PENDING, Verb.ANSWER, Who.APPLICANT, Guard.REASON, ItemState.PENDING, "3.1a"),
)

DECIDING = frozenset({Verb.APPROVE, Verb.RETURN, Verb.REJECT})


@dataclass(frozen=True)
class Decision:
    """What a signer decided. `generation` counts decisions taken back before it on the same step."""

    verb: Verb
    actor: str
    at: datetime
    opinion: str
    revision: int
    generation: int = 0


@dataclass(frozen=True)
class Step:
    """One signer's step as it stands."""

    signer: str
    roles: tuple[Role, ...]
    instead_of: tuple[str, ...] = ()
    entered_at: datetime | None = None
    generation: int = 0
    decision: Decision | None = None


@dataclass(frozen=True)
class Approval:
    """
    One approval as it stands.

    Attributes:
        version: rises with every act; the compare-and-set of storage.
        round: rises with every resubmission; older rounds never count.
        position: index of the open step; len(steps) when none is open.
        facts: tier, limit, copies and other values the decision saw (design rule 10).
    """

    number: str
    state: ItemState
    version: int
    round: int
    revision: int
    applicant: str
    fen: int | None
    steps: tuple[Step, ...]
    position: int = 0
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def open_step(self) -> Step | None:
        """Return the step that waits, None when the approval is not pending."""
        if self.state is not ItemState.PENDING or self.position >= len(self.steps):
            return None
        return self.steps[self.position]

    @property
    def last_decision(self) -> Decision | None:
        """Return the newest decision of this round."""
        return next((step.decision for step in reversed(self.steps) if step.decision is not None), None)


@dataclass(frozen=True)
class Act:
    """
    What somebody wants to do.

    Attributes:
        round, step: the ones the card was for; None when typed as a command (then: as it stands now).
        revision: the revision the card showed; None when typed.
    """

    verb: Verb
    actor: str
    opinion: str = ""
    round: int | None = None
    step: int | None = None
    revision: int | None = None


@dataclass(frozen=True)
class Done:
    """
    The act holds.

    Attributes:
        approval: as it stands after the act, version already raised.
        transition: the row that was executed.
        step: index of the step decided on, None for acts that decide nothing.
    """

    approval: Approval
    transition: Transition
    step: int | None = None


def open_approval(
    number: str, plan: Plan, applicant: str, fen: int | None, *, now: datetime, revision: int = 1, round_: int = 1
) -> Approval:
    """Return a fresh approval whose first step waits since `now` (aware UTC)."""
    steps = tuple(Step(step.signer, step.roles, step.instead_of) for step in plan.steps)
    first = replace(steps[0], entered_at=now)
    facts = {"tier": plan.tier, "limit": plan.limit, "copies": list(plan.copies), "merged": list(plan.merged)}
    return Approval(
        number, ItemState.PENDING, 1, round_, revision, applicant, fen, (first, *steps[1:]), facts=facts
    )


def perform(approval: Approval, act: Act, *, now: datetime, parameters: Parameters) -> Done | Refusal:
    """
    Execute one act on an approval.

    Args:
        now: company time, aware UTC.

    Returns:
        Done with the approval after the act, or a refusal:
        approval.already_decided (data: verb, actor, at), approval.closed (state), approval.card_stale,
        approval.not_signer (signer), approval.not_applicant, approval.own_money, approval.reason_missing,
        approval.too_late_to_take_back, approval.not_now (state).

    Source: 3.1a, 4.1a; research/approvals (d) 1, 2, 4, 7, 19, 22.
    """
    stale = _stale(approval, act)
    if stale is not None:
        return stale
    rows = [row for row in TRANSITIONS if row.state is approval.state and row.verb is act.verb]
    if not rows:
        return _closed(approval)
    role = rows[0].who
    refused = _wrong_person(approval, act, role)
    if refused is not None:
        return refused
    if rows[0].guard is Guard.REASON and not act.opinion.strip():
        return Refusal("approval.reason_missing", "3.1a", {"verb": act.verb.value})
    if act.verb in DECIDING:
        return _decide(approval, act, rows, now)
    if act.verb is Verb.TAKE_BACK:
        return _take_back(approval, act, rows[0], now, parameters)
    raised = replace(approval, state=rows[0].to, version=approval.version + 1)
    return Done(raised, rows[0])


def resubmit(approval: Approval, plan: Plan, fen: int | None, revision: int, *, now: datetime) -> Approval:
    """Return the approval in its next round, all signatures of older rounds left behind (22)."""
    fresh = open_approval(
        approval.number, plan, approval.applicant, fen, now=now, revision=revision, round_=approval.round + 1
    )
    return replace(fresh, version=approval.version + 1)


def reassign(
    approval: Approval, signer: str, instead_of: str, *, now: datetime, raise_version: bool = True
) -> Approval:
    """
    Return the approval with its open step given to another signer (the former has left).

    Args:
        raise_version: False when it happens within an act that has raised the version already.
    """
    step = approval.steps[approval.position]
    moved = replace(step, signer=signer, instead_of=(*step.instead_of, instead_of), entered_at=now)
    version = approval.version + int(raise_version)
    return replace(approval, version=version, steps=_with_step(approval, approval.position, moved))


def _stale(approval: Approval, act: Act) -> Refusal | None:
    """Answer a tap on a card of another round, revision or step with what has happened since."""
    if act.step is None:
        return None
    if act.round != approval.round or (act.revision is not None and act.revision != approval.revision):
        return Refusal("approval.card_stale", "3.1a", {"state": approval.state.value})
    if act.step < len(approval.steps) and act.verb in DECIDING:
        decision = approval.steps[act.step].decision
        if decision is not None:
            return already_decided(decision)
    return None


def already_decided(decision: Decision) -> Refusal:
    """Return the answer to a second decision on the same step."""
    return Refusal(
        "approval.already_decided",
        "3.1a",
        {"verb": decision.verb.value, "actor": decision.actor, "at": decision.at},
    )


def _closed(approval: Approval) -> Refusal:
    decision = approval.last_decision
    if decision is not None and approval.state in (ItemState.REJECTED, ItemState.RETURNED, ItemState.APPROVED):
        return already_decided(decision)
    return Refusal("approval.not_now", "3.1a", {"state": approval.state.value})


def _wrong_person(approval: Approval, act: Act, role: Who) -> Refusal | None:
    if role is Who.APPLICANT:
        return None if act.actor == approval.applicant else Refusal("approval.not_applicant", "3.1a")
    if role is Who.SIGNER:
        step = approval.open_step
        assert step is not None
        if act.actor == approval.applicant:
            return Refusal("approval.own_money", "4.1a", {"signer": step.signer})
        if act.actor != step.signer or (act.step is not None and act.step != approval.position):
            mine = next(
                (s.decision for s in approval.steps if s.decision is not None and s.decision.actor == act.actor), None
            )
            if mine is not None:
                return already_decided(mine)
            return Refusal("approval.not_signer", "3.1a", {"signer": step.signer})
    return None


def _decide(approval: Approval, act: Act, rows: list[Transition], now: datetime) -> Done | Refusal:
    last = approval.position == len(approval.steps) - 1
    wanted = Guard.LAST_STEP if last else Guard.MORE_STEPS
    row = next(row for row in rows if row.guard in (wanted, Guard.REASON, Guard.NONE))
    at = approval.position
    step = approval.steps[at]
    decision = Decision(act.verb, act.actor, now, act.opinion.strip(), approval.revision, step.generation)
    steps = list(_with_step(approval, at, replace(step, decision=decision)))
    position = at
    if act.verb is Verb.APPROVE:
        position = at + 1
        if position < len(steps):
            steps[position] = replace(steps[position], entered_at=now)
    raised = replace(
        approval, state=row.to, version=approval.version + 1, position=position, steps=tuple(steps)
    )
    return Done(raised, row, at)


def _take_back(
    approval: Approval, act: Act, row: Transition, now: datetime, parameters: Parameters
) -> Done | Refusal:
    at = approval.position - 1
    decision = approval.steps[at].decision if at >= 0 else None
    if decision is None or decision.actor != act.actor:
        return Refusal("approval.nothing_to_take_back", "3.1a")
    if now - decision.at > timedelta(minutes=parameters.take_back_minutes):
        return Refusal(
            "approval.too_late_to_take_back", "3.1a", {"minutes": parameters.take_back_minutes}
        )
    steps = list(approval.steps)
    steps[at] = replace(steps[at], decision=None, generation=steps[at].generation + 1, entered_at=now)
    steps[at + 1] = replace(steps[at + 1], entered_at=None)
    raised = replace(approval, version=approval.version + 1, position=at, steps=tuple(steps))
    return Done(raised, row, at)


def _with_step(approval: Approval, at: int, step: Step) -> tuple[Step, ...]:
    return (*approval.steps[:at], step, *approval.steps[at + 1 :])
