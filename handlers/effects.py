"""
What follows from an act on an approval: one function per effect of the table, run in the row's order (3.1a, 3.1f).

`carry_out` is the only way an approval changes: perform, effects, save, evidence, in the event's own transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from handlers.approval_cards import names_of, send_question, settle_seats, void_cards
from handlers.asked import all_asked, asked_name, asked_now, decided_by, in_whose_seat, names_asked, watch_leave
from handlers.context import SYSTEM, Ctx
from handlers.execution import open_execution
from handlers.matter import Matter, figures_of, matter_of
from handlers.seating import Move, seated_now
from handlers.split_hints import keep_hint
from notifications.texts import acts as texts
from notifications.texts import approvals as approval_texts
from notifications.texts import purchases as purchase_texts
from notifications.texts.words import roles as role_words
from policy.approval_acts import Act
from policy.approvals import FILING, Done, Effect, Transition, perform
from policy.decisions import Refusal
from policy.seats import Why, mender
from policy.steps import Approval, Decision, Seat
from policy.terms import ItemState, Verb
from storage.queries import approvals, items
from storage.queries.approvals import Signature
from storage.queries.deadlines import due_at_once
from storage.queries.items import Item

APPROVAL, RETURNED, QUESTION = "approval", "returned", "question"
REMINDER = "approval.reminder"
ASK_FIRST = "approval.ask_first"


@dataclass
class Case:
    """
    One act on its way through its effects.

    Attributes:
        after: the approval as it will be saved; an effect may seat somebody else.
        seat: the seat concerned, as it was decided or added.
    """

    ctx: Ctx
    item: Item
    act: Act
    before: Approval
    after: Approval
    transition: Transition
    seat: Seat | None
    matter: Matter
    moves: list[Move] = field(default_factory=list)

    @property
    def number(self) -> str:
        """Return the item's number."""
        return self.item.number

    @property
    def decision(self) -> Decision:
        """Return what was decided; only for acts that decide."""
        assert self.seat is not None
        assert self.seat.decision is not None
        return self.seat.decision

    @property
    def waiting(self) -> list[str]:
        """Return the names of those asked now."""
        return names_asked(self.ctx, self.after)

    def tell(self, userid: str, words: str, what: str) -> None:
        """Send somebody a text about this act, once."""
        key = f"{what}:{self.number}:{self.after.version}:{userid}"
        self.ctx.post.text(userid, words, key=key, number=self.number)


def carry_out(ctx: Ctx, item: Item, approval: Approval, act: Act) -> Case | Refusal:
    """Perform an act with all that follows; the caller answers. The approval must be locked."""
    act = in_whose_seat(ctx, approval, act)
    done = perform(approval, act, now=ctx.now, parameters=figures_of(ctx, approval))
    if isinstance(done, Refusal):
        return done
    return follow(ctx, item, approval, act, done)


def follow(ctx: Ctx, item: Item, before: Approval, act: Act, done: Done) -> Case:
    """Run what follows from an act that holds, save the approval and its evidence."""
    matter = matter_of(ctx, item, done.approval)
    case = Case(ctx, item, act, before, done.approval, done.transition, done.seat, matter)
    for effect in done.transition.effects:
        EFFECTS[effect](case)
    approvals.save_approval(ctx.unit, case.after)
    ctx.audit(_EVENTS[act.verb], item.number, **_evidence(case))
    if {Effect.OPEN_STEP, Effect.OPEN_SEAT} & set(done.transition.effects):
        keep_hint(ctx, case.after, matter)
    ended = ENDINGS.get(matter.kind.id)
    if ended is not None and case.after.state is not before.state:
        ended(case)
    return case


# What else follows when an approval of a kind passes, fails or comes back; filled by the topics that own the kind.
ENDINGS: dict[str, Callable[[Case], None]] = {}


