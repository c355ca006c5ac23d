"""
The worker: an RQ SimpleWorker that hears rings and does nothing else with what lies in Redis (design, Parts).

Whoever can write to Redis could run code in an ordinary RQ worker: by the function's name, by pickles, by callbacks
and web hooks of a job, by commands on the worker's channel, by RQ's own clean-up. So a job is read as JSON only, with
a size limit, never built as an RQ job; its name must be in the fixed set and its arguments integers; it is deleted
before it runs. RQ's registries, retries, suspension and remote commands are not used.

Redis away: the worker drains by looking into the database every second, so messages are late rather than lost.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import FrameType

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, SimpleWorker
from rq.exceptions import DequeueTimeout
from rq.job import Job
from rq.serializers import JSONSerializer

from bot.bell import DRAIN, FIRE, INDEX_SEARCH, LANES, queue_name
from bot.jobs import Function
from notifications.clock import Clock
from notifications.sweep import Sweep
from policy.errors import ProjectError
from policy.terms import Lane
from storage.errors import TryAgainLater
from storage.queries.backlog import search_waits
from storage.queries.heartbeats import beat, end_beat
from storage.store import Store

LOG = structlog.get_logger(__name__)

WAIT_SECONDS = 1  # for a ring; then the database is looked into
ANSWER_SECONDS = 3.0  # longer than the wait; a Redis that hangs costs this much
BEAT_SECONDS = 5.0
LEASES_SECONDS = 5.0
MOST_JOB_BYTES = 4096


class RefusedJob(ProjectError):
    """Something in a queue is no ring of ours: it is deleted unread; find out who writes to Redis."""


@dataclass(frozen=True)
class WorkerParts:
    """
    What a worker needs, made after forking.

    Attributes:
        functions: the fixed set, by name (`bot.jobs.Jobs.functions`).
    """

    store: Store
    sweep: Sweep
    functions: Mapping[str, Function]
    clock: Clock


class StopFlag:
    """Set by SIGTERM or SIGINT; a plain flag, since a handler must not take a lock that its own thread may hold."""

    def __init__(self) -> None:
        self.set = False

    def __call__(self) -> bool:
        return self.set

    def on_signals(self) -> None:
        """Listen to SIGTERM and SIGINT; only in a process's main thread."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._raise)

    def _raise(self, number: int, frame: FrameType | None) -> None:
        self.set = True


def lanes_of(index: int, count: int) -> tuple[Lane, ...]:
    """Return which lanes the index-th of so many workers serves: the first of several serves urgent only."""
    return (Lane.URGENT,) if index == 0 and count > 1 else LANES


