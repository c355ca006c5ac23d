"""决议: a decision has one owner and a date, becomes a task, and stays open until that is judged (4.2c, 4.2d)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handlers.choosing import ask_which
from handlers.context import Ctx
from handlers.language.command import CommandLine, NotACommand, read_command
from handlers.language.dates import DateProblem
from handlers.language.people import directory_of, find_people
from handlers.meeting_reading import Ambiguous, read_ahead, settle
from handlers.meeting_room import refusal
from handlers.promises import TaskOrder, open_task
from handlers.registry import Answer, Say, Topic
from handlers.seen import number_in, unknown, visible_item
from notifications.texts import meetings as meeting_texts
from notifications.texts import tasks as texts
from notifications.texts.general import GROUP_MEETING
from notifications.texts.moments import moment
from policy.absences import AbsenceKind
from policy.decisions import Refusal
from policy.meetings import Meeting
from policy.promises import Promise
from policy.terms import ItemState, Noun
from storage.queries import items, meetings
from storage.queries.items import Item

topic = Topic("decisions")

KIND, TASK_KIND = "decision", "decision_task"
_CLOSED = (ItemState.PLANNED, ItemState.CANCELLED, ItemState.LAPSED)


@dataclass(frozen=True)
class Read:
    """A decision as understood; `due_at` is aware UTC."""

    what: str
    owner: str
    due_at: datetime


@topic.command(
    texts.WORD_DECISION, "决定", group=GROUP_MEETING, usage=texts.USAGE_DECISION,
    examples=texts.EXAMPLES_DECISION, controls=("4.2c", "4.2d"),
)
def decide(line: CommandLine, ctx: Ctx) -> Answer:
    """Register a decision of a meeting and offer its task to its owner. Source: 4.2c, 4.2d."""
    number = number_in(line)
    item = visible_item(ctx, number)
    if item is None:
        return unknown(line, number)
    if item.noun is not Noun.MEETING:
        return Say(meeting_texts.not_a_meeting(number))
    meeting = meetings.lock_meeting(ctx.unit, number)
    assert meeting is not None
    if meeting.state in _CLOSED:
        code = "meeting.not_begun" if meeting.state is ItemState.PLANNED else "meeting.over"
        return Say(refusal(ctx, meeting, Refusal(code, "4.2c", {"state": meeting.state.value})))
    seats = {seat.userid for seat in meetings.seats_of(ctx.unit, number)}
    if ctx.person.userid not in seats and ctx.person.userid not in meeting.keepers:
        return Say(texts.decision_not_there(number, [ctx.name(each) for each in meeting.keepers]))
    read = read_decision(line, ctx, number)
    if isinstance(read, Ambiguous):
        return ask_which(ctx, line, read.userids)
    if isinstance(read, str):
        return Say(read)
    decision, promise = register(ctx, meeting, read, line.text)
    assert promise.accept_by is not None
    return Say(
        texts.decided(
            decision.number, read.what, ctx.name(read.owner), read.due_at, promise.number, promise.accept_by
        )
    )


def read_decision(line: CommandLine, ctx: Ctx, number: str) -> Read | Ambiguous | str:
    """Return a decision, a name to choose, or the sentence that says what is missing or wrong (4.2c)."""
    line = line.with_colons(texts.FIELDS)
    pairs = dict(line.pairs)
    what = pairs.get(texts.FIELD_WHAT, "") or " ".join(line.tokens[1:])
    owner, due = pairs.get(texts.FIELD_OWNER, ""), pairs.get(texts.FIELD_DUE, "")
    said = what or f"{texts.FIELD_WHAT}="
    example = f"{texts.WORD_DECISION} {number} {said} {texts.FIELD_OWNER}={owner} {texts.FIELD_DUE}={due}"
    if not owner:
        return texts.owner_missing(example)
    if not what:
        return texts.what_missing(example)
    if len(what) > texts.WHAT_MOST:
        return meeting_texts.too_long(texts.FIELD_WHAT, texts.WHAT_MOST)
    if not due:
        return texts.due_missing(example)
    moment = read_ahead(due, ctx)
    if isinstance(moment, DateProblem):
        return texts.due_unclear(due, example)
    due_at = moment.instant(ctx.calendar)
    if due_at <= ctx.now:
        return texts.due_past(due_at, example)
    whos = find_people(owner, directory_of(ctx.org))
    if len(whos) != 1:
        return texts.owner_many(owner)
    found = settle(whos[0], ctx)
    if isinstance(found, Ambiguous) or found not in ctx.org.people:
        return found
    away = _away(ctx, found, example)
    return away or Read(what, found, due_at)


def _away(ctx: Ctx, userid: str, example: str) -> str:
    """Say that somebody is on leave for longer than the time to accept, and who stands in; "" when they are not."""
    absence = ctx.org.absence_of(userid, ctx.now)
    if absence is None or absence.kind is not AbsenceKind.LEAVE:
        return ""
    if absence.ends_at <= ctx.later(hours=ctx.parameters.accept_hours):
        return ""
    deputy = absence.by or (ctx.org.people[userid].deputy or "")
    return texts.owner_absent(ctx.name(userid), moment(absence.ends_at), ctx.name(deputy) if deputy else "", example)


def register(ctx: Ctx, meeting: Meeting, read: Read, typed: str) -> tuple[Item, Promise]:
    """Put a decision and its task into the register (4.2c); the 24 hours begin (4.2d)."""
    decision, digest = ctx.file_item(
        Noun.DECISION, kind=KIND, title=read.what,
        fields={
            texts.FIELD_WHAT: read.what, texts.FIELD_OWNER: ctx.name(read.owner),
            texts.FIELD_DUE: texts.due_words(read.due_at),
        },
        original=typed, responsible=read.owner, state=ItemState.OPEN, parent=meeting.number,
    )
    ctx.audit(
        "decision.registered", decision.number, digest=digest, meeting=meeting.number, owner=read.owner,
        due_at=read.due_at.isoformat(),
    )
    _, promise = open_task(
        ctx,
        TaskOrder(
            kind=TASK_KIND, title=read.what, owner=read.owner, assigner=meeting.chair, due_at=read.due_at,
            parent=decision.number, source=texts.from_meeting(meeting.subject), decision=decision.number,
            meeting=meeting.number, series=meeting.series, fields={"what": read.what, "meeting": meeting.number},
        ),
    )
    return decision, promise


def decisions_in(ctx: Ctx, meeting: Meeting, text: str) -> list[str]:
    """
    Register the decisions that minutes hold, one a line: 决议：内容 责任人=… 截止=….

    Returns:
        A sentence for each: what became of it. A decision the meeting has already, in the same words, is left alone.
    """
    said: list[str] = []
    known = {
        child.title for child in items.children_of(ctx.unit, meeting.number) if child.noun is Noun.DECISION
    }
    for written in text.split("\n"):
        read = decision_in(ctx, meeting.number, written)
        if read is None:
            continue
        if isinstance(read, Ambiguous):
            said.append(meeting_texts.ambiguous_name(ctx.name(read.userids[0])))
        elif isinstance(read, str):
            said.append(read)
        elif read.what not in known:
            known.add(read.what)
            decision, promise = register(ctx, meeting, read, written)
            said.append(texts.decided_short(decision.number, read.what, ctx.name(read.owner), promise.number))
    return said


def decision_in(ctx: Ctx, number: str, written: str) -> Read | Ambiguous | str | None:
    """Return what one line of minutes decides (see `read_decision`), None when it is no decision."""
    vocabulary = {texts.WORD_DECISION: texts.WORD_DECISION}
    line = read_command(written.strip(), vocabulary)
    if isinstance(line, NotACommand) or ("=" not in line.body and "：" not in line.body):
        return None
    retyped = read_command(f"{texts.WORD_DECISION} {number} {line.body}", vocabulary)
    assert isinstance(retyped, CommandLine)
    return read_decision(retyped, ctx, number)
