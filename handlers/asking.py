"""
The first question of a filing, and its copies: asked at once, by whoever fires it first (3.1a, 4.1a).

The filing promises it with a deadline that is due the moment it is made, in its own transaction; so the applicant's
answer does not wait for cards that it does not speak of, and no filing is without its question (docs/decisions.md).
"""

from __future__ import annotations

from typing import Any

from handlers.approval_cards import PURPOSE, send_question
from handlers.asked import asked_name, asked_now
from handlers.context import Ctx
from handlers.effects import ASK_FIRST, REMINDER, arm_reminder
from handlers.matter import kind_in, matter_of
from handlers.registry import Topic
from notifications.texts import acts as act_texts
from notifications.texts import purchases as texts
from policy.approval_kinds import PURCHASE_ID
from policy.deadlines import Due
from policy.steps import Approval
from policy.terms import ItemState, Lateness
from storage.queries import approvals, cards, items
from storage.queries.deadlines import was_set
from storage.queries.items import Item

topic = Topic("asking")


@topic.due(ASK_FIRST, lateness=Lateness.EACH, controls=("3.1a", "4.1a"))
def ask_first(due: Due, ctx: Ctx) -> None:
    """
    Send the first signers their cards and the copies, and set the reminder.

    Somebody may have been quicker than the clock: what has been withdrawn is not asked about, and who has got a card
    from what happened in between gets no second one.
    """
    number = due.subject.partition("/")[0]
    item, approval = items.load_item(ctx.unit, number), approvals.lock_approval(ctx.unit, number)
    assert item is not None
    assert approval is not None
    if approval.state is ItemState.PENDING and approval.round == due.generation:
        _ask(ctx, item, approval, filed_version=int(str(due.data["version"])))
    if approval.state is not ItemState.WITHDRAWN:
        _send_copies(ctx, item, approval)


def _ask(ctx: Ctx, item: Item, approval: Approval, *, filed_version: int) -> None:
    matter = matter_of(ctx, item, approval)
    urgent = bool(approval.facts.get("urgent"))
    held = {card.step for card in cards.live_cards(ctx.unit, item.number) if card.purpose == PURPOSE}
    for seat in approval.waiting:
        # A seat nobody can take yet waits for the clock to find one.
        if seat.id not in held and ctx.org.person(seat.signer) is not None:
            send_question(ctx, item, approval, seat, matter, urgent=urgent)
    armed = approval.version != filed_version and was_set(ctx.unit, REMINDER, item.number, approval.version * 100)
    if not armed:
        arm_reminder(ctx, approval)


def _send_copies(ctx: Ctx, item: Item, approval: Approval) -> None:
    kind, author = kind_in(ctx, approval), ctx.name(item.author)
    copies: Any = approval.facts.get("copies", ())
    for userid in copies:
        if kind.id == PURCHASE_ID:
            seat = approval.steps[0].seats[0]
            first = asked_name(ctx, asked_now(ctx, approval, seat)[0]) if seat.is_open else ctx.name(seat.signer)
            words = texts.copy_for_head(item.number, author, item.title, approval.fen or 0, first)
        else:
            words = act_texts.copy(item.number, author, kind.name, item.title, approval.fen)
        ctx.post.text(userid, words, key=f"copy:{item.number}:{userid}", number=item.number)
