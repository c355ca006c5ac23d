"""
The outbox: promises to send, one row each, in the same transaction as the fact they tell of (design rule 5).

Claiming and recording results is in `storage.queries.deliveries`; this is the writing side of handlers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from policy.terms import DeliveryKind, DeliveryState, Lane
from storage.alarm_tables import OUTBOX_MEMBER
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
        recipient: userid in lower case; "" when the body names several (`members`).
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
    members: tuple[str, ...] = ()


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
    outbox_id = unit.insert_id(
        OUTBOX,
        {
            "dedupe_key": promise.dedupe_key, "kind": promise.kind.value, "lane": promise.lane.value,
            "recipient": promise.recipient, "number": promise.number, "body": promise.body,
            "summary": promise.summary,
            "state": DeliveryState.HELD.value if held else DeliveryState.PENDING.value,
            "not_before": to_ms(promise.not_before), "retry_at": 0, "attempt": 0, "lease_token": "",
            "lease_until": 0, "msgid": "", "error": "",
            "created_at": to_ms(now), "queued_at": to_ms(machine_now),
        },
    )
    for userid in promise.members:
        unit.insert(OUTBOX_MEMBER, {"outbox_id": outbox_id, "userid": userid})
    return outbox_id


_MESSAGES = Statement(
    select(OUTBOX.c.id, OUTBOX.c.state).where(
        OUTBOX.c.number == bindparam("number"), OUTBOX.c.kind == DeliveryKind.MESSAGE.value,
        OUTBOX.c.recipient == "",
    ).order_by(OUTBOX.c.id)
)


def messages_to_several(unit: Unit, number: str) -> list[tuple[int, DeliveryState]]:
    """Return the rows about an item that went, or go, to several people at once."""
    return [(int(row[0]), DeliveryState(row[1])) for row in unit.all(_MESSAGES, number=number)]


def take_back_promise(unit: Unit, outbox_id: int) -> bool:
    """Cancel a row that has not begun to leave; False when it has."""
    cancelled = {"state": DeliveryState.CANCELLED.value, "error": "taken back"}
    return any(
        unit.update(OUTBOX, {"id": outbox_id, "state": state.value}, cancelled)
        for state in (DeliveryState.HELD, DeliveryState.PENDING)
    )