_EVENTS = {
    Verb.APPROVE: "approval.approved", Verb.RETURN: "approval.returned", Verb.REJECT: "approval.rejected",
    Verb.TAKE_BACK: "approval.taken_back", Verb.WITHDRAW: "approval.withdrawn", Verb.AMEND: "approval.amended",
    Verb.ATTACH: "approval.attached", Verb.URGE: "approval.urged", Verb.HASTEN: "approval.hastened",
    Verb.ASK: "approval.asked", Verb.ANSWER: "approval.answered", Verb.FORWARD: "approval.forwarded",
    Verb.ADD: "approval.added", Verb.REMOVE: "approval.removed", Verb.REASSIGN: "approval.reassigned",
}


def _evidence(case: Case) -> dict[str, object]:
    after, act = case.after, case.act
    facts: dict[str, object] = {
        "version": after.version, "round": case.before.round, "revision": after.revision,
        "digest": case.matter.digest, "state": after.state.value, "policy": case.ctx.parameters.version,
    }
    if case.seat is not None:
        facts["step"] = case.seat.id
        facts["roles"] = [role.value for role in case.seat.roles]
    if act.acting_for:
        facts["acting_for"] = act.acting_for
    if case.seat is not None and case.seat.decision is not None and case.ctx.actor is not None:
        facts["title"] = case.ctx.actor.title
    if act.to:
        facts["to"] = act.to
    if act.actor == SYSTEM:
        facts["control"] = case.transition.control
    if act.verb is Verb.ADD:
        facts["place"] = act.place.value
    if act.verb in (Verb.AMEND, Verb.ATTACH):
        facts["round"] = after.round
        facts["signers"] = signers_of(after)
        facts["carried"] = [seat.signer for seat in after.seats if seat.decision is not None]
        facts["changed"] = sorted(act.fresh.changed) if act.fresh is not None else []
    if case.moves:
        facts["moved"] = [[move.was, move.now, move.why.value] for move in case.moves]
    attached = [one.id for one in items.attachments_of(case.ctx.unit, case.number)] if Effect.SIGN in (
        case.transition.effects
    ) else []
    if attached:
        facts["attached"] = attached
    return facts


def signers_of(approval: Approval) -> list[list[str]]:
    """Return everyone who signs, with their capacities, for the trail."""
    return [[seat.signer, *map(str, seat.roles)] for seat in approval.seats]


# --- effects --------------------------------------------------------------------------------------------------------


def _sign(case: Case) -> None:
    ctx, seat, decision = case.ctx, case.seat, case.decision
    assert seat is not None
    revision = items.load_revision(ctx.unit, case.number, decision.revision)
    assert revision is not None
    approvals.insert_signature(
        ctx.unit,
        Signature(
            case.number, case.before.round, seat.id, decision.generation, decision.actor, ctx.name(decision.actor),
            tuple(role.value for role in seat.roles), decision.verb, decision.opinion, revision.revision,
            revision.digest, int(str(case.before.facts.get("policy", ctx.parameters.version))), ctx.now,
        ),
    )


def _settle_seat(case: Case) -> None:
    seat = case.seat
    assert seat is not None
    held = case.before.seat(seat.id)
    assert held is not None
    for userid in {held.signer, *(asked.userid for asked in asked_now(case.ctx, case.before, held))}:
        items.close_open_work_for(case.ctx.unit, case.number, APPROVAL, userid)
    if case.act.verb in (Verb.FORWARD, Verb.REASSIGN):
        name, at = case.ctx.name(seat.signer), case.ctx.now
    else:
        name, at = decided_by(case.ctx, case.decision), case.decision.at
    settle_seats(
        case.ctx, case.item, case.after, {seat.id}, case.act.verb, name, at, case.before.round
    )


def _settle_step(case: Case) -> None:
    step = case.before.steps[case.before.position]
    settle_seats(
        case.ctx, _current(case), case.after, {seat.id for seat in step.seats}, case.act.verb,
        decided_by(case.ctx, case.decision), case.decision.at, case.before.round,
    )


