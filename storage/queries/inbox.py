"""The inbox: every well-signed event once, with the answer it was given (design rules 1, 3)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select

from storage.statement import Statement
from storage.tables import INBOX
from storage.unit import Unit


@dataclass(frozen=True)
class Received:
    """
    One event as it is kept.

    Attributes:
        dedupe_key: 32 bytes.
        received_ms: machine time, milliseconds.
        state: handled | refused | failed | unknown.
        event: canonical JSON of its fields.
        answer: the plain inner XML of the reply, b"" when there is nothing to say.
    """

    dedupe_key: bytes
    received_ms: int
    sender: str
    kind: str
    source: str
    state: str
    event: str
    answer: bytes
    incident: str | None = None


_ANSWER = Statement(select(INBOX.c.answer).where(INBOX.c.dedupe_key == bindparam("key")))
_OLD = Statement(INBOX.delete().where(INBOX.c.received_at < bindparam("before"), INBOX.c.state != "failed"))


def answer_given(unit: Unit, dedupe_key: bytes) -> bytes | None:
    """Return the answer an earlier delivery of the same event got, None when it is new."""
    found = unit.scalar(_ANSWER, key=dedupe_key)
    return None if found is None else bytes(found)


def keep(unit: Unit, received: Received) -> None:
    """
    Keep an event with its answer.

    Raises:
        DuplicateKey: (by the store) another delivery of it was kept first.
    """
    unit.insert(
        INBOX,
        {
            "dedupe_key": received.dedupe_key, "received_at": received.received_ms, "sender": received.sender,
            "kind": received.kind, "source": received.source, "state": received.state,
            "incident": received.incident, "event": received.event, "answer": received.answer,
        },
    )


def forget_before(unit: Unit, machine_ms: int) -> int:
    """Delete events older than the dedupe window (48 h); failed ones stay for the operator. Return how many."""
    return unit.run(_OLD, before=machine_ms)
