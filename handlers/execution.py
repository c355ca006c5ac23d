"""Who does what was approved: the task that a passed approval opens (3.1a)."""

from __future__ import annotations

from handlers.context import Ctx
from handlers.matter import PURCHASE, Matter
from handlers.purchase_content import Content
from handlers.tasks import open_purchase_task
from notifications.texts import acts as texts
from policy.steps import Approval
from policy.terms import DepartmentKind, ItemState, Noun
from storage.queries import items
from storage.queries.items import Item

TASK_KIND = "approval_task"


def open_execution(ctx: Ctx, item: Item, matter: Matter, approval: Approval) -> str | None:
    """Open the task to carry out what passed; return its owner, None where nobody has to act or the seat is empty."""
    if matter.kind.id == PURCHASE:
        task = open_purchase_task(ctx, item, Content.kept(matter.fields))
        return task.responsible if task is not None else None
    if not matter.kind.executor:
        return None
    owner = ctx.org.head_of_kind(DepartmentKind(matter.kind.executor))
    if owner is None:
        return None
    task, _ = ctx.file_item(
        Noun.TASK, kind=TASK_KIND, title=texts.task_title(matter.kind.name, item.title),
        fields={"approval": item.number, "subject": item.title, "fen": approval.fen or 0}, original="",
        responsible=owner.userid, state=ItemState.OPEN, parent=item.number, author=ctx.org.people[item.author],
    )
    items.add_open_work(ctx.unit, owner.userid, task.number, "task", task.title, ctx.now, fen=approval.fen)
    department = ctx.org.departments.get(item.department)
    ctx.post.text(
        owner.userid,
        texts.task_to_execute(
            task.number, item.number, matter.kind.name, item.title, approval.fen, ctx.name(item.author),
            department.name if department is not None else "",
        ),
        key=f"task:{task.number}", number=task.number,
    )
    ctx.audit("task.opened", task.number, owner=owner.userid, parent=item.number)
    return owner.userid