def _void(case: Case) -> None:
    void_cards(case.ctx, case.item, case.after, case.act.verb, case.ctx.name(case.act.actor))


def _forget(case: Case) -> None:
    items.close_open_work(case.ctx.unit, case.number)
    case.ctx.forget_reminders(case.number)
    if case.after.state is ItemState.WITHDRAWN:
        case.ctx.hand_to(case.number, case.after.applicant, state=ItemState.WITHDRAWN)


def _open_step(case: Case) -> None:
    """Seat, list, ask and remind the people of the step that is open now."""
    ctx = case.ctx
    # A plan of this very moment needs no second look at the line.
    case.after, moves = seated_now(ctx, case.after, entering=case.act.verb is not Verb.FILE)
    case.moves += moves
    _tell_moves(case)
    changes: dict[str, object] = {}
    if case.item.state is not ItemState.PENDING:
        changes["state"] = ItemState.PENDING
    first = all_asked(ctx, case.after)[0].userid
    if changes or case.act.verb is not Verb.FILE or first != case.item.responsible:
        ctx.hand_to(case.number, first, **changes)
    if case.act.verb is Verb.FILE:
        for seat in case.after.waiting:
            _list_for(case, seat)
        ask_first_soon(ctx, case.after)
        return
    for seat in case.after.waiting:
        ask_seat(case, seat)
    arm_reminder(ctx, case.after)


def ask_first_soon(ctx: Ctx, approval: Approval) -> None:
    """
    Promise, with the filing itself, that the first signers are asked; handlers.asking keeps the promise at once.

    The applicant's answer waits for nothing that it does not say. The promise is a row of its own subject: reminders
    that an act forgets in between are not it.
    """
    due_at_once(
        ctx.unit, ASK_FIRST, f"{approval.number}/first", approval.round, ctx.now, {"version": approval.version}
    )


def ask_seat(case: Case, seat: Seat) -> None:
    """List the item for a seat's signer and send the card."""
    _list_for(case, seat)
    if case.ctx.org.person(seat.signer) is not None:  # a seat nobody can take yet waits for the clock to find one
        urgent = bool(case.after.facts.get("urgent"))
        send_question(case.ctx, case.item, case.after, seat, case.matter, urgent=urgent)


def _list_for(case: Case, seat: Seat) -> None:
    urgent = bool(case.after.facts.get("urgent"))
    for asked in asked_now(case.ctx, case.after, seat):
        if case.act.verb is not Verb.FILE:
            items.close_open_work_for(case.ctx.unit, case.number, APPROVAL, asked.userid)
        items.add_open_work(
            case.ctx.unit, asked.userid, case.number, APPROVAL, case.item.title, case.ctx.now, fen=case.after.fen,
            urgent=urgent,
        )


def arm_reminder(ctx: Ctx, approval: Approval) -> None:
    """Set the first reminder of the step that is open now; re-armed on every entry (25)."""
    watch_leave(ctx, approval)
    ctx.remind(
        REMINDER, approval.number, approval.version * 100,
        ctx.calendar.add_working_hours(ctx.now, ctx.parameters.reminder_after_hours),
        seat=approval.waiting[0].id, round=approval.round, times=1,
    )


def _open_seat(case: Case) -> None:
    seat = case.seat
    assert seat is not None
    case.after, moves = seated_now(case.ctx, case.after, entering=False)
    case.moves += moves
    now = case.after.seat(seat.id)
    assert now is not None
    case.ctx.hand_to(case.number, all_asked(case.ctx, case.after)[0].userid)
    ask_seat(case, now)


