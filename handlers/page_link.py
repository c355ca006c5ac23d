"""Where a tap on a card itself leads: what a card cannot show is one tap away (design rule 11)."""

from __future__ import annotations

from handlers.context import Ctx
from notifications.cards import Target


def page_of(ctx: Ctx, number: str) -> Target | None:
    """Return the item's page as the target of a card (card_action type 1, doc 90236), None where there are no pages."""
    url = ctx.frank.page_url(number)
    return Target(url) if url else None
