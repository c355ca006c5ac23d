"""
Phone calls as errands of the outbox (7.1b): whether one may be placed now, placing it, and what came of it.

A call is asked about three times: when its row is claimed, at the very moment of calling, and when it is written
down, so that nobody's phone rings long after somebody answered. The message always goes first. What follows from an
unreached number is decided by the topic that wanted the call: it gets a deadline ("phone.unreached").
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from notifications.calls import Errand, Result, Verdict, meaning
from notifications.errors import ConfigurationWrong, RefusedForever, SendError
from notifications.ports import CallStarted, CallState, CallStatus, PhoneCaller
from policy.alarms import CALLS_DAY, call_from
from policy.terms import DeliveryKind, DeliveryState, Lane
from storage.errors import TryAgainLater
from storage.queries import calls
from storage.queries import deliveries as rows
from storage.queries.calls import Call, CallOutcome
from storage.queries.deadlines import set_deadline
from storage.queries.deliveries import Delivery
from storage.queries.sending import Pause
from storage.store import Store
from storage.unit import Unit

LOG = structlog.get_logger(__name__)

PHONE_KINDS = (DeliveryKind.CALL, DeliveryKind.CALL_CHECK)
CHECK, UNREACHED = "phone.check", "phone.unreached"  # kinds of deadlines; subjects: the call's id
CHECK_AFTER = timedelta(seconds=15)
CHECKS = 12  # then the call counts as over
MESSAGE_FIRST = timedelta(seconds=10)  # a call waits for its message no longer than this
MESSAGE_LOOK = timedelta(milliseconds=300)
SYSTEM = "system"

# reason of pstncc/getstates [doc 97116]: the number itself cannot be reached now, so waiting for an answer is vain.
UNREACHABLE = frozenset({5, 6, 8, 9, 10, 11, 13, 15, 16})
NO_DRIVER = -1


@dataclass(frozen=True)
class Times:
    """One moment on both clocks, aware UTC."""

    now: datetime
    machine_now: datetime


class Telephone:
    """
    Places calls outside any transaction. One per process; safe to share between threads.

    Args:
        caller: the driver; None when the settings name none.
        by_itself: the driver does not go through WeCom, so it works while WeCom refuses the app's configuration.
    """

    def __init__(self, store: Store, caller: PhoneCaller | None, *, by_itself: bool = False) -> None:
        self._store = store
        self._caller = caller
        self._by_itself = by_itself

    def calls_on(self, pause: Pause, lane: Lane) -> bool:
        """Return whether calls go on although messages cannot: not while somebody holds all sending."""
        return self._by_itself and lane is Lane.URGENT and pause.until is not None

    def prepare(self, unit: Unit, delivery: Delivery, times: Times) -> Errand | None:
        """Decide within the claim whether a call is placed now; put it off or close it otherwise."""
        call_id, _ = _read(delivery)
        call = calls.load_call(unit, call_id)
        if call is None or call.state in calls.OVER:
            rows.mark_closed(unit, delivery, DeliveryState.CANCELLED, "not wanted any more")
            return None
        if delivery.kind is DeliveryKind.CALL_CHECK:
            return Errand(delivery)
        waits = calls.message_waits(unit, delivery.number, delivery.recipient, delivery.id, delivery.lease_token)
        if waits and times.machine_now < delivery.queued_at + MESSAGE_FIRST:
            rows.give_back(unit, delivery, times.machine_now + MESSAGE_LOOK, attempt=delivery.attempt)
            return None
        placed = calls.placed_since(unit, call.userid, times.machine_now - CALLS_DAY)
        if call_from(placed, times.machine_now) > times.machine_now:
            rows.mark_closed(unit, delivery, DeliveryState.CANCELLED, "the number rang too often lately")
            calls.change_call(unit, call.id, CallOutcome.LIMITED)
            _unreached(unit, call, times, "phone.limited")
            return None
        calls.mark_placing(unit, call, times.machine_now)
        return Errand(delivery)

    def make(self, errand: Errand) -> Result:
        """Place a call, or ask how one stands. Never raises."""
        delivery = errand.delivery
        if self._caller is None:
            return Result(Verdict.REFUSED, "no phone is set up", errcode=NO_DRIVER, phone=True)
        call_id, callee = _read(delivery)
        try:
            if delivery.kind is DeliveryKind.CALL_CHECK:
                return self._ask(self._caller, call_id, callee)
            # Minutes may lie between the claim and this line when the machine is short of breath.
            if not self._still_wanted(call_id):
                return Result(Verdict.SUPERSEDED, "not wanted any more", phone=True)
            (started,) = self._caller.call([callee])
        except SendError as error:
            said = meaning(error)
            if isinstance(error, ConfigurationWrong | RefusedForever):
                LOG.error("phone.refused", error=str(error))
            return replace(said, errcode=error.errcode, phone=True)
        except TryAgainLater:
            return Result(Verdict.LATER, "database away", phone=True)
        except Exception as error:
            LOG.error("phone.call_broke", outbox_id=delivery.id, exc_info=error)
            return Result(Verdict.LOST, f"{type(error).__module__}.{type(error).__name__}", phone=True)
        if started.errcode:
            return Result(Verdict.REFUSED, f"call: errcode {started.errcode}", errcode=started.errcode, phone=True)
        return Result(Verdict.DONE, started=started, phone=True)

    def _ask(self, caller: PhoneCaller, call_id: int, callee: str) -> Result:
        call = self._store.read(lambda unit: calls.load_call(unit, call_id))
        if call is None or not call.callid:
            return Result(Verdict.SUPERSEDED, "nothing to ask after", phone=True)
        return Result(Verdict.DONE, status=caller.state(callee, call.callid), phone=True)

    def _still_wanted(self, call_id: int) -> bool:
        try:
            call = self._store.read(lambda unit: calls.load_call(unit, call_id))
        except TryAgainLater:
            return True  # when in doubt, call
        return call is not None and call.state not in calls.OVER


def must_wait(delivery: Delivery, made: Sequence[tuple[Errand, Result]], now: datetime) -> bool:
    """Return whether a call waits because the message it speaks of did not leave just now; ten seconds at most."""
    if delivery.kind is not DeliveryKind.CALL or now >= delivery.queued_at + MESSAGE_FIRST:
        return False
    return any(
        errand.delivery.kind is DeliveryKind.MESSAGE and errand.delivery.recipient == delivery.recipient
        and errand.delivery.number == delivery.number and result.verdict in (Verdict.LATER, Verdict.NOT_CALLED)
        for errand, result in made
    )


# --- written down, within the recorder's unit -------------------------------------------------------------------------


def call_placed(unit: Unit, delivery: Delivery, started: CallStarted, times: Times) -> None:
    """A phone rings: keep the platform's id and look how it ends."""
    call_id, _ = _read(delivery)
    calls.change_call(unit, call_id, CallOutcome.RINGING, callid=started.callid)
    set_deadline(unit, CHECK, str(call_id), 1, times.now + CHECK_AFTER, {})
    unit.audit(times.now, SYSTEM, "phone.placed", delivery.number, callee=delivery.recipient, callid=started.callid)


