"""The hint on a signer's card that like applications reach the limit together; a hint, never a verdict (4.1a)."""

from __future__ import annotations

from handlers.asked import all_asked
from handlers.context import SYSTEM, Ctx
from handlers.matter import Matter, figures_of
from notifications.texts import radars as texts
from policy.steps import Approval
from policy.terms import ItemState, Post
from storage.queries import conversations
from storage.queries.items import Item

NOTED = "radar.split"
_PURPOSE_MOST = 32  # characters of what a conversation is remembered by


def hint_line(ctx: Ctx, item: Item, approval: Approval, matter: Matter) -> str:
    """Return the last line of the card's words, its line break included; "" where there is nothing to say."""
    if matter.split is None:
        return ""
    days = figures_of(ctx, approval).split_days
    others = matter.split.others(item.number)
    return "\n" + texts.split_on_card(days, len(matter.split.numbers), matter.split.fen, others)


def tell_records(ctx: Ctx, item: Item, matter: Matter) -> None:
    """
    Let the records director know when it is filed, as a hint; nothing is held up and nobody else is told.

    Once a day for one applicant: the others of that day stand in 线索.
    """
    director = ctx.org.holder(Post.RECORDS_DIRECTOR)
    if matter.split is None or director is None or director.userid == item.author:
        return
    told = f"split:{item.author}"[:_PURPOSE_MOST]
    if conversations.recall(ctx.unit, director.userid, told, ctx.now) is not None:
        return
    conversations.remember(ctx.unit, director.userid, told, item.number, ctx.later(hours=24))
    words = texts.for_records(
        item.number, ctx.parameters.split_days, len(matter.split.numbers), matter.split.fen,
        matter.split.others(item.number),
    )
    # Without the item's number: who reads the item's trail need not learn of it.
    ctx.post.text(director.userid, words, key=f"split:{item.number}")


def keep_hint(ctx: Ctx, approval: Approval, matter: Matter) -> None:
    """Keep on the record that the system showed the hint, and to whom (3.1f)."""
    split = matter.split
    if split is None or approval.state is not ItemState.PENDING:
        return
    figures = figures_of(ctx, approval)
    ctx.unit.audit(
        ctx.now, SYSTEM, NOTED, approval.number, control="4.1a", others=list(split.others(approval.number)),
        fen=split.fen, limit=figures.director_from, days=figures.split_days,
        shown=[asked.userid for asked in all_asked(ctx, approval)],
    )
