"""待办: everything that waits for me, most urgent first; a list number opens, it never decides (contract, Chat)."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.approval_cards import send_question
from handlers.asked import seat_asked
from handlers.context import Ctx
from handlers.language.command import CommandLine
from handlers.matter import matter_of
from handlers.registry import Answer, Say, Topic
from notifications.texts import records as texts
from notifications.texts.general import GROUP_LOOK
from notifications.texts.sums import figures
from policy.numbering import noun_of
from policy.terms import Noun
from storage.queries import approvals, conversations, items
from storage.queries.items import OpenWork

topic = Topic("todo")

LIST = "list"
LIST_MOST = 10


@topic.command(
    "待办", "待我办", "我的待办", group=GROUP_LOOK, usage=texts.USAGE_TODO, examples=texts.EXAMPLES_TODO,
    controls=("1.1a",),
)
def todo(line: CommandLine, ctx: Ctx) -> Answer:
    """Show the list, or open one line of the list last sent (for two hours)."""
    if line.tokens and line.tokens[0].isdecimal():
        return _open(int(line.tokens[0]), ctx)
    return show(ctx)


@topic.menu("todo")
def todo_by_menu(ctx: Ctx) -> Answer:
    """Show the list by the menu."""
    return show(ctx)


def show(ctx: Ctx) -> Answer:
    """Return the list and remember its order."""
    waiting = items.open_work_of(ctx.unit, ctx.person.userid)
    listed = waiting[:LIST_MOST]
    remember_list(ctx, ctx.person.userid, listed)
    return Say(texts.todo([row(work, ctx) for work in listed], len(waiting) - len(listed)))


def remember_list(ctx: Ctx, userid: str, listed: Sequence[OpenWork]) -> None:
    """Let 待办 1, 待办 2 … mean the lines of this list, for two hours."""
    conversations.remember(
        ctx.unit, userid, LIST, [[work.number, work.what] for work in listed],
        ctx.later(hours=ctx.parameters.list_hours),
    )


def row(work: OpenWork, ctx: Ctx) -> str:
    """Return one line of the list."""
    noun = noun_of(work.number) or Noun.RECORD
    money = figures(work.fen) if work.fen is not None else ""
    route = ctx.registry.waits.get(work.what)
    return texts.todo_row(
        route.words if route is not None else texts.WAITS, noun, work.number, work.title, work.since, money,
        work.urgent, work.due_at,
    )


def _open(at: int, ctx: Ctx) -> Answer:
    listed = conversations.recall(ctx.unit, ctx.person.userid, LIST, ctx.now)
    if listed is None:
        return Say(texts.TODO_EXPIRED)
    if not listed:
        return Say(texts.TODO_EMPTY)
    if not 1 <= at <= len(listed):
        return Say(texts.todo_no_such(at, len(listed)))
    number, what = listed[at - 1]
    mine = [work for work in items.open_work_on(ctx.unit, number) if work.userid == ctx.person.userid]
    work = next((each for each in mine if each.what == what), None)
    if work is None:
        return Say(texts.todo_gone(number))
    route = ctx.registry.waits.get(what)
    if route is None:
        return Say(f"{row(work, ctx)}\n{texts.hint_trace(number)}")
    return route.handler(work, ctx)


@topic.waiting("approval", texts.WAITS_APPROVAL)
def open_approval(work: OpenWork, ctx: Ctx) -> Answer:
    """Send the card again, at once."""
    approval = approvals.load_approval(ctx.unit, work.number)
    item = items.load_item(ctx.unit, work.number)
    assert approval is not None
    assert item is not None
    seat = seat_asked(ctx, approval, ctx.person.userid)
    if seat is None:
        return Say(texts.todo_gone(work.number))
    matter = matter_of(ctx, item, approval)
    send_question(
        ctx, item, approval, seat, matter, urgent=True, key=f"open:{ctx.event_key}", only=ctx.person.userid
    )
    return Say(texts.todo_opened(row(work, ctx)))


@topic.waiting("returned", texts.WAITS_RETURNED)
def open_returned(work: OpenWork, ctx: Ctx) -> Answer:
    """Say how a returned one is completed."""
    return Say(f"{row(work, ctx)}\n{texts.hint_returned(work.number)}")


@topic.waiting("question", texts.WAITS_QUESTION)
def open_question(work: OpenWork, ctx: Ctx) -> Answer:
    """Say how a question is answered."""
    return Say(f"{row(work, ctx)}\n{texts.hint_question(work.number)}")


@topic.waiting("task", texts.WAITS_TASK)
def open_task(work: OpenWork, ctx: Ctx) -> Answer:
    """Say how a task is closed."""
    return Say(f"{row(work, ctx)}\n{texts.hint_task(work.number)}")
