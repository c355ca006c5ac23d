"""
What the table of transitions is made of: who may act, guards, and changes, each a small pure function.

A guard answers True (it holds), False (this row is not meant, look at the next) or a refusal (and says why).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from policy.chains import Mode, Plan, Role
from policy.decisions import Refusal
from policy.parameters import Parameters
from policy.renewal import renewed
from policy.steps import SEATS_USED, Approval, Decision, Seat, Step, Verdict, deciders
from policy.terms import ItemState, Verb


class Who(StrEnum):
    """Who may act, seen from the approval."""

    APPLICANT = "applicant"  # 申请人
    SIGNER = "signer"  # 当前签字人
    PAST_SIGNER = "past_signer"  # 刚签过字的人
    ADDER = "adder"  # 加签的人
    SYSTEM = "system"  # 系统


class Place(StrEnum):
    """Where an added signer signs, seen from who adds."""

    BEFORE = "before"  # 前
    ALONGSIDE = "alongside"  # 并
    AFTER = "after"  # 后


@dataclass(frozen=True)
class Fresh:
    """
    New content on its way into an approval.

    Attributes:
        plan: who signs the new content, fen: its sum, revision: its number.
        changed: names of the fields that differ from the former revision.
        concerns: field → the capacities it concerns; a field that is not listed concerns everyone.
    """

    plan: Plan
    fen: int | None
    revision: int
    changed: frozenset[str]
    concerns: Mapping[str, tuple[Role, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Act:
    """
    What somebody wants to do.

    Attributes:
        round, seat: the ones the card was for; None when typed as a command (then: as it stands now).
        revision: the revision the card showed; None when typed.
        to: userid of who is added, forwarded to, returned to, or whose added seat is removed.
        able: False when `to` may not sign in the seat's capacity (policy.capacity).
        fresh: the new content of an amendment or an attachment.
        acting_for: userid of the signer in whose seat the actor stands in (policy.standing_in), "" in person.
    """

    verb: Verb
    actor: str
    opinion: str = ""
    round: int | None = None
    seat: int | None = None
    revision: int | None = None
    to: str = ""
    place: Place = Place.BEFORE
    able: bool = True
    fresh: Fresh | None = None
    acting_for: str = ""

    @property
    def holder(self) -> str:
        """Return the userid of the signer whose seat is meant."""
        return self.acting_for or self.actor


@dataclass(frozen=True)
class Moment:
    """When, and under which figures."""

    now: datetime
    parameters: Parameters


def already_decided(decision: Decision) -> Refusal:
    """Return the answer to a second decision on the same seat."""
    return Refusal(
        "approval.already_decided", "3.1a",
        {
            "verb": decision.verb.value, "actor": decision.actor, "at": decision.at,
            "acting_for": decision.acting_for,
        },
    )


def stale(approval: Approval, act: Act) -> Refusal | None:
    """Answer a tap on a card of another round, revision or seat with what has happened since (1, 29)."""
    if act.seat is None:
        return None
    seat = approval.seat(act.seat)
    if act.round != approval.round or seat is None or act.revision not in (None, approval.revision):
        revised = act.revision not in (None, approval.revision)
        return Refusal("approval.card_stale", "3.1a", {"state": approval.state.value, "revised": revised})
    if act.verb in (Verb.APPROVE, Verb.RETURN, Verb.REJECT):
        if seat.decision is not None:
            return already_decided(seat.decision)
        step = approval.steps[approval.step_of(seat.id)]
        decision = step.last_decision
        if decision is not None and (step.verdict is not Verdict.OPEN or decision.verb is Verb.RETURN):
            return already_decided(decision)
    return None


def right_person(approval: Approval, act: Act, who: Who) -> Refusal | None:
    """Return why this person may not do that, None when they may (3.1a, 4.1a)."""
    if who is Who.APPLICANT:
        return None if act.actor == approval.applicant else Refusal("approval.not_applicant", "3.1a")
    if who is Who.SIGNER:
        return _signer(approval, act)
    if who is Who.PAST_SIGNER:
        return None if _newest_of(approval, act.actor) else Refusal("approval.nothing_to_take_back", "3.1a")
    if who is Who.ADDER:
        added = [seat for seat in approval.seats if seat.signer == act.to and seat.added_by]
        if not added:
            return Refusal("approval.not_added", "3.1a", {"who": act.to})
        if all(seat.added_by != act.actor for seat in added):
            return Refusal("approval.not_adder", "3.1a", {"who": act.to, "adder": added[0].added_by})
    return None


def _signer(approval: Approval, act: Act) -> Refusal | None:
    signers = [seat.signer for seat in approval.waiting]
    if act.actor == approval.applicant:
        return Refusal("approval.own_money", "4.1a", {"signers": signers, "verb": act.verb.value})
    mine = _seat_asked(approval, act)
    if mine is not None:
        return None
    decided = _newest_of(approval, act.actor)
    if decided is not None and decided.decision is not None:
        return already_decided(decided.decision)
    return Refusal("approval.not_signer", "3.1a", {"signers": signers})


def _seat_asked(approval: Approval, act: Act) -> Seat | None:
    """Return the open seat that this act is about: the card's, or the actor's own."""
    if act.seat is None:
        return approval.seat_of(act.holder)
    return next((seat for seat in approval.waiting if seat.id == act.seat and seat.signer == act.holder), None)


def _newest_of(approval: Approval, userid: str) -> Seat | None:
    """Return the seat of somebody's newest decision of this round, carried ones left out."""
    made = [
        seat for seat in reversed(approval.seats)
        if seat.decision is not None and seat.decision.actor == userid and not seat.decision.carried_from
    ]
    return max(made, key=lambda seat: seat.decision.at if seat.decision else seat.id, default=None)


