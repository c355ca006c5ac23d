"""
告警演练: once a month every manager gets a harmless message and a call, as in an alarm (7.1b).

The result is a record of its own (YL-…); who was reached neither way is listed to the records director.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta

from handlers.actions import CardAction
from handlers.context import Ctx
from handlers.registry import Answer, Say, Show, Topic
from notifications.cards import Button, ButtonInteraction, MainTitle, Pair, TemplateCard
from notifications.texts import alarms as alarm_texts
from notifications.texts import drills as texts
from policy.deadlines import Due
from policy.org import Person
from policy.schedules import Monthly
from policy.terms import ItemState, Lane, Lateness, Noun, Post
from storage.queries import calls, items
from storage.queries import notices as rows
from storage.queries.calls import Call, CallOutcome

topic = Topic("drills")

KIND = "alarm_drill"
PURPOSE = "drill"
CALLS, CLOSE = "drill.calls", "drill.close"
LASTS = timedelta(minutes=30)
_DAY, _AT = 15, time(10, 0)
_CONTROLS = ("7.1b",)
_GREY, _GREEN = 0, 3


@dataclass(frozen=True)
class Answered(CardAction, key="drill.answer.1"):
    """收到 on the drill's card."""

    number: str


@topic.every(
    "drill.monthly", lambda parameters: Monthly(_DAY, _AT), lateness=Lateness.LATEST, controls=_CONTROLS
)
def begin(due: Due, ctx: Ctx) -> None:
    """Open the month's drill: one message to every manager; the calls follow after a step, as in an alarm."""
    keeper = _keeper(ctx)
    managers = [person.userid for person in ctx.org.active_people() if ctx.org.is_manager(person.userid)]
    if keeper is None or not managers:
        return
    title = texts.title(ctx.today)
    item, digest = ctx.file_item(
        Noun.DRILL, kind=KIND, title=title, fields={"people": managers}, original="", responsible=keeper.userid,
        state=ItemState.OPEN, author=keeper,
    )
    rows.add_readers(ctx.unit, item.number, managers)
    minutes = ctx.parameters.alarm_step_minutes

    def make(task_id: str) -> TemplateCard:
        return ButtonInteraction(
            task_id=task_id, source=ctx.frank.source(texts.SOURCE, _GREY),
            main_title=MainTitle(title, texts.card_desc(minutes)),
            horizontal=(Pair(texts.ROW_NUMBER, item.number),), sub_title=texts.ABOUT,
            buttons=(Button(texts.BUTTON, Answered(item.number).pack(), style=1),),
        )

    ctx.post.card_to_many(
        managers, make, ctx.new_token, key=f"drill:{item.number}", number=item.number, purpose=PURPOSE,
        lane=Lane.DEFAULT, summary=title,
    )
    ctx.remind(CALLS, item.number, 1, ctx.later(minutes=minutes))
    ctx.remind(CLOSE, item.number, 1, ctx.now + LASTS)
    ctx.audit("drill.opened", item.number, digest=digest, count=len(managers), late=due.late_seconds)


@topic.due(CALLS, lateness=Lateness.LATEST, controls=_CONTROLS)
def call_everyone(due: Due, ctx: Ctx) -> None:
    """Let every manager's phone ring once."""
    for reader in rows.readers_of(ctx.unit, due.subject):
        if ctx.org.person(reader.userid) is not None:
            call_id = calls.want_call(ctx.unit, due.subject, reader.userid, ctx.now)
            ctx.post.call(reader.userid, call_id, number=due.subject)


@topic.tap(Answered, controls=_CONTROLS)
def tap_answered(tap: Answered, ctx: Ctx) -> Answer:
    """收到 on the card."""
    item = items.load_item(ctx.unit, tap.number)
    if item is None or rows.reader_of(ctx.unit, tap.number, ctx.person.userid) is None:
        return None
    _keep_answer(tap.number, ctx)
    return Show(
        ButtonInteraction(
            task_id=ctx.task_id, source=ctx.frank.source(texts.SOURCE, _GREEN),
            main_title=MainTitle(item.title, texts.DONE),
            horizontal=(Pair(texts.ROW_NUMBER, tap.number),), buttons=(Button(texts.DONE, "settled", style=4),),
            replace_text=texts.DONE,
        )
    )


def answer_drill(number: str, ctx: Ctx) -> Answer:
    """收到 YL-…; None when there is no such drill for this person."""
    if rows.reader_of(ctx.unit, number, ctx.person.userid) is None:
        return None
    return Say(texts.answered(number) if _keep_answer(number, ctx) else texts.answered_before(number))


def _keep_answer(number: str, ctx: Ctx) -> bool:
    item = items.load_item(ctx.unit, number)
    if item is None or item.state is not ItemState.OPEN:
        return False
    if not rows.mark_read(ctx.unit, number, ctx.person.userid, ctx.now):
        return False
    ctx.audit("drill.answered", number)
    return True


@topic.due(CLOSE, lateness=Lateness.LATEST, controls=_CONTROLS)
def close(due: Due, ctx: Ctx) -> None:
    """Keep the result as the record's next revision, and list the unreachable to the records director."""
    item = items.load_item(ctx.unit, due.subject)
    if item is None or item.state is not ItemState.OPEN:
        return
    calls.drop_calls(ctx.unit, item.number)
    placed = {call.userid: call for call in calls.calls_of(ctx.unit, item.number)}
    readers = rows.readers_of(ctx.unit, item.number)
    silent = [reader.userid for reader in readers if reader.read_at is None]
    unphoned = [reader.userid for reader in readers if not _reached(placed.get(reader.userid))]
    unreached = [userid for userid in silent if userid in unphoned]
    fields = {
        "people": [reader.userid for reader in readers], "silent": silent, "unphoned": unphoned, "unreached": unreached,
    }
    items.add_revision(
        ctx.unit, item.number, item.revision + 1, item.author, fields, "", ctx.new_token(), "", ctx.now
    )
    items.change_item(ctx.unit, item.number, ctx.now, state=ItemState.DONE, revision=item.revision + 1)
    keeper = _keeper(ctx)
    if keeper is not None:
        refused = next((call for call in placed.values() if call.errcode), None)
        why = alarm_texts.phone_reason(False, refused.errcode, 0) if refused is not None else ""
        ctx.post.text(
            keeper.userid,
            texts.result(
                item.number, item.title, len(readers), _names(ctx, silent), _names(ctx, unphoned),
                _names(ctx, unreached), why,
            ),
            key=f"drill:{item.number}:result", number=item.number,
        )
    ctx.audit(
        "drill.closed", item.number, count=len(readers), silent=len(silent), unphoned=len(unphoned),
        unreached=len(unreached), late=due.late_seconds,
    )


def _reached(call: Call | None) -> bool:
    return call is not None and call.state in (CallOutcome.REACHED, CallOutcome.TALKING)


def _keeper(ctx: Ctx) -> Person | None:
    return ctx.org.holder(Post.RECORDS_DIRECTOR) or ctx.org.holder(Post.CEO)


def _names(ctx: Ctx, userids: list[str]) -> list[str]:
    return [ctx.name(userid) for userid in userids]
