"""
What becomes of a row after a try: when it is tried again, and when it no longer is (design rule 5). Pure.

Instants are machine time. `jitter` is a number in 0 … 1 that spreads retries, so that they do not come in step.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from notifications import limits
from policy.terms import DeliveryKind, Lane

# WeCom drops the same body again for at most 4 h when its duplicate check is on [doc 90236]; a body asks for less, by
# the spread at most (`messages.text_body`). The margin covers clocks that differ and a call that takes its time.
DUPLICATE_SPREAD_SECONDS = 1_000
DUPLICATE_WINDOW = timedelta(seconds=limits.DUPLICATE_WINDOW_SECONDS - DUPLICATE_SPREAD_SECONDS)
WINDOW_MARGIN = timedelta(minutes=10)

# Seconds before each further try: 12 tries in about 5 h, urgent ones 93 in about 7 h.
WAITS = (1, 4, 15, 60, 300, 900, 1800, 3600, 3600, 3600, 3600)
URGENT_WAITS = (1, 2, 4, 8, 15, *(30,) * 15, *(300,) * 72)

# A wrong secret or address cannot heal by trying; WeCom blocks the whole address for an hour after several.
CIRCUIT_SECONDS = (30, 60, 120, 300, 600)


def next_try(
    lane: Lane, attempt: int, now: datetime, jitter: float, *, not_before: timedelta = timedelta(0)
) -> datetime | None:
    """
    Return when a row is tried again after `attempt` tries, None when it no longer is.

    Args:
        not_before: what the platform asked to wait (a frequency block).
    """
    waits = URGENT_WAITS if lane is Lane.URGENT else WAITS
    if attempt > len(waits):
        return None
    wait = timedelta(seconds=waits[max(attempt, 1) - 1] * (0.75 + 0.5 * jitter))
    return now + max(wait, not_before)


def may_resend(lane: Lane, kind: DeliveryKind, first_sent_at: datetime, now: datetime) -> bool:
    """
    Return whether a row whose fate is unknown may leave again.

    An ordinary message only while WeCom itself would drop the second copy. An alarm always: twice is better than
    never. Card updates, recalls and downloads always: doing them again changes nothing.
    """
    if lane is Lane.URGENT or kind is not DeliveryKind.MESSAGE:
        return True
    return now < first_sent_at + DUPLICATE_WINDOW - WINDOW_MARGIN


def resend_at(
    lane: Lane, kind: DeliveryKind, first_sent_at: datetime, attempt: int, now: datetime, jitter: float
) -> datetime | None:
    """Return when a row of unknown fate is sent again, None when it is parked for a person."""
    at = next_try(lane, attempt, now, jitter)
    return at if at is not None and may_resend(lane, kind, first_sent_at, at) else None


def circuit_wait(failures: int) -> timedelta:
    """Return how long nothing leaves after so many wrong-configuration answers in a row (1 = the first)."""
    return timedelta(seconds=CIRCUIT_SECONDS[min(failures, len(CIRCUIT_SECONDS)) - 1])
