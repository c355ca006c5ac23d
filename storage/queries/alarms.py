"""Alarms as rows, and who of a person's alarms still waits for an answer (7.1b). Instants are company time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, literal_column, select

from policy.alarms import Alarm, AlarmState
from policy.terms import DeadlineState
from storage.alarm_tables import ALARM
from storage.canonical import from_json, to_json
from storage.moments import from_ms, to_ms
from storage.statement import POSTGRESQL, Statement
from storage.tables import DEADLINE
from storage.unit import Unit

STEP = "alarm.step"  # the kind of deadline that carries an alarm on

_ONE = Statement(select(ALARM).where(ALARM.c.number == bindparam("number")))
_ONE_LOCKED = Statement(select(ALARM).where(ALARM.c.number == bindparam("number")).with_for_update())
_NEWEST_OF = Statement(
    select(ALARM).where(ALARM.c.sender == bindparam("sender"), ALARM.c.raised_at >= bindparam("since"))
    .order_by(ALARM.c.raised_at.desc(), ALARM.c.number.desc()).limit(1)
)


_STUCK = Statement(
    select(ALARM.c.number, ALARM.c.raised_at).where(
        literal_column("alarm.state") == literal_column(f"'{AlarmState.OPEN.value}'"),
        ~exists().where(
            DEADLINE.c.subject == ALARM.c.number, DEADLINE.c.kind == STEP,
            DEADLINE.c.state == literal_column(f"'{DeadlineState.PENDING.value}'"),
        ),
    ).order_by(ALARM.c.raised_at)
)


def add_alarm(unit: Unit, alarm: Alarm) -> None:
    """Insert an alarm; the caller audits."""
    unit.insert(ALARM, _as_row(alarm))


def load_alarm(unit: Unit, number: str) -> Alarm | None:
    """Return an alarm."""
    row = unit.one(_ONE, number=number)
    return None if row is None else _as_alarm(row)


def lock_alarm(unit: Unit, number: str) -> Alarm | None:
    """Return an alarm, locked for this unit."""
    row = unit.one(_ONE_LOCKED if unit.dialect == POSTGRESQL else _ONE, number=number)
    return None if row is None else _as_alarm(row)


def save_alarm(unit: Unit, alarm: Alarm, before: Alarm) -> None:
    """
    Store an alarm as it is after an act.

    Raises:
        StaleRow: another act was stored first.
    """
    row = _as_row(alarm)
    unit.change_one(ALARM, {"number": row.pop("number"), "version": before.version}, row)


def newest_alarm_of(unit: Unit, sender: str, since: datetime) -> Alarm | None:
    """Return the newest alarm that somebody raised since an instant."""
    row = unit.one(_NEWEST_OF, sender=sender, since=to_ms(since))
    return None if row is None else _as_alarm(row)


def stuck_alarms(unit: Unit) -> list[tuple[str, datetime]]:
    """Return (number, when it was raised) of open alarms that nothing will carry on: they have no pending step."""
    return [(str(row[0]), from_ms(row[1])) for row in unit.all(_STUCK)]


def _as_row(alarm: Alarm) -> dict[str, object]:
    return {
        "number": alarm.number, "state": alarm.state.value, "version": alarm.version, "sender": alarm.sender,
        "kind": alarm.kind, "ladder": to_json(list(alarm.ladder)), "told": to_json(list(alarm.told)),
        "position": alarm.position, "round": alarm.round, "called": int(alarm.called), "steps": alarm.steps,
        "raised_at": to_ms(alarm.raised_at), "acknowledged_by": alarm.acknowledged_by,
        "acknowledged_at": None if alarm.acknowledged_at is None else to_ms(alarm.acknowledged_at),
    }


def _as_alarm(row: tuple[Any, ...]) -> Alarm:
    (
        number, state, version, sender, kind, ladder, told, position, round_, called, steps, raised_at, by, at
    ) = row
    return Alarm(
        number, AlarmState(state), version, sender, kind, tuple(from_json(ladder)), tuple(from_json(told)), position,
        round_, bool(called), steps, from_ms(raised_at), by, None if at is None else from_ms(at),
    )
