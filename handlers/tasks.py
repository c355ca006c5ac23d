"""The task to buy, given to the procurement head once everything is signed, and its end (3.1a)."""

from __future__ import annotations

from handlers.context import Ctx
from handlers.language.command import CommandLine
from handlers.purchase_content import Content
from handlers.registry import Answer, Say, Topic
from handlers.seen import number_in, unknown, visible_item, words_after_number
from notifications.texts import purchases as purchase_texts
from notifications.texts import records as texts
from notifications.texts.general import GROUP_RECORD
from policy.terms import DepartmentKind, ItemState, Noun
from storage.queries import items
from storage.queries.items import Item

topic = Topic("tasks")

KIND = "purchase_task"
NOTE_MOST = 500


def open_purchase_task(ctx: Ctx, purchase: Item, content: Content) -> Item | None:
    """Give the procurement head the task to buy; None while that seat is empty (then the applicant is told so)."""
    buyer = ctx.org.head_of_kind(DepartmentKind.PROCUREMENT)
    if buyer is None:
        return None
    author = ctx.org.people[purchase.author]
    fields: dict[str, object] = {"purchase": purchase.number, "subject": content.subject, "fen": content.fen}
    task, _ = ctx.file_item(
        Noun.TASK, kind=KIND, title=purchase_texts.task_title(content.subject), fields=fields, original="",
        responsible=buyer.userid, state=ItemState.OPEN, parent=purchase.number, author=author,
    )
    items.add_open_work(ctx.unit, buyer.userid, task.number, "task", task.title, ctx.now, fen=content.fen)
    department = ctx.org.departments.get(purchase.department)
    ctx.post.text(
        buyer.userid,
        purchase_texts.task_to_buy(
            task.number, purchase.number, content.subject, content.fen, author.name,
            department.name if department is not None else "",
        ),
        key=f"task:{task.number}", number=task.number,
    )
    ctx.audit("task.opened", task.number, owner=buyer.userid, parent=purchase.number)
    return task


@topic.command(
    "完成", "办结", group=GROUP_RECORD, usage=texts.USAGE_DONE, examples=texts.EXAMPLES_DONE, controls=("3.1a",)
)
def done(line: CommandLine, ctx: Ctx) -> Answer:
    """The owner closes a task and says how; the applicant is told."""
    if not line.tokens:
        return Say(texts.TASK_NUMBER)
    number = number_in(line)
    item = visible_item(ctx, number)
    if item is None:
        return unknown(line, number)
    if item.noun is not Noun.TASK:
        return Say(texts.not_a_task(number))
    if item.responsible != ctx.person.userid:
        return Say(texts.task_not_owner(number, ctx.name(item.responsible)))
    if item.state is not ItemState.OPEN:
        return Say(texts.task_not_open(number, item.state))
    note = words_after_number(line)
    if not note:
        return Say(texts.task_note_missing(number))
    if len(note) > NOTE_MOST:
        return Say(texts.task_note_long(NOTE_MOST))
    revision = items.load_revision(ctx.unit, number, item.revision)
    assert revision is not None
    items.add_revision(
        ctx.unit, number, item.revision + 1, ctx.person.userid, {**revision.fields, "note": note}, line.text,
        ctx.new_token(), "", ctx.now,
    )
    items.change_item(ctx.unit, number, ctx.now, state=ItemState.DONE, revision=item.revision + 1)
    items.close_open_work(ctx.unit, number)
    if item.author != ctx.person.userid:
        ctx.post.text(
            item.author, texts.task_done_told(number, item.parent or "", ctx.person.name, note),
            key=f"done:{number}", number=number,
        )
    ctx.audit("task.done", number)
    return Say(texts.task_done(number, ctx.name(item.author) if item.author != ctx.person.userid else ""))
