"""
The courier: takes rows of the outbox, makes the calls outside any transaction, and records what came of them.

Each batch is two transactions: claim (the row says "leaving" before it leaves) and record (fenced by the lease's
token). A crash in between leaves rows whose lease runs out; the sweep then treats them as unknown (design rule 5).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from notifications import fates, throttle
from notifications.calls import Errand, FileKeeper, Result, Verdict, call
from notifications.clock import Clock
from notifications.messages import task_of
from notifications.phoning import PHONE_KINDS, Telephone, Times, must_wait
from notifications.ports import Sender
from notifications.recording import Recorder
from policy.terms import DeliveryKind, DeliveryState, Lane
from storage.errors import TryAgainLater
from storage.queries import deliveries as rows
from storage.queries import sending
from storage.queries.deliveries import Delivery
from storage.store import Store
from storage.unit import Unit

LOG = structlog.get_logger(__name__)

BATCH = 8  # rows per claim, and calls at once in one process
LEASE = timedelta(seconds=30)  # longer than a call with its time-outs; a crash is noticed after it
LAST_CALL = timedelta(seconds=12)  # no call starts later than this before the lease runs out
CARD_WAIT = timedelta(seconds=2)  # until an update looks again whether its card has left
HELD_WAIT = timedelta(seconds=10)
RECORD_TRIES = 5

Stop = Callable[[], bool]


@dataclass
class _Batch:
    """What one claim found. `taken` counts every row touched, also those that were put off."""

    taken: int = 0
    errands: list[Errand] = field(default_factory=list)
    pause: sending.Pause | None = None
    probing: bool = False


def never() -> bool:
    """Return False: nobody asks to stop."""
    return False


class Courier:
    """
    Delivers the outbox. One per process, made after forking; safe to use from several threads.

    Args:
        recorder: writes outcomes and announces what cannot be delivered.
        new_token: makes a fresh random lease token.
        at_once: calls made at the same time.
        telephone: places calls; without one every wanted call fails, and the alarm goes on to the next.
    """

    def __init__(
        self, store: Store, sender: Sender, keeper: FileKeeper, recorder: Recorder, clock: Clock,
        new_token: Callable[[], str], limits: throttle.Limits = throttle.DEFAULT_LIMITS,
        at_once: int = BATCH,
        telephone: Telephone | None = None,
    ) -> None:
        self._store = store
        self._sender = sender
        self._keeper = keeper
        self._recorder = recorder
        self._clock = clock
        self._new_token = new_token
        self._limits = limits
        self._telephone = telephone if telephone is not None else Telephone(store, None)
        self._threads = ThreadPoolExecutor(at_once, "courier")
        self._pause_logged: sending.Pause | None = None

    def close(self) -> None:
        """Wait for calls under way and end the threads."""
        self._threads.shutdown()

    def drain(self, lane: Lane, seconds: float = 1.0, stop: Stop = never) -> bool:
        """
        Deliver a lane for at most so long; return whether more may be ripe.

        Raises nothing: a database that is away ends the drain, the rows stay.
        """
        until = time.monotonic() + seconds
        while not stop():
            if self.deliver(lane, stop=stop) == 0:
                return False
            if time.monotonic() >= until:
                return True
        return True

    def deliver(self, lane: Lane, *, older_than: timedelta = timedelta(0), stop: Stop = never) -> int:
        """
        Deliver one batch of a lane; return how many rows were taken, those put off by quotas included.

        Args:
            older_than: leave rows promised more recently to somebody else.
        """
        token = self._new_token()
        until = self._clock.machine_now() + LEASE
        try:
            batch = self._store.write(lambda unit: self._claim(unit, lane, token, until, older_than))
        except TryAgainLater as error:
            LOG.warning("delivery.database_away", lane=lane.value, error=str(error))
            return 0
        self._tell_pause(batch.pause)
        if batch.errands:
            self._record(self._make_calls(batch.errands, until, stop), batch.probing)
        return batch.taken

    # -- claiming

    def _claim(self, unit: Unit, lane: Lane, token: str, until: datetime, older_than: timedelta) -> _Batch:
        now = self._clock.machine_now()
        pause = sending.pause_of(unit, now)
        calls_only = pause is not None and self._telephone.calls_on(pause, lane)
        if pause is not None and not calls_only:
            return _Batch(pause=pause)
        probing = sending.circuit_failures(unit) > 0
        found = rows.claim(
            unit, lane, token, now=now, until=until, most=1 if probing and not calls_only else BATCH,
            queued_before=now - older_than, calls_only=calls_only,
            prefix=throttle.DIGEST_PREFIX if throttle.crowded(lane, now) else "",
        )
        batch = _Batch(len(found), pause=pause, probing=probing and not calls_only)
        if not found:
            return batch
        planned = self._plan(unit, found, token, now)
        for delivery in found:
            if delivery.id in planned.later:
                rows.give_back(unit, delivery, planned.later[delivery.id], attempt=delivery.attempt)
                continue
            errand = self._prepare(unit, delivery, now)
            if errand is not None:
                batch.errands.append(errand)
        if batch.errands:
            rows.mark_leaving(unit, lane, token, now)
        return batch

    def _plan(self, unit: Unit, found: Sequence[Delivery], token: str, now: datetime) -> throttle.Plan:
        members = rows.members_of(
            unit, [one.id for one in found if one.kind is DeliveryKind.MESSAGE and not one.recipient]
        )
        counted = [one.recipient for one in found if one.kind is DeliveryKind.MESSAGE and one.recipient]
        counted += {userid for userids in members.values() for userid in userids}
        sent = rows.recent_sends(unit, counted, now - throttle.HOUR)
        candidates = [
            throttle.Candidate(
                one.id, one.recipient, one.lane, one.kind, one.dedupe_key.startswith(throttle.DIGEST_PREFIX),
                members.get(one.id, ()),
            )
            for one in found
        ]
        return throttle.plan(candidates, sent, rows.in_flight(unit, token, now), now, self._limits)

    def _prepare(self, unit: Unit, delivery: Delivery, now: datetime) -> Errand | None:
        """Return the errand of a row, None when there is nothing to call (yet)."""
        first = delivery.first_sent_at
        if first is not None and not fates.may_resend(delivery.lane, delivery.kind, first, now):
            times = Times(self._clock.company_now(), now)
            self._recorder.park(unit, delivery, "too late to be sent again unseen", times)
            return None
        if delivery.kind in PHONE_KINDS:
            return self._telephone.prepare(unit, delivery, Times(self._clock.company_now(), now))
        if delivery.kind is DeliveryKind.CARD_UPDATE:
            return self._prepare_update(unit, delivery, now)
        if delivery.kind is DeliveryKind.RECALL:
            return self._prepare_recall(unit, delivery, now)
        if delivery.kind is DeliveryKind.DOWNLOAD:
            attachment = rows.pending_attachment(unit, delivery.number, delivery.body.decode())
            if attachment is None:
                rows.mark_closed(unit, delivery, DeliveryState.CANCELLED, "not wanted any more")
                return None
            return Errand(delivery, attachment=attachment)
        return Errand(delivery)

    def _prepare_update(self, unit: Unit, delivery: Delivery, now: datetime) -> Errand | None:
        card = rows.card_at_delivery(unit, task_of(delivery.body), delivery.recipient)
        codes = () if card is None else tuple(dict.fromkeys(filter(None, card.codes)))
        if codes:
            return Errand(delivery, codes=codes)
        if card is not None and card.coming:
            wait = HELD_WAIT if card.held else CARD_WAIT
            rows.give_back(unit, delivery, now + wait, attempt=delivery.attempt)
        else:
            # Nothing can change this card any more: taps on it are answered from the database (design rule 4).
            rows.mark_closed(unit, delivery, DeliveryState.CANCELLED, "superseded")
        return None

    def _prepare_recall(self, unit: Unit, delivery: Delivery, now: datetime) -> Errand | None:
        coming, msgid = rows.send_of(unit, int(delivery.body))
        if msgid:
            return Errand(delivery, msgid=msgid)
        if coming:
            rows.give_back(unit, delivery, now + CARD_WAIT, attempt=delivery.attempt)
        else:
            rows.mark_closed(unit, delivery, DeliveryState.CANCELLED, "nothing to take back")
        return None

    # -- calling and recording

    def _make_calls(self, errands: Sequence[Errand], until: datetime, stop: Stop) -> list[tuple[Errand, Result]]:
        made: list[tuple[Errand, Result]] = []

        def make(errand: Errand) -> Result:
            now = self._clock.machine_now()
            if stop() or now > until - LAST_CALL or must_wait(errand.delivery, made, now):
                return Result(Verdict.NOT_CALLED)
            if errand.delivery.kind in PHONE_KINDS:
                return self._telephone.make(errand)
            return call(self._sender, self._keeper, errand)

        if len(errands) == 1:
            return [(errands[0], make(errands[0]))]
        # A phone rings only after the message it speaks of has left.
        for phone in (False, True):
            part = [errand for errand in errands if (errand.delivery.kind in PHONE_KINDS) is phone]
            made += list(zip(part, self._threads.map(make, part), strict=True))
        return made

    def _record(self, results: Sequence[tuple[Errand, Result]], probing: bool) -> None:
        # In rehearsal: what was just sent never stands in the trail before the jump that caused it.
        self._clock.refresh()
        times = Times(self._clock.company_now(), self._clock.machine_now())
        for attempt in range(1, RECORD_TRIES + 1):
            try:
                self._store.write(lambda unit: self._recorder.record(unit, results, probing, times))
                return
            except TryAgainLater as error:
                LOG.warning("delivery.record_waits", attempt=attempt, error=str(error))
                time.sleep(0.2 * attempt)
        # The leases run out, and the rows are treated as unknown.
        LOG.error("delivery.not_recorded", outbox_ids=[errand.delivery.id for errand, _ in results])

    def _tell_pause(self, pause: sending.Pause | None) -> None:
        if pause != self._pause_logged:
            self._pause_logged = pause
            if pause is None:
                LOG.info("delivery.goes_on")
            else:
                LOG.warning("delivery.paused", reason=pause.reason, until=str(pause.until or "released by hand"))
