"""The two hours: reminders at 60 and 105 minutes, overdue to the second, then up the line (3.2d)."""

from __future__ import annotations

from dataclasses import replace

from handlers.context import Ctx
from handlers.minutes import close_cards
from handlers.minutes_duty import told_of_lateness
from handlers.registry import Topic
from notifications.texts import minutes as texts
from policy import meetings as rules
from policy.deadlines import Due
from policy.meetings import Meeting
from policy.promises import ladder
from policy.terms import Lateness, Post
from storage.queries import items, meetings

topic = Topic("minutes_timers")


@topic.due("minutes.reminder", lateness=Lateness.LATEST, controls=("3.2d",))
def remind(due: Due, ctx: Ctx) -> None:
    """60 and 105 minutes after the end: who owes the minutes, at any hour."""
    meeting = meetings.load_meeting(ctx.unit, due.subject)
    if meeting is None or not meeting.waits_for_minutes:
        return
    assert meeting.due_at is not None
    left = meeting.due_at - ctx.now
    if left.total_seconds() <= 0:
        return  # the overdue one speaks now
    ctx.post.text(
        meeting.owes, texts.reminder(meeting.number, meeting.due_at, left, ctx.now),
        key=f"minutes:{meeting.number}:{due.generation}", number=meeting.number, leave_at=ctx.now,
    )
    ctx.audit("minutes.reminded", meeting.number, owes=meeting.owes, minutes_left=int(left.total_seconds()) // 60)


@topic.due("minutes.overdue", lateness=Lateness.EACH, controls=("3.2d", "2.1a"))
def overdue(due: Due, ctx: Ctx) -> None:
    """120 minutes: overdue is kept, who owes is told at once, the superior in working time; then one step per 2 h."""
    meeting = meetings.lock_meeting(ctx.unit, due.subject)
    if meeting is None or not meeting.waits_for_minutes:
        return
    assert meeting.due_at is not None
    after = replace(meeting, version=meeting.version + 1, overdue_at=ctx.now)
    meetings.save_meeting(ctx.unit, after)
    line = who_is_told(ctx, meeting)
    ctx.audit(
        "minutes.overdue", meeting.number, owes=meeting.owes, due_at=meeting.due_at.isoformat(),
        fired_at=ctx.now.isoformat(), line=line,
    )
    superior = ctx.name(line[0]) if line else ""
    tell_at = ctx.post.may_leave_at()
    words = (
        texts.overdue_later(meeting.number, meeting.due_at, superior, tell_at, ctx.now)
        if superior and tell_at > ctx.now
        else texts.overdue(meeting.number, meeting.due_at, superior, ctx.now)
    )
    ctx.post.text(
        meeting.owes, words, key=f"minutes:{meeting.number}:overdue:{meeting.version}", number=meeting.number,
        leave_at=ctx.now,
    )
    _tell(ctx, after, line, 0)


@topic.due("minutes.climb", lateness=Lateness.LATEST, controls=("3.2d", "2.1a"))
def climb(due: Due, ctx: Ctx) -> None:
    """Still missing: the next one up the line is told, each once; at the top it stays in the daily summary."""
    meeting = meetings.load_meeting(ctx.unit, due.subject)
    if meeting is None or not meeting.waits_for_minutes:
        return
    line, told = who_is_told(ctx, meeting), told_of_lateness(ctx, meeting)
    # Where the minutes passed on meanwhile, somebody further up may know already, from the line of before.
    step = next((at for at in range(int(due.data["step"]), len(line)) if line[at] not in told), len(line))
    _tell(ctx, meeting, line, step)


@topic.due("minutes.tell", lateness=Lateness.EACH, controls=("3.2d",))
def tell_in_the_morning(due: Due, ctx: Ctx) -> None:
    """What a superior could not be told at night is told at 08:30, as it stands then."""
    number, superior = str(due.data["number"]), str(due.data["superior"])
    meeting = meetings.load_meeting(ctx.unit, number)
    if meeting is None or meeting.due_at is None or meeting.overdue_at is None:
        return  # the end was corrected meanwhile: nothing is overdue
    if superior == meeting.owes:
        return  # the minutes passed on to them in the night: they know
    owes = ctx.name(meeting.owes)
    if meeting.minutes_at is None:
        words = texts.overdue_for_superior(number, meeting.subject, owes, meeting.due_at)
    elif int(due.data["step"]) == 0 and meeting.late_seconds:
        words = texts.late_for_superior(
            number, meeting.subject, owes, meeting.due_at, meeting.minutes_at, meeting.late_seconds
        )
    else:
        return
    ctx.post.text(superior, words, key=f"minutes:{number}:{superior}:{due.generation}", number=number)
    ctx.audit("minutes.escalated", number, superior=superior, step=int(due.data["step"]))


@topic.due("minutes.confirm_end", lateness=Lateness.LATEST, controls=("3.2d",))
def close_confirmation(due: Due, ctx: Ctx) -> None:
    """After 24 hours: who confirmed, who objected, who said nothing; recorder and chair are told."""
    meeting = meetings.load_meeting(ctx.unit, due.subject)
    if meeting is None or meeting.minutes_revision != due.data["revision"]:
        return
    seats = meetings.seats_of(ctx.unit, meeting.number)
    there = set(rules.attendees(meeting, seats))
    confirmed = sum(seat.verdict == rules.CONFIRMED for seat in seats)
    objections = sum(seat.verdict == rules.OBJECTED for seat in seats)
    waiting = [work for work in items.open_work_on(ctx.unit, meeting.number) if work.what == "confirm"]
    silent = len([work for work in waiting if work.userid in there])
    items.close_open_work(ctx.unit, meeting.number, "confirm")
    close_cards(ctx, meeting)
    for userid in dict.fromkeys((meeting.owes, meeting.chair)):
        ctx.post.text(
            userid, texts.outcome(meeting.number, meeting.subject, confirmed, objections, silent),
            key=f"confirmed:{meeting.number}:{due.generation}:{userid}", number=meeting.number,
        )
    ctx.audit(
        "minutes.confirmation_closed", meeting.number, confirmed=confirmed, objections=objections, silent=silent
    )


def who_is_told(ctx: Ctx, meeting: Meeting) -> list[str]:
    """Return who is told of overdue minutes, in order: the line above; for the top of it the records director."""
    line = ladder(ctx.org, meeting.owes)
    if line:
        return line
    director = ctx.org.holder(Post.RECORDS_DIRECTOR)
    return [director.userid] if director is not None and director.userid != meeting.owes else []


def _tell(ctx: Ctx, meeting: Meeting, line: list[str], step: int) -> None:
    """Tell the step-th of the line, now or in the morning, and set the next step two hours from this firing."""
    if step >= len(line):
        return
    assert meeting.due_at is not None
    superior = line[step]
    generation = meeting.version * 100 + step
    tell_at = ctx.post.may_leave_at()
    if tell_at > ctx.now:
        ctx.remind(
            "minutes.tell", f"{meeting.number}:{superior}", generation, tell_at, number=meeting.number,
            superior=superior, step=step,
        )
        ctx.audit("minutes.climbed", meeting.number, superior=superior, step=step, tell_at=tell_at.isoformat())
    else:
        ctx.post.text(
            superior, texts.overdue_for_superior(
                meeting.number, meeting.subject, ctx.name(meeting.owes), meeting.due_at
            ),
            key=f"minutes:{meeting.number}:{superior}:{generation}", number=meeting.number,
        )
        ctx.audit("minutes.escalated", meeting.number, superior=superior, step=step)
    if step + 1 < len(line):
        ctx.remind(
            "minutes.climb", meeting.number, generation + 1, ctx.later(hours=ctx.parameters.climb_hours), step=step + 1
        )