class DoorbellWorker(SimpleWorker):  # type: ignore[misc]
    """
    Hears rings of its lanes, the most urgent first.

    Args:
        name: unique among workers; also its heartbeat's name.
        connection: from `bot.bell.client`; need not be reachable.
        stop: asked between calls.
    """

    def __init__(
        self, name: str, lanes: Sequence[Lane], parts: WorkerParts, connection: Redis, stop: Callable[[], bool]
    ) -> None:
        queues = [Queue(queue_name(lane), connection=connection, serializer=JSONSerializer) for lane in lanes]
        # prepare_for_work asks Redis who we are; Redis may be away.
        super().__init__(queues, name, connection=connection, serializer=JSONSerializer, prepare_for_work=False)
        self.pid = os.getpid()
        self.hostname = socket.gethostname()
        self.lanes = tuple(lanes)
        self.parts = parts
        self.stop = stop
        self.refused = 0
        self.done = 0
        self.redis_there: bool | None = None
        self._beat_at = 0.0
        self._leases_at = 0.0
        self._looked_at = time.monotonic()

    @property
    def dequeue_timeout(self) -> int:
        """Return the seconds one wait for a ring takes."""
        return WAIT_SECONDS

    @property
    def connection_timeout(self) -> float:
        """Return the client's time-out; RQ's own would be 415 s."""
        return ANSWER_SECONDS

    def work(self) -> None:
        """Hear rings until asked to stop; returns within the call it is in."""
        LOG.info("worker.started", worker=self.name, lanes=[lane.value for lane in self.lanes])
        while not self.stop():
            self._say_alive()
            try:
                ring = self._hear()
                self._tell(there=True)
            except (RedisError, OSError) as error:
                self._tell(there=False, error=error)
                self._pause()
                ring = None
            if ring is not None:
                self._run(*ring)
            # Also between rings: one lane's may be lost while those of another never pause.
            if ring is None or time.monotonic() - self._looked_at >= WAIT_SECONDS:
                self._look_into_database()
        self._forget_me()
        LOG.info("worker.stopped", worker=self.name, done=self.done, refused=self.refused)

    # -- rings

    def _hear(self) -> tuple[Function, int] | None:
        """Wait for a ring; None when there was none or it was refused."""
        try:
            # Always a plain pop: RQ's intermediate queue exists to keep jobs, and a ring may be lost.
            popped = Queue.lpop(self.queue_keys(), self.dequeue_timeout, connection=self.connection)
        except DequeueTimeout:
            return None
        if popped is None:
            return None
        job_id = bytes(popped[1])
        # Deleted before it runs, so that a ring during the drain is heard again.
        key = Job.redis_job_namespace_prefix.encode() + job_id
        try:
            data = self._take(key)
            if data is None:
                return None  # expired, or another worker was quicker
            name, argument = read_ring(data, self.parts.functions)
        except RefusedJob as error:
            self.refused += 1
            LOG.error(
                "worker.job_refused", worker=self.name, job_id=repr(job_id[:80]), reason=str(error), so_far=self.refused
            )
            return None
        return self.parts.functions[name], argument

    def _take(self, key: bytes) -> bytes | None:
        """Delete a job and return its stored call, None when it is gone."""
        with self.connection.pipeline() as pipeline:
            pipeline.hstrlen(key, "data")
            (size,) = pipeline.execute(raise_on_error=False)
            fits = isinstance(size, int) and size <= MOST_JOB_BYTES
            if fits:
                pipeline.hget(key, "data")
            pipeline.delete(key)
            *found, _ = pipeline.execute(raise_on_error=False)
        if not fits:
            raise RefusedJob("too long, or not a job")
        return None if found[0] is None else bytes(found[0])

    def _run(self, function: Function, argument: int) -> None:
        try:
            function(argument)
            self.done += 1
        except Exception as error:
            # The rows are untouched or leased; the next ring or the sweep finds them.
            LOG.error("worker.job_failed", worker=self.name, exc_info=error)

    # -- without rings

    def _look_into_database(self) -> None:
        """Deliver what no ring announced, the most urgent first, and keep the index when Redis is away."""
        self._looked_at = time.monotonic()
        try:
            if time.monotonic() - self._leases_at >= LEASES_SECONDS:
                self._leases_at = time.monotonic()
                self.parts.sweep.release_expired()
            if Lane.DEFAULT in self.lanes:
                self._run(self.parts.functions[FIRE], 0)
            forgotten = self.parts.sweep.forgotten()
            for lane in self.lanes:
                if lane in forgotten and not self.stop():
                    self._run(self.parts.functions[DRAIN], LANES.index(lane))
            if Lane.BULK in self.lanes and self.parts.store.read(search_waits):
                self._run(self.parts.functions[INDEX_SEARCH], 0)
        except TryAgainLater as error:
            LOG.warning("worker.database_away", worker=self.name, error=str(error))
            self._pause()

    def _pause(self) -> None:
        until = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < until and not self.stop():
            time.sleep(0.1)

    # -- signs of life

    def _say_alive(self) -> None:
        if time.monotonic() - self._beat_at < BEAT_SECONDS:
            return
        self._beat_at = time.monotonic()
        detail = {
            "pid": os.getpid(), "lanes": [lane.value for lane in self.lanes], "done": self.done,
            "refused": self.refused, "redis": self.redis_there is not False,
        }
        try:
            self.parts.store.write(lambda unit: beat(unit, self.name, self.parts.clock.machine_now(), detail))
        except TryAgainLater as error:
            LOG.warning("worker.database_away", worker=self.name, error=str(error))

    def _tell(self, *, there: bool, error: Exception | None = None) -> None:
        if there == self.redis_there:
            return
        self.redis_there = there
        if not there:
            LOG.warning("worker.redis_away", worker=self.name, error=type(error).__name__)
            return
        LOG.info("worker.redis_there", worker=self.name)
        try:
            self.register_birth()  # for `rq info`; nothing depends on it
        except (RedisError, ValueError, AssertionError) as trouble:
            LOG.debug("worker.not_registered", error=type(trouble).__name__)

    def _forget_me(self) -> None:
        try:
            self.register_death()
        except (RedisError, OSError) as error:
            LOG.debug("worker.not_unregistered", error=type(error).__name__)
        try:
            self.parts.store.write(lambda unit: end_beat(unit, self.name))
        except TryAgainLater as error:
            LOG.warning("worker.database_away", worker=self.name, error=str(error))


def read_ring(data: bytes, names: Mapping[str, Function]) -> tuple[str, int]:
    """
    Read the stored call of a job without importing or unpickling anything of it.

    Returns:
        The function's name, which is in `names`, and its one integer.

    Raises:
        RefusedJob: it is anything but one of our rings.
    """
    try:
        unpacked = _unpacked(data)
        call = json.loads(unpacked)
    except (ValueError, zlib.error, RecursionError):
        raise RefusedJob("not JSON") from None
    if not isinstance(call, list) or len(call) != 4:
        raise RefusedJob("not a call")
    name, instance, arguments, options = call
    if not isinstance(name, str) or name not in names:
        raise RefusedJob("a function that is not in the fixed set")
    if instance is not None or options or not isinstance(arguments, list) or len(arguments) != 1:
        raise RefusedJob("not one argument")
    argument = arguments[0]
    if not isinstance(argument, int) or isinstance(argument, bool):
        raise RefusedJob("an argument that is not an integer")
    return name, argument


def _unpacked(data: bytes) -> bytes:
    if len(data) > MOST_JOB_BYTES:
        raise RefusedJob("too long")
    if data[:1] == b"[":
        return data
    packer = zlib.decompressobj()
    unpacked = packer.decompress(data, MOST_JOB_BYTES)
    if packer.unconsumed_tail:
        raise RefusedJob("too long")
    return unpacked
