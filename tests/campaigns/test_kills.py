"""
Kills: workers, clocks, whole groups and Redis die at random points, and every message still arrives once.

RP-1.1, RP-2.5, RP-3.1, RP-3.2, RP-3.4 of the reliability notes; figures in full are 300 kills on 1,000 messages.
"""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.bell import Doorbell, client
from notifications.clock import SystemClock
from notifications.messages import text_body
from policy.terms import DeliveryKind, Lane
from storage.engine import open_embedded
from storage.errors import TryAgainLater
from storage.migrations import upgrade
from storage.queries.deadlines import set_deadline
from storage.queries.outbox import Promise, put_promise
from storage.store import Store
from storage.tables import DEADLINE, OUTBOX
from tests.bot.valkey import Valkey
from tests.bot.waiting import eventually
from tests.campaigns.nursery import KEY, Nursery
from tests.campaigns.scale import FULL, Campaign
from tests.campaigns.wecom_http import Faults, HttpPlatform
from tests.notifications.house import AGENT

MEMBERS = ("worker worker-1 urgent", "worker worker-2", "worker worker-3", "clock clock-1", "clock clock-2")
RECOVERY_SECONDS = 60


class Post:
    """The database as the web process has it, with a platform, a Valkey and a nursery of members."""

    def __init__(self, folder: Path, campaign: Campaign, faults: Faults) -> None:
        self.clock = SystemClock()
        self.valkey = Valkey()
        self.valkey.start()
        self.platform = HttpPlatform(campaign.dice, faults)
        engine = open_embedded(folder, KEY)
        upgrade(engine)
        self.bell = Doorbell(lambda: client(self.valkey.url))
        self.store = Store(engine, self.bell.ring_lanes)
        self.nursery = Nursery(folder, self.valkey.url, self.platform.url)
        for line in MEMBERS:
            self.nursery.start(line)

    def freeze(self, name: str) -> None:
        """Stop a member in its tracks, at an instant at which it does not hold SQLite's one write lock."""
        for _ in range(100):
            self.nursery.kill(name, signal.SIGSTOP)
            try:
                self.store.write(lambda unit: None)
            except TryAgainLater:
                self.nursery.kill(name, signal.SIGCONT)
                time.sleep(0.05)
            else:
                return
        raise AssertionError(f"{name} never lets go of the lock")

    def promise(self, recipient: str, lane: Lane) -> None:
        now = self.clock.company_now()
        promise = Promise(
            f"campaign:{recipient}", DeliveryKind.MESSAGE, lane, recipient, "",
            text_body(recipient, AGENT, f"message {recipient}"), "", now,
        )
        self.store.write(lambda unit: put_promise(unit, promise, now=now, machine_now=self.clock.machine_now()))

    def remind(self, subject: str, seconds: float) -> None:
        due_at = self.clock.company_now() + timedelta(seconds=seconds)
        self.store.write(lambda unit: set_deadline(unit, "tell", subject, 1, due_at, {}))

    def states(self) -> Counter[str]:
        statement = OUTBOX.select().with_only_columns(OUTBOX.c.state)
        return Counter(row[0] for row in self.store.read(lambda unit: unit.all(statement)))

    def fired(self) -> Counter[str]:
        statement = DEADLINE.select().with_only_columns(DEADLINE.c.state)
        return Counter(row[0] for row in self.store.read(lambda unit: unit.all(statement)))

    def close(self) -> None:
        self.nursery.close()
        self.bell.close()
        self.store.close()
        self.valkey.close()
        self.platform.close()


@pytest.fixture
def posts(tmp_path: Path, campaign: Campaign) -> Iterator[Callable[[Faults], Post]]:
    made: list[Post] = []

    def make(faults: Faults) -> Post:
        made.append(Post(tmp_path, campaign, faults))
        return made[-1]

    yield make
    for post in made:
        post.close()


@pytest.mark.campaign
@pytest.mark.timeout(1800 if FULL else 240)
def test_kills_of_every_kind_lose_and_double_nothing(
    campaign: Campaign, posts: Callable[[Faults], Post]
) -> None:
    post = posts(Faults(answer_lost=0.02, busy=0.02))
    dice, kills = campaign.dice, campaign.size(300)
    messages, deadlines = campaign.size(600), campaign.size(400)
    pause = 0.25
    for index in range(deadlines):
        post.remind(f"d{index}", dice.uniform(0, kills * pause))
    frozen = "worker-3"
    eventually(lambda: post.states()["sent"] > 0)
    post.freeze(frozen)
    done: Counter[str] = Counter()
    promised = 0
    while sum(done.values()) < kills or promised < messages:
        for _ in range(min(messages - promised, dice.randrange(1, 8))):
            post.promise(f"m{promised}", dice.choice((Lane.URGENT, Lane.DEFAULT, Lane.DEFAULT)))
            promised += 1
        time.sleep(dice.uniform(0, pause))
        if sum(done.values()) < kills:
            what = dice.choice(("worker", "worker", "clock", "group", "flush", "forget", "redis"))
            done[what] += _strike(post, what, dice.choice(sorted(set(post.nursery.living) - {frozen})))
    over = time.monotonic()
    post.nursery.kill(frozen, signal.SIGCONT)
    total = messages + deadlines
    eventually(lambda: post.states() == {"sent": total}, seconds=RECOVERY_SECONDS)
    recovery = time.monotonic() - over
    assert post.fired() == {"fired": deadlines}
    wanted = {f"m{index}: message m{index}" for index in range(messages)}
    wanted |= {f"d{index}: deadline d{index}" for index in range(deadlines)}
    assert set(post.platform.shown) == wanted
    assert max(post.platform.shown.values()) == 1
    campaign.found(
        kills=sum(done.values()), of_each_kind=dict(done), messages=messages, deadlines=deadlines, lost=0, doubled=0,
        second_copies_dropped_by_the_platform=sum(post.platform.received.values()) - total,
        answers_lost=post.platform.lost, recovery_seconds=round(recovery, 1),
    )


def _strike(post: Post, what: str, name: str) -> int:
    """Do one kind of harm and mend what a supervisor would mend; return 1."""
    if what == "redis":
        post.valkey.kill()
        post.valkey.start()
    elif what == "flush":
        post.valkey.client().flushall()
    elif what == "forget":
        redis = post.valkey.client()
        for key in redis.scan_iter("rq:job:*"):
            redis.delete(key)
    elif what == "group":
        names = [each for each in post.nursery.living if each != "worker-3"]
        for each in names:
            post.nursery.kill(each)
        for each in names:
            post.nursery.restart(each)
    else:
        chosen = name if name.startswith(what) else f"{what}-1"
        post.nursery.kill(chosen)
        post.nursery.restart(chosen)
    return 1


@pytest.mark.campaign
def test_a_stop_finishes_what_is_held_and_leaves_no_lease(posts: Callable[[Faults], Post]) -> None:
    post = posts(Faults())
    for index in range(200):
        post.promise(f"m{index}", Lane.DEFAULT)
    eventually(lambda: post.states()["sent"] > 20)
    names = list(post.nursery.living)
    begun = time.monotonic()
    for name in names:
        post.nursery.kill(name, signal.SIGTERM)
    eventually(lambda: not any(post.nursery.alive(name) for name in names), seconds=10)
    assert time.monotonic() - begun < 10
    states = post.states()
    assert set(states) <= {"sent", "pending"}
    assert sum(states.values()) == 200
    assert sum(post.platform.shown.values()) == states["sent"]
