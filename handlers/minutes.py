"""纪要: handed in by whoever was there, collected in pieces, revised, confirmed by those present (3.2d)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from handlers.actions import CardAction
from handlers.context import Ctx
from handlers.decisions import decisions_in
from handlers.help import may_use, refuse_grade
from handlers.language.command import CommandLine
from handlers.last_item import written_to
from handlers.meeting_room import MINUTES, refusal, revise
from handlers.meetings import locked_meeting
from handlers.page_link import page_of
from handlers.registry import Answer, Say, Show, Topic
from handlers.seen import number_in, unknown, visible_item, words_after_number
from handlers.todo import row
from notifications.cards import Button, ButtonInteraction, MainTitle, Pair, TemplateCard
from notifications.texts import meetings as meeting_texts
from notifications.texts import minutes as texts
from notifications.texts.approvals import unknown_number
from notifications.texts.general import GROUP_MEETING
from notifications.texts.moments import moment
from notifications.texts.words import shortened
from policy import meetings as rules
from policy.meetings import Meeting
from policy.terms import CardState, Noun
from storage.queries import conversations, items, meetings
from storage.queries.items import OpenWork

topic = Topic("minutes")

CARD = "minutes"
COLLECTING = "minutes"
_COLLECT_HOURS = 3
_PAGE_BYTES = 1700  # of the 2,048 a message may have; the rest is its head and foot
_DECISIONS_SAID = 6
# Never held back by a text that is being written.
_URGENT_WORDS = frozenset({"告警", "紧急", "收到", "处理", "解除", "帮助"})
_GREY, _GREEN = 0, 3


@dataclass(frozen=True)
class Confirm(CardAction, key="minutes.confirm.1"):
    """确认, of one revision of the minutes."""

    number: str
    revision: int


@dataclass(frozen=True)
class Object(CardAction, key="minutes.object.1"):
    """有异议."""

    number: str
    revision: int


@topic.command(
    "纪要", "会议纪要", "交纪要", group=GROUP_MEETING, usage=texts.USAGE_MINUTES,
    examples=texts.EXAMPLES_MINUTES, controls=("3.2d", "4.2a", "4.2b", "8b"),
)
def minutes(line: CommandLine, ctx: Ctx) -> Answer:
    """Hand in a meeting's minutes, or begin to collect them. Source: 3.2d."""
    number = number_in(line)
    got = unknown(line, number) if not number else may_write(ctx, number)
    if not isinstance(got, Meeting):
        return got
    text = words_after_number(line)
    if text:
        return hand_in(ctx, got, text, line.text)
    _collect(ctx, {"number": got.number, "parts": [], "asked": ""})
    _pictures_join(ctx, got.number)
    return Say(texts.collecting(got.number, got.subject))


def may_write(ctx: Ctx, number: str) -> Meeting | Say:
    """Return the meeting, locked, whose minutes the person may hand in, or the sentence that says why not (3.2d)."""
    item = visible_item(ctx, number)
    if item is None:
        # Whoever was not there, and may not even see the meeting, is told who may hand in its minutes.
        hidden = meetings.load_meeting(ctx.unit, number)
        if hidden is not None:
            return Say(texts.not_there(hidden.number, [ctx.name(userid) for userid in hidden.keepers]))
        return Say(unknown_number(number))
    if item.noun is not Noun.MEETING:
        return Say(meeting_texts.not_a_meeting(number))
    meeting = meetings.lock_meeting(ctx.unit, number)
    assert meeting is not None
    refused = rules.may_hand_in(meeting, meetings.seats_of(ctx.unit, number), ctx.person.userid)
    return meeting if refused is None else Say(refusal(ctx, meeting, refused))


