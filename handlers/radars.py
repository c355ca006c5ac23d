"""Hints at filing: what together reaches a limit is shown to the signers and to the records department (4.1a)."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.context import Ctx
from notifications.texts import radars as texts
from policy.radars import SPLIT_WITHIN, Filing, SplitHint, split_hint
from policy.terms import Post
from storage.queries.items import Item
from storage.queries.radars import recent_filings


def hint_of(ctx: Ctx, item: Item, fen: int | None, fields: Mapping[str, object], limit: int) -> SplitHint | None:
    """Return the hint on a filing that was just put into the register, None when there is nothing to say."""
    if fen is None:
        return None
    new = Filing(
        item.number, item.author, item.department, item.title, str(fields.get("supplier") or ""), fen, ctx.now
    )
    earlier = recent_filings(ctx.unit, item.author, item.department, item.kind, ctx.now - SPLIT_WITHIN)
    return split_hint(new, earlier, limit)


def tell_records(ctx: Ctx, item: Item, hint: SplitHint) -> None:
    """Let the records director know, as a hint; nobody is blamed and nothing is held up."""
    director = ctx.org.holder(Post.RECORDS_DIRECTOR)
    if director is not None and director.userid != item.author:
        ctx.post.text(
            director.userid, texts.for_records(item.number, hint.numbers, hint.fen), key=f"split:{item.number}",
            number=item.number,
        )
    ctx.audit("approval.hinted", item.number, near=list(hint.numbers), fen=hint.fen)
