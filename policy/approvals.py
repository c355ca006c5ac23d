"""
Approvals: every act as a row of one table, and the function that executes the table (3.1a, 4.1a).

`TRANSITIONS` is what the engine runs, what `docs/approvals.md` prints and what the tests attack. An act is
(state, verb, who, guards → state, change, effects); the first row whose guards all hold is executed, and what the
table does not list is refused. Guards and changes are in `policy.approval_acts`, effects in `handlers.effects`.
Values in, values out: no clock, no database.

Source: 3.1a, 4.1a, P.3; research/approvals (d).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from policy.approval_acts import (
    CHANGES,
    GUARDS,
    Act,
    Change,
    Guard,
    Moment,
    Who,
    already_decided,
    right_person,
    stale,
)
from policy.chains import Mode, Plan
from policy.decisions import Refusal
from policy.parameters import Parameters
from policy.steps import Approval, Decision, Seat, Step, Verdict
from policy.terms import ItemState, Verb

__all__ = [
    "DECIDING", "FILING", "TRANSITIONS", "Act", "Approval", "Change", "Decision", "Done", "Effect", "Guard", "Mode",
    "Seat", "Step", "Transition", "Verdict", "Who", "already_decided", "open_approval", "perform", "row_for",
]


class Effect(StrEnum):
    """What follows in the world, in the order of the row; handlers.effects has a function for each."""

    SIGN = "sign"  # the signature is stored, bound to the revision's hash
    SETTLE_SEAT = "settle_seat"  # this seat's cards show the outcome
    SETTLE_STEP = "settle_step"  # every card of the step shows the outcome, the others are no longer asked
    VOID_CARDS = "void_cards"  # every open card says that its question is gone
    FORGET = "forget"  # waiting lists and reminders end
    OPEN_STEP = "open_step"  # the step's people are found, listed, asked, reminded
    OPEN_SEAT = "open_seat"  # one more person of the open step is asked
    TELL_SIGNED = "tell_signed"  # the applicant hears of the signature
    FINISH = "finish"  # the applicant hears that it passed; who executes gets the task; copies go out
    GIVE_BACK = "give_back"  # the applicant has it again, with the reason
    END = "end"  # the applicant hears that it did not pass
    TELL_BACK = "tell_back"  # the one it goes back to hears why
    TELL_WITHDRAWN = "tell_withdrawn"  # who has signed hears that it was withdrawn
    TELL_TAKEN_BACK = "tell_taken_back"  # the applicant hears that a signature was taken back
    TELL_CARRIED = "tell_carried"  # whose signature stays valid hears what changed
    TELL_MOVED = "tell_moved"  # the applicant hears who signs instead, and why
    TELL_ADDED = "tell_added"  # the applicant hears who was added or removed


@dataclass(frozen=True)
class Transition:
    """One row: in this state, this act by this person, under these guards, leads to that state."""

    state: ItemState
    verb: Verb
    who: Who
    guards: tuple[Guard, ...]
    to: ItemState
    change: Change
    effects: tuple[Effect, ...]
    control: str = "3.1a"


_P, _R = ItemState.PENDING, ItemState.RETURNED
_E = Effect

TRANSITIONS: tuple[Transition, ...] = (
    Transition(
        _P, Verb.APPROVE, Who.SIGNER, (Guard.STEP_STAYS_OPEN,), _P, Change.DECIDE,
        (_E.SIGN, _E.SETTLE_SEAT, _E.TELL_SIGNED),
    ),
    Transition(
        _P, Verb.APPROVE, Who.SIGNER, (Guard.STEP_PASSES, Guard.MORE_STEPS), _P, Change.DECIDE_AND_GO_ON,
        (_E.SIGN, _E.FORGET, _E.OPEN_STEP, _E.SETTLE_STEP, _E.TELL_SIGNED),
    ),
    Transition(
        _P, Verb.APPROVE, Who.SIGNER, (Guard.STEP_PASSES, Guard.LAST_STEP, Guard.ENOUGH_PEOPLE), ItemState.APPROVED,
        Change.DECIDE_AND_GO_ON, (_E.SIGN, _E.FORGET, _E.SETTLE_STEP, _E.FINISH),
    ),
    Transition(
        _P, Verb.REJECT, Who.SIGNER, (Guard.REASON, Guard.STEP_STAYS_OPEN), _P, Change.DECIDE,
        (_E.SIGN, _E.SETTLE_SEAT, _E.TELL_SIGNED),
    ),
    Transition(
        _P, Verb.REJECT, Who.SIGNER, (Guard.REASON, Guard.STEP_FAILS), ItemState.REJECTED, Change.DECIDE,
        (_E.SIGN, _E.FORGET, _E.SETTLE_STEP, _E.END),
    ),
    Transition(
        _P, Verb.RETURN, Who.SIGNER, (Guard.REASON, Guard.TO_APPLICANT), _R, Change.DECIDE,
        (_E.SIGN, _E.FORGET, _E.SETTLE_STEP, _E.GIVE_BACK),
    ),
    Transition(
        _P, Verb.RETURN, Who.SIGNER, (Guard.REASON, Guard.TO_EARLIER_SIGNER), _P, Change.GO_BACK,
        (_E.SIGN, _E.FORGET, _E.OPEN_STEP, _E.SETTLE_STEP, _E.TELL_BACK),
    ),
    Transition(
        _P, Verb.TAKE_BACK, Who.PAST_SIGNER, (Guard.IN_TIME, Guard.NEXT_HAS_NOT_ACTED), _P, Change.UNDECIDE,
        (_E.FORGET, _E.VOID_CARDS, _E.OPEN_STEP, _E.TELL_TAKEN_BACK),
    ),
    Transition(
        _R, Verb.TAKE_BACK, Who.PAST_SIGNER, (Guard.IN_TIME, Guard.NEXT_HAS_NOT_ACTED), _P, Change.UNDECIDE,
        (_E.FORGET, _E.VOID_CARDS, _E.OPEN_STEP, _E.TELL_TAKEN_BACK),
    ),
    Transition(
        _P, Verb.WITHDRAW, Who.APPLICANT, (), ItemState.WITHDRAWN, Change.NOTHING,
        (_E.FORGET, _E.VOID_CARDS, _E.TELL_WITHDRAWN),
    ),
    Transition(
        _R, Verb.WITHDRAW, Who.APPLICANT, (), ItemState.WITHDRAWN, Change.NOTHING,
        (_E.FORGET, _E.VOID_CARDS, _E.TELL_WITHDRAWN),
    ),
    Transition(
        _R, Verb.AMEND, Who.APPLICANT, (Guard.CHANGED,), _P, Change.RENEW,
        (_E.FORGET, _E.VOID_CARDS, _E.OPEN_STEP, _E.TELL_CARRIED), "P.3",
    ),
    Transition(
        _P, Verb.AMEND, Who.APPLICANT, (Guard.CHANGED,), _P, Change.RENEW,
        (_E.FORGET, _E.VOID_CARDS, _E.OPEN_STEP, _E.TELL_CARRIED), "P.3",
    ),
    Transition(_P, Verb.ATTACH, Who.APPLICANT, (Guard.UNSIGNED,), _P, Change.NOTHING, (), "P.3"),
    Transition(
        _P, Verb.ATTACH, Who.APPLICANT, (Guard.CHANGED,), _P, Change.RENEW,
        (_E.FORGET, _E.VOID_CARDS, _E.OPEN_STEP, _E.TELL_CARRIED), "P.3",
    ),
    Transition(_R, Verb.ATTACH, Who.APPLICANT, (), _R, Change.NOTHING, (), "P.3"),
    Transition(ItemState.REJECTED, Verb.REFILE, Who.APPLICANT, (), ItemState.REJECTED, Change.NOTHING, ()),
    Transition(ItemState.WITHDRAWN, Verb.REFILE, Who.APPLICANT, (), ItemState.WITHDRAWN, Change.NOTHING, ()),
    Transition(_P, Verb.URGE, Who.APPLICANT, (), _P, Change.NOTHING, ()),
    Transition(_P, Verb.HASTEN, Who.APPLICANT, (Guard.NOT_URGENT,), _P, Change.MARK_URGENT, ()),
    Transition(_P, Verb.ASK, Who.SIGNER, (Guard.REASON,), _P, Change.KEEP_QUESTION, ()),
    Transition(_P, Verb.ANSWER, Who.APPLICANT, (Guard.REASON, Guard.QUESTION), _P, Change.END_QUESTION, ()),
    Transition(
        _P, Verb.FORWARD, Who.SIGNER, (Guard.NOT_SEATED, Guard.ABLE), _P, Change.MOVE_SEAT,
        (_E.SETTLE_SEAT, _E.OPEN_SEAT, _E.TELL_MOVED), "4.1a",
    ),
    Transition(
        _P, Verb.ADD, Who.SIGNER, (Guard.NOT_SEATED, Guard.BEFORE, Guard.ONE_SEAT), _P, Change.ADD_BEFORE,
        (_E.FORGET, _E.VOID_CARDS, _E.OPEN_STEP, _E.TELL_ADDED),
    ),
    Transition(
        _P, Verb.ADD, Who.SIGNER, (Guard.NOT_SEATED, Guard.ALONGSIDE, Guard.ALL_MUST_AGREE), _P,
        Change.ADD_ALONGSIDE, (_E.OPEN_SEAT, _E.TELL_ADDED),
    ),
    Transition(
        _P, Verb.ADD, Who.SIGNER, (Guard.NOT_SEATED, Guard.AFTER), _P, Change.ADD_AFTER, (_E.TELL_ADDED,),
    ),
    Transition(
        _P, Verb.REMOVE, Who.ADDER, (Guard.OPEN_SEAT, Guard.REMOVING_LEAVES_ONE_OPEN), _P, Change.REMOVE_SEAT,
        (_E.FORGET, _E.VOID_CARDS, _E.OPEN_STEP, _E.TELL_ADDED),
    ),
    Transition(
        _P, Verb.REASSIGN, Who.SYSTEM, (Guard.NOT_APPLICANT,), _P, Change.MOVE_SEAT,
        (_E.SETTLE_SEAT, _E.OPEN_SEAT, _E.TELL_MOVED), "2.1a",
    ),
)

# Filing makes the approval; it is no act on one, but its effect is the same as that of every entry of a step.
FILING = Transition(ItemState.FILED, Verb.FILE, Who.APPLICANT, (), _P, Change.NOTHING, (_E.OPEN_STEP,))

DECIDING = frozenset({Verb.APPROVE, Verb.RETURN, Verb.REJECT})


@dataclass(frozen=True)
class Done:
    """
    The act holds.

    Attributes:
        approval: as it stands after the act, version already raised.
        transition: the row that was executed.
        seat: the seat concerned, as it is after the act; None for acts that concern none.
    """

    approval: Approval
    transition: Transition
    seat: Seat | None = None


def open_approval(
    number: str, plan: Plan, applicant: str, fen: int | None, *, now: datetime, revision: int = 1, kind: str = "",
    policy: int = 1,
) -> Approval:
    """
    Return a fresh approval whose first step waits since `now` (aware UTC).

    Args:
        policy: the version of the policy it runs under to its end (research/approvals (d) 15).
    """
    steps: list[Step] = []
    serial = 0
    for planned in plan.steps:
        seats = tuple(
            Seat(serial + place, seat.signer, seat.roles, seat.instead_of) for place, seat in enumerate(planned.seats)
        )
        serial += len(seats)
        steps.append(Step(seats, planned.mode, planned.needed, None if steps else now))
    facts: dict[str, object] = {
        "tier": plan.tier, "limit": plan.limit, "copies": list(plan.copies), "merged": list(plan.merged),
        "policy": policy,
    }
    if kind:
        facts["kind"] = kind
    return Approval(number, ItemState.PENDING, 1, 1, revision, applicant, fen, tuple(steps), facts=facts)


def perform(approval: Approval, act: Act, *, now: datetime, parameters: Parameters) -> Done | Refusal:
    """
    Execute one act on an approval.

    Args:
        now: company time, aware UTC.

    Returns:
        Done with the approval after the act, or a refusal whose code handlers.explain has a sentence for:
        approval.already_decided (data: verb, actor, at), approval.card_stale, approval.not_signer (signers),
        approval.not_applicant, approval.own_money, approval.not_now (state), and those of the guards.
    """
    row = row_for(approval, act, now=now, parameters=parameters)
    if isinstance(row, Refusal):
        return row
    after, seat = CHANGES[row.change](approval, act, Moment(now, parameters))
    return Done(replace(after, state=row.to, version=approval.version + 1), row, seat)


def row_for(approval: Approval, act: Act, *, now: datetime, parameters: Parameters) -> Transition | Refusal:
    """Return the row of the table that an act would execute, or why there is none; nothing is changed."""
    refused = stale(approval, act)
    if refused is not None:
        return refused
    rows = [row for row in TRANSITIONS if row.state is approval.state and row.verb is act.verb]
    if not rows:
        return _closed(approval)
    refused = right_person(approval, act, rows[0].who)
    if refused is not None:
        return refused
    moment = Moment(now, parameters)
    answer = Refusal("approval.not_now", "3.1a", {"state": approval.state.value})
    for row in rows:
        held = [GUARDS[guard](approval, act, moment) for guard in row.guards]
        if all(each is True for each in held):
            return row
        # A row that is not meant (False) says nothing; one that is meant says why not.
        if False not in held:
            answer = next(each for each in held if isinstance(each, Refusal))
    return answer


def _closed(approval: Approval) -> Refusal:
    decision = approval.last_decision
    if decision is not None and approval.state in (ItemState.REJECTED, ItemState.RETURNED, ItemState.APPROVED):
        return already_decided(decision)
    return Refusal("approval.not_now", "3.1a", {"state": approval.state.value})