@topic.command("查看纪要", "看纪要", group=GROUP_MEETING, usage=texts.USAGE_SHOW)
def show(line: CommandLine, ctx: Ctx) -> Answer:
    """Show the newest minutes, long ones in pages."""
    got = locked_meeting(line, ctx)
    if not isinstance(got, Meeting):
        return got
    revision = items.load_revision(ctx.unit, got.number, got.minutes_revision) if got.minutes_revision else None
    if revision is None:
        return Say(texts.none_yet(got.number))
    ctx.access("minutes", got.number)
    pages = pages_of(str(revision.fields.get(MINUTES, "")))
    asked = line.tokens[1] if len(line.tokens) > 1 else "1"
    page = int(asked) if asked.isdecimal() and 1 <= int(asked) <= len(pages) else 1
    words = texts.shown(got.number, got.subject, revision.revision, revision.created_at, pages[page - 1])
    return Say(words if len(pages) == 1 else f"{words}\n{texts.shown_page(got.number, page, len(pages))}")


def pages_of(text: str) -> list[str]:
    """Return a text in pieces that each fit into a message, cut between lines where a line fits."""
    pages = [""]
    for line in text.split("\n"):
        rest = line
        while True:
            room = _PAGE_BYTES - len(pages[-1].encode())
            if len(rest.encode()) < room:
                pages[-1] += f"{rest}\n"
                break
            if pages[-1]:
                pages.append("")
                continue
            piece = rest.encode()[: _PAGE_BYTES - 1].decode(errors="ignore")
            pages[-1], rest = piece, rest[len(piece) :]
            pages.append("")
    return [page.rstrip("\n") for page in pages if page.strip()] or [""]


def hand_in(ctx: Ctx, meeting: Meeting, text: str, typed: str) -> Answer:
    """
    Keep minutes as a revision of the meeting, register the decisions they hold, ask those present to confirm.

    Source: 3.2d; the first hand-in decides about lateness, to the second.
    """
    number = meeting.number
    if len(text) > texts.MINUTES_MOST:
        return Say(texts.too_long(number, texts.MINUTES_MOST))
    item = items.load_item(ctx.unit, number)
    assert item is not None
    if meeting.minutes_revision:
        newest = items.load_revision(ctx.unit, number, meeting.minutes_revision)
        if newest is not None and newest.fields.get(MINUTES) == text:
            return Say(texts.same(number))
    first = meeting.minutes_at is None
    revision, digest = revise(ctx, item, {MINUTES: text}, typed)
    after = rules.hand_in(meeting, revision, ctx.now)
    meetings.save_meeting(ctx.unit, after)
    items.change_item(ctx.unit, number, ctx.now, state=after.state)
    for kind in ("minutes.reminder", "minutes.climb", "minutes.overdue"):
        ctx.forget_reminders(number, kind)
    items.close_open_work(ctx.unit, number, "minutes")
    seats = meetings.seats_of(ctx.unit, number)
    asked = [userid for userid in rules.attendees(after, seats) if userid != ctx.person.userid]
    for seat in seats:
        if seat.verdict:
            meetings.change_seat(ctx.unit, number, seat.userid, verdict="")
    assert after.due_at is not None
    assert after.minutes_at is not None
    if first and after.late_seconds and meeting.overdue_at is None:
        # Handed in after the instant but before the timer fired: the lateness is evidence all the same.
        ctx.audit("minutes.overdue", number, owes=meeting.owes, due_at=after.due_at.isoformat())
    ctx.audit(
        "minutes.given" if first else "minutes.revised", number, revision=revision, digest=digest,
        due_at=after.due_at.isoformat(), late_seconds=after.late_seconds, owes=after.owes, asked=len(asked),
    )
    if first and after.kind == rules.FORUM:
        ctx.audit("meeting.forum_minutes", number, late_seconds=after.late_seconds)
    _ask_to_confirm(ctx, after, asked, text)
    _pictures_join(ctx, number)
    until = ctx.later(hours=ctx.parameters.confirm_hours)
    said = (
        texts.received(after.late_seconds, len(asked), until) if first
        else texts.revised(number, revision, len(asked), until)
    )
    told = decisions_in(ctx, after, text)
    more = [texts.more_decisions(len(told) - _DECISIONS_SAID, number)] if len(told) > _DECISIONS_SAID else []
    return Say("\n".join([said, *told[:_DECISIONS_SAID], *more]))


