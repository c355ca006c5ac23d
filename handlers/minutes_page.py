"""纪要 on a page: the same rules and the same act as in the chat, with decisions as rows of their own (3.2d, 4.2c)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from handlers.context import Ctx
from handlers.decisions import Read, decision_in
from handlers.language.normalize import tidy
from handlers.meeting_reading import Ambiguous
from handlers.meeting_room import MINUTES
from handlers.minutes import hand_in, may_write
from handlers.registry import Say
from notifications.texts import meetings as meeting_texts
from notifications.texts import minutes_page as texts
from notifications.texts import tasks as task_texts
from notifications.texts.minutes import MINUTES_MOST
from policy.meetings import Meeting
from storage.queries import conversations, items, meetings

DRAFT = "minutes_page"
DECISIONS = 3
_DRAFT_HOURS = 12


@dataclass(frozen=True)
class Decided:
    """A decision as typed into a row of the page; due as the date field gives it or in any words."""

    what: str = ""
    owner: str = ""
    due: str = ""


@dataclass(frozen=True)
class Written:
    """
    What somebody typed into the page.

    Attributes:
        revision: the item's revision that holds the minutes they saw, 0 = none.
    """

    text: str
    revision: int
    decisions: tuple[Decided, ...] = ()


@dataclass(frozen=True)
class Form:
    """
    The page as it is shown.

    Attributes:
        problem: why nothing was handed in, "" when nothing was.
        note: what to know before writing, "" for nothing.
        people: names offered for the decisions' owners.
        reader: name of who writes.
    """

    number: str
    subject: str
    facts: Sequence[tuple[str, str]]
    written: Written
    button: str
    people: Sequence[str]
    reader: str = ""
    note: str = ""
    problem: str = ""


@dataclass(frozen=True)
class NotTheirs:
    """Why somebody may not write these minutes, as the chat says it too."""

    words: str


def open_form(ctx: Ctx, number: str) -> Form | NotTheirs:
    """Return the page for somebody who may write the minutes, else why not; the look is kept (6.1d)."""
    meeting = may_write(ctx, number)
    if isinstance(meeting, Say):
        return NotTheirs(meeting.text)
    ctx.access("minutes", number)
    draft = conversations.recall(ctx.unit, ctx.person.userid, DRAFT, ctx.now)
    if draft is not None and draft["number"] == number:
        return _form(ctx, meeting, _from_draft(draft), note=texts.DRAFT)
    text, revision = _newest(ctx, meeting)
    return _form(ctx, meeting, Written(text, revision))


def hand_in_written(ctx: Ctx, number: str, written: Written) -> Form | NotTheirs | Say:
    """
    Hand in what was typed: all of it, decisions too, or nothing.

    Returns:
        The answer; or the page again with the problem and what was typed, and then nothing was changed.
    """
    meeting = may_write(ctx, number)
    if isinstance(meeting, Say):
        return NotTheirs(meeting.text)
    text = tidy(written.text)
    lines = [_line(each) for each in written.decisions if any((each.what, each.owner, each.due))]
    whole = "\n".join([text, *lines])
    problem = _problem(ctx, meeting, written, text, whole)
    if problem:
        return _form(ctx, meeting, written, problem=problem)
    newest, revision = _newest(ctx, meeting)
    if revision != written.revision and newest != whole:
        # Sent once more, knowing it, it becomes a revision of the other's.
        return _form(ctx, meeting, replace(written, revision=revision), problem=_newer(ctx, meeting))
    answer = hand_in(ctx, meeting, whole, whole)
    assert isinstance(answer, Say)
    conversations.end(ctx.unit, ctx.person.userid, DRAFT)
    return answer


def keep_draft(ctx: Ctx, number: str, written: Written) -> None:
    """Keep what somebody typed and could not hand in; the page opens with it for half a day."""
    decisions = [[each.what, each.owner, each.due] for each in written.decisions]
    draft = {"number": number, "text": written.text, "revision": written.revision, "decisions": decisions}
    conversations.remember(ctx.unit, ctx.person.userid, DRAFT, draft, ctx.later(hours=_DRAFT_HOURS))


def _from_draft(draft: dict[str, Any]) -> Written:
    return Written(draft["text"], draft["revision"], tuple(Decided(*each) for each in draft["decisions"]))


def _newest(ctx: Ctx, meeting: Meeting) -> tuple[str, int]:
    revision = meeting.minutes_revision
    kept = items.load_revision(ctx.unit, meeting.number, revision) if revision else None
    return (str(kept.fields.get(MINUTES, "")) if kept is not None else "", revision)


def _problem(ctx: Ctx, meeting: Meeting, written: Written, text: str, whole: str) -> str:
    """Return what is wrong with what was typed, "" when all is well."""
    if not text:
        return texts.EMPTY
    if len(whole) > MINUTES_MOST:
        return texts.too_long(len(whole))
    for row, decided in enumerate(written.decisions, start=1):
        said = _decision_problem(ctx, meeting, decided) if any((decided.what, decided.owner, decided.due)) else ""
        if said:
            return texts.decision(row, said)
    return ""


def _newer(ctx: Ctx, meeting: Meeting) -> str:
    kept = items.load_revision(ctx.unit, meeting.number, meeting.minutes_revision)
    assert kept is not None
    return texts.newer(ctx.name(kept.author), kept.revision)


def _decision_problem(ctx: Ctx, meeting: Meeting, decided: Decided) -> str:
    typed = ((texts.WHAT, decided.what), (texts.OWNER, decided.owner), (texts.UNTIL, decided.due))
    missing = [name for name, value in typed if not _one_line(value)]
    if missing:
        return texts.decision_lacks("、".join(missing))
    read = decision_in(ctx, meeting.number, _line(decided))
    if isinstance(read, Ambiguous):
        return texts.decision_choose(ctx.name(read.userids[0]))
    if isinstance(read, str):
        # In the chat the sentence ends with the command to send; here the row is mended in place.
        said, cut, _ = read.partition(f"：{task_texts.WORD_DECISION} {meeting.number}")
        return f"{said}。" if cut else said
    what = _one_line(decided.what)
    return "" if isinstance(read, Read) and read.what == what else texts.decision_unclear(what)


def _line(decided: Decided) -> str:
    """Return a decision as a line of the minutes, as the chat takes it."""
    pairs = (
        f"{task_texts.WORD_DECISION}：{_one_line(decided.what)}",
        f"{task_texts.FIELD_OWNER}={_one_line(decided.owner)}", f"{task_texts.FIELD_DUE}={_one_line(decided.due)}",
    )
    return " ".join(pairs)


def _one_line(typed: str) -> str:
    return " ".join(tidy(typed).split())


def _form(ctx: Ctx, meeting: Meeting, written: Written, *, note: str = "", problem: str = "") -> Form:
    assert meeting.due_at is not None
    facts = [
        (texts.TIME, meeting_texts.when(meeting.starts_at, meeting.ends_at)),
        (texts.CHAIR, ctx.name(meeting.chair)), (texts.RECORDER, ctx.name(meeting.recorder)),
        (texts.OWES, ctx.name(meeting.owes)),
        (texts.DUE, texts.due(meeting.due_at, meeting.waits_for_minutes and ctx.now > meeting.due_at)),
    ]
    newest = items.load_revision(ctx.unit, meeting.number, meeting.minutes_revision)
    if newest is not None and not note:
        note = texts.given(newest.revision, newest.created_at)
    rows = (*written.decisions, *(Decided() for _ in range(DECISIONS - len(written.decisions))))
    return Form(
        meeting.number, meeting.subject, facts, replace(written, decisions=rows),
        texts.AGAIN if meeting.minutes_revision else texts.NEW,
        [ctx.name(seat.userid) for seat in meetings.seats_of(ctx.unit, meeting.number)], ctx.person.name,
        note, problem,
    )
