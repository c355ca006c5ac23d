"""
Deliveries in flight: claimed in one statement, fenced by the lease's token, closed with what is true (design rule 5).

PENDING rows never left us, so their `first_sent_at` is NULL; UNKNOWN rows did, and keep it. Instants are machine
time. Handlers write promises with `storage.queries.outbox`; sweeping is in `storage.queries.backlog`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, literal_column, or_, select
from sqlalchemy.sql.selectable import NamedFromClause

from policy.terms import DeliveryKind, DeliveryState, Lane
from storage.alarm_tables import CARD_HOLDER, OUTBOX_MEMBER
from storage.moments import from_ms, to_ms
from storage.statement import POSTGRESQL, Statement
from storage.tables import ATTACHMENT, CARD, OUTBOX
from storage.unit import Row, Unit

ORDERED_TRIES = 3  # a row that failed so often holds up its recipient's later ones no more
PARKED_MS = 253_402_300_799_000  # the end of 9999: an UNKNOWN row that waits for a person's decision


@dataclass(frozen=True)
class Delivery:
    """
    A claimed row, as it was before the claim.

    Attributes:
        attempt: tries before this one.
        first_sent_at: machine time its first try left us; None when nothing ever left.
        queued_at: machine time of the promise.
    """

    id: int
    dedupe_key: str
    kind: DeliveryKind
    lane: Lane
    recipient: str
    number: str
    body: bytes
    summary: str
    attempt: int
    first_sent_at: datetime | None
    queued_at: datetime
    lease_token: str


@dataclass(frozen=True)
class CardAtDelivery:
    """What a card update needs to know: the codes that can change the card, and whether its send may still come."""

    task_id: str
    codes: tuple[str, ...]
    coming: bool
    held: bool


def waiting(table: NamedFromClause) -> ColumnElement[bool]:
    """Return the very words of the partial index: SQLite uses it for nothing less."""
    return literal_column(f"{table.name}.state").in_(
        [literal_column(f"'{state}'") for state in ("pending", "leased", "held", "unknown")]
    )


def standing(table: NamedFromClause, *states: DeliveryState) -> ColumnElement[bool]:
    """Return "the row is in one of these states", in literals."""
    return or_(*(table.c.state == literal_column(f"'{state.value}'") for state in states))


_Q = OUTBOX.alias("q")
_EARLIER = OUTBOX.alias("earlier")

RIPE = and_(
    waiting(_Q), standing(_Q, DeliveryState.PENDING, DeliveryState.UNKNOWN), _Q.c.retry_at <= bindparam("now"),
    _Q.c.queued_at <= bindparam("queued_before"),
)
# An earlier message to the same person in the same lane goes first.
_IN_TURN = or_(
    _Q.c.kind != DeliveryKind.MESSAGE.value,
    _Q.c.recipient == "",
    ~exists().where(
        _EARLIER.c.recipient == _Q.c.recipient, _EARLIER.c.sent_at.is_(None), _EARLIER.c.lane == _Q.c.lane,
        _EARLIER.c.id < _Q.c.id, _EARLIER.c.kind == DeliveryKind.MESSAGE.value,
        or_(
            standing(_EARLIER, DeliveryState.LEASED),
            and_(
                standing(_EARLIER, DeliveryState.PENDING, DeliveryState.UNKNOWN),
                _EARLIER.c.attempt < ORDERED_TRIES, _EARLIER.c.retry_at < PARKED_MS,
            ),
        ),
    ),
)
_COLUMNS = (
    "id", "dedupe_key", "kind", "lane", "recipient", "number", "body", "summary", "attempt", "first_sent_at",
    "queued_at", "lease_token",
)


def _claim(*extra: ColumnElement[bool]) -> Statement:
    # In a CTE of its own, so that PostgreSQL runs it once: rescanned, a LIMIT with SKIP LOCKED claims too much.
    picked = (
        select(_Q.c.id).where(RIPE, _Q.c.lane == bindparam("of_lane"), _IN_TURN, *extra)
        .order_by(_Q.c.id).limit(bindparam("most")).with_for_update(skip_locked=True, of=_Q).cte("picked")
    )
    return Statement(
        OUTBOX.update()
        .where(OUTBOX.c.id.in_(select(picked.c.id)))
        .values(
            state=DeliveryState.LEASED.value, lease_token=bindparam("token"), lease_until=bindparam("until"),
        )
        .returning(*(OUTBOX.c[name] for name in _COLUMNS))
    )


_CLAIM = _claim()
_CLAIM_CALLS = _claim(
    or_(*(_Q.c.kind == literal_column(f"'{kind.value}'") for kind in (DeliveryKind.CALL, DeliveryKind.CALL_CHECK)))
)
_CLAIM_PREFIX = _claim(_Q.c.dedupe_key >= bindparam("low"), _Q.c.dedupe_key < bindparam("high"))
_LEAVE = Statement(
    OUTBOX.update()
    .where(waiting(OUTBOX), OUTBOX.c.lane == bindparam("of_lane"), OUTBOX.c.lease_token == bindparam("token"))
    .values(
        attempt=OUTBOX.c.attempt + 1, first_sent_at=func.coalesce(OUTBOX.c.first_sent_at, bindparam("now")),
    )
)
_OVER = (waiting(OUTBOX), standing(OUTBOX, DeliveryState.LEASED), OUTBOX.c.lease_until < bindparam("now"))
_ANY_EXPIRED = Statement(select(OUTBOX.c.id).where(*_OVER).limit(1))
_EXPIRED = Statement(
    select(*(OUTBOX.c[name] for name in _COLUMNS)).where(*_OVER)
    .order_by(OUTBOX.c.lane, OUTBOX.c.id).limit(bindparam("most")).with_for_update(skip_locked=True)
)
_IN_FLIGHT = Statement(
    select(func.count()).select_from(OUTBOX).where(
        waiting(OUTBOX), standing(OUTBOX, DeliveryState.LEASED), OUTBOX.c.lease_until >= bindparam("now"),
        OUTBOX.c.lease_token != bindparam("token"),
    )
)
# In plain SQL: names come as one value, so that thousands of them cost no compiling. What went to several people is
# found from the few rows of the last hour, then by who is among their recipients.
_RECENT_PARTS = (
    "SELECT recipient, sent_at FROM outbox WHERE kind = 'message' AND sent_at > {since} AND recipient {among}",
    "SELECT recipient, first_sent_at FROM outbox WHERE kind = 'message' AND sent_at IS NULL "
    "AND first_sent_at > {since} AND recipient {among}",
    "SELECT m.userid, o.sent_at FROM outbox o JOIN outbox_member m ON m.outbox_id = o.id "
    "WHERE o.recipient = '' AND o.kind = 'message' AND o.sent_at > {since} AND m.userid {among}",
    "SELECT m.userid, o.first_sent_at FROM outbox o JOIN outbox_member m ON m.outbox_id = o.id "
    "WHERE o.recipient = '' AND o.kind = 'message' AND o.sent_at IS NULL AND o.first_sent_at > {since} "
    "AND m.userid {among}",
)
_RECENT = Statement(
    {
        "sqlite": " UNION ALL ".join(_RECENT_PARTS).format(
            since=":since", among="IN (SELECT value FROM json_each(:names))"
        ),
        "postgresql": " UNION ALL ".join(_RECENT_PARTS).format(since="%(since)s", among="= ANY(%(names)s)"),
    }
)
_TASK_OF_SEND = Statement(
    select(CARD.c.task_id).where(CARD.c.number == bindparam("number"), CARD.c.outbox_id == bindparam("outbox_id"))
)
_CARD = Statement(
    select(
        CARD.c.task_id, CARD.c.response_code, CARD.c.tap_code, OUTBOX.c.state, OUTBOX.c.retry_at,
        CARD_HOLDER.c.tap_code,
    )
    .select_from(
        CARD.outerjoin(OUTBOX, OUTBOX.c.id == CARD.c.outbox_id).outerjoin(
            CARD_HOLDER,
            and_(CARD_HOLDER.c.task_id == CARD.c.task_id, CARD_HOLDER.c.userid == bindparam("holder"))
        )
    )
    .where(CARD.c.task_id == bindparam("task_id"))
)
_SENT_ROW = Statement(
    select(OUTBOX.c.state, OUTBOX.c.retry_at, OUTBOX.c.msgid).where(OUTBOX.c.id == bindparam("of_id"))
)
_ATTACHMENT = Statement(
    select(ATTACHMENT.c.id).where(
        ATTACHMENT.c.number == bindparam("number"), ATTACHMENT.c.media_id == bindparam("media_id"),
        ATTACHMENT.c.state == "pending",
    )
)


def claim(
    unit: Unit, lane: Lane, token: str, *, now: datetime, until: datetime, most: int, queued_before: datetime,
    prefix: str = "", calls_only: bool = False,
) -> list[Delivery]:
    """
    Take the oldest ripe rows of a lane for one holder; return them in order.

    At most one message per recipient is taken, and none while an earlier one to the same person is in flight or
    waits for its next try, so order per person is kept.

    Args:
        token: fresh; everything recorded later must carry it.
        until: after this instant the sweep takes the rows away from the holder.
        prefix: take only rows whose dedupe key begins so.
        calls_only: take only phone calls.
    """
    values: dict[str, object] = {
        "of_lane": lane.value, "token": token, "until": to_ms(until), "now": to_ms(now), "most": most,
        "queued_before": to_ms(queued_before),
    }
    if prefix:
        values |= {"low": prefix, "high": prefix[:-1] + chr(ord(prefix[-1]) + 1)}
    found = unit.all(_CLAIM_CALLS if calls_only else _CLAIM_PREFIX if prefix else _CLAIM, **values)
    return sorted((_as_delivery(row) for row in found), key=lambda one: one.id)


def mark_leaving(unit: Unit, lane: Lane, token: str, now: datetime) -> int:
    """Say, before the calls are made, that every row still held under a token leaves us now; return how many."""
    return unit.run(_LEAVE, of_lane=lane.value, token=token, now=to_ms(now))


def expired(unit: Unit, now: datetime, most: int) -> list[Delivery]:
    """Return rows whose holder let its lease run out, locked for this unit; they may have left us."""
    return [_as_delivery(row) for row in unit.all(_EXPIRED, now=to_ms(now), most=most)]


def any_expired(unit: Unit, now: datetime) -> bool:
    """Return whether some lease ran out."""
    return unit.one(_ANY_EXPIRED, now=to_ms(now)) is not None


def in_flight(unit: Unit, token: str, now: datetime) -> int:
    """Return how many rows other holders have under way."""
    return int(unit.scalar(_IN_FLIGHT, token=token, now=to_ms(now)))


def recent_sends(unit: Unit, recipients: Sequence[str], since: datetime) -> Mapping[str, list[datetime]]:
    """Return per recipient when messages left or may have left us since an instant, in no order."""
    found: dict[str, list[datetime]] = {}
    if not recipients:
        return found
    names: object = list(recipients) if unit.dialect == POSTGRESQL else json.dumps(list(recipients))
    for recipient, at in unit.all(_RECENT, names=names, since=to_ms(since)):
        found.setdefault(recipient, []).append(from_ms(at))
    return found


def members_of(unit: Unit, outbox_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Return per row that names several recipients who they are."""
    if not outbox_ids:
        return {}
    found: dict[int, list[str]] = {}
    statement = (
        select(OUTBOX_MEMBER.c.outbox_id, OUTBOX_MEMBER.c.userid)
        .where(OUTBOX_MEMBER.c.outbox_id.in_(list(outbox_ids))).order_by(OUTBOX_MEMBER.c.userid)
    )
    for outbox_id, userid in unit.all(statement):
        found.setdefault(outbox_id, []).append(userid)
    return {outbox_id: tuple(userids) for outbox_id, userids in found.items()}


