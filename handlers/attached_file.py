"""
Opening an attachment: for whoever may see its item, and a sensitive one for the records director alone (3.2b, 3.2c).

Every opening and every refusal is kept (6.1d).
"""

from __future__ import annotations

from dataclasses import dataclass

from handlers.context import Ctx
from handlers.seen import visible_item
from policy.permissions import may_open_files
from policy.terms import Post
from storage.queries.files import DETACHED, StoredFile, load_file


@dataclass(frozen=True)
class OnlyTheDirector:
    """The file is of a sensitive kind (3.2c). director: name, "" while the seat is empty."""

    director: str


def attached_file(ctx: Ctx, attachment: int) -> StoredFile | OnlyTheDirector | None:
    """
    Return an attachment, None when there is no such, it was taken off, or the person may not see its item.

    All three read the same from outside; each is a refusal in the access chain (6.1d).
    """
    found = load_file(ctx.unit, attachment)
    if found is None or found.state == DETACHED:
        ctx.access("refused", "" if found is None else found.number, attachment=attachment)
        return None
    item = visible_item(ctx, found.number, attachment=attachment)
    if item is None:
        return None
    if not may_open_files(ctx.person, item.kind):
        ctx.access("refused", found.number, attachment=attachment, control="3.2c")
        director = ctx.org.holder(Post.RECORDS_DIRECTOR)
        return OnlyTheDirector(director.name if director is not None else "")
    ctx.access("file", found.number, attachment=attachment, state=found.state)
    return found
