"""
Deadlines that fire: found in due order, taken by one conditional update, closed with evidence (design rule 7).

The writing side of handlers is `storage.queries.deadlines`. Due instants are company time, retries machine time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, literal_column, select

from policy.terms import DeadlineState
from storage.canonical import from_json
from storage.moments import from_ms, to_ms
from storage.statement import POSTGRESQL, Statement
from storage.tables import DEADLINE
from storage.unit import Unit

# A literal, not a parameter: only then do both databases see that their partial index applies.
_PENDING = DEADLINE.c.state == literal_column(f"'{DeadlineState.PENDING.value}'")
_SAME = (DEADLINE.c.kind == bindparam("of_kind"), DEADLINE.c.subject == bindparam("of_subject"))

_COLUMNS = (
    DEADLINE.c.id, DEADLINE.c.kind, DEADLINE.c.subject, DEADLINE.c.generation, DEADLINE.c.due_at, DEADLINE.c.data,
    DEADLINE.c.attempt,
)
_NEXT = Statement(
    select(*_COLUMNS)
    .where(_PENDING, DEADLINE.c.due_at <= bindparam("now"), DEADLINE.c.retry_at <= bindparam("machine_now"))
    .order_by(DEADLINE.c.due_at, DEADLINE.c.id)
    .limit(1)
)
_TAKE = Statement(
    DEADLINE.update()
    .where(DEADLINE.c.id == bindparam("of_id"), _PENDING)
    .values(state=bindparam("to_state"), fired_at=bindparam("at"))
)
_NEWER_DUE = Statement(
    select(DEADLINE.c.generation)
    .where(
        *_SAME, _PENDING, DEADLINE.c.due_at <= bindparam("now"), DEADLINE.c.id != bindparam("of_id"),
        (DEADLINE.c.due_at > bindparam("due"))
        | ((DEADLINE.c.due_at == bindparam("due")) & (DEADLINE.c.generation > bindparam("of_generation"))),
    )
    .order_by(DEADLINE.c.due_at.desc(), DEADLINE.c.generation.desc())
    .limit(1)
)
_LAST_FIRED = Statement(
    select(func.max(DEADLINE.c.due_at)).where(
        *_SAME, DEADLINE.c.state == DeadlineState.FIRED.value, DEADLINE.c.id != bindparam("of_id")
    )
)
_MISSED = Statement(
    select(func.count()).select_from(DEADLINE).where(
        *_SAME, DEADLINE.c.state == DeadlineState.SUPERSEDED.value, DEADLINE.c.due_at > bindparam("after"),
        DEADLINE.c.due_at <= bindparam("due"),
    )
)
_EXISTS = Statement(
    select(DEADLINE.c.id).where(*_SAME, DEADLINE.c.generation == bindparam("of_generation"))
)
_PENDING_OF = Statement(
    select(DEADLINE.c.id, DEADLINE.c.generation, DEADLINE.c.due_at)
    .where(*_SAME, _PENDING).order_by(DEADLINE.c.due_at).limit(1)
)
_EARLIEST = Statement(select(func.min(DEADLINE.c.due_at)).where(_PENDING))
_EARLIEST_AFTER = Statement(select(func.min(DEADLINE.c.due_at)).where(_PENDING, DEADLINE.c.due_at > bindparam("now")))

# One clock fires at a time, so that due order holds across clocks; a frozen one is thrown out by the server.
_PATIENCE = Statement({POSTGRESQL: "SET LOCAL idle_in_transaction_session_timeout = '10s'"})
_LOCK = Statement({POSTGRESQL: "SELECT pg_try_advisory_xact_lock(7061004)"})


@dataclass(frozen=True)
class DueRow:
    """A pending deadline whose instant has passed. `due_at` is company time, aware UTC."""

    id: int
    kind: str
    subject: str
    generation: int
    due_at: datetime
    data: Mapping[str, Any]
    attempt: int


def hold_the_floor(unit: Unit) -> bool:
    """Return whether this unit alone may fire deadlines until it ends; False: another clock is at it."""
    if unit.dialect != POSTGRESQL:
        return True  # a writing unit of SQLite is alone anyway
    unit.run(_PATIENCE)
    return bool(unit.scalar(_LOCK))


def next_due(unit: Unit, now: datetime, machine_now: datetime) -> DueRow | None:
    """Return the pending deadline with the earliest instant that has passed; failed ones wait for their retry."""
    row = unit.one(_NEXT, now=to_ms(now), machine_now=to_ms(machine_now))
    if row is None:
        return None
    return DueRow(row[0], row[1], row[2], row[3], from_ms(row[4]), from_json(row[5]), row[6])


def take(unit: Unit, due: DueRow, state: DeadlineState, now: datetime) -> bool:
    """Close a pending deadline in one conditional update; return False when somebody was quicker."""
    return unit.run(_TAKE, of_id=due.id, to_state=state.value, at=to_ms(now)) == 1


def newer_due(unit: Unit, due: DueRow, now: datetime) -> int | None:
    """Return the generation of the newest other pending deadline of this kind and subject that is due too."""
    found = unit.scalar(
        _NEWER_DUE, of_kind=due.kind, of_subject=due.subject, now=to_ms(now), of_id=due.id, due=to_ms(due.due_at),
        of_generation=due.generation,
    )
    return None if found is None else int(found)


def missed_before(unit: Unit, due: DueRow) -> int:
    """Return how many were superseded since the last one of this kind and subject fired."""
    last = unit.scalar(_LAST_FIRED, of_kind=due.kind, of_subject=due.subject, of_id=due.id)
    after = -1 if last is None else int(last)
    return int(
        unit.scalar(_MISSED, of_kind=due.kind, of_subject=due.subject, after=after, due=to_ms(due.due_at))
    )


def add_superseded(unit: Unit, due: DueRow, generation: int, due_at: datetime, now: datetime) -> None:
    """Keep a period that passed while no clock ran, as the evidence that it was passed over."""
    unit.insert(
        DEADLINE,
        {
            "kind": due.kind, "subject": due.subject, "generation": generation, "due_at": to_ms(due_at),
            "state": DeadlineState.SUPERSEDED.value, "data": "{}", "fired_at": to_ms(now), "attempt": 0,
            "retry_at": 0, "error": "",
        },
    )


def postpone(unit: Unit, due_id: int, attempt: int, retry_at: datetime, error: str) -> bool:
    """Note a failed firing and when it is tried again (machine time); return False when it is pending no more."""
    changed = unit.update(
        DEADLINE, {"id": due_id, "state": DeadlineState.PENDING.value},
        {"attempt": attempt, "retry_at": to_ms(retry_at), "error": error},
    )
    return changed == 1


def generation_exists(unit: Unit, kind: str, subject: str, generation: int) -> bool:
    """Return whether this generation was ever set, whatever became of it."""
    return unit.one(_EXISTS, of_kind=kind, of_subject=subject, of_generation=generation) is not None


def pending_of(unit: Unit, kind: str, subject: str) -> tuple[int, int, datetime] | None:
    """Return (id, generation, due instant) of the earliest pending deadline of a kind and subject."""
    row = unit.one(_PENDING_OF, of_kind=kind, of_subject=subject)
    return None if row is None else (row[0], row[1], from_ms(row[2]))


def move_due(unit: Unit, due_id: int, due_at: datetime, generation: int) -> None:
    """Move a pending deadline to another instant and period (the calendar or the parameters changed)."""
    unit.update(
        DEADLINE, {"id": due_id, "state": DeadlineState.PENDING.value},
        {"due_at": to_ms(due_at), "generation": generation},
    )


def earliest_due(unit: Unit, after: datetime | None = None) -> datetime | None:
    """Return the earliest pending instant (after another one), company time; None when nothing is pending."""
    found = unit.scalar(_EARLIEST) if after is None else unit.scalar(_EARLIEST_AFTER, now=to_ms(after))
    return None if found is None else from_ms(int(found))
