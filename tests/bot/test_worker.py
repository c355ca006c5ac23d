"""The worker: hears our rings, refuses everything else in Redis, and delivers without Redis too."""

from __future__ import annotations

import json
import pickle
import threading
import time
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from rq import Callback, Queue, Retry
from rq.serializers import JSONSerializer
from structlog.testing import capture_logs

from bot.bell import LANES, Doorbell, client, queue_name
from bot.jobs import Jobs
from bot.metrics import Metrics
from bot.worker import ANSWER_SECONDS, DoorbellWorker, RefusedJob, StopFlag, WorkerParts, lanes_of, read_ring
from notifications.clock import SystemClock
from policy.terms import Lane
from storage.queries.deadlines import due_at_once
from storage.queries.heartbeats import beats
from tests.bot.valkey import Valkey
from tests.bot.waiting import eventually
from tests.notifications.house import PostOffice

Office = PostOffice[SystemClock]


class Family:
    """Workers in threads of this process, each with a stop of its own."""

    def __init__(self, office: Office, valkey: Valkey) -> None:
        self.office = office
        self.valkey = valkey
        self.bell = Doorbell(lambda: client(valkey.url))
        office.store.after_commit = self.bell.ring_lanes
        self.workers: list[DoorbellWorker] = []
        self._threads: list[tuple[threading.Thread, StopFlag]] = []

    def start(self, name: str = "worker-1", lanes: Sequence[Lane] = LANES) -> DoorbellWorker:
        stop = StopFlag()
        jobs = Jobs(self.office.store, self.office.courier, self.office.ticker, self.bell, stop)
        parts = WorkerParts(self.office.store, self.office.sweep, jobs.functions(), self.office.clock)
        worker = DoorbellWorker(name, lanes, parts, client(self.valkey.url, answer_seconds=ANSWER_SECONDS), stop)
        thread = threading.Thread(target=worker.work, daemon=True)
        thread.start()
        self.workers.append(worker)
        self._threads.append((thread, stop))
        return worker

    def stop(self) -> float:
        """Stop all; return the seconds it took."""
        begun = time.monotonic()
        for _, stop in self._threads:
            stop.set = True
        for thread, _ in self._threads:
            thread.join(timeout=15)
            assert not thread.is_alive()
        self._threads.clear()
        return time.monotonic() - begun


@pytest.fixture
def family(office: Office, valkey: Valkey) -> Iterator[Family]:
    made = Family(office, valkey)
    yield made
    made.stop()
    made.bell.close()


def test_a_committed_promise_is_delivered_within_a_moment(family: Family, office: Office) -> None:
    family.start()
    eventually(lambda: family.workers[0].redis_there is True)
    begun = time.monotonic()
    office.promise("su", "请审批")
    eventually(lambda: office.platform.shown_to("Su") == ["请审批"], seconds=5)
    assert time.monotonic() - begun < 0.9  # by the ring, not by looking


def test_what_is_due_at_once_is_fired_by_the_worker_that_is_rung(family: Family, office: Office) -> None:
    family.start()
    eventually(lambda: family.workers[0].redis_there is True)
    begun = time.monotonic()
    office.store.write(lambda unit: due_at_once(unit, "tell", "su", 1, office.clock.company_now(), {}))
    eventually(lambda: office.platform.shown_to("Su") == ["到点了"], seconds=5)
    assert time.monotonic() - begun < 0.9  # no clock runs here


def test_an_urgent_message_leaves_while_another_worker_is_deep_in_bulk(family: Family, office: Office) -> None:
    held = threading.Event()

    def slow(body: bytes) -> None:
        if "批量" in body.decode():
            held.wait(20)

    office.platform.before = slow
    family.start("worker-1", lanes_of(0, 2))
    family.start("worker-2", lanes_of(1, 2))
    for index in range(4):
        office.promise(f"member{index}", "批量", lane=Lane.DEFAULT)
    time.sleep(0.2)
    begun = time.monotonic()
    office.promise("su", "告警", lane=Lane.URGENT)
    eventually(lambda: office.platform.shown_to("Su") == ["告警"], seconds=5)
    assert time.monotonic() - begun < 2
    held.set()
    eventually(lambda: office.states() == {"sent": 5})