# --- guards ---------------------------------------------------------------------------------------------------------


class Guard(StrEnum):
    """What else must hold."""

    REASON = "reason"  # words, or a chosen reason
    STEP_STAYS_OPEN = "step_stays_open"
    STEP_PASSES = "step_passes"
    STEP_FAILS = "step_fails"
    MORE_STEPS = "more_steps"
    LAST_STEP = "last_step"
    ENOUGH_PEOPLE = "enough_people"  # money: at least two different people
    TO_APPLICANT = "to_applicant"
    TO_EARLIER_SIGNER = "to_earlier_signer"
    IN_TIME = "in_time"  # within the minutes for taking back
    NEXT_HAS_NOT_ACTED = "next_has_not_acted"
    CHANGED = "changed"
    UNSIGNED = "unsigned"  # nobody has signed in this round
    NOT_URGENT = "not_urgent"
    QUESTION = "question"  # one is open
    NOT_SEATED = "not_seated"  # neither the applicant nor anyone who signs here already
    NOT_APPLICANT = "not_applicant"
    ABLE = "able"  # may sign in this capacity
    BEFORE = "before"
    ALONGSIDE = "alongside"
    AFTER = "after"
    ONE_SEAT = "one_seat"
    ALL_MUST_AGREE = "all_must_agree"
    OPEN_SEAT = "open_seat"  # the added one has not decided
    REMOVING_LEAVES_ONE_OPEN = "removing_leaves_one_open"  # nothing passes by a removal


Answer = bool | Refusal


def _reason(approval: Approval, act: Act, moment: Moment) -> Answer:
    return bool(act.opinion.strip()) or Refusal("approval.reason_missing", "3.1a", {"verb": act.verb.value})


def _after_vote(approval: Approval, act: Act, moment: Moment) -> Step:
    after, _ = _decide(approval, act, moment)
    return after.steps[approval.position]


def _next_place(steps: tuple[Step, ...]) -> int:
    """Return the index of the first step that has not passed, len(steps) when all have."""
    return next((at for at, step in enumerate(steps) if step.verdict is not Verdict.PASSED), len(steps))


def _last_step(approval: Approval, act: Act, moment: Moment) -> Answer:
    after, _ = _decide(approval, act, moment)
    return _next_place(after.steps) == len(after.steps)


def _enough_people(approval: Approval, act: Act, moment: Moment) -> Answer:
    after, _ = _decide(approval, act, moment)
    if approval.fen is None or len(deciders(after.steps) - {approval.applicant}) >= 2:
        return True
    return Refusal("approval.one_person_only", "4.1a")


def _to_earlier(approval: Approval, act: Act, moment: Moment) -> Answer:
    if not act.to or act.to == approval.applicant:
        return False
    return _earlier_seat(approval, act.to) is not None or Refusal(
        "approval.not_an_earlier_signer", "3.1a", {"who": act.to}
    )


