"""
Phone calls as rows: wanted, placed, how they ended, and how often a number rang lately (7.1b).

`asked_at` is company time, all that counts against a number's limits is machine time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, exists, func, literal_column, or_, select

from policy.terms import DeliveryKind, DeliveryState, Lane
from storage.alarm_tables import PHONE_CALL
from storage.moments import from_ms, to_ms
from storage.statement import Statement
from storage.tables import OUTBOX
from storage.unit import Unit


class CallOutcome(StrEnum):
    """Where a wanted call stands."""

    WANTED = "wanted"
    RINGING = "ringing"
    TALKING = "talking"
    REACHED = "reached"  # taken and over
    FAILED = "failed"  # nobody was reached, or no call could be started
    LIMITED = "limited"  # the number rang too often lately
    DROPPED = "dropped"  # not wanted any more before it was placed


OVER = frozenset({CallOutcome.REACHED, CallOutcome.FAILED, CallOutcome.LIMITED, CallOutcome.DROPPED})


@dataclass(frozen=True)
class Call:
    """One call. `placed_at` is machine time of the newest try, None before the first."""

    id: int
    number: str
    userid: str
    state: CallOutcome
    callid: str
    reason: int
    errcode: int
    asked_at: datetime
    placed_at: datetime | None
    tries: int


_ONE = Statement(select(PHONE_CALL).where(PHONE_CALL.c.id == bindparam("of_id")))
_OF = Statement(select(PHONE_CALL).where(PHONE_CALL.c.number == bindparam("number")).order_by(PHONE_CALL.c.id))
_PLACED = Statement(
    select(PHONE_CALL.c.placed_at, PHONE_CALL.c.tries).where(
        PHONE_CALL.c.userid == bindparam("userid"), PHONE_CALL.c.placed_at > bindparam("since")
    )
)
_DROP = Statement(
    PHONE_CALL.update()
    .where(PHONE_CALL.c.number == bindparam("of_number"), PHONE_CALL.c.state == CallOutcome.WANTED.value)
    .values(state=CallOutcome.DROPPED.value)
)
_MESSAGE_WAITS = Statement(
    select(OUTBOX.c.id).where(
        OUTBOX.c.number == bindparam("number"), OUTBOX.c.recipient == bindparam("recipient"),
        OUTBOX.c.kind == DeliveryKind.MESSAGE.value, OUTBOX.c.lane == Lane.URGENT.value,
        OUTBOX.c.id < bindparam("before"), OUTBOX.c.lease_token != bindparam("token"),
        or_(*(
            OUTBOX.c.state == literal_column(f"'{state.value}'")
            for state in (DeliveryState.PENDING, DeliveryState.LEASED, DeliveryState.UNKNOWN)
        )),
    ).limit(1)
)
_ANY_OPEN = Statement(
    select(exists().where(
        PHONE_CALL.c.number == bindparam("number"),
        or_(*(PHONE_CALL.c.state == state.value for state in CallOutcome if state not in OVER)),
    ))
)
_UNPLACED = Statement(
    select(func.count()).select_from(PHONE_CALL).where(
        PHONE_CALL.c.userid == bindparam("userid"), PHONE_CALL.c.placed_at.is_(None),
        PHONE_CALL.c.state == CallOutcome.WANTED.value, PHONE_CALL.c.number != bindparam("but"),
    )
)
_COUNT = Statement(select(func.count()).select_from(PHONE_CALL).where(PHONE_CALL.c.number == bindparam("number")))


def want_call(unit: Unit, number: str, userid: str, now: datetime) -> int:
    """Say that somebody is to be called about something; return the call's id."""
    return unit.insert_id(
        PHONE_CALL,
        {
            "number": number, "userid": userid, "state": CallOutcome.WANTED.value, "callid": "", "reason": 0,
            "errcode": 0, "asked_at": to_ms(now), "placed_at": None, "tries": 0,
        },
    )


def load_call(unit: Unit, call_id: int) -> Call | None:
    """Return a call."""
    row = unit.one(_ONE, of_id=call_id)
    return None if row is None else _as_call(row)


def calls_of(unit: Unit, number: str) -> list[Call]:
    """Return the calls about something, in order."""
    return [_as_call(row) for row in unit.all(_OF, number=number)]


def placed_since(unit: Unit, userid: str, since: datetime) -> list[datetime]:
    """Return when a number was called since an instant (machine time); a call tried twice counts twice."""
    found: list[datetime] = []
    for placed_at, tries in unit.all(_PLACED, userid=userid, since=to_ms(since)):
        found += [from_ms(placed_at)] * max(1, tries)
    return found


def count_unplaced(unit: Unit, userid: str, but: str) -> int:
    """Return how many calls to somebody are wanted and were not tried yet, those about one thing (`but`) left out."""
    return int(unit.scalar(_UNPLACED, userid=userid, but=but))


def mark_placing(unit: Unit, call: Call, machine_now: datetime) -> None:
    """Count a try against the number's limits, before it is made."""
    unit.update(PHONE_CALL, {"id": call.id}, {"placed_at": to_ms(machine_now), "tries": call.tries + 1})


def mark_not_placed(unit: Unit, call_id: int) -> None:
    """Take a try back that was not made after all."""
    call = load_call(unit, call_id)
    if call is not None and call.tries > 0:
        left = {"tries": call.tries - 1, **({"placed_at": None} if call.tries == 1 else {})}
        unit.update(PHONE_CALL, {"id": call_id}, left)


def change_call(unit: Unit, call_id: int, state: CallOutcome, **changes: object) -> bool:
    """Change a call that is not over; False when it is."""
    call = load_call(unit, call_id)
    if call is None or call.state in OVER - {CallOutcome.DROPPED}:
        return False
    return unit.update(PHONE_CALL, {"id": call_id}, {"state": state.value, **changes}) == 1


def drop_calls(unit: Unit, number: str) -> int:
    """Say that calls not placed yet are not wanted any more; return how many."""
    return unit.run(_DROP, of_number=number)


def message_waits(unit: Unit, number: str, recipient: str, before: int, token: str) -> bool:
    """
    Return whether an urgent message about the same thing, promised before an outbox row, is still on its way.

    Args:
        token: rows held under it do not count: they leave in the same batch, before the call.
    """
    return unit.one(_MESSAGE_WAITS, number=number, recipient=recipient, before=before, token=token) is not None


def calls_under_way(unit: Unit, number: str) -> bool:
    """Return whether a call about something is wanted, rings or is talked on."""
    return bool(unit.scalar(_ANY_OPEN, number=number))


def count_calls(unit: Unit, number: str) -> int:
    """Return how many calls something has led to."""
    return int(unit.scalar(_COUNT, number=number))


def _as_call(row: tuple[Any, ...]) -> Call:
    id_, number, userid, state, callid, reason, errcode, asked_at, placed_at, tries = row
    return Call(
        id_, number, userid, CallOutcome(state), callid, reason, errcode, from_ms(asked_at),
        None if placed_at is None else from_ms(placed_at), tries,
    )
