"""What happens in a meeting's life, whoever starts it: opened, begun, ended, lapsed; its timers and words (4.2a)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from handlers import minutes_duty
from handlers.context import Ctx
from handlers.meeting_cards import HERE, INVITE, KEEP, send_invitation, send_sign_in, settle
from handlers.promise_review import open_with_promises
from notifications.texts import meetings as texts
from notifications.texts import minutes as minutes_texts
from policy import meetings as rules
from policy.decisions import Refusal
from policy.meeting_keepers import Replacement
from policy.meetings import Meeting, Seat
from policy.rhythms import Rhythm
from policy.terms import CardState, ItemState, Noun
from storage.queries import items, meetings
from storage.queries.items import Item

AGENDA_COUNT = 20


def open_meeting(
    ctx: Ctx, *, subject: str, starts_at: datetime, ends_at: datetime, people: Sequence[str], chair: str,
    recorder: str, opener: str, place: str = "", original: str = "", kind: str = rules.ORDINARY, series: str = "",
    rhythm: Rhythm | None = None, period: int = 0, invite_at: datetime | None = None,
) -> Meeting:
    """
    Put a meeting into the register, seat and invite everyone, set its timers; one event of evidence.

    Args:
        opener: userid, or "system" for meetings that exist by themselves.
        series: "" starts a series of its own when there is a rhythm.
        invite_at: when the invitations leave; None or past = now.

    Source: 4.2a, 4.2b, 8b.
    """
    fields: dict[str, object] = {
        texts.FIELD_SUBJECT: subject, texts.FIELD_TIME: texts.when(starts_at, ends_at),
        texts.FIELD_CHAIR: ctx.name(chair), texts.FIELD_RECORDER: ctx.name(recorder), texts.FIELD_PLACE: place,
        texts.FIELD_PEOPLE: [ctx.name(userid) for userid in people], AGENDA: [],
    }
    item, digest = ctx.file_item(
        Noun.MEETING, kind=kind, title=subject, fields=fields, original=original, responsible=chair,
        state=ItemState.PLANNED, author=ctx.org.people[chair if opener == rules.SYSTEM else opener],
    )
    meeting = Meeting(
        number=item.number, kind=kind, series=series or (item.number if rhythm is not None else ""),
        rhythm=rhythm.kept() if rhythm is not None else "", period=period, subject=subject, state=ItemState.PLANNED,
        version=1, starts_at=starts_at, ends_at=ends_at,
        limit_at=ends_at + timedelta(minutes=ctx.parameters.overrun_minutes), opener=opener, chair=chair,
        recorder=recorder, place=place,
    )
    meetings.insert_meeting(ctx.unit, meeting, people)
    for userid in people:
        if userid == opener:
            meetings.change_seat(ctx.unit, meeting.number, userid, answer=rules.YES)
        elif invite_at is None or invite_at <= ctx.now:
            send_invitation(ctx, meeting, userid, len(people))
    if invite_at is not None and invite_at > ctx.now:
        ctx.remind("meeting.invite", meeting.number, 1, invite_at)
    set_timers(ctx, meeting)
    if meeting.rhythm:
        ctx.remind("meeting.next", meeting.number, 1, ends_at)
    ctx.audit(
        "meeting.opened", meeting.number, digest=digest, kind=kind, series=meeting.series, period=period, chair=chair,
        recorder=recorder, people=len(people), starts_at=starts_at.isoformat(), ends_at=ends_at.isoformat(),
    )
    return meeting


def with_people_here(ctx: Ctx, meeting: Meeting) -> Meeting:
    """
    Return a meeting whose chair and recorder still work here: minutes are never owed by somebody who has left.

    A chair who left is replaced by their superior (else the recorder), a recorder who left by the chair.
    """
    chair, recorder = meeting.chair, meeting.recorder
    if ctx.org.person(chair) is None:
        superior = ctx.org.superior_of(chair)
        chair = superior.userid if superior is not None else recorder
    if ctx.org.person(recorder) is None:
        recorder = chair
    return replace(meeting, chair=chair, recorder=recorder)


AGENDA, MINUTES = "议题", "纪要"  # names of fields in a meeting's revisions


def forget_timers(ctx: Ctx, number: str) -> None:
    """Take back what reminds of a meeting, starts it and ends it by itself; its series goes on."""
    for kind in ("meeting.reminder", "meeting.start", "meeting.ask", "meeting.limit"):
        ctx.forget_reminders(number, kind)


def set_timers(ctx: Ctx, meeting: Meeting) -> None:
    """Set what reminds of a planned meeting, starts it and ends it by itself; older ones are taken back."""
    forget_timers(ctx, meeting.number)
    if meeting.state is ItemState.PLANNED:
        remind_at = meeting.starts_at - rules.REMINDED_BEFORE
        if remind_at > ctx.now:
            ctx.remind("meeting.reminder", meeting.number, meeting.version, remind_at)
        if meeting.starts_at > ctx.now:
            ctx.remind("meeting.start", meeting.number, meeting.version, meeting.starts_at)
    else:
        ctx.remind("meeting.ask", meeting.number, meeting.version, meeting.limit_at - rules.ASKED_BEFORE)
    ctx.remind("meeting.limit", meeting.number, meeting.version, meeting.limit_at)


def store(ctx: Ctx, meeting: Meeting, act: str, *, responsible: str = "", **facts: object) -> None:
    """Keep a meeting after one act, its row in the register with it, and the event."""
    meetings.save_meeting(ctx.unit, meeting)
    if responsible:
        ctx.hand_to(meeting.number, responsible, state=meeting.state)
    else:
        items.change_item(ctx.unit, meeting.number, ctx.now, state=meeting.state)
    ctx.audit(act, meeting.number, version=meeting.version, **facts)


def begun(ctx: Ctx, meeting: Meeting) -> None:
    """Do what follows from a beginning: whoever began it is there, the others get the card to sign in."""
    by = ctx.person.userid
    seats = meetings.seats_of(ctx.unit, meeting.number)
    if any(seat.userid == by for seat in seats):
        meetings.change_seat(ctx.unit, meeting.number, by, here_at=ctx.now)
    store(ctx, meeting, "meeting.begun")
    set_timers(ctx, meeting)
    settle(ctx, meeting, texts.begun_outcome(ctx.person.name, ctx.now), KEEP, state=CardState.SETTLED)
    for seat in seats:
        if seat.userid != by and seat.answer != rules.NO:
            send_sign_in(ctx, meeting, seat.userid)
    if meeting.series:
        open_with_promises(ctx, meeting, [seat.userid for seat in seats if seat.answer != rules.NO])


def ended(ctx: Ctx, meeting: Meeting, seats: Sequence[Seat], *, by_itself: bool = False) -> str:
    """
    Do what follows from an end: minutes are owed from now on (3.2d).

    Returns:
        What whoever ended it is answered.
    """
    meeting, passed_on = minutes_duty.due_from(ctx, meeting, seats)
    assert meeting.ended_at is not None
    assert meeting.due_at is not None
    there = [seat.userid for seat in seats if seat.here]
    store(
        ctx, meeting, "meeting.ended", responsible=meeting.owes,
        ended_at=meeting.ended_at.isoformat(), by=meeting.ended_by,
        owes=meeting.owes, due_at=meeting.due_at.isoformat(), here=there, people=len(seats),
    )
    for kind in ("meeting.reminder", "meeting.ask", "meeting.limit"):
        ctx.forget_reminders(meeting.number, kind)
    name = minutes_texts.THE_SYSTEM if by_itself else ctx.name(meeting.ended_by)
    outcome = texts.ended_outcome(name, meeting.ended_at)
    settle(ctx, meeting, outcome, KEEP, INVITE, state=CardState.SETTLED)
    if by_itself:
        for userid in dict.fromkeys((meeting.chair, meeting.owes)):
            ctx.post.text(
                userid, texts.ended_by_itself(meeting.number, meeting.subject, meeting.ended_at),
                key=f"ended:{meeting.number}:{userid}", number=meeting.number, leave_at=ctx.now,
            )
    if passed_on is not None:
        minutes_duty.keep(ctx, meeting, passed_on)
    tell = by_itself or meeting.owes != meeting.ended_by
    return owe_minutes(ctx, meeting, tell=tell, passed_on=passed_on)


def owe_minutes(ctx: Ctx, meeting: Meeting, *, tell: bool, passed_on: Replacement | None = None) -> str:
    """
    Let the minutes wait for who owes them and set their timers: 60 and 105 minutes, and the end of the two hours.

    What was pending for an end that is corrected now is taken back.

    Args:
        tell: send the words to who owes them; else the caller answers with them.
        passed_on: why somebody else than the one named owes them; said first.

    Returns:
        The words for who owes them. Source: 3.2d.
    """
    assert meeting.ended_at is not None
    assert meeting.due_at is not None
    number = meeting.number
    for kind in ("minutes.reminder", "minutes.overdue", "minutes.climb"):
        ctx.forget_reminders(number, kind)
    items.close_open_work(ctx.unit, number, "minutes")
    items.add_open_work(
        ctx.unit, meeting.owes, number, "minutes", meeting.subject, ctx.now, due_at=meeting.due_at, urgent=True
    )
    for at, after in enumerate(rules.MINUTES_REMINDERS):
        if meeting.ended_at + after > ctx.now:
            ctx.remind("minutes.reminder", number, meeting.version * 10 + at, meeting.ended_at + after)
    ctx.remind("minutes.overdue", number, meeting.version, meeting.due_at)
    words = minutes_texts.owed(
        number, meeting.subject, meeting.ended_at, meeting.due_at,
        "" if meeting.owes == ctx.actor_id else ctx.name(meeting.owes), ctx.frank.minutes_url(number),
    )
    if tell:
        mine = minutes_texts.owed(
            number, meeting.subject, meeting.ended_at, meeting.due_at, "", ctx.frank.minutes_url(number)
        )
        ctx.post.text(
            meeting.owes, minutes_duty.because(ctx, passed_on, meeting.owes) + mine,
            key=f"owed:{number}:{meeting.version}", number=number, leave_at=ctx.now,
        )
    return minutes_duty.because(ctx, passed_on, ctx.actor_id) + words


def lapsed(ctx: Ctx, meeting: Meeting) -> None:
    """Keep that nobody began a meeting, and tell its keepers."""
    store(ctx, meeting, "meeting.lapsed", starts_at=meeting.starts_at.isoformat())
    settle(ctx, meeting, texts.lapsed_outcome(meeting.starts_at), INVITE, KEEP, HERE, state=CardState.VOID)
    for userid in meeting.keepers:
        ctx.post.text(
            userid, texts.lapsed(meeting.number, meeting.subject, meeting.starts_at),
            key=f"lapsed:{meeting.number}:{userid}", number=meeting.number,
        )


def revise(ctx: Ctx, item: Item, changes: dict[str, object], typed: str, reason: str = "") -> tuple[int, str]:
    """Add a revision to a meeting's item; return it and its digest (P.3). The caller audits."""
    old = items.load_revision(ctx.unit, item.number, item.revision)
    assert old is not None
    digest = items.add_revision(
        ctx.unit, item.number, item.revision + 1, ctx.actor_id, {**old.fields, **changes}, typed, ctx.new_token(),
        reason, ctx.now,
    )
    items.change_item(ctx.unit, item.number, ctx.now, revision=item.revision + 1)
    return item.revision + 1, digest