# --- closing; every one returns False when the lease is no longer ours, and then changes nothing ----------------------


def give_back(unit: Unit, delivery: Delivery, retry_at: datetime, *, attempt: int, error: str = "") -> bool:
    """
    Return a row to what it was before the claim: nothing of this try arrived.

    Args:
        attempt: tries to be counted from now on.
    """
    left = delivery.first_sent_at
    state = DeliveryState.PENDING if left is None else DeliveryState.UNKNOWN
    return _close(
        unit, delivery, state, retry_at=to_ms(retry_at), attempt=attempt, error=error,
        first_sent_at=None if left is None else to_ms(left),
    )


def mark_unknown(unit: Unit, delivery: Delivery, retry_at: datetime | None, error: str) -> bool:
    """Say that the row left us and no answer was read; without `retry_at` it is parked for a person."""
    retry_ms = PARKED_MS if retry_at is None else to_ms(retry_at)
    return _close(unit, delivery, DeliveryState.UNKNOWN, retry_at=retry_ms, error=error)


def mark_sent(unit: Unit, delivery: Delivery, at: datetime, msgid: str, note: str = "") -> bool:
    """Say that the platform accepted it; `at` is machine time of the answer."""
    return _close(unit, delivery, DeliveryState.SENT, sent_at=to_ms(at), msgid=msgid, error=note)


