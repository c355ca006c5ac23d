"""The audit chain's anchor: each day its head is told to people outside the database (3.1f)."""

from __future__ import annotations

from datetime import time

from handlers.context import Ctx
from handlers.registry import Topic
from notifications.texts.trace import anchored
from policy.deadlines import Due
from policy.schedules import Daily
from policy.terms import Lateness, Post
from storage.anchoring import take_anchor

topic = Topic("trail")

AT = time(18, 0)


@topic.every("audit.anchor", lambda parameters: Daily(AT), lateness=Lateness.LATEST, controls=("3.1f",))
def anchor(due: Due, ctx: Ctx) -> None:
    """Keep the chain's head and tell it to the general manager and the records director: a rewriter must reach them."""
    taken = take_anchor(ctx.unit, ctx.now)
    if taken is None:
        return
    for seat in (Post.CEO, Post.RECORDS_DIRECTOR):
        holder = ctx.org.holder(seat)
        if holder is not None:
            ctx.post.text(
                holder.userid, anchored(ctx.now, taken.seq, taken.hash, rehearsal=ctx.frank.rehearsal),
                key=f"anchor:{due.generation}:{holder.userid}",
            )
