"""Figures over the register, per department, for packs and reports (4.2b)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, func, select

from policy.terms import ItemState, Noun
from storage.moments import to_ms
from storage.statement import Statement
from storage.tables import APPROVAL, ITEM
from storage.unit import Unit

_WITHIN = (ITEM.c.created_at >= bindparam("since"), ITEM.c.created_at < bindparam("until"))
_COUNTS = Statement(
    select(ITEM.c.department, ITEM.c.noun, func.count()).where(*_WITHIN).group_by(ITEM.c.department, ITEM.c.noun)
)
_APPROVED = Statement(
    select(ITEM.c.department, func.count(), func.coalesce(func.sum(APPROVAL.c.fen), 0))
    .join(APPROVAL, APPROVAL.c.number == ITEM.c.number)
    .where(*_WITHIN, ITEM.c.noun == Noun.PURCHASE.value, APPROVAL.c.state == ItemState.APPROVED.value)
    .group_by(ITEM.c.department)
)


def items_by_department(unit: Unit, since: datetime, until: datetime) -> dict[tuple[str, str], int]:
    """Return how many items of each (department id, noun) came in during [since, until)."""
    rows = unit.all(_COUNTS, since=to_ms(since), until=to_ms(until))
    return {(str(department), str(noun)): int(count) for department, noun, count in rows}


def approved_by_department(unit: Unit, since: datetime, until: datetime) -> dict[str, tuple[int, int]]:
    """Return per department how many purchases filed in [since, until) have passed, and their sum in fen."""
    rows = unit.all(_APPROVED, since=to_ms(since), until=to_ms(until))
    return {str(department): (int(count), int(fen)) for department, count, fen in rows}