def call_not_made(unit: Unit, delivery: Delivery) -> None:
    """A call was put off at the last moment: its try does not count against the number's limits."""
    calls.mark_not_placed(unit, _read(delivery)[0])


def call_ended(unit: Unit, delivery: Delivery, status: CallStatus, times: Times) -> None:
    """A call was asked after: look again while it rings, else keep how it ended."""
    call_id, _ = _read(delivery)
    call = calls.load_call(unit, call_id)
    if call is None or call.state in calls.OVER:
        return
    if status.state in (CallState.RINGING, CallState.TALKING):
        state = CallOutcome.RINGING if status.state is CallState.RINGING else CallOutcome.TALKING
        calls.change_call(unit, call_id, state, reason=status.reason)
        call_still_open(unit, delivery, times)
        return
    reached = status.state is CallState.ENDED and status.answered
    state = CallOutcome.REACHED if reached else CallOutcome.FAILED
    calls.change_call(unit, call_id, state, reason=status.reason)
    unit.audit(
        times.now, SYSTEM, "phone.ended", delivery.number, callee=delivery.recipient, outcome=state.value,
        reason=status.reason, seconds=status.seconds,
    )
    if not reached and status.reason in UNREACHABLE:
        _unreached(unit, call, times, "", reason=status.reason)


def call_still_open(unit: Unit, delivery: Delivery, times: Times) -> None:
    """Look again after a while how a call stands; after some minutes it counts as over."""
    call_id, _ = _read(delivery)
    generation = int(delivery.dedupe_key.rsplit(":", 1)[1]) + 1
    if generation <= CHECKS:
        set_deadline(unit, CHECK, str(call_id), generation, times.now + CHECK_AFTER, {})
        return
    calls.change_call(unit, call_id, CallOutcome.FAILED)


def call_refused(unit: Unit, delivery: Delivery, result: Result, times: Times) -> None:
    """No call could be started: the next number is tried at once, and it is said."""
    call_id, _ = _read(delivery)
    call = calls.load_call(unit, call_id)
    if call is None or not calls.change_call(unit, call_id, CallOutcome.FAILED, errcode=result.errcode or NO_DRIVER):
        return
    _unreached(unit, call, times, "phone.refused", errcode=result.errcode)


def _unreached(unit: Unit, call: Call, times: Times, act: str, **facts: object) -> None:
    if act:
        unit.audit(times.now, SYSTEM, act, call.number, callee=call.userid, **facts)
    set_deadline(unit, UNREACHED, str(call.id), 1, times.now, {"number": call.number})


def _read(delivery: Delivery) -> tuple[int, str]:
    body = json.loads(delivery.body)
    return int(body["call"]), str(body["callee"])
