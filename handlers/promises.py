"""
The one task engine: a task with one owner is offered, accepted, questioned, finished, checked (4.2c–e).

Any topic opens a task with `open_task`; commands and buttons are in handlers.tasks, timers in handlers.task_timers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from handlers.context import Ctx
from handlers.task_cards import CHECK, OFFER, SETTLE, face, send_check, send_offer, send_question
from notifications.texts import tasks as texts
from policy.decisions import Refusal
from policy.org import Person
from policy.promises import QUESTIONED, Promise, ladder, perform, reminders
from policy.terms import CardState, ItemState, Noun, Post, PromiseState, PromiseVerb
from storage.queries import items, promises
from storage.queries.items import Item

_TIMERS = ("task.accept", "task.remind", "task.overdue", "task.climb", "task.settle")
_ITEM_STATES = {
    PromiseState.KEPT: ItemState.DONE, PromiseState.LATE: ItemState.DONE, PromiseState.DROPPED: ItemState.CANCELLED,
    PromiseState.CHECKING: ItemState.CHECKING,
}


@dataclass(frozen=True)
class TaskOrder:
    """
    What is to be done, by whom, until when.

    Attributes:
        kind: of its item, e.g. "decision_task".
        title: what is to be done; fields: of its item's first revision.
        assigner: who gave it, settles what is questioned, and confirms that it is done.
        due_at: None = no date.
        parent: number of what it grew out of; decision, meeting, series: "" for tasks from elsewhere.
        source: where it comes from, in words, for the card.
        must_accept: the owner answers within 24 hours (4.2d); else the task counts as accepted from the start.
        checked: the assigner confirms that it is done; else 完成 closes it.
    """

    kind: str
    title: str
    owner: str
    assigner: str
    due_at: datetime | None
    parent: str
    source: str
    fields: dict[str, object]
    original: str = ""
    decision: str = ""
    meeting: str = ""
    series: str = ""
    must_accept: bool = True
    checked: bool = True
    author: Person | None = None
    fen: int | None = None


def open_task(ctx: Ctx, order: TaskOrder) -> tuple[Item, Promise]:
    """
    Put a task into the register, let it wait for its owner, set its timers; one event of evidence.

    With `must_accept` the owner gets the card 接受 · 改期 · 有困难; else the caller tells the owner in its own words.
    """
    owner = ctx.org.people[order.owner]
    item, _ = ctx.file_item(
        Noun.TASK, kind=order.kind, title=order.title, fields=order.fields, original=order.original,
        responsible=order.owner, state=ItemState.OPEN, parent=order.parent or None, author=order.author,
    )
    promise = Promise(
        number=item.number, decision=order.decision, meeting=order.meeting, series=order.series, title=order.title,
        owner=order.owner, assigner=order.assigner, department=owner.department,
        state=PromiseState.OFFERED if order.must_accept else PromiseState.ACCEPTED, version=1, offered_at=ctx.now,
        due_at=order.due_at, first_due_at=order.due_at,
        accept_by=ctx.later(hours=ctx.parameters.accept_hours) if order.must_accept else None,
        accepted_at=None if order.must_accept else ctx.now, checked=order.checked,
    )
    promises.insert_promise(ctx.unit, promise)
    ctx.audit(
        "task.opened", item.number, owner=order.owner, assigner=order.assigner, parent=order.parent,
        due_at=order.due_at.isoformat() if order.due_at is not None else "",
    )
    _wait_for(ctx, promise, fen=order.fen)
    set_timers(ctx, promise)
    if order.must_accept:
        send_offer(ctx, promise, order.source)
    return item, promise


def act(
    ctx: Ctx, promise: Promise, verb: PromiseVerb, *, words: str = "", typed: str = "",
    due_at: datetime | None = None, owner: str = "",
) -> Promise | Refusal:
    """
    Execute one act on a locked promise and everything that follows from it.

    Args:
        words: reason or note; it stands on the task's record.
        due_at: the date asked for (COUNTER); owner: who gets it (GIVE).
    """
    before = with_reachable_assigner(ctx, promise)
    after = perform(
        before, verb, ctx.person.userid, now=ctx.now, due_at=due_at, owner=owner,
        department=ctx.org.people[owner].department if owner else "",
        accept_by=ctx.later(hours=ctx.parameters.accept_hours),
    )
    if isinstance(after, Refusal):
        return after
    promises.save_promise(ctx.unit, after)
    if words and verb is not PromiseVerb.FINISH:  # that note stands in a revision of the task
        items.add_note(ctx.unit, after.number, ctx.person.userid, words, typed or words, ctx.new_token(), ctx.now)
    state = _ITEM_STATES.get(after.state, ItemState.OPEN)
    ctx.hand_to(after.number, _holder(after), state=state)
    facts: dict[str, object] = {"state": after.state.value, "version": after.version}
    if after.due_at is not None:
        facts["due_at"] = after.due_at.isoformat()
    if verb is PromiseVerb.COUNTER and after.asked_due_at is not None:
        facts["asked"] = after.asked_due_at.isoformat()
    if verb is PromiseVerb.GIVE:
        facts["owner"] = owner
    closed_at_once = verb is PromiseVerb.FINISH and after.closed
    ctx.audit("task.done" if closed_at_once else f"task.{_ACTS[verb]}", after.number, **facts)
    if after.closed and after.due_at is not None:
        ctx.audit(
            "task.judged", after.number, owner=after.owner, department=after.department, outcome=after.state.value,
            late_seconds=after.late_seconds, moves=after.moves,
        )
    if after.closed:
        _close_decision(ctx, after)
    _wait_for(ctx, after)
    set_timers(ctx, after)
    _settle_cards(ctx, after, verb)
    if after.state in QUESTIONED:
        send_question(ctx, after, words)
    elif after.state is PromiseState.CHECKING:
        send_check(ctx, after, words, len(items.attachments_of(ctx.unit, after.number)))
    elif verb is PromiseVerb.GIVE:
        send_offer(ctx, after, texts.from_assigner(ctx.name(after.assigner)))
    return after


_ACTS = {
    PromiseVerb.ACCEPT: "accepted", PromiseVerb.COUNTER: "countered", PromiseVerb.REPORT: "hard",
    PromiseVerb.AGREE: "moved", PromiseVerb.KEEP: "kept_as_is", PromiseVerb.GIVE: "given", PromiseVerb.DROP: "dropped",
    PromiseVerb.FINISH: "finished", PromiseVerb.CONFIRM: "done", PromiseVerb.SEND_BACK: "returned",
}


def with_reachable_assigner(ctx: Ctx, promise: Promise) -> Promise:
    """
    Return a promise whose assigner still works here and is not its own owner.

    Nobody confirms or settles their own promise: it is the owner's superior then; at the very top the records director.
    """
    if ctx.org.person(promise.assigner) is not None and promise.assigner != promise.owner:
        return promise
    instead = ctx.org.superior_of(promise.assigner) or ctx.org.superior_of(promise.owner)
    if instead is None or instead.userid == promise.owner:
        instead = ctx.org.superior_of(promise.owner) or ctx.org.holder(Post.RECORDS_DIRECTOR)
    return promise if instead is None else replace(promise, assigner=instead.userid)


def who_is_told(ctx: Ctx, promise: Promise) -> list[str]:
    """Return who is told of what an owner owes, in order: who assigned it, then the owner's line (2.1a)."""
    return ladder(ctx.org, promise.owner, (with_reachable_assigner(ctx, promise).assigner,))