def _earlier_seat(approval: Approval, userid: str) -> Seat | None:
    before = approval.steps[: approval.position]
    return next(
        (
            seat for step in reversed(before) for seat in step.seats
            if seat.decision is not None and seat.decision.verb is Verb.APPROVE and seat.decision.actor == userid
        ),
        None,
    )


def _in_time(approval: Approval, act: Act, moment: Moment) -> Answer:
    seat = _newest_of(approval, act.actor)
    assert seat is not None
    assert seat.decision is not None
    most = moment.parameters.take_back_minutes
    if moment.now - seat.decision.at > timedelta(minutes=most) and _untouched_since(approval, seat):
        return Refusal("approval.too_late_to_take_back", "3.1a", {"minutes": most})
    return True


def _untouched_since(approval: Approval, seat: Seat) -> bool:
    at = approval.step_of(seat.id)
    return not any(
        later.decision is not None and not later.decision.carried_from
        for step in approval.steps[at + 1 :] for later in step.seats
    )


def _next_has_not_acted(approval: Approval, act: Act, moment: Moment) -> Answer:
    seat = _newest_of(approval, act.actor)
    assert seat is not None
    return _untouched_since(approval, seat) or Refusal("approval.nothing_to_take_back", "3.1a")


def _not_seated(approval: Approval, act: Act, moment: Moment) -> Answer:
    if act.to == approval.applicant:
        return Refusal("approval.applicant_cannot_sign", "4.1a", {"who": act.to})
    if any(seat.signer == act.to for seat in approval.seats):
        return Refusal("approval.already_signs", "3.1a", {"who": act.to})
    return True


def _all_must_agree(approval: Approval, act: Act, moment: Moment) -> Answer:
    # One more voice among several of whom few suffice would make it easier to pass (16, 18).
    step = approval.steps[approval.position]
    return step.mode is Mode.ALL or Refusal("approval.not_alongside", "3.1a")


def _one_seat(approval: Approval, act: Act, moment: Moment) -> Answer:
    return len(approval.steps[approval.position].seats) == 1 or Refusal("approval.not_before", "3.1a")


def _added_seat(approval: Approval, act: Act) -> Seat:
    mine = [seat for seat in approval.seats if seat.signer == act.to and seat.added_by == act.actor]
    return next((seat for seat in mine if seat.is_open), mine[0])


def _open_seat(approval: Approval, act: Act, moment: Moment) -> Answer:
    seat = _added_seat(approval, act)
    return True if seat.decision is None else already_decided(seat.decision)


def _removing_leaves_one_open(approval: Approval, act: Act, moment: Moment) -> Answer:
    after = _without(approval, _added_seat(approval, act))
    return _next_place(after) < len(after) or Refusal("approval.removal_would_pass", "3.1a", {"who": act.to})


GUARDS: Mapping[Guard, Callable[[Approval, Act, Moment], Answer]] = {
    Guard.REASON: _reason,
    Guard.STEP_STAYS_OPEN: lambda a, act, m: _after_vote(a, act, m).verdict is Verdict.OPEN,
    Guard.STEP_PASSES: lambda a, act, m: _after_vote(a, act, m).verdict is Verdict.PASSED,
    Guard.STEP_FAILS: lambda a, act, m: _after_vote(a, act, m).verdict is Verdict.FAILED,
    Guard.MORE_STEPS: lambda a, act, m: not _last_step(a, act, m),
    Guard.LAST_STEP: _last_step,
    Guard.ENOUGH_PEOPLE: _enough_people,
    Guard.TO_APPLICANT: lambda a, act, m: act.to in ("", a.applicant),
    Guard.TO_EARLIER_SIGNER: _to_earlier,
    Guard.IN_TIME: _in_time,
    Guard.NEXT_HAS_NOT_ACTED: _next_has_not_acted,
    Guard.CHANGED: lambda a, act, m: act.fresh is not None and bool(act.fresh.changed),
    Guard.UNSIGNED: lambda a, act, m: all(seat.is_open for seat in a.seats),
    Guard.NOT_URGENT: lambda a, act, m: not a.facts.get("urgent") or Refusal("approval.hastened", "3.1a"),
    Guard.QUESTION: lambda a, act, m: bool(a.facts.get("question")) or Refusal("approval.no_question", "3.1a"),
    Guard.NOT_SEATED: _not_seated,
    Guard.NOT_APPLICANT: lambda a, act, m: act.to != a.applicant,
    Guard.ABLE: lambda a, act, m: act.able or Refusal("approval.not_able", "4.1a", {"who": act.to}),
    Guard.BEFORE: lambda a, act, m: act.place is Place.BEFORE,
    Guard.ALONGSIDE: lambda a, act, m: act.place is Place.ALONGSIDE,
    Guard.AFTER: lambda a, act, m: act.place is Place.AFTER,
    Guard.ONE_SEAT: _one_seat,
    Guard.ALL_MUST_AGREE: _all_must_agree,
    Guard.OPEN_SEAT: _open_seat,
    Guard.REMOVING_LEAVES_ONE_OPEN: _removing_leaves_one_open,
}