def mark_closed(unit: Unit, delivery: Delivery, state: DeliveryState, error: str) -> bool:
    """Say that it will not arrive (FAILED) or is not wanted any more (CANCELLED)."""
    return _close(unit, delivery, state, error=error)


def _close(unit: Unit, delivery: Delivery, state: DeliveryState, **changes: object) -> bool:
    key = {"id": delivery.id, "lease_token": delivery.lease_token, "state": DeliveryState.LEASED.value}
    return unit.update(OUTBOX, key, {"state": state.value, "lease_token": "", "lease_until": 0, **changes}) == 1


# --- cards -----------------------------------------------------------------------------------------------------------


def task_of_send(unit: Unit, number: str, outbox_id: int) -> str | None:
    """Return the task id of the card that a row sent, None when it sent no card that can change."""
    found = unit.scalar(_TASK_OF_SEND, number=number, outbox_id=outbox_id)
    return None if found is None else str(found)


def card_at_delivery(unit: Unit, task_id: str, holder: str = "") -> CardAtDelivery | None:
    """
    Return what an update of a card needs to know, None when the card was never kept.

    Args:
        holder: whose copy is changed, where several people got the card; their own newest code goes first.
    """
    row = unit.one(_CARD, task_id=task_id, holder=holder)
    if row is None:
        return None
    codes = (row[5] or "", row[1], row[2])
    return CardAtDelivery(row[0], codes, _coming(row[3], row[4]), row[3] == DeliveryState.HELD.value)