def set_timers(ctx: Ctx, promise: Promise) -> None:
    """Set what watches a promise as it stands now; what watched it before is taken back."""
    number = promise.number
    for kind in _TIMERS:
        ctx.forget_reminders(number, kind)
    if promise.closed or promise.state is PromiseState.CHECKING:
        return
    if promise.state in QUESTIONED:
        ctx.remind("task.settle", number, promise.version, ctx.later(hours=ctx.parameters.accept_hours))
    elif promise.state is PromiseState.OFFERED and promise.accept_by is not None:
        ctx.remind("task.accept", number, promise.version, max(promise.accept_by, ctx.now))
    if promise.due_at is not None:
        for at, instant in enumerate(reminders(ctx.now, promise.due_at, ctx.calendar)):
            ctx.remind("task.remind", number, promise.version * 10 + at, instant)
        if promise.overdue_at is None:
            ctx.remind("task.overdue", number, promise.version, max(promise.due_at, ctx.now))


def refusal(ctx: Ctx, promise: Promise, refused: Refusal) -> str:
    """
    Return the sentence for a refusal of policy.promises.

    Raises:
        KeyError: a code without words; a test walks all codes.
    """
    number, data = promise.number, refused.data
    at = data.get("at")
    moment = at if isinstance(at, datetime) else None
    state = PromiseState(str(data.get("state", promise.state.value)))
    words: dict[str, Callable[[], str]] = {
        "task.closed": lambda: texts.closed(number, state, moment),
        "task.already": lambda: texts.already(number, state),
        "task.not_now": lambda: texts.not_now(number, state),
        "task.not_owner": lambda: texts.not_owner(number, ctx.name(str(data["owner"]))),
        "task.not_assigner": lambda: texts.not_assigner(number, ctx.name(str(data["assigner"]))),
        "task.date_past": lambda: texts.date_past(number, moment),
        "task.date_same": lambda: texts.date_same(number, moment),
        "task.same_owner": lambda: texts.same_owner(number, ctx.name(str(data["owner"]))),
    }
    return words[refused.code]()


def _holder(promise: Promise) -> str:
    waits_for_assigner = promise.state in QUESTIONED or promise.state is PromiseState.CHECKING
    return promise.assigner if waits_for_assigner else promise.owner


def _wait_for(ctx: Ctx, promise: Promise, fen: int | None = None) -> None:
    """Let a promise stand in the list of whoever must act next."""
    number = promise.number
    items.close_open_work(ctx.unit, number)
    if promise.closed:
        return
    if promise.state in QUESTIONED:
        what, due_at = "settle", ctx.later(hours=ctx.parameters.accept_hours)
    elif promise.state is PromiseState.CHECKING:
        what, due_at = "check", None
    elif promise.state is PromiseState.OFFERED:
        what, due_at = "accept", promise.accept_by
    else:
        what, due_at = "task", promise.due_at
    items.add_open_work(
        ctx.unit, _holder(promise), number, what, promise.title, ctx.now, due_at=due_at, fen=fen
    )


def _close_decision(ctx: Ctx, promise: Promise) -> None:
    """A decision stays open until its task is judged, or dropped by the one who gave it (4.2c)."""
    if promise.decision:
        state = ItemState.CANCELLED if promise.state is PromiseState.DROPPED else ItemState.DONE
        items.change_item(ctx.unit, promise.decision, ctx.now, state=state)
        ctx.audit("decision.closed", promise.decision, task=promise.number, outcome=promise.state.value)


def _settle_cards(ctx: Ctx, promise: Promise, verb: PromiseVerb) -> None:
    outcome = texts.outcome(verb, ctx.person.name, ctx.now)
    gone = verb in (PromiseVerb.GIVE, PromiseVerb.DROP)
    ctx.post.settle_cards(
        promise.number, CardState.VOID if gone else CardState.SETTLED,
        lambda card: face(ctx, promise, card.task_id, outcome), lambda card: card.purpose in (OFFER, SETTLE, CHECK),
    )