# --- changes --------------------------------------------------------------------------------------------------------


class Change(StrEnum):
    """What an act does to the approval itself."""

    NOTHING = "nothing"
    DECIDE = "decide"  # the seat is decided
    DECIDE_AND_GO_ON = "decide_and_go_on"  # and the next step that has not passed is entered
    GO_BACK = "go_back"  # a new round from an earlier signer on, the others' signatures carried
    UNDECIDE = "undecide"  # the decision is taken back, its generation rises
    RENEW = "renew"  # a new revision and round; who is not concerned keeps the signature
    MARK_URGENT = "mark_urgent"
    KEEP_QUESTION = "keep_question"
    END_QUESTION = "end_question"
    MOVE_SEAT = "move_seat"
    ADD_BEFORE = "add_before"
    ADD_ALONGSIDE = "add_alongside"
    ADD_AFTER = "add_after"
    REMOVE_SEAT = "remove_seat"


Changed = tuple[Approval, Seat | None]


def _decide(approval: Approval, act: Act, moment: Moment) -> Changed:
    seat = _seat_asked(approval, act)
    assert seat is not None
    decision = Decision(
        act.verb, act.actor, moment.now, act.opinion.strip(), approval.revision, seat.generation,
        acting_for=act.acting_for,
    )
    decided = replace(seat, decision=decision)
    return approval.with_seat(decided), decided


def entered(approval: Approval, now: datetime) -> Approval:
    """Return the approval standing at its first step that has not passed; that one waits since `now` if it is new."""
    at = _next_place(approval.steps)
    if at >= len(approval.steps):
        return replace(approval, position=at)
    steps = tuple(
        (step if step.entered_at is not None and place == approval.position else replace(step, entered_at=now))
        if place == at else (replace(step, entered_at=None) if place > at else step)
        for place, step in enumerate(approval.steps)
    )
    return replace(approval, steps=steps, position=at)


def _decide_and_go_on(approval: Approval, act: Act, moment: Moment) -> Changed:
    after, seat = _decide(approval, act, moment)
    facts = {name: value for name, value in after.facts.items() if name != "question"}
    return entered(replace(after, facts=facts), moment.now), seat


def _go_back(approval: Approval, act: Act, moment: Moment) -> Changed:
    target = _earlier_seat(approval, act.to)
    assert target is not None
    _, decided = _decide(approval, act, moment)

    def again(seat: Seat) -> Seat:
        if seat.decision is None or seat.id == target.id:
            return replace(seat, decision=None, generation=0)
        carried = seat.decision.carried_from or approval.round
        return replace(seat, decision=replace(seat.decision, carried_from=carried), generation=0)

    steps = tuple(
        replace(step, seats=tuple(again(seat) for seat in step.seats), entered_at=None) for step in approval.steps
    )
    facts = {name: value for name, value in approval.facts.items() if name != "question"}
    fresh = replace(approval, round=approval.round + 1, steps=steps, facts=facts, position=-1)
    return entered(fresh, moment.now), decided


def _undecide(approval: Approval, act: Act, moment: Moment) -> Changed:
    seat = _newest_of(approval, act.actor)
    assert seat is not None
    back = replace(seat, decision=None, generation=seat.generation + 1)
    opened = approval.with_seat(back)
    at = opened.step_of(back.id)
    step = opened.steps[at]
    if step.verdict is not Verdict.PASSED:
        opened = opened.with_step(at, replace(step, entered_at=None))
    return entered(opened, moment.now), back


def _renew(approval: Approval, act: Act, moment: Moment) -> Changed:
    assert act.fresh is not None
    fresh = act.fresh
    again = renewed(approval, fresh.plan, fresh.fen, fresh.revision, fresh.changed, fresh.concerns)
    return entered(again, moment.now), None


