"""会议: arranging, inviting, agenda, beginning, signing in, ending, changing, calling off (4.2a, 8b)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from handlers import meeting_keepers
from handlers.choosing import ask_which
from handlers.context import Ctx
from handlers.language.command import CommandLine
from handlers.language.dates import DateProblem, read_moment
from handlers.meeting_cards import (
    HERE,
    INVITE,
    KEEP,
    Begin,
    Decline,
    End,
    Extend,
    Join,
    SignIn,
    face,
    send_invitation,
    send_sign_in,
    settle,
)
from handlers.meeting_reading import Ambiguous, Order, read_length, read_one, read_order, read_people, read_start
from handlers.meeting_room import (
    AGENDA,
    AGENDA_COUNT,
    agenda_of,
    begun,
    ended,
    forget_timers,
    open_meeting,
    owe_minutes,
    refusal,
    revise,
    set_timers,
    store,
    with_people_here,
)
from handlers.previews import show_first
from handlers.registry import Answer, Say, Show, Topic
from handlers.seen import number_in, unknown, visible_item, words_after_number
from notifications.texts import meetings as texts
from notifications.texts.general import GROUP_MEETING
from policy import meetings as rules
from policy.decisions import Refusal
from policy.meeting_keepers import applied
from policy.meetings import Meeting, Seat
from policy.terms import CardState, ItemState, Noun
from storage.queries import items, meetings

topic = Topic("meetings")

MINE_MOST = 8
PREVIEW = "meeting"


@topic.command(
    "会议", "开会", "安排会议", group=GROUP_MEETING, usage=texts.USAGE_MEETING, examples=texts.EXAMPLES_MEETING,
    controls=("4.2a", "4.2b", "8b"),
)
def arrange(line: CommandLine, ctx: Ctx) -> Answer:
    """Arrange a meeting or a series; alone: list one's meetings."""
    if not line.body.strip():
        return Say(_mine(ctx))
    order = read_order(line, ctx)
    if isinstance(order, str):
        return Say(order)
    if isinstance(order, Ambiguous):
        return ask_which(ctx, line, order.userids)
    if len(order.people) > ctx.parameters.small_group:
        words = texts.preview(order.subject, texts.when(order.starts_at, order.ends_at), len(order.people))
        return show_first(ctx, PREVIEW, line.text, line.text, words)
    return arrange_order(ctx, order, line.text)


@topic.preview(PREVIEW)
def arrange_previewed(kept: Any, ctx: Ctx) -> Answer:
    """Arrange a meeting of many that was shown first; what was typed is read again, so that a past time is refused."""
    line = ctx.registry.read(str(kept))
    assert isinstance(line, CommandLine)
    order = read_order(line, ctx)
    if isinstance(order, str):
        return Say(order)
    if isinstance(order, Ambiguous):
        return ask_which(ctx, line, order.userids)
    return arrange_order(ctx, order, line.text)


def arrange_order(ctx: Ctx, order: Order, typed: str) -> Answer:
    """Open the meeting of an order and answer with everything as understood."""
    meeting = open_meeting(
        ctx, subject=order.subject, starts_at=order.starts_at, ends_at=order.ends_at, people=order.people,
        chair=order.chair, recorder=order.recorder, opener=ctx.person.userid, place=order.place, original=typed,
        rhythm=order.rhythm,
    )
    notes = []
    if order.rhythm is not None:
        following = order.rhythm.next_after(order.starts_at, ctx.calendar)
        notes.append(texts.note_series(order.time_typed, following))
    day = ctx.calendar.local(order.starts_at).date()
    if not ctx.calendar.is_working_day(day):
        notes.append(texts.note_rest_day(day))
    remind_at = order.starts_at - rules.REMINDED_BEFORE
    return Say(
        texts.arranged(
            meeting.number, meeting.subject, texts.when(meeting.starts_at, meeting.ends_at), meeting.place,
            ctx.name(meeting.chair), ctx.name(meeting.recorder), [ctx.name(userid) for userid in order.people],
            remind_at if remind_at > ctx.now else None, notes,
        )
    )


