"""Delegations and leaves (4.1c). Instants are company time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from policy.absences import Absence, AbsenceKind
from storage.moments import from_ms, to_ms
from storage.rights_tables import ABSENCE
from storage.statement import POSTGRESQL, Statement
from storage.tables import PERSON
from storage.unit import Unit

_COLUMNS = (
    ABSENCE.c.number, ABSENCE.c.kind, ABSENCE.c.person, ABSENCE.c.stand_in, ABSENCE.c.starts_at, ABSENCE.c.ends_at,
)
_RUNNING = Statement(select(*_COLUMNS).where(ABSENCE.c.over == 0).order_by(ABSENCE.c.starts_at, ABSENCE.c.number))
_ONE = Statement(select(*_COLUMNS, ABSENCE.c.over).where(ABSENCE.c.number == bindparam("number")))
_LOCK = Statement(select(PERSON.c.userid).where(PERSON.c.userid == bindparam("userid")).with_for_update())


def add_absence(unit: Unit, absence: Absence, now: datetime) -> None:
    """Keep a delegation or leave; the caller raises the org's version and audits."""
    unit.insert(
        ABSENCE,
        {
            "number": absence.number, "kind": absence.kind.value, "person": absence.person, "stand_in": absence.by,
            "starts_at": to_ms(absence.starts_at), "ends_at": to_ms(absence.ends_at), "over": 0,
            "created_at": to_ms(now),
        },
    )


def end_absence(unit: Unit, number: str, at: datetime) -> None:
    """
    Say that a period is over, at its end or before.

    Raises:
        StaleRow: it was over already.
    """
    unit.change_one(ABSENCE, {"number": number, "over": 0}, {"over": 1, "ends_at": to_ms(at)})


def absences(unit: Unit) -> list[Absence]:
    """Return what runs or is to come, in order of beginning."""
    return [_as_absence(row) for row in unit.all(_RUNNING)]


def load_absence(unit: Unit, number: str) -> tuple[Absence, bool] | None:
    """Return a period and whether it is over."""
    row = unit.one(_ONE, number=number)
    return None if row is None else (_as_absence(row[:-1]), bool(row[-1]))


def lock_person(unit: Unit, userid: str) -> None:
    """Let nobody else change this person's rights until this unit ends."""
    if unit.dialect == POSTGRESQL:
        unit.one(_LOCK, userid=userid)


def _as_absence(row: Sequence[Any]) -> Absence:
    number, kind, person, stand_in, starts_at, ends_at = row
    return Absence(number, AbsenceKind(kind), person, stand_in, from_ms(starts_at), from_ms(ends_at))
