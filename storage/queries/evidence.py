"""Reading the trail: one item's events, and when a control's acts happened last (3.1f)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from storage.canonical import from_json
from storage.moments import from_ms
from storage.statement import Statement
from storage.tables import AUDIT
from storage.unit import Unit


@dataclass(frozen=True)
class Event:
    """One event of the audit chain; `at` is company time, aware UTC."""

    seq: int
    at: datetime
    actor: str
    act: str
    number: str
    facts: Mapping[str, Any]


_TRAIL = Statement(
    select(AUDIT.c.seq, AUDIT.c.at, AUDIT.c.actor, AUDIT.c.act, AUDIT.c.number, AUDIT.c.body)
    .where(AUDIT.c.number == bindparam("number"))
    .order_by(AUDIT.c.seq)
)


def trail_of(unit: Unit, number: str) -> list[Event]:
    """Return every event of one item, oldest first."""
    return [
        Event(seq, from_ms(at), actor, act, item, from_json(body)["facts"])
        for seq, at, actor, act, item, body in unit.all(_TRAIL, number=number)
    ]


def last_of(unit: Unit, acts: Sequence[str]) -> tuple[int, datetime | None]:
    """Return how many events of these acts there are, and when the newest happened (company time)."""
    row = unit.one(select(func.count(), func.max(AUDIT.c.at)).where(AUDIT.c.act.in_(list(acts))))
    assert row is not None
    return int(row[0]), None if row[1] is None else from_ms(int(row[1]))
