"""Deadlines as rows: set, cancelled, and read for firing (design rule 7). Instants are company time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, func, select

from policy.terms import DeadlineState, Lane
from storage.canonical import to_json
from storage.moments import to_ms
from storage.statement import Statement
from storage.tables import DEADLINE
from storage.unit import Unit

_CANCEL = Statement(
    DEADLINE.update()
    .where(
        DEADLINE.c.subject == bindparam("of_subject"),
        DEADLINE.c.state == DeadlineState.PENDING.value,
    )
    .values(state=DeadlineState.CANCELLED.value)
)
_CANCEL_KIND = Statement(
    DEADLINE.update()
    .where(
        DEADLINE.c.subject == bindparam("of_subject"),
        DEADLINE.c.kind == bindparam("of_kind"),
        DEADLINE.c.state == DeadlineState.PENDING.value,
    )
    .values(state=DeadlineState.CANCELLED.value)
)


_SET = Statement(
    select(DEADLINE.c.id).where(
        DEADLINE.c.kind == bindparam("of_kind"), DEADLINE.c.subject == bindparam("of_subject"),
        DEADLINE.c.generation == bindparam("of_generation"),
    )
)
_NEWEST = Statement(
    select(func.max(DEADLINE.c.generation)).where(
        DEADLINE.c.kind == bindparam("of_kind"), DEADLINE.c.subject == bindparam("of_subject")
    )
)


def set_deadline(
    unit: Unit, kind: str, subject: str, generation: int, due_at: datetime, data: Mapping[str, object]
) -> None:
    """
    Promise to act at an instant.

    Raises:
        DuplicateKey: (by the store) this generation of the subject's deadline exists already.
    """
    unit.insert(
        DEADLINE,
        {
            "kind": kind, "subject": subject, "generation": generation, "due_at": to_ms(due_at),
            "state": DeadlineState.PENDING.value, "data": to_json(dict(data)), "attempt": 0, "retry_at": 0,
            "error": "",
        },
    )


def due_at_once(
    unit: Unit, kind: str, subject: str, generation: int, now: datetime, data: Mapping[str, object]
) -> None:
    """
    Promise to act as soon as this unit is committed: a worker is rung for it, and the clock finds it without a ring.

    Raises:
        DuplicateKey: (by the store) this generation of the subject's deadline exists already.
    """
    set_deadline(unit, kind, subject, generation, now, data)
    unit.lanes.add(Lane.DEFAULT)


def was_set(unit: Unit, kind: str, subject: str, generation: int) -> bool:
    """Return whether this generation of a subject's deadline was ever set."""
    return unit.one(_SET, of_kind=kind, of_subject=subject, of_generation=generation) is not None


def next_generation(unit: Unit, kind: str, subject: str) -> int:
    """Return the generation after the newest that was ever set of a kind and subject, 1 for the first."""
    newest = unit.scalar(_NEWEST, of_kind=kind, of_subject=subject)
    return 1 if newest is None else int(newest) + 1


def cancel_deadlines(unit: Unit, subject: str, kind: str | None = None) -> int:
    """Take back what is pending for a subject (of one kind); return how many."""
    if kind is None:
        return unit.run(_CANCEL, of_subject=subject)
    return unit.run(_CANCEL_KIND, of_subject=subject, of_kind=kind)
