"""Who is asked about a waiting seat now, and in whose seat somebody acts (4.1c)."""

from __future__ import annotations

from dataclasses import replace

from handlers.context import Ctx
from handlers.matter import figures_of
from notifications.texts.words import in_seat
from policy.absences import AbsenceKind
from policy.approval_acts import Act
from policy.standing_in import Asked, Question, superior_asked_at, who_is_asked
from policy.steps import Approval, Decision, Seat
from storage.queries.deadlines import was_set

SUPERIOR_ASKED = "seat.superior"


def question_of(approval: Approval, seat: Seat) -> Question:
    """Return what an open seat asks, as far as it bears on who may stand in."""
    others = [
        each.decision.actor if each.decision is not None else each.signer
        for each in approval.seats if each.id != seat.id
    ]
    since = approval.steps[approval.step_of(seat.id)].entered_at
    assert since is not None, "an open step has been entered"
    return Question(seat.signer, approval.applicant, approval.fen, others, since)


def asked_now(ctx: Ctx, approval: Approval, seat: Seat) -> tuple[Asked, ...]:
    """Return who is asked about an open seat now, first who has it."""
    if ctx.org.absence_of(seat.signer, ctx.now) is None:
        return (Asked(seat.signer),)
    question = question_of(approval, seat)
    return who_is_asked(ctx.org, question, ctx.now, ctx.calendar, figures_of(ctx, approval))


def all_asked(ctx: Ctx, approval: Approval) -> tuple[Asked, ...]:
    """Return everyone who is asked about the open step now; empty when none is open."""
    return tuple(one for seat in approval.waiting for one in asked_now(ctx, approval, seat))


def seat_asked(ctx: Ctx, approval: Approval, userid: str) -> Seat | None:
    """Return the open seat somebody is asked about, in person or standing in."""
    own = approval.seat_of(userid)
    if own is not None:
        return own
    return next(
        (
            seat for seat in approval.waiting
            if any(one.userid == userid for one in asked_now(ctx, approval, seat))
        ),
        None,
    )


def in_whose_seat(ctx: Ctx, approval: Approval, act: Act) -> Act:
    """Return the act with the signer in whose seat its actor stands in; as it is when nobody's."""
    if act.acting_for or act.actor == approval.applicant:
        return act
    wanted = [
        seat for seat in approval.waiting
        if act.seat in (None, seat.id) and seat.signer != act.actor
        and any(one.userid == act.actor for one in asked_now(ctx, approval, seat))
    ]
    if not wanted or (act.seat is None and approval.seat_of(act.actor) is not None):
        return act
    return replace(act, acting_for=wanted[0].signer)


def watch_leave(ctx: Ctx, approval: Approval) -> None:
    """Set the instant at which the line above is asked beside somebody on leave whom nobody stands in for."""
    for seat in approval.waiting:
        absence = ctx.org.absence_of(seat.signer, ctx.now)
        if absence is None or absence.kind is not AbsenceKind.LEAVE:
            continue
        if asked_now(ctx, approval, seat) != (Asked(seat.signer),):
            continue
        since = question_of(approval, seat).since
        due = superior_asked_at(absence, since, ctx.calendar, figures_of(ctx, approval))
        subject, minute = f"{approval.number}/{absence.number}", int(due.timestamp()) // 60
        if ctx.now < due < absence.ends_at and not was_set(ctx.unit, SUPERIOR_ASKED, subject, minute):
            ctx.remind(SUPERIOR_ASKED, subject, minute, due, item=approval.number)


def asked_name(ctx: Ctx, asked: Asked) -> str:
    """Return the name of who is asked, and for whom."""
    return in_seat(ctx.name(asked.userid), ctx.name(asked.acting_for) if asked.acting_for else "")


def names_asked(ctx: Ctx, approval: Approval) -> list[str]:
    """Return the names of those who have the open seats now, one per seat."""
    return [asked_name(ctx, asked_now(ctx, approval, seat)[0]) for seat in approval.waiting]


def decided_by(ctx: Ctx, decision: Decision) -> str:
    """Return who decided, and for whom."""
    return in_seat(ctx.name(decision.actor), ctx.name(decision.acting_for) if decision.acting_for else "")