# --- invitations ----------------------------------------------------------------------------------------------------


@topic.command("邀请", "加人", group=GROUP_MEETING, usage=texts.USAGE_INVITE, examples=texts.EXAMPLES_INVITE)
def invite(line: CommandLine, ctx: Ctx) -> Answer:
    """Invite more people to a meeting that is not over."""
    got = _locked(line, ctx)
    if not isinstance(got, Meeting):
        return got
    if got.state not in (ItemState.PLANNED, ItemState.RUNNING):
        return Say(refusal(ctx, got, Refusal("meeting.over", "", {"state": got.state.value})))
    if ctx.person.userid not in got.keepers:
        return Say(refusal(ctx, got, Refusal("meeting.not_keeper", "4.2a", {"who": got.keepers})))
    people = read_people(words_after_number(line), ctx)
    if isinstance(people, Ambiguous):
        return ask_which(ctx, line, people.userids)
    if isinstance(people, str):
        return Say(people)
    seated = {seat.userid for seat in meetings.seats_of(ctx.unit, got.number)}
    fresh = [userid for userid in people if userid not in seated]
    if not fresh:
        return Say(texts.invited_already(got.number, [ctx.name(userid) for userid in people]))
    if len(seated) + len(fresh) > ctx.parameters.meeting_most:
        return Say(texts.too_many(len(seated) + len(fresh), ctx.parameters.meeting_most))
    for userid in fresh:
        meetings.add_seat(ctx.unit, got.number, userid)
        if got.state is ItemState.RUNNING:
            send_sign_in(ctx, got, userid)
        else:
            send_invitation(ctx, got, userid, len(seated) + len(fresh))
    ctx.audit("meeting.invited", got.number, people=fresh)
    return Say(texts.invited_more(got.number, [ctx.name(userid) for userid in fresh]))


@topic.command("参加", group=GROUP_MEETING, usage=texts.USAGE_ANSWER_YES)
def join(line: CommandLine, ctx: Ctx) -> Answer:
    """Say that one comes."""
    return _said(line, ctx, yes=True)


@topic.command("不能参加", "不参加", group=GROUP_MEETING, usage=texts.USAGE_ANSWER_NO)
def decline(line: CommandLine, ctx: Ctx) -> Answer:
    """Say that one does not come, perhaps why."""
    return _said(line, ctx, yes=False)


@topic.tap(Join, controls=("4.2a",))
def tap_join(tap: Join, ctx: Ctx) -> Answer:
    """Say by card that one comes."""
    return _tapped_answer(tap.number, ctx, yes=True)


@topic.tap(Decline, controls=("4.2a",))
def tap_decline(tap: Decline, ctx: Ctx) -> Answer:
    """Say by card that one does not come."""
    return _tapped_answer(tap.number, ctx, yes=False)


def _said(line: CommandLine, ctx: Ctx, *, yes: bool) -> Answer:
    got = _locked(line, ctx)
    if not isinstance(got, Meeting):
        return got
    reason = words_after_number(line)
    if len(reason) > texts.REASON_MOST:
        return Say(texts.too_long(texts.REASON, texts.REASON_MOST))
    problem = _answer_invitation(ctx, got, yes=yes, reason=reason)
    if problem is not None:
        return Say(problem)
    _settle_invitation(ctx, got, yes=yes)
    return Say(texts.answer_said(got.number, got.subject, yes))


def _tapped_answer(number: str, ctx: Ctx, *, yes: bool) -> Answer:
    meeting = meetings.lock_meeting(ctx.unit, number)
    assert meeting is not None
    problem = _answer_invitation(ctx, meeting, yes=yes, reason="")
    if problem is not None:
        return Say(problem)
    _settle_invitation(ctx, meeting, yes=yes)
    words, hint = texts.answered(yes, ctx.now), texts.change_answer(number, yes)
    return Show(face(ctx, meeting, ctx.task_id, words, INVITE, hint=hint, good=yes))


