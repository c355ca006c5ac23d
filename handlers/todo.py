"""待办: everything that waits for me, most urgent first; a list number opens, it never decides (contract, Chat)."""

from __future__ import annotations

from handlers.approval_cards import send_question
from handlers.context import Ctx
from handlers.language.command import CommandLine
from handlers.purchase_content import Content
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


@topic.command("待办", "待我办", "我的待办", group=GROUP_LOOK, usage=texts.USAGE_TODO, controls=("1.1a",))
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
    conversations.remember(
        ctx.unit, ctx.person.userid, LIST, [[work.number, work.what] for work in listed],
        ctx.later(hours=ctx.parameters.list_hours),
    )
    return Say(texts.todo([row(work) for work in listed], len(waiting) - len(listed)))


def row(work: OpenWork) -> str:
    """Return one line of the list."""
    noun = noun_of(work.number) or Noun.RECORD
    money = figures(work.fen) if work.fen is not None else ""
    return texts.todo_row(work.what, noun, work.number, work.title, work.since, money, work.urgent)


def _open(at: int, ctx: Ctx) -> Answer:
    listed = conversations.recall(ctx.unit, ctx.person.userid, LIST, ctx.now)
    if listed is None:
        return Say(texts.TODO_EXPIRED)
    if not 1 <= at <= len(listed):
        return Say(texts.todo_no_such(at, len(listed)))
    number, what = listed[at - 1]
    mine = [work for work in items.open_work_on(ctx.unit, number) if work.userid == ctx.person.userid]
    work = next((each for each in mine if each.what == what), None)
    if work is None:
        return Say(texts.todo_gone(number))
    if what == "approval":
        approval = approvals.load_approval(ctx.unit, number)
        item = items.load_item(ctx.unit, number)
        assert approval is not None
        assert item is not None
        revision = items.load_revision(ctx.unit, number, item.revision)
        assert revision is not None
        send_question(
            ctx, item, approval, Content.kept(revision.fields).reason, revision.digest, urgent=True,
            key=f"open:{ctx.event_key}",
        )
        return Say(texts.todo_opened(row(work)))
    hints = {"returned": texts.hint_returned, "question": texts.hint_question, "task": texts.hint_task}
    return Say(f"{row(work)}\n{hints[what](number)}")
