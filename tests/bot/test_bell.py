"""The bell: rings are cheap, coalesced, and forgotten when nobody can hear them."""

from __future__ import annotations

import json
import os
import threading
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from bot.bell import LANES, Doorbell, client, queue_name
from policy.terms import Lane
from tests.bot.valkey import Valkey
from tests.bot.waiting import eventually


@pytest.fixture
def bell(valkey: Valkey) -> Iterator[Doorbell]:
    made = Doorbell(lambda: client(valkey.url))
    yield made
    made.close()


def waiting(valkey: Valkey) -> dict[str, int]:
    redis = valkey.client()
    return {lane.value: redis.llen(f"rq:queue:{queue_name(lane)}") for lane in LANES}


def test_a_ring_puts_one_job_of_integers_into_the_lanes_queue(valkey: Valkey, bell: Doorbell) -> None:
    bell.ring(Lane.DEFAULT)
    eventually(lambda: waiting(valkey)["default"] == 1)
    stored = valkey.client().hget("rq:job:liuhen-default", "data")
    assert isinstance(stored, bytes)
    assert json.loads(zlib.decompress(stored)) == ["bot.jobs.drain", None, [1], {}]
    assert 0 < valkey.client().ttl("rq:job:liuhen-default") <= 10


def test_a_thousand_rings_of_many_threads_leave_one_job_per_lane(valkey: Valkey, bell: Doorbell) -> None:
    def ring() -> None:
        for _ in range(250):
            bell.ring_lanes(frozenset(LANES))
            bell.ring_index()

    threads = [threading.Thread(target=ring) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    eventually(lambda: waiting(valkey) == {"urgent": 1, "default": 1, "bulk": 2})


def test_a_ring_costs_the_caller_less_than_a_twentieth_of_a_millisecond(valkey: Valkey, bell: Doorbell) -> None:
    bell.ring(Lane.DEFAULT)
    costs = []
    for _ in range(2000):
        begun = time.perf_counter()
        bell.ring(Lane.DEFAULT)
        costs.append(time.perf_counter() - begun)
    assert sorted(costs)[len(costs) // 2] < 0.00005


def test_a_lane_that_was_rung_just_now_rests_and_an_urgent_ring_goes_out_meanwhile(
    valkey: Valkey, bell: Doorbell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.bell.REST_SECONDS", 2.0)
    bell.ring(Lane.DEFAULT)
    eventually(lambda: waiting(valkey)["default"] == 1)
    begun = time.monotonic()
    valkey.client().flushall()
    bell.ring(Lane.DEFAULT)
    bell.ring(Lane.URGENT)
    eventually(lambda: waiting(valkey)["urgent"] == 1, seconds=1)
    assert waiting(valkey)["default"] == 0
    eventually(lambda: waiting(valkey)["default"] == 1, seconds=4)
    assert time.monotonic() - begun > 1


def test_no_ring_is_lost_however_soon_it_follows_another(valkey: Valkey, bell: Doorbell) -> None:
    redis = valkey.client()
    for number in range(60):
        lane = LANES[number % 3] if number % 2 else Lane.DEFAULT
        bell.ring(lane)
        eventually(lambda: waiting(valkey)[lane.value] == 1, seconds=1)  # noqa: B023 - asked before the next turn
        redis.flushall()


def test_redis_away_is_not_asked_at_each_ring_and_hears_the_kept_wishes_when_it_is_back(valkey: Valkey) -> None:
    asked: list[float] = []
    away = True

    def connect() -> Redis:
        asked.append(time.monotonic())
        if away:
            raise RedisConnectionError("nobody there")
        return client(valkey.url)

    bell = Doorbell(connect)
    while len(asked) < 3:
        bell.ring_lanes(LANES)
    assert asked[2] - asked[0] > 2 * 0.5
    away = False
    eventually(lambda: waiting(valkey) == {"urgent": 1, "default": 1, "bulk": 1})
    bell.close()


def test_closing_rings_what_is_wanted_without_waiting_for_its_time(
    valkey: Valkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.bell.COALESCE_SECONDS", 60)
    bell = Doorbell(lambda: client(valkey.url))
    bell.ring_lanes(LANES)
    begun = time.monotonic()
    bell.close()
    assert time.monotonic() - begun < 1
    assert waiting(valkey) == {"urgent": 1, "default": 1, "bulk": 1}


def test_redis_away_costs_the_caller_nothing_and_a_later_ring_is_heard(tmp_path: Path, valkey: Valkey) -> None:
    valkey.kill()
    bell = Doorbell(lambda: client(valkey.url))
    begun = time.perf_counter()
    for _ in range(100):
        bell.ring(Lane.URGENT)
    assert time.perf_counter() - begun < 0.1
    valkey.start()
    bell.ring(Lane.DEFAULT)
    eventually(lambda: waiting(valkey)["default"] == 1)
    bell.close()


def test_a_redis_that_was_restarted_hears_the_very_next_ring(valkey: Valkey, bell: Doorbell) -> None:
    bell.ring(Lane.DEFAULT)
    eventually(lambda: waiting(valkey)["default"] == 1)
    valkey.kill()
    valkey.start()
    bell.ring(Lane.BULK)
    eventually(lambda: waiting(valkey)["bulk"] == 1, seconds=3)


def test_a_redis_that_hangs_blocks_neither_the_caller_nor_the_close(valkey: Valkey, bell: Doorbell) -> None:
    valkey.freeze(True)
    begun = time.perf_counter()
    bell.ring(Lane.DEFAULT)
    assert time.perf_counter() - begun < 0.01
    bell.close()
    assert time.perf_counter() - begun < 1.5
    valkey.freeze(False)


def test_a_forked_child_rings_with_a_thread_of_its_own(valkey: Valkey, bell: Doorbell) -> None:
    bell.ring(Lane.DEFAULT)
    eventually(lambda: waiting(valkey)["default"] == 1)
    child = os.fork()
    if child == 0:
        try:
            bell.ring(Lane.URGENT)
            eventually(lambda: waiting(valkey)["urgent"] == 1, seconds=5)
            os._exit(0)
        finally:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == 0
