"""Opening an attachment: for whoever may see its item; every opening and every refusal is kept (3.2b, 6.1d)."""

from __future__ import annotations

from handlers.context import Ctx
from handlers.seen import visible_item
from storage.queries.files import DETACHED, StoredFile, load_file


def attached_file(ctx: Ctx, attachment: int) -> StoredFile | None:
    """
    Return an attachment, None when there is no such, it was taken off, or the person may not see its item.

    All three read the same from outside; each is a refusal in the access chain (6.1d).
    """
    found = load_file(ctx.unit, attachment)
    if found is None or found.state == DETACHED:
        ctx.access("refused", "" if found is None else found.number, attachment=attachment)
        return None
    if visible_item(ctx, found.number, attachment=attachment) is None:
        return None
    ctx.access("file", found.number, attachment=attachment, state=found.state)
    return found