def send_of(unit: Unit, outbox_id: int) -> tuple[bool, str]:
    """Return whether another row may still arrive, and the msgid under which it did ("" = it did not)."""
    row = unit.one(_SENT_ROW, of_id=outbox_id)
    return (False, "") if row is None else (_coming(row[0], row[1]), str(row[2]))


def spend_code(unit: Unit, task_id: str, code: str) -> None:
    """Forget a code that was used or has expired; a newer one that came meanwhile stays."""
    for name in ("response_code", "tap_code"):
        unit.update(CARD, {"task_id": task_id, name: code}, {name: ""})
    unit.update(CARD_HOLDER, {"task_id": task_id, "tap_code": code}, {"tap_code": ""})


# --- files -----------------------------------------------------------------------------------------------------------


def pending_attachment(unit: Unit, number: str, media_id: str) -> int | None:
    """Return the id of an attachment that still waits to be fetched, None when it does not (any more)."""
    found = unit.scalar(_ATTACHMENT, number=number, media_id=media_id)
    return None if found is None else int(found)


def close_attachment(unit: Unit, number: str, media_id: str, changes: Mapping[str, object]) -> bool:
    """Change a pending attachment (state, size, sha256, path); False when it is pending no more. The caller audits."""
    if pending_attachment(unit, number, media_id) is None:
        return False
    return unit.update(ATTACHMENT, {"number": number, "media_id": media_id}, changes) == 1


def _coming(state: str | None, retry_ms: int | None) -> bool:
    """Return whether a row may still be delivered by itself."""
    if state == DeliveryState.UNKNOWN.value:
        return (retry_ms or 0) < PARKED_MS
    return state in (DeliveryState.PENDING.value, DeliveryState.LEASED.value, DeliveryState.HELD.value)


def _as_delivery(row: Row) -> Delivery:
    got = dict(zip(_COLUMNS, row, strict=True))
    first = got["first_sent_at"]
    return Delivery(
        got["id"], got["dedupe_key"], DeliveryKind(got["kind"]), Lane(got["lane"]), got["recipient"], got["number"],
        bytes(got["body"]), got["summary"], got["attempt"], None if first is None else from_ms(first),
        from_ms(got["queued_at"]), got["lease_token"],
    )