def _settle_invitation(ctx: Ctx, meeting: Meeting, *, yes: bool) -> None:
    settle(
        ctx, meeting, texts.answered(yes, ctx.now), INVITE, only=ctx.person.userid, state=CardState.SETTLED,
        hint=texts.change_answer(meeting.number, yes), good=yes,
    )


def _answer_invitation(ctx: Ctx, meeting: Meeting, *, yes: bool, reason: str) -> str | None:
    """Keep the answer; return the sentence that says why not."""
    person = ctx.person.userid
    seat = _seat(ctx, meeting, person)
    if seat is None:
        return texts.not_invited(meeting.number)
    if meeting.state not in (ItemState.PLANNED, ItemState.RUNNING):
        return refusal(ctx, meeting, _gone(meeting))
    answer = rules.YES if yes else rules.NO
    meetings.change_seat(ctx.unit, meeting.number, person, answer=answer)
    if reason:
        items.add_note(
            ctx.unit, meeting.number, person, reason, reason, ctx.new_token(), ctx.now
        )
    ctx.audit("meeting.answered", meeting.number, answer=answer)
    if not yes and seat.answer != rules.NO and person != meeting.chair:
        ctx.post.text(
            meeting.chair, texts.declined(meeting.number, meeting.subject, ctx.person.name, reason),
            key=f"declined:{meeting.number}:{person}:{ctx.event_key}", number=meeting.number,
        )
    return None


# --- agenda ---------------------------------------------------------------------------------------------------------


@topic.command("议题", "加议题", group=GROUP_MEETING, usage=texts.USAGE_AGENDA, examples=texts.EXAMPLES_AGENDA)
def agenda(line: CommandLine, ctx: Ctx) -> Answer:
    """Put something on a meeting's agenda: a new revision of its item."""
    got = _locked(line, ctx)
    if not isinstance(got, Meeting):
        return got
    if got.state not in (ItemState.PLANNED, ItemState.RUNNING):
        return Say(refusal(ctx, got, _gone(got)))
    if _seat(ctx, got, ctx.person.userid) is None and ctx.person.userid not in got.keepers:
        return Say(texts.not_invited(got.number))
    words = words_after_number(line)
    if not words:
        return Say(texts.agenda_usage(got.number))
    if len(words) > texts.AGENDA_MOST:
        return Say(texts.too_long(texts.AGENDA, texts.AGENDA_MOST))
    item = items.load_item(ctx.unit, got.number)
    assert item is not None
    listed = agenda_of(ctx, item)
    if len(listed) >= AGENDA_COUNT:
        return Say(texts.agenda_too_many(got.number, AGENDA_COUNT))
    revision, digest = revise(ctx, item, {AGENDA: [*listed, words]}, line.text)
    ctx.audit("meeting.agenda", got.number, revision=revision, digest=digest, count=len(listed) + 1)
    return Say(texts.agenda_added(got.number, len(listed) + 1, words))


# --- beginning, signing in, ending ----------------------------------------------------------------------------------


@topic.command(
    "会议开始", "开始会议", group=GROUP_MEETING, usage=texts.USAGE_BEGIN, examples=texts.EXAMPLES_BEGIN,
    controls=("4.2a", "4.2b", "8b"),
)
def begin(line: CommandLine, ctx: Ctx) -> Answer:
    """Begin a meeting: everyone invited gets the card to sign in."""
    got = _locked(line, ctx)
    return _begin(ctx, got) if isinstance(got, Meeting) else got


@topic.tap(Begin, controls=("4.2a", "4.2b", "8b"))
def tap_begin(tap: Begin, ctx: Ctx) -> Answer:
    """Begin a meeting by card."""
    meeting = _of_card(ctx, tap.number)
    return _shown(ctx, meeting, _begin(ctx, meeting), lambda now: texts.begun_outcome(ctx.person.name, ctx.now))