def _ask_to_confirm(ctx: Ctx, meeting: Meeting, asked: Sequence[str], text: str) -> None:
    number = meeting.number
    ctx.forget_reminders(number, "minutes.confirm_end")
    items.close_open_work(ctx.unit, number, "confirm")
    _settle(ctx, meeting, texts.NEWER_OUTCOME, CardState.VOID)
    until = ctx.later(hours=ctx.parameters.confirm_hours)
    for userid in asked:
        items.add_open_work(ctx.unit, userid, number, "confirm", meeting.subject, ctx.now, due_at=until)
        _send_card(ctx, meeting, userid, text)
    if asked:
        ctx.remind("minutes.confirm_end", number, meeting.version, until, revision=meeting.minutes_revision)


# --- confirming -----------------------------------------------------------------------------------------------------


@topic.tap(Confirm, controls=("3.2d",))
def tap_confirm(tap: Confirm, ctx: Ctx) -> Answer:
    """Confirm the minutes by card."""
    meeting = meetings.lock_meeting(ctx.unit, tap.number)
    assert meeting is not None
    if tap.revision != meeting.minutes_revision:
        return Show(face(ctx, meeting, ctx.task_id, texts.NEWER_OUTCOME))
    problem = _confirm(ctx, meeting)
    if problem is not None:
        return Say(problem)
    return Show(face(ctx, meeting, ctx.task_id, texts.confirmed_outcome(ctx.now), good=True))


@topic.tap(Object, controls=("3.2d",))
def tap_object(tap: Object, ctx: Ctx) -> Answer:
    """An objection needs words: say how they are sent; the card stays as it is."""
    ctx.post.text(
        ctx.person.userid, texts.objection_usage(tap.number), key=f"object:{ctx.event_key}", number=tap.number,
        leave_at=ctx.now,
    )
    return None


@topic.command("确认纪要", group=GROUP_MEETING, usage=texts.USAGE_CONFIRM, controls=("3.2d",))
def confirm(line: CommandLine, ctx: Ctx) -> Answer:
    """Confirm the minutes by command."""
    got = locked_meeting(line, ctx)
    if not isinstance(got, Meeting):
        return got
    return Say(_confirm(ctx, got) or texts.confirmed(got.number))


@topic.command(
    "异议", "有异议", group=GROUP_MEETING, usage=texts.USAGE_OBJECT, examples=texts.EXAMPLES_OBJECT,
    controls=("3.2d",),
)
def object_(line: CommandLine, ctx: Ctx) -> Answer:
    """Object to the minutes: recorder and chair are told; the words stand on the record."""
    got = locked_meeting(line, ctx)
    if not isinstance(got, Meeting):
        return got
    words = words_after_number(line)
    if not words:
        return Say(texts.objection_usage(got.number))
    if len(words) > texts.OBJECTION_MOST:
        return Say(meeting_texts.too_long(line.word, texts.OBJECTION_MOST))
    problem = _may_answer(ctx, got)
    if problem is not None:
        return Say(problem)
    meetings.change_seat(ctx.unit, got.number, ctx.person.userid, verdict=rules.OBJECTED)
    items.add_note(ctx.unit, got.number, ctx.person.userid, words, line.text, ctx.new_token(), ctx.now)
    ctx.audit("minutes.objected", got.number, revision=got.minutes_revision)
    _answered(ctx, got, texts.objected_outcome(ctx.now))
    for userid in dict.fromkeys((got.owes, got.chair)):
        if userid != ctx.person.userid:
            ctx.post.text(
                userid, texts.objection_told(got.number, got.subject, ctx.person.name, words),
                key=f"objected:{ctx.event_key}:{userid}", number=got.number,
            )
    return Say(texts.objected(got.number, ctx.name(got.owes)))


