"""
The doorbell: tells workers through RQ that a lane has something, and forgets it when Redis is away.

A ring is never the memory of anything: it may be lost or heard twice (design, Parts). Ringing costs the caller an entry
in a dictionary; a background thread talks to Redis, at most one job per lane waits there.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable

import structlog
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue
from rq.exceptions import DuplicateJobError
from rq.serializers import JSONSerializer

from policy.terms import Lane

LOG = structlog.get_logger(__name__)

LANES = (Lane.URGENT, Lane.DEFAULT, Lane.BULK)  # a job carries the position in here
DRAIN = "bot.jobs.drain"
INDEX_SEARCH = "bot.jobs.index_search"
FIRE = "bot.jobs.fire"  # nobody rings for it by itself: a drain does it first

ANSWER_SECONDS = 0.2  # redis-py's own defaults take 4.4 s to give up on a closed port
WAITING_SECONDS = 10  # a ring that nobody heard in this time may be rung again; one lost between the two as well
COALESCE_SECONDS = 0.005  # the lanes of one commit, and commits that come together
# A ring costs the process up to a millisecond of Python, while many requests want to be answered: a lane that was rung
# just now is not rung again so soon. Urgent ones never wait for this.
REST_SECONDS = 0.03
AWAY_SECONDS = 0.7  # between two attempts while Redis is away; the clock delivers what is urgent meanwhile
_INDEX, _URGENT = "index", Lane.URGENT.value
_ANYTHING, _NOTHING = float("inf"), 0.0


def queue_name(lane: Lane) -> str:
    """Return the RQ queue of a lane; the prefix keeps us apart from others on the same Redis."""
    return f"liuhen-{lane.value}"


def client(url: str, *, answer_seconds: float = ANSWER_SECONDS) -> Redis:
    """
    Return a Redis client that gives up at once: no retry, short time-outs. It connects on first use.

    Args:
        url: redis://, rediss:// or unix://.
    """
    return Redis.from_url(
        url, socket_connect_timeout=ANSWER_SECONDS, socket_timeout=answer_seconds, retry=Retry(NoBackoff(), 0),
    )


class Doorbell:
    """
    Rings. Made before or after forking; its thread starts with the first ring of each process.

    Args:
        connect: makes a client; called in the background thread.
    """

    def __init__(self, connect: Callable[[], Redis]) -> None:
        self._connect = connect
        self._wanted: dict[str, float] = {}  # what is to be rung, and from when on (monotonic seconds)
        self._rung_at: dict[str, float] = {}
        self._wake = threading.Event()
        self._wakes_for = _ANYTHING  # the thread sleeps until this moment: only what is to be rung sooner wakes it
        self._connection: Redis | None = None
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._pid = 0
        self._closing = False
        self._away = False

    def ring(self, lane: Lane) -> None:
        """Wake whoever serves a lane. Never blocks, never raises."""
        self._want(lane.value)

    def ring_lanes(self, lanes: Iterable[Lane]) -> None:
        """Ring for several lanes; fits `Store(after_commit=…)`."""
        for lane in lanes:
            self._want(lane.value)

    def ring_index(self) -> None:
        """Wake whoever keeps the search index."""
        self._want(_INDEX)

    def close(self) -> None:
        """Ring what is still wanted and end the thread; waits 1 s at most."""
        self._closing = True
        self._wake.set()
        if self._thread is not None and self._pid == os.getpid():
            self._thread.join(timeout=1)

    def _want(self, what: str) -> None:
        # The wish goes away before the ring goes out: whoever still sees it is rung for.
        if what in self._wanted and self._pid == os.getpid():
            return
        at = time.monotonic() + COALESCE_SECONDS
        if what != _URGENT:
            at = max(at, self._rung_at.get(what, 0.0) + REST_SECONDS)
        self._wanted[what] = at
        if self._pid != os.getpid():
            self._start()
        if at < self._wakes_for:
            self._wake.set()

    def _start(self) -> None:
        with self._lock:
            if self._pid != os.getpid():
                self._wake = threading.Event()
                self._wakes_for = _ANYTHING
                self._connection = None
                self._thread = threading.Thread(target=self._run, name="doorbell", daemon=True)
                self._pid = os.getpid()
                self._thread.start()

    def _run(self) -> None:
        not_before = 0.0
        while True:
            closing = self._sleep(not_before)
            now = time.monotonic()
            ripe = [what for what, at in list(self._wanted.items()) if closing or at <= now]
            for what in ripe:
                del self._wanted[what]
                self._rung_at[what] = now
            heard = self._ring(ripe)
            if closing and not (heard and self._wanted):
                return
            not_before = 0.0 if heard else time.monotonic() + AWAY_SECONDS
            if not heard:
                for what in ripe:
                    self._wanted.setdefault(what, not_before)

    def _sleep(self, not_before: float) -> bool:
        """Return when something is to be rung, but not sooner than told: whether the bell is being closed."""
        while True:
            self._wake.clear()
            self._wakes_for = _ANYTHING  # until what is there has been looked at
            if self._closing:
                return True
            first = min(list(self._wanted.values()), default=None)
            now = time.monotonic()
            if first is None:
                self._wake.wait()
            elif max(first, not_before) <= now:
                return False
            else:
                self._wakes_for = first if not_before <= now else _NOTHING
                self._wake.wait(max(first, not_before) - now)

    def _ring(self, ripe: Iterable[str]) -> bool:
        """Ring, and return whether Redis has heard it all."""
        try:
            if self._connection is None:
                self._connection = self._connect()
            try:
                _enqueue_all(self._connection, ripe)
            except RedisConnectionError:
                _enqueue_all(self._connection, ripe)  # a Redis that was restarted shows as one broken connection
        except (RedisError, OSError) as error:
            self._tell(away=True, error=error)
            return False
        except Exception as error:
            LOG.error("bell.broke", exc_info=error)
            return False
        self._tell(away=False)
        return True

    def _tell(self, *, away: bool, error: Exception | None = None) -> None:
        if away != self._away:
            self._away = away
            if away:
                LOG.warning("bell.redis_away", error=type(error).__name__)
            else:
                LOG.info("bell.redis_back")


def _enqueue_all(connection: Redis, wanted: Iterable[str]) -> None:
    for what in sorted(wanted):
        _enqueue(connection, what)


def _enqueue(connection: Redis, what: str) -> None:
    lane = Lane.BULK if what == _INDEX else Lane(what)
    function, argument = (INDEX_SEARCH, 0) if what == _INDEX else (DRAIN, LANES.index(lane))
    queue = Queue(queue_name(lane), connection=connection, serializer=JSONSerializer)
    try:
        # The id is fixed and unique: while one ring waits in Redis, a second one adds nothing.
        queue.enqueue_call(
            function, args=(argument,), job_id=f"liuhen-{what}", unique=True, ttl=WAITING_SECONDS, result_ttl=0,
            failure_ttl=WAITING_SECONDS, description=function,
        )
    except DuplicateJobError:
        return