def _begin(ctx: Ctx, meeting: Meeting) -> Answer:
    kept = meetings.load_meeting(ctx.unit, meeting.number)
    assert kept is not None
    changes = meeting_keepers.needed(ctx, kept, ctx.now, present=ctx.person.userid)
    wanted = with_people_here(ctx, applied(kept, changes))
    after = rules.begin(wanted, ctx.person.userid, ctx.now)
    if isinstance(after, Refusal):
        return Say(refusal(ctx, wanted, after))
    meeting_keepers.carry_out(ctx, kept, changes, ahead=False)
    begun(ctx, after)
    seats = meetings.seats_of(ctx.unit, meeting.number)
    asked = sum(seat.answer != rules.NO and not seat.here for seat in seats)
    return Say(texts.began(meeting.number, meeting.subject, ctx.now, asked))


@topic.command("签到", group=GROUP_MEETING, usage=texts.USAGE_HERE, controls=("4.2a",))
def sign_in(line: CommandLine, ctx: Ctx) -> Answer:
    """Sign in to a meeting."""
    got = _locked(line, ctx)
    return _sign_in(ctx, got) if isinstance(got, Meeting) else got


@topic.tap(SignIn, controls=("4.2a",))
def tap_sign_in(tap: SignIn, ctx: Ctx) -> Answer:
    """Sign in by card."""
    meeting = _of_card(ctx, tap.number)
    answer = _sign_in(ctx, meeting)
    seat = _seat(ctx, meeting, ctx.person.userid)
    if seat is None or seat.here_at is None:
        return answer
    return Show(face(ctx, meeting, ctx.task_id, texts.here_outcome(seat.here_at), HERE, good=True))


def _sign_in(ctx: Ctx, meeting: Meeting) -> Answer:
    seat = _seat(ctx, meeting, ctx.person.userid)
    if seat is None:
        return Say(texts.not_invited(meeting.number))
    if seat.here_at is not None:
        return Say(texts.here_already(meeting.number, seat.here_at))
    if meeting.state is ItemState.PLANNED:
        return Say(texts.here_too_early(meeting.number))
    if meeting.state is ItemState.DONE:
        return Say(texts.here_too_late(meeting.number))
    if meeting.state not in (ItemState.RUNNING, ItemState.ENDED):
        return Say(refusal(ctx, meeting, _gone(meeting)))
    meetings.change_seat(ctx.unit, meeting.number, ctx.person.userid, here_at=ctx.now)
    settle(ctx, meeting, texts.here_outcome(ctx.now), HERE, only=ctx.person.userid, state=CardState.SETTLED, good=True)
    ctx.audit("meeting.attended", meeting.number, after_end=meeting.state is ItemState.ENDED)
    return Say(texts.here_said(meeting.number, ctx.now))


@topic.command(
    "会议结束", "结束会议", "散会", group=GROUP_MEETING, usage=texts.USAGE_END, examples=texts.EXAMPLES_END,
    controls=("3.2d", "4.2a"),
)
def end(line: CommandLine, ctx: Ctx) -> Answer:
    """End a meeting, from when its minutes are due; with a time after the end: correct it, once (3.2d)."""
    got = _locked(line, ctx)
    if not isinstance(got, Meeting):
        return got
    typed = words_after_number(line)
    if typed and got.state is not ItemState.RUNNING:
        return _correct_end(ctx, got, typed)
    return _end(ctx, got)


@topic.tap(End, controls=("3.2d", "4.2a"))
def tap_end(tap: End, ctx: Ctx) -> Answer:
    """End a meeting by card."""
    meeting = _of_card(ctx, tap.number)
    return _shown(
        ctx, meeting, _end(ctx, meeting),
        lambda now: texts.ended_outcome(ctx.name(now.ended_by), now.ended_at or ctx.now),
    )


