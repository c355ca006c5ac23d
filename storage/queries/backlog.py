"""What waits in the outbox: for the sweep, the morning, the watchdog and operators. Instants as said per function."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, func, literal_column, select

from policy.terms import DeliveryKind, DeliveryState, Lane
from storage.moments import from_ms, to_ms
from storage.queries.deliveries import PARKED_MS, standing, waiting
from storage.statement import POSTGRESQL, Statement
from storage.tables import OUTBOX, SEARCH_TAIL
from storage.unit import Unit


@dataclass(frozen=True)
class Held:
    """A row that waits for the end of quiet hours. Instants are company time, aware UTC."""

    id: int
    recipient: str
    number: str
    lane: Lane
    kind: DeliveryKind
    dedupe_key: str
    body: bytes
    summary: str
    created_at: datetime


@dataclass(frozen=True)
class Backlog:
    """How much of a lane is ripe, and since when (machine time) its oldest row waits."""

    lane: Lane
    count: int
    oldest: datetime


@dataclass(frozen=True)
class Undelivered:
    """A row that an operator decides about: failed, or unknown and parked. `queued_at` is machine time."""

    id: int
    state: DeliveryState
    kind: DeliveryKind
    lane: Lane
    recipient: str
    number: str
    summary: str
    error: str
    attempt: int
    queued_at: datetime


_RIPE = and_(
    waiting(OUTBOX), standing(OUTBOX, DeliveryState.PENDING, DeliveryState.UNKNOWN),
    OUTBOX.c.retry_at <= bindparam("now"), OUTBOX.c.queued_at <= bindparam("queued_before"),
)
_RIPE_LANES = Statement(
    select(OUTBOX.c.lane, func.count(), func.min(OUTBOX.c.queued_at)).where(_RIPE).group_by(OUTBOX.c.lane)
)
_HELD = (waiting(OUTBOX), standing(OUTBOX, DeliveryState.HELD), OUTBOX.c.not_before <= bindparam("now"))
# Grouped by an expression: by the bare column SQLite would walk the index of all messages ever sent.
_WHOSE = OUTBOX.c.recipient.concat(literal_column("''"))
_HELD_RECIPIENTS = Statement(
    select(_WHOSE).where(*_HELD).group_by(_WHOSE).order_by(func.min(OUTBOX.c.id)).limit(bindparam("most"))
)
_NEXT_HELD = Statement(
    select(func.min(OUTBOX.c.not_before)).where(
        waiting(OUTBOX), standing(OUTBOX, DeliveryState.HELD), OUTBOX.c.not_before > bindparam("after")
    )
)
_NEXT_RIPE = Statement(
    select(func.min(OUTBOX.c.retry_at)).where(
        waiting(OUTBOX), standing(OUTBOX, DeliveryState.PENDING, DeliveryState.UNKNOWN),
        OUTBOX.c.retry_at < PARKED_MS,
    )
)
_HELD_CORE = (
    select(
        OUTBOX.c.id, OUTBOX.c.recipient, OUTBOX.c.number, OUTBOX.c.lane, OUTBOX.c.kind, OUTBOX.c.dedupe_key,
        OUTBOX.c.body, OUTBOX.c.summary, OUTBOX.c.created_at,
    )
    .where(*_HELD, OUTBOX.c.recipient == bindparam("of_recipient")).order_by(OUTBOX.c.id)
)
_HELD_OF = Statement(_HELD_CORE)
_HELD_OF_LOCKED = Statement(_HELD_CORE.with_for_update(skip_locked=True))

_UNDELIVERED_COLUMNS = (
    OUTBOX.c.id, OUTBOX.c.state, OUTBOX.c.kind, OUTBOX.c.lane, OUTBOX.c.recipient, OUTBOX.c.number, OUTBOX.c.summary,
    OUTBOX.c.error, OUTBOX.c.attempt, OUTBOX.c.queued_at,
)
_PARKED = and_(standing(OUTBOX, DeliveryState.UNKNOWN), OUTBOX.c.retry_at >= PARKED_MS)
# Two halves with an index each: together they would be looked for among all messages ever sent.
_FAILED = Statement(
    select(*_UNDELIVERED_COLUMNS).where(standing(OUTBOX, DeliveryState.FAILED))
    .order_by(OUTBOX.c.id.desc()).limit(bindparam("most"))
)
_PARKED_ROWS = Statement(select(*_UNDELIVERED_COLUMNS).where(waiting(OUTBOX), _PARKED))


def backlogs(unit: Unit, now: datetime, queued_before: datetime) -> list[Backlog]:
    """Return per lane what could leave now and was promised before an instant; both machine time."""
    rows = unit.all(_RIPE_LANES, now=to_ms(now), queued_before=to_ms(queued_before))
    return [Backlog(Lane(lane), int(count), from_ms(int(oldest))) for lane, count, oldest in rows]


def recipients_to_wake(unit: Unit, now: datetime, most: int) -> list[str]:
    """Return whose held messages may leave (company time), the longest waiting first."""
    return [str(row[0]) for row in unit.all(_HELD_RECIPIENTS, now=to_ms(now), most=most)]


def next_held(unit: Unit, after: datetime) -> datetime | None:
    """Return the earliest company instant after another at which held messages may leave, None when nothing is held."""
    found = unit.scalar(_NEXT_HELD, after=to_ms(after))
    return None if found is None else from_ms(int(found))


def next_ripe(unit: Unit) -> datetime | None:
    """Return the machine instant from which a waiting row may be tried (it may have passed), None when none waits."""
    found = unit.scalar(_NEXT_RIPE)
    return None if found is None else from_ms(int(found))


def held_of(unit: Unit, recipient: str, now: datetime) -> list[Held]:
    """Return a person's held rows that may leave now (company time), oldest first, locked for this unit."""
    rows = unit.all(
        _HELD_OF_LOCKED if unit.dialect == POSTGRESQL else _HELD_OF, of_recipient=recipient, now=to_ms(now)
    )
    return [
        Held(row[0], row[1], row[2], Lane(row[3]), DeliveryKind(row[4]), row[5], bytes(row[6]), row[7],
             from_ms(row[8]))
        for row in rows
    ]


