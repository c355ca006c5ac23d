"""
The outbox: promises to send, one row each, in the same transaction as the fact they tell of (design rule 5).

Claiming and recording results is in `storage.queries.deliveries`; this is the writing side of handlers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam

from policy.terms import DeliveryKind, DeliveryState, Lane
from storage.moments import to_ms
from storage.statement import Statement
from storage.tables import OUTBOX
from storage.unit import Unit


@dataclass(frozen=True)
class Promise:
    """
    One delivery to be made.

    Attributes:
        dedupe_key: who + what + which round; the same promise twice is refused by its unique key.
        recipient: userid in lower case.
        body: the exact bytes of the call.
        summary: one line for the morning summary and for operators.
        not_before: company time; later than now while quiet hours hold it.
    """

    dedupe_key: str
    kind: DeliveryKind
    lane: Lane
    recipient: str
    number: str
    body: bytes
    summary: str
    not_before: datetime


_WITHDRAW_HELD = Statement(
    OUTBOX.update()
    .where(OUTBOX.c.id == bindparam("outbox_id"), OUTBOX.c.state == DeliveryState.HELD.value)
    .values(state=DeliveryState.CANCELLED.value, error="settled before it left")
)


def cancel_held(unit: Unit, outbox_id: int) -> bool:
    """Take back a delivery that quiet hours still hold; return False when it has left or is on its way."""
    return unit.run(_WITHDRAW_HELD, outbox_id=outbox_id) == 1


def put_promise(unit: Unit, promise: Promise, *, now: datetime, machine_now: datetime) -> int:
    """
    Insert a delivery and ask for its lane's bell; return its id.

    Raises:
        DuplicateKey: (by the store) promised before.
    """
    held = promise.not_before > now
    if not held:
        unit.lanes.add(promise.lane)
    return unit.insert_id(
        OUTBOX,
        {
            "dedupe_key": promise.dedupe_key, "kind": promise.kind.value, "lane": promise.lane.value,
            "recipient": promise.recipient, "number": promise.number, "body": promise.body,
            "summary": promise.summary,
            "state": DeliveryState.HELD.value if held else DeliveryState.PENDING.value,
            "not_before": to_ms(promise.not_before), "retry_at": 0, "attempt": 0, "lease_token": "",
            "lease_until": 0, "first_sent_at": None, "sent_at": None, "msgid": "", "error": "",
            "created_at": to_ms(now), "queued_at": to_ms(machine_now),
        },
    )
