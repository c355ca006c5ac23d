"""Minutes that are owed pass on when who owes them goes on leave or leaves the company (3.2d, 4.2a)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from handlers.context import Ctx
from notifications.texts import meeting_keepers as texts
from notifications.texts.minutes import hint_minutes
from policy import meeting_keepers as rules
from policy.meeting_keepers import Replacement
from policy.meetings import Meeting, Seat
from policy.promises import ladder
from policy.seats import mender
from storage.queries import evidence, items, meetings
from storage.queries.due import pending_of

ACT, NOBODY = "minutes.passed_on", "meeting.unkept"
WORK = "minutes"
_CLIMB = "minutes.climb"
_TOLD = frozenset({"minutes.escalated", "minutes.climbed"})


def due_from(ctx: Ctx, meeting: Meeting, seats: Sequence[Seat]) -> tuple[Meeting, Replacement | None]:
    """
    Return a meeting that ends right now with who really owes its minutes, and the change that this is.

    The caller stores the meeting and then calls `keep`.
    """
    change = rules.owing(ctx.org, meeting, seats, ctx.now)
    if change is None or not change.now:
        return meeting, change
    _seat(ctx, meeting, change.now)
    return replace(meeting, owes=change.now), change


def keep(ctx: Ctx, meeting: Meeting, change: Replacement) -> None:
    """Keep that the minutes of a meeting that has just ended passed on; who owes them now is told by its end."""
    if change.now:
        _kept(ctx, meeting, change, but=ctx.actor_id)
    else:
        _nobody(ctx, meeting, change)


def because(ctx: Ctx, change: Replacement | None, reader: str) -> str:
    """Return why the minutes are owed by somebody else, before what is owed; "" for no change and for who owed them."""
    if change is None or not change.now or reader == change.was:
        return ""
    now = "" if reader == change.now else ctx.name(change.now)
    return texts.because(ctx.name(change.was), now, change.why, change.under)


def pass_on(ctx: Ctx, userid: str) -> int:
    """
    Let the minutes that somebody owes pass on where they are away by now; return how many did.

    Args:
        ctx: with the org as it is now.
    """
    moved = 0
    for work in items.open_work_of(ctx.unit, userid):
        if work.what != WORK:
            continue
        meeting = meetings.lock_meeting(ctx.unit, work.number)
        if meeting is None or not meeting.waits_for_minutes or meeting.owes != userid:
            continue
        change = rules.owing(ctx.org, meeting, meetings.seats_of(ctx.unit, meeting.number), ctx.now)
        if change is None:
            continue
        if not change.now:
            _nobody(ctx, meeting, change)
            continue
        _seat(ctx, meeting, change.now)
        after = replace(meeting, owes=change.now, version=meeting.version + 1)
        meetings.save_meeting(ctx.unit, after)
        items.move_open_work(ctx.unit, work, change.now)
        ctx.hand_to(meeting.number, change.now)
        _kept(ctx, after, change)
        _tell_the_new(ctx, after, change)
        _climb_along(ctx, after)
        moved += 1
    return moved


def _seat(ctx: Ctx, meeting: Meeting, userid: str) -> None:
    if userid not in {seat.userid for seat in meetings.seats_of(ctx.unit, meeting.number)}:
        meetings.add_seat(ctx.unit, meeting.number, userid)


def _kept(ctx: Ctx, meeting: Meeting, change: Replacement, but: str = "") -> None:
    """
    Keep the change as the register's own act, tell who owed them and the records director.

    Args:
        but: who is answered with it anyhow.
    """
    replace(ctx, actor=None).audit(
        ACT, meeting.number, was=change.was, now=change.now, why=change.why.value, under=change.under,
        version=meeting.version,
    )
    minutes = texts.minutes_words(meeting.number, meeting.subject)
    key = f"passed_on:{meeting.number}:{meeting.version}"
    was, now = ctx.name(change.was), ctx.name(change.now)
    if ctx.org.person(change.was) is not None:
        # Who has just said so reads it at once, who went to bed before the leave began in the morning.
        ctx.post.text(
            change.was, texts.minutes_for_the_old(minutes, now, change.why, change.under), key=f"{key}:{change.was}",
            number=meeting.number, leave_at=ctx.now if ctx.actor_id == change.was else None,
        )
    director = mender(ctx.org)
    if director and director not in (change.was, change.now, but):
        ctx.post.text(
            director, texts.minutes_for_the_records(minutes, was, now, change.why, change.under),
            key=f"{key}:{director}", number=meeting.number,
        )


def _tell_the_new(ctx: Ctx, meeting: Meeting, change: Replacement) -> None:
    assert meeting.due_at is not None
    late = meeting.due_at <= ctx.now
    words = texts.minutes_for_the_new(
        texts.minutes_words(meeting.number, meeting.subject), ctx.name(change.was), change.why, change.under,
        meeting.due_at, hint_minutes(meeting.number, ctx.frank.minutes_url(meeting.number)), late=late,
    )
    # The two hours never stop; what is overdue already can wait for the morning.
    ctx.post.text(
        change.now, words, key=f"passed_on:{meeting.number}:{meeting.version}:{change.now}", number=meeting.number,
        leave_at=None if late else ctx.now,
    )


def _nobody(ctx: Ctx, meeting: Meeting, change: Replacement) -> None:
    """Nobody is found: the minutes stay where they are, and the records director hears it, once."""
    if not unkept_first(ctx, meeting.number, WORK, change):
        return
    director = mender(ctx.org)
    if director:
        words = texts.minutes_for_nobody(
            texts.minutes_words(meeting.number, meeting.subject), meeting.number, ctx.name(change.was), change.why,
            change.under,
        )
        ctx.post.text(
            director, words, key=f"unkept:{WORK}:{meeting.number}:{change.was}:{director}", number=meeting.number
        )


def unkept_first(ctx: Ctx, number: str, keeping: str, change: Replacement) -> bool:
    """Keep that nobody is found for a keeping; False when that is known already."""
    known = any(
        event.act == NOBODY and (event.facts["keeping"], event.facts["was"]) == (keeping, change.was)
        for event in evidence.trail_of(ctx.unit, number)
    )
    if not known:
        replace(ctx, actor=None).audit(
            NOBODY, number, keeping=keeping, was=change.was, why=change.why.value, under=change.under
        )
    return not known


def told_of_lateness(ctx: Ctx, meeting: Meeting) -> set[str]:
    """Return the superiors who have been told, or will be in the morning, that these minutes are overdue."""
    assert meeting.overdue_at is not None
    return {
        str(event.facts["superior"]) for event in evidence.trail_of(ctx.unit, meeting.number)
        if event.act in _TOLD and event.at >= meeting.overdue_at
    }


def _climb_along(ctx: Ctx, meeting: Meeting) -> None:
    """Let overdue minutes climb the line of who owes them now, even where the line of before had an end."""
    if meeting.overdue_at is None:
        return
    pending = pending_of(ctx.unit, _CLIMB, meeting.number)
    at = pending[2] if pending is not None else ctx.later(hours=ctx.parameters.climb_hours)
    told = told_of_lateness(ctx, meeting)
    step = next((step for step, superior in enumerate(ladder(ctx.org, meeting.owes)) if superior not in told), None)
    ctx.forget_reminders(meeting.number, _CLIMB)
    if step is not None:
        ctx.remind(_CLIMB, meeting.number, meeting.version * 100 + step, at, step=step)