def _keep_question(approval: Approval, act: Act, moment: Moment) -> Changed:
    asking = approval.facts.get("question")
    askers = [*asking, act.actor] if isinstance(asking, list) else [act.actor]
    facts = {**approval.facts, "question": list(dict.fromkeys(askers))}
    return replace(approval, facts=facts), _seat_asked(approval, act)


def _end_question(approval: Approval, act: Act, moment: Moment) -> Changed:
    facts = {name: value for name, value in approval.facts.items() if name != "question"}
    return replace(approval, facts=facts), None


def _move_seat(approval: Approval, act: Act, moment: Moment) -> Changed:
    seat = _seat_asked(approval, act) if act.verb is Verb.FORWARD else approval.seat(act.seat or 0)
    assert seat is not None
    moved = replace(
        seat, signer=act.to, instead_of=(*seat.instead_of, seat.signer),
        forwarded=seat.forwarded or act.verb is Verb.FORWARD,
    )
    # A question the former signer asked falls away with the seat.
    asking = approval.facts.get("question")
    left = [userid for userid in asking if userid != seat.signer] if isinstance(asking, list) else []
    facts = {name: value for name, value in approval.facts.items() if name != "question"}
    if left:
        facts["question"] = left
    return replace(approval.with_seat(moved), facts=facts), moved


def _new_seat(approval: Approval, act: Act) -> Seat:
    return Seat(approval.next_seat_id, act.to, (Role.ADDED,), added_by=act.actor)


def _add_before(approval: Approval, act: Act, moment: Moment) -> Changed:
    seat, at = _new_seat(approval, act), approval.position
    waits = replace(approval.steps[at], entered_at=None)
    steps = (*approval.steps[:at], Step((seat,), entered_at=moment.now), waits, *approval.steps[at + 1 :])
    return replace(approval, steps=steps), seat


def _add_alongside(approval: Approval, act: Act, moment: Moment) -> Changed:
    seat, at = _new_seat(approval, act), approval.position
    step = approval.steps[at]
    return approval.with_step(at, replace(step, seats=(*step.seats, seat))), seat


def _add_after(approval: Approval, act: Act, moment: Moment) -> Changed:
    seat, at = _new_seat(approval, act), approval.position
    # Behind those this person has added already, so that they sign in the order they were named.
    while at + 1 < len(approval.steps) and _added_after(approval.steps[at + 1], act.actor):
        at += 1
    return replace(approval, steps=(*approval.steps[: at + 1], Step((seat,)), *approval.steps[at + 1 :])), seat


def _added_after(step: Step, adder: str) -> bool:
    return all(seat.added_by == adder for seat in step.seats)


def _without(approval: Approval, seat: Seat) -> tuple[Step, ...]:
    left = [replace(step, seats=tuple(one for one in step.seats if one.id != seat.id)) for step in approval.steps]
    return tuple(step for step in left if step.seats)


def _remove_seat(approval: Approval, act: Act, moment: Moment) -> Changed:
    seat = _added_seat(approval, act)
    # A signature that was taken back on this seat keeps its id: nobody else may ever sign under it.
    facts = {**approval.facts, SEATS_USED: approval.next_seat_id}
    return entered(replace(approval, steps=_without(approval, seat), facts=facts), moment.now), seat


CHANGES: Mapping[Change, Callable[[Approval, Act, Moment], Changed]] = {
    Change.NOTHING: lambda approval, act, moment: (approval, None),
    Change.DECIDE: _decide,
    Change.DECIDE_AND_GO_ON: _decide_and_go_on,
    Change.GO_BACK: _go_back,
    Change.UNDECIDE: _undecide,
    Change.RENEW: _renew,
    Change.MARK_URGENT: lambda a, act, moment: (replace(a, facts={**a.facts, "urgent": True}), None),
    Change.KEEP_QUESTION: _keep_question,
    Change.END_QUESTION: _end_question,
    Change.MOVE_SEAT: _move_seat,
    Change.ADD_BEFORE: _add_before,
    Change.ADD_ALONGSIDE: _add_alongside,
    Change.ADD_AFTER: _add_after,
    Change.REMOVE_SEAT: _remove_seat,
}

STATES_OF_AN_APPROVAL = (
    ItemState.PENDING, ItemState.RETURNED, ItemState.APPROVED, ItemState.REJECTED, ItemState.WITHDRAWN,
)