@topic.tap(Extend, controls=("3.2d",))
def tap_extend(tap: Extend, ctx: Ctx) -> Answer:
    """Let a meeting go on for another half hour; the card asked about one end and answers once."""
    meeting = _of_card(ctx, tap.number)
    if meeting.state is ItemState.RUNNING and meeting.version != tap.version:
        return Show(face(ctx, meeting, ctx.task_id, texts.extended_outcome(ctx.person.name, meeting.limit_at), KEEP))
    after = rules.extend(meeting, ctx.person.userid, ctx.parameters)
    if isinstance(after, Refusal):
        return Say(refusal(ctx, meeting, after))
    store(ctx, after, "meeting.extended", limit_at=after.limit_at.isoformat())
    set_timers(ctx, after)
    outcome = texts.extended_outcome(ctx.person.name, after.limit_at)
    settle(ctx, after, outcome, KEEP, state=CardState.SETTLED)
    return Show(face(ctx, after, ctx.task_id, outcome, KEEP))


def _end(ctx: Ctx, meeting: Meeting) -> Answer:
    seats = meetings.seats_of(ctx.unit, meeting.number)
    after = rules.end(meeting, seats, ctx.person.userid, ctx.now, ctx.parameters)
    if isinstance(after, Refusal):
        return Say(refusal(ctx, meeting, after))
    return Say(ended(ctx, after, seats))


def _correct_end(ctx: Ctx, meeting: Meeting, typed: str) -> Answer:
    read = read_moment(typed, ctx.now, ctx.calendar, nearest=True)
    if isinstance(read, DateProblem) or read.time is None:
        return Say(texts.correct_end_usage(meeting.number))
    at = read.instant(ctx.calendar)
    after = rules.correct_end(meeting, ctx.person.userid, at, ctx.now, ctx.parameters)
    if isinstance(after, Refusal):
        return Say(refusal(ctx, meeting, after))
    assert after.due_at is not None
    assert after.first_ended_at is not None
    store(
        ctx, after, "meeting.end_corrected", first=after.first_ended_at.isoformat(), ended_at=at.isoformat(),
        due_at=after.due_at.isoformat(), late_seconds=after.late_seconds,
    )
    if after.waits_for_minutes:
        owe_minutes(ctx, after, tell=after.owes != ctx.person.userid)
    return Say(texts.end_corrected(after.number, after.first_ended_at, at, after.due_at))


# --- changing and calling off ---------------------------------------------------------------------------------------


@topic.command("改会议", "改时间", group=GROUP_MEETING, usage=texts.USAGE_CHANGE, examples=texts.EXAMPLES_CHANGE)
def change(line: CommandLine, ctx: Ctx) -> Answer:
    """Change time, length, chair, recorder or place; everyone invited is told, and asked again when time changes."""
    got = _locked(line, ctx)
    if not isinstance(got, Meeting):
        return got
    line = line.with_colons(texts.FIELDS)
    pairs = dict(line.pairs)
    free = words_after_number(line) if not pairs else ""
    if free:
        pairs[texts.FIELD_TIME] = free
    allowed = {
        texts.FIELD_TIME, texts.FIELD_LENGTH, texts.FIELD_CHAIR, texts.FIELD_RECORDER, texts.FIELD_PLACE,
    }
    wrong = next((name for name in pairs if name not in allowed), None)
    if wrong is not None:
        return Say(texts.unknown_field(wrong))
    if not pairs:
        return Say(texts.change_usage(got.number))
    starts_at = None
    if texts.FIELD_TIME in pairs:
        example = f"{texts.WORD_CHANGE_TIME} {got.number} {pairs[texts.FIELD_TIME]}"
        when = read_start(pairs[texts.FIELD_TIME], ctx, example)
        if isinstance(when, str):
            return Say(when)
        starts_at = when[0]
    length: timedelta | None = None
    if texts.FIELD_LENGTH in pairs:
        read = read_length(pairs[texts.FIELD_LENGTH])
        if isinstance(read, str):
            return Say(read)
        length = read
    place = pairs.get(texts.FIELD_PLACE, "")
    if len(place) > texts.PLACE_MOST:
        return Say(texts.too_long(texts.FIELD_PLACE, texts.PLACE_MOST))
    people: dict[str, str] = {}
    for name in (texts.FIELD_CHAIR, texts.FIELD_RECORDER):
        who = read_one(pairs.get(name, ""), name, ctx)
        if isinstance(who, Ambiguous):
            return ask_which(ctx, line, who.userids)
        if who and who not in ctx.org.people:
            return Say(who)
        people[name] = who
    after = rules.change(
        got, ctx.person.userid, now=ctx.now, starts_at=starts_at, length=length, chair=people[texts.FIELD_CHAIR],
        recorder=people[texts.FIELD_RECORDER], place=place, parameters=ctx.parameters,
    )
    if isinstance(after, Refusal):
        return Say(refusal(ctx, got, after))
    return _keep_change(ctx, got, after, line.text)


