"""A meeting whose chair or minutes taker is away at its start gets another one, and it comes back (4.2a, 3.2d)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from handlers import minutes_duty
from handlers.context import Ctx
from handlers.meeting_cards import KEEP, settle
from handlers.meeting_room import revise
from handlers.minutes_duty import unkept_first
from notifications.texts import meeting_keepers as texts
from notifications.texts.meetings import FIELD_CHAIR, FIELD_RECORDER, when
from policy import meeting_keepers as rules
from policy.meeting_keepers import Keeping, Replacement, Why
from policy.meetings import Meeting
from policy.seats import mender
from policy.terms import CardState, ItemState, Post
from storage.queries import evidence, items, meetings

ACTS = {Keeping.CHAIR: "meeting.chair_replaced", Keeping.TAKER: "meeting.taker_replaced"}
_KEEPINGS = {act: keeping for keeping, act in ACTS.items()}
_MOST = 200  # meetings of one person that are not over
_FIELDS = {Keeping.CHAIR: FIELD_CHAIR, Keeping.TAKER: FIELD_RECORDER}


def needed(ctx: Ctx, meeting: Meeting, at: datetime, *, present: str = "") -> tuple[Replacement, ...]:
    """
    Return who has to be replaced in a planned meeting, as it is kept, for a start at an instant.

    Args:
        present: userid of whoever begins it, who is there whatever is registered.
    """
    if meeting.state is not ItemState.PLANNED:
        return ()
    seats = meetings.seats_of(ctx.unit, meeting.number)
    return rules.replacements(ctx.org, meeting, seats, _earlier(ctx, meeting.number), at, present=present)


def carry_out(ctx: Ctx, meeting: Meeting, changes: Sequence[Replacement], *, ahead: bool) -> Meeting:
    """
    Keep the replacements, seat the new ones, tell the old, the new and the records director; one event each.

    Args:
        ahead: the start is still to come.
    """
    ctx = replace(ctx, actor=None)  # nobody decides it: the register does
    for change in changes:
        meeting = _replaced(ctx, meeting, change, ahead=ahead)
    return meeting


def tell_of_nobody(ctx: Ctx, meeting: Meeting, at: datetime) -> None:
    """Tell, once, those who can change it and the records director that nobody is found for somebody who is away."""
    seats = meetings.seats_of(ctx.unit, meeting.number)
    for change in rules.unkept(ctx.org, meeting, seats, at):
        if not unkept_first(ctx, meeting.number, change.keeping.value, change):
            continue
        words = texts.meeting_words(meeting.number, meeting.subject, when(meeting.starts_at, meeting.ends_at))
        was = ctx.name(change.was)
        key = f"unkept:{change.keeping.value}:{meeting.number}:{change.was}"
        asked = [userid for userid in meeting.keepers if rules.is_there(ctx.org, userid, at)]
        for userid in asked:
            ctx.post.text(
                userid,
                texts.nobody_for_keepers(words, meeting.number, change.keeping, was, change.why, change.under),
                key=f"{key}:{userid}", number=meeting.number, leave_at=ctx.now,
            )
        director = mender(ctx.org)
        if director and director not in asked:
            ctx.post.text(
                director,
                texts.nobody_for_records(
                    words, change.keeping, was, change.why, change.under, [ctx.name(userid) for userid in asked]
                ),
                key=f"{key}:{director}", number=meeting.number,
            )


def hand_over(ctx: Ctx, userid: str) -> int:
    """
    Let the meetings of somebody who has left go on: a running one is kept by others, owed minutes pass on.

    Planned ones are looked at shortly before they begin.

    Args:
        ctx: with the org in which the person is inactive already.

    Returns:
        How many minutes passed on.
    """
    for each in meetings.meetings_of(ctx.unit, userid, _MOST):
        if each.state is not ItemState.RUNNING or userid not in (each.chair, each.recorder):
            continue
        meeting = meetings.lock_meeting(ctx.unit, each.number)
        if meeting is None or meeting.state is not ItemState.RUNNING:
            continue
        seats = meetings.seats_of(ctx.unit, meeting.number)
        changes = rules.replacements(ctx.org, meeting, seats, {}, ctx.now)
        carry_out(ctx, meeting, [change for change in changes if change.was == userid], ahead=False)
    return minutes_duty.pass_on(ctx, userid)


def as_named(ctx: Ctx, meeting: Meeting) -> tuple[Meeting, frozenset[str]]:
    """
    Return a meeting with the chair and recorder of its series: who stood in for one meeting keeps none that follows.

    Returns:
        The meeting, and the userids of those who had a seat only because they stood in.
    """
    only_here: set[str] = set()
    for event in reversed(evidence.trail_of(ctx.unit, meeting.number)):
        facts = event.facts
        if event.act not in _KEEPINGS or Why(str(facts["why"])) not in rules.COMES_BACK:
            continue
        was, now = str(facts["was"]), str(facts["now"])
        if facts["seated"]:
            only_here.add(now)
        change = Replacement(_KEEPINGS[event.act], now, was, Why(str(facts["why"])))
        if rules.holder(meeting, change.keeping) == now:
            meeting = rules.applied(meeting, (change,))
    return meeting, frozenset(only_here - {meeting.chair, meeting.recorder})


def _replaced(ctx: Ctx, meeting: Meeting, change: Replacement, *, ahead: bool) -> Meeting:
    item = items.load_item(ctx.unit, meeting.number)
    assert item is not None
    after = rules.applied(meeting, (change,))
    revision, digest = revise(ctx, item, {_FIELDS[change.keeping]: ctx.name(change.now)}, "")
    meetings.save_meeting(ctx.unit, after)
    seated = change.now not in {seat.userid for seat in meetings.seats_of(ctx.unit, meeting.number)}
    if seated:
        meetings.add_seat(ctx.unit, meeting.number, change.now)
    if change.keeping is Keeping.CHAIR:
        ctx.hand_to(meeting.number, change.now)
        settle(ctx, after, texts.outcome(ctx.name(change.now)), KEEP, only=change.was, state=CardState.SETTLED)
    ctx.audit(
        ACTS[change.keeping], meeting.number, was=change.was, now=change.now, why=change.why.value,
        under=change.under, seated=seated, version=after.version, revision=revision, digest=digest,
    )
    _tell(ctx, after, change, ahead=ahead)
    return after


def _tell(ctx: Ctx, meeting: Meeting, change: Replacement, *, ahead: bool) -> None:
    words = texts.meeting_words(meeting.number, meeting.subject, when(meeting.starts_at, meeting.ends_at))
    was, now, keeping, why, under = (
        ctx.name(change.was), ctx.name(change.now), change.keeping, change.why, change.under
    )
    key = f"{keeping.value}:{meeting.number}:{meeting.version}"
    ctx.post.text(
        change.now, texts.for_the_new(words, keeping, was, why, under), key=f"{key}:{change.now}",
        number=meeting.number, leave_at=ctx.now,
    )
    if ctx.org.person(change.was) is not None:
        ctx.post.text(
            change.was, texts.for_the_old(words, keeping, now, why, under, ahead=ahead), key=f"{key}:{change.was}",
            number=meeting.number, leave_at=ctx.now,
        )
    director = ctx.org.holder(Post.RECORDS_DIRECTOR)
    if director is not None and director.userid not in (change.was, change.now):
        ctx.post.text(
            director.userid, texts.for_the_records(words, keeping, was, now, why, under),
            key=f"{key}:{director.userid}", number=meeting.number,
        )


def _earlier(ctx: Ctx, number: str) -> dict[Keeping, Replacement]:
    """Return for each keeping who has it instead of whom, from the evidence; of several in a row, the first named."""
    found: dict[Keeping, Replacement] = {}
    for event in evidence.trail_of(ctx.unit, number):
        if event.act not in _KEEPINGS:
            continue
        keeping, facts = _KEEPINGS[event.act], event.facts
        why, before = Why(str(facts["why"])), found.get(keeping)
        change = Replacement(keeping, str(facts["was"]), str(facts["now"]), why, str(facts["under"]))
        again = why in rules.AGAIN
        if before is not None and before.now == change.was and before.why in rules.COMES_BACK and not again:
            change = replace(before, now=change.now)
        found[keeping] = change
    return found
