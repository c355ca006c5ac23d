"""The on-call rota: who answers alarms of a kind on a day (7.1b). Days are company dates."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import bindparam, select

from storage.alarm_tables import DUTY
from storage.moments import to_ms
from storage.statement import Statement
from storage.unit import Unit

_KINDS = Statement(select(DUTY.c.kind).distinct().order_by(DUTY.c.kind))
_ONE = Statement(select(DUTY.c.userid).where(DUTY.c.kind == bindparam("kind"), DUTY.c.day == bindparam("day")))
_BETWEEN = Statement(
    select(DUTY.c.kind, DUTY.c.day, DUTY.c.userid)
    .where(DUTY.c.day >= bindparam("first"), DUTY.c.day <= bindparam("last")).order_by(DUTY.c.kind, DUTY.c.day)
)


def duty_kinds(unit: Unit) -> list[str]:
    """Return every kind that the rota knows."""
    return [str(row[0]) for row in unit.all(_KINDS)]


def on_duty(unit: Unit, kind: str, day: date) -> str | None:
    """Return who answers a kind on a day, None when nobody is named."""
    found = unit.scalar(_ONE, kind=kind, day=day.isoformat())
    return None if found is None else str(found)


def duties_between(unit: Unit, first: date, last: date) -> list[tuple[str, date, str]]:
    """Return (kind, day, userid) of every named day, both ends included."""
    rows = unit.all(_BETWEEN, first=first.isoformat(), last=last.isoformat())
    return [(kind, date.fromisoformat(day), userid) for kind, day, userid in rows]


def set_duty(unit: Unit, kind: str, day: date, userid: str, *, by: str, now: datetime) -> None:
    """Name who answers a kind on a day; the caller audits."""
    changes = {"userid": userid, "set_by": by, "set_at": to_ms(now)}
    if unit.update(DUTY, {"kind": kind, "day": day.isoformat()}, changes) == 0:
        unit.insert(DUTY, {"kind": kind, "day": day.isoformat(), **changes})
