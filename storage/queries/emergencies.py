"""Emergency orders and their debts (4.1b). Instants are company time; every change is a compare-and-set."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, literal_column, select

from policy.emergencies import Emergency, EmergencyState
from storage.canonical import from_json, to_json
from storage.moments import from_ms, to_ms
from storage.rights_tables import EMERGENCY
from storage.statement import POSTGRESQL, Statement
from storage.unit import Unit

_CORE = select(EMERGENCY).where(EMERGENCY.c.number == bindparam("number"))
_ONE, _ONE_LOCKED = Statement(_CORE), Statement(_CORE.with_for_update())
_OPEN = literal_column("emergency.state") == literal_column("'open'")
_OPEN_OF = Statement(
    select(EMERGENCY).where(EMERGENCY.c.orderer == bindparam("orderer"), _OPEN).order_by(EMERGENCY.c.effective_at)
)
_LATE = Statement(
    select(func.count()).select_from(EMERGENCY).where(_OPEN, EMERGENCY.c.due_at < bindparam("now"))
)


def add_emergency(unit: Unit, order: Emergency) -> None:
    """Keep an order; the caller audits."""
    unit.insert(EMERGENCY, _as_row(order))


def lock_emergency(unit: Unit, number: str) -> Emergency | None:
    """Read an order to act on it: nobody else changes it until this unit ends."""
    row = unit.one(_ONE_LOCKED if unit.dialect == POSTGRESQL else _ONE, number=number)
    return None if row is None else _as_emergency(row)


def load_emergency(unit: Unit, number: str) -> Emergency | None:
    """Read an order to show it."""
    row = unit.one(_ONE, number=number)
    return None if row is None else _as_emergency(row)


def save_emergency(unit: Unit, order: Emergency) -> None:
    """
    Store an order whose version was raised by one change.

    Raises:
        StaleRow: another change was stored first.
    """
    row = _as_row(order)
    unit.change_one(EMERGENCY, {"number": row.pop("number"), "version": order.version - 1}, row)


def open_orders_of(unit: Unit, orderer: str) -> list[Emergency]:
    """Return somebody's orders that are not ratified, oldest first."""
    return [_as_emergency(row) for row in unit.all(_OPEN_OF, orderer=orderer)]


def overdue_orders(unit: Unit, now: datetime) -> int:
    """Return how many orders of the whole company are past their date without ratification."""
    return int(unit.scalar(_LATE, now=to_ms(now)) or 0)


def _as_row(order: Emergency) -> dict[str, object]:
    return {
        "number": order.number, "state": order.state.value, "version": order.version, "orderer": order.orderer,
        "fen": order.fen, "team": to_json(list(order.team)), "effective_at": to_ms(order.effective_at),
        "due_at": to_ms(order.due_at), "climbed": order.climbed, "ratification": order.ratification,
        "filed_at": _ms(order.filed_at), "executed_at": _ms(order.executed_at), "spent": order.spent,
        "settled_at": _ms(order.settled_at),
    }


_COLUMNS = tuple(column.name for column in EMERGENCY.columns)


def _as_emergency(row: Sequence[Any]) -> Emergency:
    got = dict(zip(_COLUMNS, row, strict=True))
    return Emergency(
        got["number"], EmergencyState(got["state"]), got["version"], got["orderer"], got["fen"],
        tuple(from_json(got["team"])), from_ms(got["effective_at"]), from_ms(got["due_at"]), got["climbed"],
        got["ratification"], _instant(got["filed_at"]), _instant(got["executed_at"]), got["spent"],
        _instant(got["settled_at"]),
    )


def _ms(instant: datetime | None) -> int | None:
    return None if instant is None else to_ms(instant)


def _instant(stored: int | None) -> datetime | None:
    return None if stored is None else from_ms(stored)
