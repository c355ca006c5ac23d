"""Promises: each with one owner; every change is a compare-and-set on the version (4.2c–e)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, select

from policy.promises import CLOSED, Promise
from policy.terms import PromiseState
from storage.meeting_tables import PROMISE
from storage.moments import from_ms, to_ms
from storage.statement import POSTGRESQL, Statement
from storage.unit import Unit

_COLUMNS = tuple(column.name for column in PROMISE.columns)
_MOMENTS = frozenset(name for name in _COLUMNS if name.endswith("_at")) | {"accept_by"}
_OPEN = and_(*(PROMISE.c.state != value for value in sorted(state.value for state in CLOSED)))
_ONE_CORE = select(PROMISE).where(PROMISE.c.number == bindparam("number"))
_ONE = Statement(_ONE_CORE)
_ONE_LOCKED = Statement(_ONE_CORE.with_for_update())
_OF_MEETING = Statement(
    select(PROMISE).where(PROMISE.c.meeting == bindparam("of_meeting")).order_by(PROMISE.c.number)
)
# Open ones, and those closed since the series met last.
_OF_SERIES = Statement(
    select(PROMISE)
    .where(
        PROMISE.c.series == bindparam("of_series"), PROMISE.c.series != "",
        _OPEN | (PROMISE.c.closed_at >= bindparam("since")),
    )
    .order_by(PROMISE.c.due_at, PROMISE.c.number)
)
_DUE_BETWEEN = Statement(
    select(PROMISE)
    .where(PROMISE.c.due_at >= bindparam("since"), PROMISE.c.due_at < bindparam("until"))
    .order_by(PROMISE.c.due_at, PROMISE.c.number)
)
_OPEN_OF = Statement(
    select(PROMISE).where(PROMISE.c.owner == bindparam("of_owner"), _OPEN).order_by(PROMISE.c.due_at, PROMISE.c.number)
)

_OVERDUE = Statement(
    select(PROMISE)
    .where(_OPEN, PROMISE.c.overdue_at.is_not(None), PROMISE.c.finished_at.is_(None))
    .order_by(PROMISE.c.due_at, PROMISE.c.number)
)


def insert_promise(unit: Unit, promise: Promise) -> None:
    """Insert a fresh promise."""
    unit.insert(PROMISE, _as_row(promise))


def lock_promise(unit: Unit, number: str) -> Promise | None:
    """Read a promise to act on it: nobody else changes it until this unit ends."""
    row = unit.one(_ONE_LOCKED if unit.dialect == POSTGRESQL else _ONE, number=number)
    return None if row is None else _as_promise(row)


def load_promise(unit: Unit, number: str) -> Promise | None:
    """Read a promise to show it."""
    row = unit.one(_ONE, number=number)
    return None if row is None else _as_promise(row)


def save_promise(unit: Unit, promise: Promise) -> None:
    """
    Store a promise whose version was raised by exactly one act.

    Raises:
        StaleRow: another act was stored first.
    """
    row = _as_row(promise)
    unit.change_one(PROMISE, {"number": row.pop("number"), "version": promise.version - 1}, row)


def promises_of_meeting(unit: Unit, meeting: str) -> list[Promise]:
    """Return what was promised in a meeting, in order."""
    return [_as_promise(row) for row in unit.all(_OF_MEETING, of_meeting=meeting)]


def promises_of_series(unit: Unit, series: str, since: datetime) -> list[Promise]:
    """Return what a series of meetings still waits for, and what was closed since an instant; by date."""
    return [_as_promise(row) for row in unit.all(_OF_SERIES, of_series=series, since=to_ms(since))]


def promises_due(unit: Unit, since: datetime, until: datetime) -> list[Promise]:
    """Return all promises due in [since, until), by date: what a kept-promise rate rests on (4.2e)."""
    return [_as_promise(row) for row in unit.all(_DUE_BETWEEN, since=to_ms(since), until=to_ms(until))]


def open_promises_of(unit: Unit, owner: str) -> list[Promise]:
    """Return what somebody has promised and not closed, by date."""
    return [_as_promise(row) for row in unit.all(_OPEN_OF, of_owner=owner)]


def overdue_promises(unit: Unit) -> list[Promise]:
    """Return the promises that are overdue and not said to be done, longest overdue first."""
    return [_as_promise(row) for row in unit.all(_OVERDUE)]


def _as_row(promise: Promise) -> dict[str, object]:
    row: dict[str, object] = {}
    for name in _COLUMNS:
        value = getattr(promise, name)
        if name in _MOMENTS:
            value = None if value is None else to_ms(value)
        elif isinstance(value, bool):
            value = int(value)
        row[name] = getattr(value, "value", value)
    return row


def _as_promise(row: Sequence[Any]) -> Promise:
    got = dict(zip(_COLUMNS, row, strict=True))
    for name in _MOMENTS:
        got[name] = None if got[name] is None else from_ms(got[name])
    got["state"] = PromiseState(got["state"])
    got["back_to"] = None if got["back_to"] is None else PromiseState(got["back_to"])
    got["checked"] = bool(got["checked"])
    return Promise(**got)