def wake(unit: Unit, row: Held, machine_now: datetime) -> bool:
    """Let a held row leave as it is; its age counts from now. False when somebody was quicker."""
    changes = {"state": DeliveryState.PENDING.value, "queued_at": to_ms(machine_now)}
    if unit.update(OUTBOX, {"id": row.id, "state": DeliveryState.HELD.value}, changes) != 1:
        return False
    unit.lanes.add(row.lane)
    return True


def bundle_into(unit: Unit, row: Held, outbox_id: int) -> bool:
    """Close a held row because a summary says it; False when somebody was quicker."""
    changes = {"state": DeliveryState.CANCELLED.value, "error": f"bundled:{outbox_id}"}
    return unit.update(OUTBOX, {"id": row.id, "state": DeliveryState.HELD.value}, changes) == 1


_SEARCH_WAITS = Statement(select(SEARCH_TAIL.c.id).limit(1))


def search_waits(unit: Unit) -> bool:
    """Return whether an item waits for the search index."""
    return unit.one(_SEARCH_WAITS) is not None


# --- for operators ---------------------------------------------------------------------------------------------------


def undelivered(unit: Unit, most: int = 200) -> list[Undelivered]:
    """Return what will not arrive without a person's act, newest first."""
    return [
        Undelivered(
            row[0], DeliveryState(row[1]), DeliveryKind(row[2]), Lane(row[3]), row[4], row[5], row[6], row[7], row[8],
            from_ms(row[9]),
        )
        for row in sorted([*unit.all(_FAILED, most=most), *unit.all(_PARKED_ROWS)], reverse=True)[:most]
    ]


def retry_by_hand(unit: Unit, outbox_id: int, machine_now: datetime) -> bool:
    """
    Send a failed or parked row once more; False when it is neither.

    A parked row may arrive twice: the operator takes that upon himself, and its window begins anew.
    """
    fresh: dict[str, object] = {"retry_at": 0, "attempt": 0, "error": "", "queued_at": to_ms(machine_now)}
    failed = {"id": outbox_id, "state": DeliveryState.FAILED.value}
    again = unit.update(
        OUTBOX, failed, {**fresh, "state": DeliveryState.PENDING.value, "first_sent_at": None}
    )
    parked = {"id": outbox_id, "state": DeliveryState.UNKNOWN.value, "retry_at": PARKED_MS}
    again += unit.update(OUTBOX, parked, {**fresh, "first_sent_at": to_ms(machine_now)})
    if again:
        unit.lanes.update(_lane_of(unit, outbox_id))
    return again > 0


def drop_by_hand(unit: Unit, outbox_id: int) -> bool:
    """Close a failed, parked, pending or held row for good; False when it left or is leaving."""
    dropped = {"state": DeliveryState.CANCELLED.value, "error": "dropped by hand"}
    states: Sequence[DeliveryState] = (DeliveryState.FAILED, DeliveryState.PENDING, DeliveryState.HELD)
    closed = sum(unit.update(OUTBOX, {"id": outbox_id, "state": state.value}, dropped) for state in states)
    parked = {"id": outbox_id, "state": DeliveryState.UNKNOWN.value, "retry_at": PARKED_MS}
    return closed + unit.update(OUTBOX, parked, dropped) > 0


_LANE = Statement(select(OUTBOX.c.lane).where(OUTBOX.c.id == bindparam("of_id")))


def _lane_of(unit: Unit, outbox_id: int) -> list[Lane]:
    return [Lane(row[0]) for row in unit.all(_LANE, of_id=outbox_id)]
