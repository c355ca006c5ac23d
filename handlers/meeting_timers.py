"""What time does to a meeting: reminder, the question whether it is over, its end by itself, the next of a series."""

from __future__ import annotations

from handlers import meeting_keepers
from handlers.context import Ctx
from handlers.meeting_cards import send_ask_end, send_begin, send_invitation
from handlers.meeting_room import agenda_of, ended, lapsed, open_meeting, with_people_here
from handlers.registry import Topic
from notifications.texts import meetings as texts
from policy import meetings as rules
from policy.deadlines import Due
from policy.decisions import Refusal
from policy.meeting_keepers import Keeping
from policy.meetings import Meeting
from policy.rhythms import Rhythm
from policy.terms import ItemState, Lateness
from storage.queries import items, meetings

topic = Topic("meeting_timers")


@topic.due("meeting.reminder", lateness=Lateness.SKIP, controls=("4.2a", "4.2b", "8b"))
def remind(due: Due, ctx: Ctx) -> None:
    """Ten minutes before: who is away is replaced, who has not declined is told, the chair gets the button."""
    meeting = _planned(due, ctx)
    if meeting is None:
        return
    changes = meeting_keepers.needed(ctx, meeting, meeting.starts_at)
    meeting = meeting_keepers.carry_out(ctx, meeting, changes, ahead=True)
    meeting_keepers.tell_of_nobody(ctx, meeting, meeting.starts_at)
    meeting = with_people_here(ctx, meeting)
    item = items.load_item(ctx.unit, due.subject)
    assert item is not None
    words = texts.reminder(
        meeting.number, meeting.subject, texts.when(meeting.starts_at, meeting.ends_at), meeting.place,
        agenda_of(ctx, item),
    )
    for seat in meetings.seats_of(ctx.unit, meeting.number):
        if seat.answer != rules.NO and ctx.org.person(seat.userid) is not None:
            ctx.post.text(
                seat.userid, words, key=f"soon:{meeting.number}:{meeting.version}:{seat.userid}",
                number=meeting.number, leave_at=ctx.now,
            )
    send_begin(ctx, meeting, meeting.chair)


@topic.due("meeting.start", lateness=Lateness.LATEST, controls=("4.2a", "4.2b", "8b"))
def start(due: Due, ctx: Ctx) -> None:
    """At its time: who is away now is replaced, who is back has it again; a new chair gets the button."""
    meeting = _planned(due, ctx)
    if meeting is None:
        return
    changes = meeting_keepers.needed(ctx, meeting, ctx.now)
    meeting = meeting_keepers.carry_out(ctx, meeting, changes, ahead=False)
    meeting_keepers.tell_of_nobody(ctx, meeting, ctx.now)
    if any(change.keeping is Keeping.CHAIR for change in changes):
        send_begin(ctx, meeting, meeting.chair)


def _planned(due: Due, ctx: Ctx) -> Meeting | None:
    """Return the meeting a timer is about, locked; None when it is planned no more."""
    meeting = meetings.lock_meeting(ctx.unit, due.subject)
    return meeting if meeting is not None and meeting.state is ItemState.PLANNED else None


@topic.due("meeting.invite", lateness=Lateness.LATEST, controls=("4.2a",))
def invite(due: Due, ctx: Ctx) -> None:
    """Send the invitations of a meeting that was opened ahead, to those who have not answered yet."""
    meeting = meetings.load_meeting(ctx.unit, due.subject)
    if meeting is None or meeting.state is not ItemState.PLANNED:
        return
    seats = meetings.seats_of(ctx.unit, meeting.number)
    for seat in seats:
        if not seat.answer and ctx.org.person(seat.userid) is not None:
            send_invitation(ctx, meeting, seat.userid, len(seats))


@topic.due("meeting.ask", lateness=Lateness.LATEST, controls=("3.2d",))
def ask(due: Due, ctx: Ctx) -> None:
    """Ten minutes before a running meeting is ended by itself: the chair says 结束 or 再开."""
    meeting = meetings.load_meeting(ctx.unit, due.subject)
    if meeting is None or meeting.state is not ItemState.RUNNING:
        return
    meeting = with_people_here(ctx, meeting)
    send_ask_end(ctx, meeting, meeting.chair)
    ctx.audit("meeting.asked", meeting.number, limit_at=meeting.limit_at.isoformat())


@topic.due("meeting.limit", lateness=Lateness.LATEST, controls=("3.2d", "4.2a"))
def end_by_itself(due: Due, ctx: Ctx) -> None:
    """Nobody ended it: it is ended and says so; nobody began it: it is kept as not held."""
    meeting = meetings.lock_meeting(ctx.unit, due.subject)
    if meeting is None:
        return
    meeting = with_people_here(ctx, meeting)
    if meeting.state is ItemState.RUNNING:
        seats = meetings.seats_of(ctx.unit, meeting.number)
        after = rules.end(meeting, seats, rules.SYSTEM, ctx.now, ctx.parameters)
        assert not isinstance(after, Refusal)
        ended(ctx, after, seats, by_itself=True)
        return
    not_held = rules.lapse(meeting)
    if not_held is not None:
        lapsed(ctx, not_held)


@topic.due("meeting.next", lateness=Lateness.LATEST, controls=("4.2a",))
def open_next(due: Due, ctx: Ctx) -> None:
    """Open the next meeting of a series, with everyone of this one who still works here."""
    meeting = meetings.lock_meeting(ctx.unit, due.subject)
    if meeting is None or not meeting.rhythm:
        return
    meeting, only_here = meeting_keepers.as_named(ctx, meeting)
    people = [
        seat.userid for seat in meetings.seats_of(ctx.unit, meeting.number)
        if ctx.org.person(seat.userid) is not None and seat.userid not in only_here
    ]
    if len(people) < 2:
        return
    chair, recorder = (
        userid if ctx.org.person(userid) is not None else people[0] for userid in (meeting.chair, meeting.recorder)
    )
    rhythm = Rhythm.read(meeting.rhythm)
    starts_at = rhythm.next_after(max(ctx.now, meeting.starts_at), ctx.calendar)
    open_meeting(
        ctx, subject=meeting.subject, starts_at=starts_at, ends_at=starts_at + (meeting.ends_at - meeting.starts_at),
        people=people, chair=chair, recorder=recorder, opener=rules.SYSTEM, place=meeting.place,
        series=meeting.series, rhythm=rhythm,
    )
