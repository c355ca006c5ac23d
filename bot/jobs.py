"""
All that a ring can make a worker do. The set is fixed, arguments are integers, and every job may be lost or run twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

import structlog

from bot.bell import DRAIN, FIRE, INDEX_SEARCH, LANES, Doorbell
from notifications.delivery import Courier, Stop
from notifications.ticker import Ticker
from policy.terms import Lane
from storage.errors import TryAgainLater
from storage.queries.search import index_pending
from storage.store import Store

LOG = structlog.get_logger(__name__)

JOB_SECONDS = 1.0  # then it rings again if more is there, so that more urgent lanes get their turn
INDEX_BATCH = 50
FIRED_AT_ONCE = 100

Function = Callable[[int], None]


class Jobs:
    """The functions of a worker, with what they need."""

    def __init__(self, store: Store, courier: Courier, ticker: Ticker, bell: Doorbell, stop: Stop) -> None:
        self._store = store
        self._courier = courier
        self._ticker = ticker
        self._bell = bell
        self._stop = stop

    def functions(self) -> Mapping[str, Function]:
        """Return the fixed set, by the names that rings carry."""
        return {DRAIN: self.drain, INDEX_SEARCH: self.index_search, FIRE: self.fire}

    def drain(self, lane: int) -> None:
        """Deliver a lane (its position in `bot.bell.LANES`) for a second."""
        if not 0 <= lane < len(LANES):
            LOG.warning("jobs.no_such_lane", lane=lane)
            return
        if LANES[lane] is Lane.DEFAULT:
            self.fire(0)
        if self._courier.drain(LANES[lane], JOB_SECONDS, self._stop) and not self._stop():
            self._bell.ring(LANES[lane])

    def fire(self, _: int) -> None:
        """Do what a callback put off to its very moment (the first cards of a filing), and whatever else is due."""
        self._ticker.tick_if_due(FIRED_AT_ONCE)

    def index_search(self, _: int) -> None:
        """Bring the search index up to date for a second."""
        until = time.monotonic() + JOB_SECONDS
        try:
            while not self._stop():
                if self._store.write(lambda unit: index_pending(unit, INDEX_BATCH)) < INDEX_BATCH:
                    return
                if time.monotonic() >= until:
                    self._bell.ring_index()
                    return
        except TryAgainLater as error:
            LOG.warning("jobs.database_away", error=str(error))
