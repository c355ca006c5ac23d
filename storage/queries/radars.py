"""Filings of the last days, for hints on what belongs together (4.1a). Instants are company time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, bindparam, or_, select

from policy.radars import Filing
from policy.terms import ItemState
from storage.canonical import from_json
from storage.moments import from_ms, to_ms
from storage.statement import Statement
from storage.tables import APPROVAL, ITEM, REVISION
from storage.unit import Unit

_STANDING = (ItemState.PENDING.value, ItemState.APPROVED.value, ItemState.RETURNED.value)
_RECENT = Statement(
    select(
        ITEM.c.number, ITEM.c.author, ITEM.c.department, ITEM.c.title, REVISION.c.fields, APPROVAL.c.fen,
        ITEM.c.created_at,
    )
    .join(APPROVAL, APPROVAL.c.number == ITEM.c.number)
    .join(REVISION, and_(REVISION.c.number == ITEM.c.number, REVISION.c.revision == APPROVAL.c.revision))
    .where(
        # The instant in both: each half then reads its own index from there on.
        or_(
            and_(ITEM.c.author == bindparam("applicant"), ITEM.c.created_at >= bindparam("since")),
            and_(ITEM.c.department == bindparam("of_department"), ITEM.c.created_at >= bindparam("since")),
        ),
        or_(*(APPROVAL.c.state == state for state in _STANDING)),
        APPROVAL.c.fen.is_not(None), ITEM.c.kind == bindparam("of_kind"),
    )
    .order_by(ITEM.c.created_at.desc()).limit(bindparam("most"))
)


def recent_filings(
    unit: Unit, applicant: str, department: str, kind: str, since: datetime, most: int = 200
) -> list[Filing]:
    """Return what an applicant or a department filed of one kind since an instant and what still stands."""
    rows = unit.all(
        _RECENT, applicant=applicant, of_department=department, of_kind=kind, since=to_ms(since), most=most
    )
    return [
        Filing(number, author, of, title, str((from_json(fields) if fields else {}).get("supplier") or ""), fen,
               from_ms(at))
        for number, author, of, title, fields, fen, at in rows
    ]