def test_the_first_of_several_workers_serves_urgent_only() -> None:
    assert lanes_of(0, 1) == LANES
    assert lanes_of(0, 3) == (Lane.URGENT,)
    assert lanes_of(2, 3) == LANES


def test_redis_killed_and_restarted_loses_no_message(family: Family, office: Office, valkey: Valkey) -> None:
    family.start()
    family.start("worker-2")
    office.promise("member0", "之前")
    eventually(lambda: office.states() == {"sent": 1})
    valkey.kill()
    for index in range(1, 30):
        office.promise(f"member{index}", "没有 Redis 的时候")
    eventually(lambda: office.states() == {"sent": 30})
    valkey.start()
    eventually(lambda: all(worker.redis_there is True for worker in family.workers))
    begun = time.monotonic()
    office.promise("member30", "之后")
    eventually(lambda: office.states() == {"sent": 31})
    assert time.monotonic() - begun < 3
    assert len({arrival.body for arrival in office.platform.arrivals}) == 31


def test_a_redis_that_hangs_delays_messages_by_seconds_only(family: Family, office: Office, valkey: Valkey) -> None:
    family.start()
    eventually(lambda: family.workers[0].redis_there is True)
    valkey.freeze(True)
    office.promise("su", "请审批")
    eventually(lambda: office.states() == {"sent": 1}, seconds=10)
    valkey.freeze(False)


def test_everything_of_a_flushed_redis_is_delivered(family: Family, office: Office, valkey: Valkey) -> None:
    for index in range(50):
        office.promise(f"member{index}", "一")
    valkey.client().flushall()
    family.start()
    eventually(lambda: office.states() == {"sent": 50})


def test_a_ring_that_was_lost_is_made_up_for_while_another_lanes_rings_never_pause(
    family: Family, office: Office, valkey: Valkey
) -> None:
    # A worker that is killed, or whose connection breaks, between pop and reading: the job is there, its place is not.
    valkey.client().hset("rq:job:liuhen-default", "data", b"[]")
    family.start()
    eventually(lambda: family.workers[0].redis_there is True)
    over = threading.Event()

    def ring_on() -> None:
        while not over.wait(0.1):
            family.bell.ring_index()

    threading.Thread(target=ring_on, daemon=True).start()
    office.promise("su", "请审批")
    eventually(lambda: office.platform.shown_to("Su") == ["请审批"], seconds=4)
    over.set()


def test_a_stop_while_waiting_takes_about_a_second(family: Family) -> None:
    family.start()
    eventually(lambda: family.workers[0].redis_there is True)
    assert family.stop() < 2.5


def test_a_worker_says_that_it_lives_and_that_it_has_ended(family: Family, office: Office) -> None:
    begun = office.clock.machine_now()
    family.start("worker-7", lanes_of(0, 2))
    eventually(lambda: bool(office.store.read(beats)))
    (found,) = office.store.read(beats)
    assert found.part == "worker-7"
    assert abs((found.at - begun).total_seconds()) < 10
    assert found.detail["lanes"] == ["urgent"]
    family.stop()
    assert office.store.read(beats) == [], "it has ended as it should, and nobody takes it for alive"