def _confirm(ctx: Ctx, meeting: Meeting) -> str | None:
    problem = _may_answer(ctx, meeting)
    if problem is not None:
        return problem
    seat = next(each for each in meetings.seats_of(ctx.unit, meeting.number) if each.userid == ctx.person.userid)
    if seat.verdict == rules.CONFIRMED:
        return texts.answered_already(meeting.number, verdict_confirmed=True)
    meetings.change_seat(ctx.unit, meeting.number, ctx.person.userid, verdict=rules.CONFIRMED)
    ctx.audit("minutes.confirmed", meeting.number, revision=meeting.minutes_revision)
    _answered(ctx, meeting, texts.confirmed_outcome(ctx.now))
    return None


def _may_answer(ctx: Ctx, meeting: Meeting) -> str | None:
    if not meeting.minutes_revision:
        return texts.none_yet(meeting.number)
    if ctx.person.userid not in rules.attendees(meeting, meetings.seats_of(ctx.unit, meeting.number)):
        return texts.not_asked(meeting.number)
    return None


def _answered(ctx: Ctx, meeting: Meeting, outcome: str) -> None:
    mine = [work for work in items.open_work_on(ctx.unit, meeting.number) if work.what == "confirm"]
    items.close_open_work(ctx.unit, meeting.number, "confirm")
    for work in mine:
        if work.userid != ctx.person.userid:
            items.add_open_work(
                ctx.unit, work.userid, meeting.number, "confirm", work.title, work.since, due_at=work.due_at
            )
    _settle(ctx, meeting, outcome, CardState.SETTLED, only=ctx.person.userid)


# --- the list -------------------------------------------------------------------------------------------------------


@topic.waiting("minutes", texts.WAITS_MINUTES)
def open_minutes(work: OpenWork, ctx: Ctx) -> Answer:
    """Say how minutes are handed in."""
    return Say(f"{row(work, ctx)}\n{texts.hint_minutes(work.number, ctx.frank.minutes_url(work.number))}")


@topic.waiting("confirm", texts.WAITS_CONFIRM)
def open_confirmation(work: OpenWork, ctx: Ctx) -> Answer:
    """Say how minutes are confirmed."""
    return Say(f"{row(work, ctx)}\n{texts.hint_confirm(work.number)}")


# --- collecting -----------------------------------------------------------------------------------------------------


def collect(typed: str, ctx: Ctx) -> Answer | bool:
    """
    Take a message as a piece of the minutes that are being collected.

    Returns:
        False when none are, or when the message is a command that goes on as usual (an alarm, help, 执行).
    """
    kept: Any = conversations.recall(ctx.unit, ctx.person.userid, COLLECTING, ctx.now)
    if kept is None:
        return False
    said = typed.strip()
    number = str(kept["number"])
    if said in texts.CANCEL_WORDS:
        conversations.end(ctx.unit, ctx.person.userid, COLLECTING)
        return Say(texts.stopped(number))
    if said in texts.DONE_WORDS:
        return _collected(ctx, kept)
    if kept["asked"]:
        if said == texts.TAKE_WORD:
            return _take(ctx, {**kept, "asked": ""}, str(kept["asked"]))
        if said == texts.RUN_WORD:
            return _run(ctx, kept)
    line = ctx.registry.read(typed)
    if not isinstance(line, CommandLine):
        return _take(ctx, kept, typed)
    if line.word in _URGENT_WORDS:
        return False
    _collect(ctx, {**kept, "asked": typed})
    return Say(texts.command_between(number, line.text))


def _take(ctx: Ctx, kept: dict[str, Any], typed: str) -> Answer:
    parts = [*kept["parts"], typed]
    size = sum(map(len, parts))
    if size > texts.MINUTES_MOST or len(parts) > texts.PARTS_MOST:
        return Say(texts.too_long(str(kept["number"]), texts.MINUTES_MOST))
    _collect(ctx, {**kept, "parts": parts})
    _pictures_join(ctx, str(kept["number"]))
    return Say(texts.part_taken(len(parts), size))


