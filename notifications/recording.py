"""
Outcomes of calls, written down: the row's state, the audit event, the card's code, the attachment, the circuit.

Everything of one batch is one transaction. What will not arrive is announced in the same transaction, never silent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from notifications import fates
from notifications.calls import Errand, Result, Verdict
from notifications.messages import task_of
from notifications.phoning import (
    PHONE_KINDS,
    Times,
    call_ended,
    call_not_made,
    call_placed,
    call_refused,
    call_still_open,
)
from policy.terms import DeliveryKind, DeliveryState
from storage.moments import to_ms
from storage.queries import deliveries as rows
from storage.queries import sending
from storage.queries.cards import keep_send_code
from storage.queries.deadlines import set_deadline
from storage.queries.deliveries import Delivery
from storage.unit import Unit

LOG = structlog.get_logger(__name__)
SYSTEM = "system"
UNTAKEN = "delivery.untaken"  # a kind of deadline: the platform did not take some of several recipients
CALL_AGAIN = timedelta(seconds=30)
LOST_CALLS = 2  # a call whose answer was lost twice goes on to the next number


@dataclass(frozen=True)
class Undeliverable:
    """
    A row that will not arrive without a person's act.

    Attributes:
        state: FAILED, or UNKNOWN when it may have arrived.
        gone: the recipient cannot be reached (left, outside the app's range).
    """

    delivery: Delivery
    state: DeliveryState
    error: str
    gone: bool = False


class Announcer(Protocol):
    """Tells people what could not be delivered; implemented in notifications.announcements."""

    def announce(self, unit: Unit, lost: Sequence[Undeliverable], now: datetime, machine_now: datetime) -> None:
        """Promise the messages, within the unit. `now` is company time."""
        ...


class Recorder:
    """
    Writes outcomes.

    Args:
        jitter: returns a number in 0 … 1 that spreads retries.
        tally: counts for the metrics: (what, lane).
    """

    def __init__(
        self, announcer: Announcer, jitter: Callable[[], float], tally: Callable[[str, str], None]
    ) -> None:
        self._announcer = announcer
        self._jitter = jitter
        self._tally = tally

    def record(self, unit: Unit, results: Sequence[tuple[Errand, Result]], probing: bool, times: Times) -> None:
        """
        Write down what came of a batch. A row whose lease is no longer ours is left as it is.

        Args:
            probing: the circuit was open and this batch tried whether calls succeed again.
        """
        lost: list[Undeliverable] = []
        for errand, result in results:
            undeliverable = self._record_one(unit, errand, result, times)
            if undeliverable is not None:
                lost.append(undeliverable)
            self._tally(result.verdict.value, errand.delivery.lane.value)
        self._turn_circuit(unit, [result for _, result in results], probing, times)
        self._announce(unit, lost, times)

    def park(self, unit: Unit, delivery: Delivery, error: str, times: Times) -> None:
        """Leave a row of unknown fate to a person, and say so."""
        self._announce(unit, self._parked(unit, delivery, error, times), times)

    def lease_ran_out(self, unit: Unit, expired: Sequence[Delivery], times: Times) -> None:
        """Treat rows whose holder vanished as unknown: send them again where that is allowed, else park them."""
        lost: list[Undeliverable] = []
        for delivery in expired:
            self._tally("lease ran out", delivery.lane.value)
            # The claim has counted the try already.
            before = replace(delivery, attempt=delivery.attempt - 1)
            lost += self._unknown(unit, before, "no answer was recorded", times, at_once=True)
        self._announce(unit, lost, times)

    # -- one row

    def _record_one(self, unit: Unit, errand: Errand, result: Result, times: Times) -> Undeliverable | None:
        delivery, verdict = errand.delivery, result.verdict
        if delivery.kind is DeliveryKind.CALL and verdict not in _MAY_RING:
            call_not_made(unit, delivery)
        for code in result.spent:
            rows.spend_code(unit, task_of(delivery.body), code)
        if delivery.kind in PHONE_KINDS and verdict in _PHONE_ENDS:
            self._phoned(unit, delivery, result, times)
        elif verdict is Verdict.DONE:
            self._done(unit, delivery, result, times)
        elif verdict in (Verdict.NOT_CALLED, Verdict.MISCONFIGURED):
            self._ours(
                delivery,
                rows.give_back(unit, delivery, times.machine_now, attempt=delivery.attempt, error=result.error),
            )
        elif verdict is Verdict.LATER:
            return self._later(unit, delivery, result, times)
        elif verdict is Verdict.LOST:
            return next(iter(self._unknown(unit, delivery, result.error, times)), None)
        elif verdict is Verdict.SUPERSEDED or delivery.kind in _QUIET_KINDS:
            state = DeliveryState.CANCELLED if verdict is not Verdict.REFUSED else DeliveryState.FAILED
            self._ours(delivery, rows.mark_closed(unit, delivery, state, result.error))
        else:
            return self._failed(unit, delivery, result.error, times, gone=verdict is Verdict.GONE)
        return None

    def _done(self, unit: Unit, delivery: Delivery, result: Result, times: Times) -> None:
        if not self._ours(delivery, rows.mark_sent(unit, delivery, times.machine_now, result.sent.msgid)):
            return
        if result.sent.response_code:
            task_id = rows.task_of_send(unit, delivery.number, delivery.id)
            if task_id is not None:
                keep_send_code(unit, task_id, result.sent.response_code, to_ms(times.machine_now))
        if result.file is not None:
            stored = {
                "state": "stored", "size": result.file.size, "sha256": result.file.sha256, "path": result.file.path,
            }
            if rows.close_attachment(unit, delivery.number, delivery.body.decode(), stored):
                unit.audit(
                    times.now, SYSTEM, "attachment.stored", delivery.number, size=result.file.size,
                    sha256=result.file.sha256,
                )
        if not delivery.recipient and result.sent.invalid_users:
            facts = {"number": delivery.number, "userids": list(result.sent.invalid_users)}
            set_deadline(unit, UNTAKEN, str(delivery.id), 1, times.now, facts)
        self._evidence(unit, "delivery.sent", delivery, times)

    def _phoned(self, unit: Unit, delivery: Delivery, result: Result, times: Times) -> None:
        """Close a phone row and write down what became of the call; whether anything follows is a deadline's matter."""
        if result.verdict is Verdict.DONE:
            if self._ours(delivery, rows.mark_sent(unit, delivery, times.machine_now, "")):
                if result.started is not None:
                    call_placed(unit, delivery, result.started, times)
                elif result.status is not None:
                    call_ended(unit, delivery, result.status, times)
            return
        if result.verdict is Verdict.LOST:
            # It may ring: whoever it was meant for is called once more in half a minute unless an answer comes first.
            retry_at = times.machine_now + CALL_AGAIN
            if delivery.attempt + 1 < LOST_CALLS:
                self._ours(delivery, rows.mark_unknown(unit, delivery, retry_at, result.error))
                return
        state = DeliveryState.CANCELLED if result.verdict is Verdict.SUPERSEDED else DeliveryState.FAILED
        if not self._ours(delivery, rows.mark_closed(unit, delivery, state, result.error)):
            return
        if result.verdict is Verdict.SUPERSEDED:
            return
        if delivery.kind is DeliveryKind.CALL:
            call_refused(unit, delivery, result, times)
        else:
            call_still_open(unit, delivery, times)

    def _later(self, unit: Unit, delivery: Delivery, result: Result, times: Times) -> Undeliverable | None:
        attempt = delivery.attempt + 1
        at = fates.next_try(delivery.lane, attempt, times.machine_now, self._jitter(), not_before=result.wait)
        if at is not None:
            self._ours(delivery, rows.give_back(unit, delivery, at, attempt=attempt, error=result.error))
            return None
        if delivery.first_sent_at is not None:
            return next(iter(self._parked(unit, delivery, result.error, times)), None)
        return self._failed(unit, delivery, result.error, times)

    def _unknown(
        self, unit: Unit, delivery: Delivery, error: str, times: Times, *, at_once: bool = False
    ) -> list[Undeliverable]:
        first = delivery.first_sent_at or times.machine_now
        at = fates.resend_at(
            delivery.lane, delivery.kind, first, delivery.attempt + 1, times.machine_now, self._jitter()
        )
        if at is None:
            return self._parked(unit, delivery, error, times)
        self._ours(delivery, rows.mark_unknown(unit, delivery, times.machine_now if at_once else at, error))
        return []

    def _parked(self, unit: Unit, delivery: Delivery, error: str, times: Times) -> list[Undeliverable]:
        if not self._ours(delivery, rows.mark_unknown(unit, delivery, None, error)):
            return []
        self._evidence(unit, "delivery.unknown", delivery, times, error=error)
        return [Undeliverable(delivery, DeliveryState.UNKNOWN, error)]

    def _failed(
        self, unit: Unit, delivery: Delivery, error: str, times: Times, *, gone: bool = False
    ) -> Undeliverable | None:
        if not self._ours(delivery, rows.mark_closed(unit, delivery, DeliveryState.FAILED, error)):
            return None
        if delivery.kind is DeliveryKind.DOWNLOAD and rows.close_attachment(
            unit, delivery.number, delivery.body.decode(), {"state": "failed"}
        ):
            unit.audit(times.now, SYSTEM, "attachment.failed", delivery.number, error=error)
        self._evidence(unit, "delivery.failed", delivery, times, error=error)
        return Undeliverable(delivery, DeliveryState.FAILED, error, gone)

    # -- around it

    def _ours(self, delivery: Delivery, changed: bool) -> bool:
        if not changed:
            LOG.warning("delivery.stale_holder", outbox_id=delivery.id)
            self._tally("stale holder", delivery.lane.value)
        return changed

    def _evidence(self, unit: Unit, act: str, delivery: Delivery, times: Times, **facts: object) -> None:
        if delivery.number:
            unit.audit(
                times.now, SYSTEM, act, delivery.number, kind=delivery.kind.value, recipient=delivery.recipient,
                lane=delivery.lane.value, **facts,
            )

    def _turn_circuit(self, unit: Unit, results: Sequence[Result], probing: bool, times: Times) -> None:
        wrong = next(
            (result for result in results if result.verdict is Verdict.MISCONFIGURED and not result.phone), None
        )
        if wrong is not None:
            failures = sending.circuit_failures(unit) + 1
            until = times.machine_now + fates.circuit_wait(failures)
            sending.open_circuit(unit, until, wrong.error, failures)
            LOG.error("delivery.configuration_wrong", error=wrong.error, until=until.isoformat(), failures=failures)
        elif probing and any(result.verdict not in _NO_ANSWER for result in results):
            sending.close_circuit(unit)
            LOG.info("delivery.configuration_right_again")

    def _announce(self, unit: Unit, lost: Sequence[Undeliverable], times: Times) -> None:
        if lost:
            LOG.error(
                "delivery.undeliverable",
                rows=[{"id": one.delivery.id, "state": one.state.value, "error": one.error} for one in lost],
            )
            self._announcer.announce(unit, lost, times.now, times.machine_now)


# Nobody waits for these: a card that keeps its old face answers taps from the database (design rule 4).
_QUIET_KINDS = (DeliveryKind.CARD_UPDATE, DeliveryKind.RECALL)
# A phone app that is not linked, is off or has no balance stops calls, never messages.
_PHONE_ENDS = (
    Verdict.DONE, Verdict.LOST, Verdict.REFUSED, Verdict.GONE, Verdict.MISCONFIGURED, Verdict.SUPERSEDED
)
_MAY_RING = (Verdict.DONE, Verdict.LOST)  # only these count against a number's limits
_NO_ANSWER = (Verdict.NOT_CALLED, Verdict.LOST)