class Bomb:
    """A pickle of this creates a file when it is opened."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str, str]]:
        return open, (str(self.path), "w")


def boom_job(path: Path) -> bytes:
    return pickle.dumps(("bot.jobs.drain", Bomb(path), [0], {}))


def call(*parts: object) -> bytes:
    return json.dumps(parts).encode()


FOREIGN = {
    "another function": call("os.system", None, ["true"], {}),
    "a function of ours that is not in the set": call("bot.jobs.Jobs", None, [0], {}),
    "a text argument": call("bot.jobs.drain", None, ["0"], {}),
    "a truth value": call("bot.jobs.drain", None, [True], {}),
    "two arguments": call("bot.jobs.drain", None, [0, 1], {}),
    "no argument": call("bot.jobs.drain", None, [], {}),
    "a named argument": call("bot.jobs.drain", None, [0], {"lane": 0}),
    "an instance": call("bot.jobs.drain", "x", [0], {}),
    "not a call": b"[1]",
    "not JSON": b"\x80\x04}q\x00.",
    "deep": b"[" * 2000,
    "a name that is no text": call(["bot.jobs.drain"], None, [0], {}),
    "too long": call("bot.jobs.drain", None, [0], {"x": "y" * 5000}),
    "a small file that unpacks to a large one": zlib.compress(b" " * 10_000_000),
}


@pytest.mark.parametrize("what", FOREIGN)
def test_a_foreign_call_is_refused_when_read(what: str) -> None:
    names = {"bot.jobs.drain": lambda lane: None}
    for data in (FOREIGN[what], zlib.compress(FOREIGN[what])):
        with pytest.raises(RefusedJob):
            read_ring(data, names)
    assert read_ring(zlib.compress(call("bot.jobs.drain", None, [2], {})), names) == ("bot.jobs.drain", 2)


def test_foreign_jobs_in_a_queue_are_deleted_counted_and_never_run(
    family: Family, office: Office, valkey: Valkey, tmp_path: Path
) -> None:
    redis = valkey.client()
    queue = f"rq:queue:{queue_name(Lane.DEFAULT)}"
    flag = tmp_path / "boom"
    huge = call("bot.jobs.drain", None, [1], {"x": "y" * 8_000_000})
    for index, data in enumerate([*FOREIGN.values(), boom_job(flag), huge]):
        hostile: dict[bytes | bytearray | memoryview[int] | str | int | float, bytes | str] = {
            "data": data, "origin": "x", "timeout": "never", "success_callback_name": "os.abort",
            "failure_callback_name": "os.abort", "status": "queued",
        }
        redis.hset(f"rq:job:foreign-{index}", mapping=hostile)
        redis.rpush(queue, f"foreign-{index}")
    redis.set("rq:job:no-hash", "x")
    redis.rpush(queue, "no-hash", b"\xff\xfe", "gone")
    # Real RQ, its default pickles, call-backs and retries included; and a real ring that was given call-backs.
    foreign = Queue(queue_name(Lane.DEFAULT), connection=redis)
    ends = {"on_success": Callback("os.abort"), "on_failure": Callback("os.abort"), "on_stopped": Callback("os.abort")}
    foreign.enqueue("os.abort", retry=Retry(3), **ends)
    ours = Queue(queue_name(Lane.DEFAULT), connection=redis, serializer=JSONSerializer)
    ours.enqueue("bot.jobs.drain", 1, **ends)
    with capture_logs() as logs:
        family.start()
        eventually(lambda: family.workers[0].refused == len(FOREIGN) + 4)
        office.promise("su", "请审批")
        eventually(lambda: office.platform.shown_to("Su") == ["请审批"])
    eventually(lambda: redis.llen(queue) == 0)
    assert redis.keys("rq:job:*") == []
    assert not flag.exists()
    refusals = [line for line in logs if line["event"] == "worker.job_refused"]
    assert [line["so_far"] for line in refusals] == list(range(1, len(FOREIGN) + 5))
    assert max(len(repr(line)) for line in refusals) < 400  # what was refused is not copied into the log
    told = f'liuhen_jobs_refused{{part="worker-1"}} {len(FOREIGN) + 4}.0'
    eventually(lambda: told in Metrics(office.store, office.clock).render().decode())


def test_rqs_own_commands_and_suspension_have_no_effect(family: Family, office: Office, valkey: Valkey) -> None:
    worker = family.start()
    eventually(lambda: worker.redis_there is True)
    redis = valkey.client()
    assert redis.publish(f"rq:pubsub:{worker.name}", json.dumps({"command": "shutdown"})) == 0
    redis.set("rq:suspended", 1)
    office.promise("su", "请审批")
    eventually(lambda: office.platform.shown_to("Su") == ["请审批"])


def test_a_queue_that_is_no_list_stops_nothing(family: Family, office: Office, valkey: Valkey) -> None:
    valkey.client().set(f"rq:queue:{queue_name(Lane.URGENT)}", "x")
    family.start()
    office.promise("su", "请审批")
    eventually(lambda: office.platform.shown_to("Su") == ["请审批"])
