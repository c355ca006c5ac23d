"""Pictures and files: sent within 10 minutes they join the sender's last open item; 不是 takes the last one off."""

from __future__ import annotations

from handlers.amending import attached_early, attached_late, may_attach
from handlers.asked import all_asked, names_asked
from handlers.context import Ctx
from handlers.language.command import CommandLine
from handlers.last_item import last_item, written_to
from handlers.registry import Answer, Say, Topic
from notifications.texts import acts as act_texts
from notifications.texts import records as texts
from notifications.texts.general import GROUP_OTHER
from policy.steps import Approval
from policy.terms import DeliveryKind, ItemState, Lane, Noun
from storage.queries import approvals, conversations, items
from storage.queries.items import Item
from storage.queries.outbox import Promise, put_promise

topic = Topic("attachments")

LAST_ATTACHED = "last_attached"
_TOLD_DAYS = 7
# A meeting takes pictures of its minutes, a task what proves that it is done.
_TAKES_MORE = (
    ItemState.FILED, ItemState.OPEN, ItemState.CHECKING, ItemState.PLANNED, ItemState.RUNNING, ItemState.ENDED,
)


def attach(kind: str, media_id: str, name: str, ctx: Ctx) -> Answer:
    """
    Attach a media file to the sender's last item, and have a worker fetch it into the vault.

    Args:
        kind: image | file | voice | video.
        media_id: lives three days with the platform.
    """
    number = last_item(ctx)
    item = items.load_item(ctx.unit, number) if number is not None else None
    if item is None:
        return Say(texts.attached_nothing(ctx.parameters.attach_minutes))
    approval = approvals.lock_approval(ctx.unit, item.number)
    if not _open_for_more(ctx, item, approval):
        return Say(texts.attached_closed(item.number))
    attachment = items.add_attachment(ctx.unit, item.number, ctx.person.userid, kind, media_id, name, ctx.now)
    put_promise(
        ctx.unit,
        Promise(
            f"fetch:{attachment}", DeliveryKind.DOWNLOAD, Lane.DEFAULT, ctx.person.userid, item.number,
            media_id.encode(), "", ctx.now,
        ),
        now=ctx.now, machine_now=ctx.machine_now,
    )
    until = ctx.later(minutes=ctx.parameters.attach_minutes)
    conversations.remember(ctx.unit, ctx.person.userid, LAST_ATTACHED, [item.number, attachment], until)
    written_to(ctx, item.number)
    if approval is not None:
        attached_early(ctx, approval)
    ctx.audit("attachment.added", item.number, kind=kind, attachment=attachment)
    count = len(items.attachments_of(ctx.unit, item.number))
    told = texts.attached(kind, item.number, item.title, count)
    renewed = attached_late(ctx, item, approval) if approval is not None else None
    if approval is not None and renewed is None:
        _tell_signers(ctx, item, approval)
    if renewed is not None:
        told = f"{told}\n{act_texts.attached_late(names_asked(ctx, renewed.after))}"
    return Say(told)


@topic.command("不是", "取下", group=GROUP_OTHER, usage=texts.USAGE_DETACH, examples=texts.EXAMPLES_DETACH)
def detach(line: CommandLine, ctx: Ctx) -> Answer:
    """Take the last attachment off; its row stays, marked detached (P.3)."""
    last = conversations.recall(ctx.unit, ctx.person.userid, LAST_ATTACHED, ctx.now)
    if last is None:
        return Say(texts.NOTHING_TO_DETACH)
    number, attachment = last
    item = items.load_item(ctx.unit, number)
    approval = approvals.load_approval(ctx.unit, number)
    if approval is not None and approvals.signatures_of(ctx.unit, number):
        return Say(texts.detached_closed(number))
    if item is None or not _open_for_more(ctx, item, approval):
        return Say(texts.detached_closed(number))
    items.detach(ctx.unit, attachment)
    conversations.end(ctx.unit, ctx.person.userid, LAST_ATTACHED)
    ctx.audit("attachment.removed", number, attachment=attachment)
    return Say(texts.detached(number))


def _tell_signers(ctx: Ctx, item: Item, approval: Approval) -> None:
    """Tell whoever holds a card of before that there are files now: once, since their card cannot count them all."""
    if approval.state is not ItemState.PENDING:
        return
    told = f"attached:{item.number}"
    for asked in all_asked(ctx, approval):
        if conversations.recall(ctx.unit, asked.userid, told, ctx.now) == approval.round:
            continue
        conversations.remember(ctx.unit, asked.userid, told, approval.round, ctx.later(days=_TOLD_DAYS))
        ctx.post.text(
            asked.userid, act_texts.attached_meanwhile(ctx.person.name, item.number, item.title),
            key=f"attached:{ctx.event_key}:{asked.userid}", number=item.number,
        )


def _open_for_more(ctx: Ctx, item: Item, approval: Approval | None) -> bool:
    """A record takes more at any time, an approval as the table of transitions says."""
    if approval is None:
        return item.state in _TAKES_MORE or (item.noun is Noun.MEETING and item.state is ItemState.DONE)
    return may_attach(ctx, approval, ctx.person.userid)