def agenda_of(ctx: Ctx, item: Item) -> list[str]:
    """Return the agenda items of a meeting."""
    revision = items.load_revision(ctx.unit, item.number, item.revision)
    listed = revision.fields.get(AGENDA, []) if revision is not None else []
    return [str(each) for each in listed]


def refusal(ctx: Ctx, meeting: Meeting, refused: Refusal) -> str:
    """
    Return the sentence for a refusal of policy.meetings.

    Raises:
        KeyError: a code without words; a test walks all codes.
    """
    number, data = meeting.number, refused.data
    at = data.get("at")
    moment = at if isinstance(at, datetime) else ctx.now
    who = data.get("who")
    names = [ctx.name(str(each)) for each in who] if isinstance(who, tuple) else []
    first = data.get("first")
    by = str(data.get("by", ""))
    state = ItemState(str(data.get("state", ItemState.PLANNED.value)))
    words = {
        "meeting.running": lambda: texts.running(number, moment),
        "meeting.not_begun": lambda: texts.not_begun(number),
        "meeting.still_running": lambda: texts.still_running(number),
        "meeting.over": lambda: texts.over(number, state),
        "meeting.ended": lambda: texts.ended_already(
            number, minutes_texts.THE_SYSTEM if by == rules.SYSTEM else ctx.name(by), moment
        ),
        "meeting.not_keeper": lambda: texts.not_keeper(number, names),
        "meeting.early": lambda: texts.early(number, moment),
        "meeting.corrected": lambda: texts.end_corrected_already(
            number, first if isinstance(first, datetime) else ctx.now, moment
        ),
        "meeting.end_ahead": lambda: texts.end_ahead(number),
        "meeting.end_before_begin": lambda: texts.end_before_begin(number, moment),
        "meeting.end_same": lambda: texts.end_same(number, moment),
        "meeting.past": lambda: texts.past(moment, f"{texts.WORD_CHANGE_TIME} {number} {texts.FIELD_TIME}="),
        "minutes.not_there": lambda: minutes_texts.not_there(number, names),
    }
    return words[refused.code]()
