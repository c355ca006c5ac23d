"""What a picture or a file joins: what somebody filed, or wrote to, in these minutes, whichever was later."""

from __future__ import annotations

from datetime import timedelta

from handlers.context import Ctx
from storage.queries import conversations, items

_WRITTEN = "last_item"


def written_to(ctx: Ctx, number: str) -> None:
    """Remember that the person has just written to an item; what they file is found in the register by itself."""
    until = ctx.later(minutes=ctx.parameters.attach_minutes)
    conversations.remember(ctx.unit, ctx.person.userid, _WRITTEN, number, until)


def last_item(ctx: Ctx) -> str | None:
    """Return the number of what the person's next picture joins, None for nothing."""
    minutes = timedelta(minutes=ctx.parameters.attach_minutes)
    written = conversations.recall_until(ctx.unit, ctx.person.userid, _WRITTEN, ctx.now)
    filed = items.filed_last(ctx.unit, ctx.person.userid, ctx.now - minutes)
    if filed is not None and (written is None or written[1] <= filed[1] + minutes):
        return filed[0]
    return written[0] if written is not None else None