def _keep_change(ctx: Ctx, before: Meeting, after: Meeting, typed: str) -> Answer:
    changes: dict[str, object] = {}
    if (after.starts_at, after.ends_at) != (before.starts_at, before.ends_at):
        changes[texts.FIELD_TIME] = texts.when(after.starts_at, after.ends_at)
    if after.chair != before.chair:
        changes[texts.FIELD_CHAIR] = ctx.name(after.chair)
    if after.recorder != before.recorder:
        changes[texts.FIELD_RECORDER] = ctx.name(after.recorder)
    if after.place != before.place:
        changes[texts.FIELD_PLACE] = after.place
    if not changes:
        return Say(texts.change_usage(before.number))
    item = items.load_item(ctx.unit, after.number)
    assert item is not None
    revision, digest = revise(ctx, item, changes, typed)
    seats = meetings.seats_of(ctx.unit, after.number)
    known = {seat.userid for seat in seats}
    for userid in dict.fromkeys((after.chair, after.recorder)):
        if userid not in known:
            meetings.add_seat(ctx.unit, after.number, userid)
            seats.append(Seat(userid))
    store(
        ctx, after, "meeting.changed", responsible=after.chair, revision=revision, digest=digest,
        starts_at=after.starts_at.isoformat(), chair=after.chair, recorder=after.recorder,
    )
    rows = [texts.change_row(name, str(value)) for name, value in changes.items()]
    moved = texts.FIELD_TIME in changes
    if after.state is ItemState.PLANNED:
        set_timers(ctx, after)
    if moved:
        settle(ctx, after, texts.OUTCOME_MOVED, INVITE, KEEP, state=CardState.VOID)
    for seat in seats:
        if seat.userid == ctx.person.userid:
            continue
        if moved or seat.userid not in known:
            if moved and seat.answer:
                meetings.change_seat(ctx.unit, after.number, seat.userid, answer="")
            send_invitation(ctx, after, seat.userid, len(seats))
        ctx.post.text(
            seat.userid, texts.changed_told(after.number, after.subject, rows),
            key=f"changed:{after.number}:{after.version}:{seat.userid}", number=after.number,
        )
    if moved:
        ctx.audit("meeting.invited", after.number, people=[seat.userid for seat in seats])
    return Say(texts.changed(after.number, rows))


