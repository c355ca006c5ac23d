"""
The doorbell: tells workers through RQ that a lane has something, and forgets it when Redis is away.

A ring is never the memory of anything: it may be lost or heard twice (design, Parts). Ringing costs the caller a set
and an event; a background thread talks to Redis, at most one job per lane waits there.
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

ANSWER_SECONDS = 0.2  # redis-py's own defaults take 4.4 s to give up on a closed port
WAITING_SECONDS = 10  # a ring that nobody heard in this time may be rung again; one lost between the two as well
COALESCE_SECONDS = 0.005
_INDEX = "index"


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
        self._wanted: set[str] = set()
        self._rung = threading.Event()
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
        self._rung.set()
        if self._thread is not None and self._pid == os.getpid():
            self._thread.join(timeout=1)

    def _want(self, what: str) -> None:
        self._wanted.add(what)
        if self._pid != os.getpid():
            self._start()
        self._rung.set()

    def _start(self) -> None:
        with self._lock:
            if self._pid != os.getpid():
                self._rung = threading.Event()
                self._thread = threading.Thread(target=self._run, name="doorbell", daemon=True)
                self._pid = os.getpid()
                self._thread.start()

    def _run(self) -> None:
        connection: Redis | None = None
        while True:
            self._rung.wait()
            # Rings come in bursts: one commit's lanes, many commits of a busy second.
            time.sleep(COALESCE_SECONDS)
            self._rung.clear()
            wanted = [self._wanted.pop() for _ in range(len(self._wanted))]
            try:
                if connection is None:
                    connection = self._connect()
                try:
                    _enqueue_all(connection, wanted)
                except RedisConnectionError:
                    _enqueue_all(connection, wanted)  # a Redis that was restarted shows as one broken connection
                self._tell(away=False)
            except (RedisError, OSError) as error:
                self._tell(away=True, error=error)
            except Exception as error:
                LOG.error("bell.broke", exc_info=error)
            if self._closing and not self._wanted:
                return

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