def _run(ctx: Ctx, kept: dict[str, Any]) -> Answer:
    """Run the command that came in between; collecting goes on."""
    line = ctx.registry.read(str(kept["asked"]))
    assert isinstance(line, CommandLine)
    _collect(ctx, {**kept, "asked": ""})
    route = ctx.registry.commands[line.word]
    if not may_use(route, ctx):
        return refuse_grade(route)
    answer = ctx.registry.handler_of(line)(line, ctx)
    _pictures_join(ctx, str(kept["number"]))
    return answer


def _collected(ctx: Ctx, kept: dict[str, Any]) -> Answer:
    number = str(kept["number"])
    text = "\n".join(kept["parts"]).strip()
    if not text:
        return Say(texts.no_text(number))
    meeting = meetings.lock_meeting(ctx.unit, number)
    assert meeting is not None
    conversations.end(ctx.unit, ctx.person.userid, COLLECTING)
    return hand_in(ctx, meeting, text, text)


def _collect(ctx: Ctx, state: dict[str, Any]) -> None:
    conversations.remember(ctx.unit, ctx.person.userid, COLLECTING, state, ctx.later(hours=_COLLECT_HOURS))


def _pictures_join(ctx: Ctx, number: str) -> None:
    written_to(ctx, number)


# --- the card -------------------------------------------------------------------------------------------------------


def _send_card(ctx: Ctx, meeting: Meeting, userid: str, text: str) -> None:
    revision, page = meeting.minutes_revision, page_of(ctx, meeting.number)
    card = ButtonInteraction(
        task_id=ctx.new_token(), source=ctx.frank.source(texts.SOURCE),
        main_title=MainTitle(
            texts.card_title(meeting.subject), shortened(meeting_texts.when(meeting.starts_at, meeting.ends_at), 44)
        ),
        horizontal=(
            Pair(texts.ROW_NUMBER, meeting.number), Pair(texts.ROW_BY, shortened(ctx.person.name, 30)),
            Pair(texts.ROW_UNTIL, moment(ctx.later(hours=ctx.parameters.confirm_hours))),
        ),
        sub_title=f"{shortened(text, 100)}\n{texts.full_text_hint(meeting.number, on_page=page is not None)}",
        opens=page,
        buttons=(
            Button(texts.BUTTON_CONFIRM, Confirm(meeting.number, revision).pack(), style=1),
            Button(texts.BUTTON_OBJECT, Object(meeting.number, revision).pack(), style=2),
        ),
    )
    ctx.post.card(
        userid, card, key=f"minutes:{meeting.number}:{revision}:{userid}", number=meeting.number, purpose=CARD,
        round_=revision, summary=texts.card_summary(meeting.number, meeting.subject),
    )


def face(ctx: Ctx, meeting: Meeting, task_id: str, outcome: str, *, good: bool = False) -> TemplateCard:
    """Return what a settled card shows."""
    word = shortened(outcome.split(" · ")[0], 10)
    return ButtonInteraction(
        task_id=task_id, source=ctx.frank.source(texts.SOURCE_DONE, _GREEN if good else _GREY),
        main_title=MainTitle(texts.card_title(meeting.subject)),
        horizontal=(Pair(texts.ROW_NUMBER, meeting.number),), sub_title=outcome,
        opens=page_of(ctx, meeting.number), buttons=(Button(word, "settled", style=4),), replace_text=word,
    )


def close_cards(ctx: Ctx, meeting: Meeting) -> None:
    """Close what is still open of the confirmation."""
    _settle(ctx, meeting, texts.CLOSED_OUTCOME, CardState.VOID)


def _settle(ctx: Ctx, meeting: Meeting, outcome: str, state: CardState, only: str = "") -> None:
    ctx.post.settle_cards(
        meeting.number, state, lambda card: face(ctx, meeting, card.task_id, outcome),
        lambda card: card.purpose == CARD and (not only or card.userid == only),
    )
