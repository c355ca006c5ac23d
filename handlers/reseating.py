"""Open approvals whose seat has come to somebody else: lists, cards and the applicant follow (4.1c, 3.1a)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from handlers.approval_cards import PURPOSE, face, send_question
from handlers.asked import all_asked, asked_name, asked_now, watch_leave
from handlers.context import Ctx
from handlers.matter import matter_of
from notifications.texts import stand_ins as texts
from policy.standing_in import Asked
from policy.terms import CardState, Verb
from storage.queries import approvals, items
from storage.queries.people import load_org

_WHAT = "approval"


def with_fresh_org(ctx: Ctx) -> Ctx:
    """Return the surroundings with the org as this very unit has left it."""
    return replace(ctx, org=load_org(ctx.unit))


def waiting_for(ctx: Ctx, signer: str, askable: Iterable[str]) -> list[str]:
    """
    Return the numbers of approvals that wait for this signer's decision.

    Args:
        askable: userids beside the signer with whom such an item may lie now (who stands in).
    """
    found: dict[str, None] = {}
    for userid in dict.fromkeys((signer, *askable)):
        for work in items.open_work_of(ctx.unit, userid):
            if work.what != _WHAT or work.number in found:
                continue
            approval = approvals.load_approval(ctx.unit, work.number)
            if approval is not None and approval.seat_of(signer) is not None:
                found[work.number] = None
    return list(found)


def above(ctx: Ctx, userid: str) -> list[str]:
    """Return everyone who may have been asked for somebody: the line above and whoever may counter-sign."""
    line = [person.userid for person in ctx.org.line_above(userid)]
    return [*line, *(person.userid for person in ctx.org.active_people() if person.posts)]


def reseat(ctx: Ctx, number: str, cause: str) -> tuple[Asked, ...]:
    """
    Let list and cards of a waiting approval follow who is asked now; return who is newly asked.

    Nothing happens when everyone asked has it already. The caller tells the applicant.

    Args:
        cause: names what moved it, in the keys of what is sent (a QX number and which end of it).
    """
    approval = approvals.lock_approval(ctx.unit, number)
    item = items.load_item(ctx.unit, number)
    if approval is None or item is None or not approval.waiting:
        return ()
    have = {work.userid for work in items.open_work_on(ctx.unit, number) if work.what == _WHAT}
    asked = all_asked(ctx, approval)
    wanted = {one.userid for one in asked}
    gone = sorted(have - wanted)
    for userid in gone:
        items.close_open_work_for(ctx.unit, number, _WHAT, userid)
    if gone:
        name = asked_name(ctx, asked[0])
        ctx.post.settle_cards(
            number, CardState.VOID, lambda card: face(ctx, item, approval, card.task_id, Verb.FORWARD, name, ctx.now),
            lambda card: card.purpose == PURPOSE and card.userid in gone,
        )
    fresh: list[Asked] = []
    urgent = bool(approval.facts.get("urgent"))
    for seat in approval.waiting:
        for one in asked_now(ctx, approval, seat):
            if one.userid in have:
                continue
            have.add(one.userid)
            fresh.append(one)
            items.add_open_work(
                ctx.unit, one.userid, number, _WHAT, item.title, ctx.now, fen=approval.fen, urgent=urgent
            )
            send_question(
                ctx, item, approval, seat, matter_of(ctx, item, approval), urgent=urgent,
                key=f"seat:{number}:{approval.round}:{seat.id}:{cause}", only=one.userid,
            )
    if gone or fresh:
        ctx.hand_to(number, asked[0].userid)
        ctx.audit("approval.seated", number, cause=cause, asked=[one.userid for one in asked], left=gone)
    watch_leave(ctx, approval)
    return tuple(fresh)


def reseat_all(ctx: Ctx, numbers: Iterable[str], cause: str, why: str) -> int:
    """Reseat several approvals and tell each applicant once who has theirs now, and why; return how many moved."""
    told: dict[tuple[str, str], list[str]] = {}
    moved = 0
    for number in numbers:
        fresh = reseat(ctx, number, cause)
        if not fresh:
            continue
        moved += 1
        approval = approvals.load_approval(ctx.unit, number)
        assert approval is not None
        told.setdefault((approval.applicant, asked_name(ctx, fresh[0])), []).append(number)
    for (applicant, now_with), theirs in told.items():
        if ctx.org.person(applicant) is not None:
            ctx.post.text(
                applicant, texts.moved_for_applicant(theirs, now_with, why), key=f"moved:{cause}:{theirs[0]}",
                number=theirs[0],
            )
    return moved