def _tell_signed(case: Case) -> None:
    decision, seat, after = case.decision, case.seat, case.after
    assert seat is not None
    name = decided_by(case.ctx, decision)
    moved_on = after.position != case.before.position
    if moved_on:
        words = purchase_texts.step_approved(
            case.number, name, role_words(seat.roles), decision.opinion, names_waiting(case), after.position,
            len(after.steps),
        )
    else:
        step = after.steps[after.position]
        words = texts.vote(
            case.number, name, decision.verb, role_words(seat.roles), decision.opinion, case.waiting,
            sum(not one.is_open for one in step.seats), len(step.seats),
        )
    case.ctx.post.text(after.applicant, words, key=f"step:{case.number}:{after.version}", number=case.number)


def names_waiting(case: Case) -> str:
    """Return the people asked now as one word."""
    step = case.after.open_step
    assert step is not None
    names = [
        asked_name(case.ctx, asked_now(case.ctx, case.after, seat)[0]) if seat.is_open else case.ctx.name(seat.signer)
        for seat in step.seats
    ]
    return purchase_texts.together(names, step.mode, step.needed)


def _finish(case: Case) -> None:
    ctx, after = case.ctx, case.after
    done = open_execution(ctx, case.item, case.matter, after)
    ctx.hand_to(case.number, done or after.applicant, state=ItemState.APPROVED)
    signed = [
        (decided_by(ctx, seat.decision), seat.decision.at)
        for seat in sorted(
            (seat for seat in after.seats if seat.decision is not None and seat.decision.verb is Verb.APPROVE),
            key=lambda seat: seat.decision.at if seat.decision is not None else ctx.now,
        )
        if seat.decision is not None
    ]
    took = ctx.now - case.item.created_at
    executor = ctx.name(done) if done else None
    if case.matter.kind.executor == "procurement":
        words = purchase_texts.passed(case.number, took, signed, executor)
    else:
        words = texts.passed(case.number, took, signed, executor)
    ctx.post.text(after.applicant, words, key=f"passed:{case.number}:{after.version}", number=case.number)


def _give_back(case: Case) -> None:
    ctx, after = case.ctx, case.after
    ctx.hand_to(case.number, after.applicant, state=ItemState.RETURNED)
    items.add_open_work(ctx.unit, after.applicant, case.number, RETURNED, case.item.title, ctx.now, fen=after.fen)
    words = purchase_texts.returned(
        case.number, decided_by(ctx, case.decision), case.decision.opinion, texts.labels(case.matter.kind)
    )
    ctx.post.text(after.applicant, words, key=f"returned:{case.number}:{after.version}", number=case.number)


def _end(case: Case) -> None:
    ctx, after = case.ctx, case.after
    ctx.hand_to(case.number, after.applicant, state=ItemState.REJECTED)
    words = purchase_texts.rejected(case.number, decided_by(ctx, case.decision), case.decision.opinion)
    ctx.post.text(after.applicant, words, key=f"rejected:{case.number}:{after.version}", number=case.number)


def _tell_back(case: Case) -> None:
    reason, by = case.decision.opinion, decided_by(case.ctx, case.decision)
    for seat in case.after.waiting:
        case.tell(seat.signer, texts.back_to_you(case.number, by, reason), "goback")
    case.tell(case.after.applicant, texts.gone_back(case.number, by, case.waiting, reason), "goback")


def _tell_withdrawn(case: Case) -> None:
    for signer in dict.fromkeys(
        seat.decision.actor for seat in case.before.seats
        if seat.decision is not None and seat.decision.verb is Verb.APPROVE
    ):
        words = texts.withdrawn_after_signing(case.number, case.item.title, case.ctx.name(case.act.actor))
        case.tell(signer, words, "withdrawn")


def _tell_taken_back(case: Case) -> None:
    case.ctx.post.text(
        case.after.applicant, approval_texts.taken_back_for_applicant(case.number, case.ctx.name(case.act.actor)),
        key=f"back:{case.number}:{case.after.version}", number=case.number,
    )