@topic.command("取消会议", group=GROUP_MEETING, usage=texts.USAGE_CANCEL, examples=texts.EXAMPLES_CANCEL)
def cancel(line: CommandLine, ctx: Ctx) -> Answer:
    """Call a meeting off, with its reason; everyone invited is told."""
    got = _locked(line, ctx)
    if not isinstance(got, Meeting):
        return got
    reason = words_after_number(line)
    whole = reason.endswith(texts.WHOLE_SERIES)
    reason = reason.removesuffix(texts.WHOLE_SERIES).strip("，,。 ")
    if not reason:
        return Say(texts.cancel_reason(got.number))
    if len(reason) > texts.REASON_MOST:
        return Say(texts.too_long(texts.REASON, texts.REASON_MOST))
    if whole and not got.rhythm:
        return Say(texts.no_series(got.number))
    after = rules.cancel(got, ctx.person.userid, whole_series=whole)
    if isinstance(after, Refusal):
        return Say(refusal(ctx, got, after))
    items.add_note(ctx.unit, got.number, ctx.person.userid, reason, line.text, ctx.new_token(), ctx.now)
    store(ctx, after, "meeting.cancelled", series=whole)
    forget_timers(ctx, got.number)
    if whole:
        ctx.forget_reminders(got.number, "meeting.next")
    settle(ctx, after, texts.OUTCOME_GONE, INVITE, KEEP, state=CardState.VOID)
    time_words = texts.when(got.starts_at, got.ends_at)
    for seat in meetings.seats_of(ctx.unit, got.number):
        if seat.userid != ctx.person.userid:
            ctx.post.text(
                seat.userid, texts.cancelled_told(got.number, got.subject, time_words, ctx.person.name, reason),
                key=f"cancelled:{got.number}:{seat.userid}", number=got.number,
            )
    return Say(texts.cancelled(got.number, whole))


# --- inside ---------------------------------------------------------------------------------------------------------


def locked_meeting(line: CommandLine, ctx: Ctx) -> Meeting | Answer:
    """Return the meeting that a command names, locked, or the answer that says why there is none."""
    return _locked(line, ctx)


def _locked(line: CommandLine, ctx: Ctx) -> Meeting | Answer:
    number = number_in(line)
    item = visible_item(ctx, number)
    if item is None:
        return unknown(line, number)
    if item.noun is not Noun.MEETING:
        return Say(texts.not_a_meeting(number))
    meeting = meetings.lock_meeting(ctx.unit, number)
    assert meeting is not None
    return with_people_here(ctx, meeting) if meeting.state in (ItemState.PLANNED, ItemState.RUNNING) else meeting


def _of_card(ctx: Ctx, number: str) -> Meeting:
    meeting = meetings.lock_meeting(ctx.unit, number)
    assert meeting is not None
    return with_people_here(ctx, meeting) if meeting.state in (ItemState.PLANNED, ItemState.RUNNING) else meeting


def _seat(ctx: Ctx, meeting: Meeting, userid: str) -> Seat | None:
    return next((seat for seat in meetings.seats_of(ctx.unit, meeting.number) if seat.userid == userid), None)


def _gone(meeting: Meeting) -> Refusal:
    if meeting.ended_at is not None:
        return Refusal("meeting.ended", "3.2d", {"by": meeting.ended_by, "at": meeting.ended_at})
    return Refusal("meeting.over", "", {"state": meeting.state.value})


def _shown(ctx: Ctx, before: Meeting, answer: Answer, outcome: Callable[[Meeting], str]) -> Answer:
    """Return the tapped card's new face if the tap did something, and send the words beside it; else the words."""
    after = meetings.load_meeting(ctx.unit, before.number)
    assert after is not None
    assert isinstance(answer, Say)
    if after.version == before.version and after.ended_at is None and after.began_at is None:
        return answer
    ctx.post.text(
        ctx.person.userid, answer.text, key=f"tapped:{ctx.event_key}", number=before.number, leave_at=ctx.now
    )
    return Show(face(ctx, after, ctx.task_id, outcome(after), KEEP))


def _mine(ctx: Ctx) -> str:
    listed = meetings.meetings_of(ctx.unit, ctx.person.userid, MINE_MOST)
    return texts.mine(
        [
            texts.mine_row(at, each.number, each.subject, texts.when(each.starts_at, each.ends_at), each.state)
            for at, each in enumerate(listed, 1)
        ]
    )
