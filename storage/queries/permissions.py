"""Changes of permission with their whole history, and what they make of the org (4.1c). Instants are company time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select

from policy.rights import Applied, ChangeAct, ChangeState, Right, RightKind
from storage.canonical import to_json
from storage.moments import from_ms, to_ms
from storage.queries.people import save_department, save_person
from storage.rights_tables import PERMISSION_CHANGE, SIGHT
from storage.statement import POSTGRESQL, Statement
from storage.unit import Unit


@dataclass(frozen=True)
class Change:
    """
    One change of permission.

    Attributes:
        person: userid whose right it is; signer: whose decision.
        starts_on: company date; None = as soon as it is approved.
        before: userid of who lost the seat by it, "" for nobody.
        version: rises with every change; the compare-and-set.
    """

    number: str
    state: ChangeState
    version: int
    act: ChangeAct
    right: Right
    person: str
    requested_by: str
    signer: str
    starts_on: date | None
    created_at: datetime
    before: str = ""
    decided_by: str = ""
    decided_at: datetime | None = None
    in_force_at: datetime | None = None

    def next(self, **changes: Any) -> Change:
        """Return it with changes, its version raised."""
        return replace(self, version=self.version + 1, **changes)


_CORE = select(PERMISSION_CHANGE).where(PERMISSION_CHANGE.c.number == bindparam("number"))
_ONE, _ONE_LOCKED = Statement(_CORE), Statement(_CORE.with_for_update())
_OF = Statement(
    select(PERMISSION_CHANGE).where(PERMISSION_CHANGE.c.person == bindparam("person"))
    .order_by(PERMISSION_CHANGE.c.created_at.desc(), PERMISSION_CHANGE.c.number.desc()).limit(bindparam("most"))
)
_NEWEST = Statement(
    select(PERMISSION_CHANGE)
    .order_by(PERMISSION_CHANGE.c.created_at.desc(), PERMISSION_CHANGE.c.number.desc()).limit(bindparam("most"))
)
_COLUMNS = tuple(column.name for column in PERMISSION_CHANGE.columns)


def add_change(unit: Unit, change: Change) -> None:
    """Keep a change; the caller audits."""
    unit.insert(PERMISSION_CHANGE, _as_row(change))


def lock_change(unit: Unit, number: str) -> Change | None:
    """Read a change to act on it: nobody else changes it until this unit ends."""
    row = unit.one(_ONE_LOCKED if unit.dialect == POSTGRESQL else _ONE, number=number)
    return None if row is None else _as_change(row)


def load_change(unit: Unit, number: str) -> Change | None:
    """Read a change to show it."""
    row = unit.one(_ONE, number=number)
    return None if row is None else _as_change(row)


def save_change(unit: Unit, change: Change) -> None:
    """
    Store a change whose version was raised by one act.

    Raises:
        StaleRow: another act was stored first.
    """
    row = _as_row(change)
    unit.change_one(PERMISSION_CHANGE, {"number": row.pop("number"), "version": change.version - 1}, row)


def changes_of(unit: Unit, person: str, most: int) -> list[Change]:
    """Return what was changed of a person's rights, newest first."""
    return [_as_change(row) for row in unit.all(_OF, person=person, most=most)]


def newest_changes(unit: Unit, most: int) -> list[Change]:
    """Return the newest changes of the whole company."""
    return [_as_change(row) for row in unit.all(_NEWEST, most=most)]


def put_in_force(unit: Unit, applied: Applied) -> None:
    """Write what a change makes of the org; the caller raises its version and audits."""
    for person in applied.people:
        save_person(unit, person)
    if applied.department is not None:
        save_department(unit, applied.department)
    if applied.sight is not None:
        userid, department, seen = applied.sight
        if seen:
            unit.insert(SIGHT, {"userid": userid, "department": department})
        else:
            unit.run(
                SIGHT.delete().where(SIGHT.c.userid == userid, SIGHT.c.department == department)
            )


def _as_row(change: Change) -> dict[str, object]:
    return {
        "number": change.number, "state": change.state.value, "version": change.version, "act": change.act.value,
        "right_kind": change.right.kind.value, "right_value": change.right.value, "person": change.person,
        "requested_by": change.requested_by, "signer": change.signer,
        "starts_on": None if change.starts_on is None else change.starts_on.isoformat(),
        "before": to_json(change.before), "decided_by": change.decided_by,
        "decided_at": None if change.decided_at is None else to_ms(change.decided_at),
        "in_force_at": None if change.in_force_at is None else to_ms(change.in_force_at),
        "created_at": to_ms(change.created_at),
    }


def _as_change(row: Sequence[Any]) -> Change:
    got = dict(zip(_COLUMNS, row, strict=True))
    return Change(
        number=got["number"], state=ChangeState(got["state"]), version=got["version"], act=ChangeAct(got["act"]),
        right=Right(RightKind(got["right_kind"]), got["right_value"]), person=got["person"],
        requested_by=got["requested_by"], signer=got["signer"],
        starts_on=None if got["starts_on"] is None else date.fromisoformat(got["starts_on"]),
        created_at=from_ms(got["created_at"]), before=got["before"].strip('"'), decided_by=got["decided_by"],
        decided_at=None if got["decided_at"] is None else from_ms(got["decided_at"]),
        in_force_at=None if got["in_force_at"] is None else from_ms(got["in_force_at"]),
    )