def _tell_carried(case: Case) -> None:
    """Tell whose signature stays valid what changed: a notice, not a question (20)."""
    assert case.act.fresh is not None
    changed = texts.changed_labels(case.matter.kind, case.act.fresh.changed)
    for seat in case.after.seats:
        if seat.decision is not None:
            words = texts.carried(case.number, case.item.title, changed, case.before.fen, case.after.fen)
            case.tell(seat.signer, words, "carried")


def _tell_moved(case: Case) -> None:
    assert case.seat is not None
    if case.act.verb is Verb.REASSIGN:
        move = Move(case.seat.id, case.seat.instead_of[-1], case.seat.signer, Why(case.act.opinion))
        case.moves.append(move)
        _tell_moves(case)
        return
    by, to = case.ctx.name(case.act.actor), case.ctx.name(case.act.to)
    case.tell(case.act.to, texts.forwarded_to_you(case.number, by, case.act.opinion), "forwarded")
    case.tell(case.after.applicant, texts.forwarded(case.number, by, to, case.act.opinion), "forwarded")


def _tell_moves(case: Case) -> None:
    """Tell who is concerned that the system has found another signer, or that there is none."""
    ctx = case.ctx
    for move in case.moves:
        if not move.now:
            words = texts.nobody(case.number, ctx.name(move.was), ctx.name(mender(ctx.org)))
            case.tell(case.after.applicant, words, f"nobody{move.seat}")
            if mender(ctx.org):
                case.tell(mender(ctx.org), texts.nobody_for_mender(case.number, ctx.name(move.was)), "mend")
            continue
        words = {
            Why.LEFT: approval_texts.reassigned, Why.ROUTE: texts.rerouted, Why.AWAY: texts.stands_in,
        }[move.why](case.number, ctx.name(move.was), ctx.name(move.now))
        case.tell(case.after.applicant, words, f"moved{move.seat}")


def _tell_added(case: Case) -> None:
    ctx = case.ctx
    order = purchase_texts.order_for([names_of(ctx, step) for step in case.after.steps], case.after.position)
    by, who = ctx.name(case.act.actor), ctx.name(case.act.to)
    if case.act.verb is Verb.ADD:
        case.tell(case.act.to, texts.added_you(case.number, by, case.act.place, case.act.opinion), "added")
        words = texts.added(case.number, by, who, case.act.place, order)
    else:
        case.tell(case.act.to, texts.removed_you(case.number, by), "removed")
        words = texts.removed(case.number, by, who, order)
    case.tell(case.after.applicant, words, "order")


def _current(case: Case) -> Item:
    found = items.load_item(case.ctx.unit, case.number)
    assert found is not None
    return found


EFFECTS: Mapping[Effect, Callable[[Case], None]] = {
    Effect.SIGN: _sign,
    Effect.SETTLE_SEAT: _settle_seat,
    Effect.SETTLE_STEP: _settle_step,
    Effect.VOID_CARDS: _void,
    Effect.FORGET: _forget,
    Effect.OPEN_STEP: _open_step,
    Effect.OPEN_SEAT: _open_seat,
    Effect.TELL_SIGNED: _tell_signed,
    Effect.FINISH: _finish,
    Effect.GIVE_BACK: _give_back,
    Effect.END: _end,
    Effect.TELL_BACK: _tell_back,
    Effect.TELL_WITHDRAWN: _tell_withdrawn,
    Effect.TELL_TAKEN_BACK: _tell_taken_back,
    Effect.TELL_CARRIED: _tell_carried,
    Effect.TELL_MOVED: _tell_moved,
    Effect.TELL_ADDED: _tell_added,
}


def open_first(ctx: Ctx, item: Item, approval: Approval, matter: Matter) -> Approval:
    """Let a fresh approval wait for its first step; return it as seated."""
    case = Case(ctx, item, Act(Verb.FILE, ctx.actor_id), approval, approval, FILING, None, matter)
    for effect in FILING.effects:
        EFFECTS[effect](case)
    return case.after
