"""
kill -9 of the real `up` family while sealed callbacks come in: web, a worker, the clock, the parent alone, everything.

Checked from outside: what was acknowledged, what members saw, and the database after a quiet moment. In full 200
kills; in `make test` 20.
"""

from __future__ import annotations

import os
import signal
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from policy.terms import DeliveryState
from storage.store import Store
from storage.tables import ITEM, OUTBOX, SIGNATURE
from storage.verify import verify_audit
from tests.bot.waiting import eventually
from tests.campaigns.product import Product
from tests.campaigns.scale import FULL, Campaign
from tests.campaigns.town import Town
from tests.campaigns.wecom_http import Faults, HttpPlatform

RECOVERY_SECONDS = 75  # a lease of 30 s, its second try, and a busy machine
_SHARES = {"web": 6, "worker": 6, "clock": 3, "parent": 2, "everything": 3}  # of twenty


@pytest.fixture
def town(tmp_path: Path, campaign: Campaign) -> Iterator[Town]:
    platform = HttpPlatform(campaign.dice, Faults(answer_lost=0.01, busy=0.01))
    product = Product(tmp_path, platform.url)
    # In full so long that finance would get more cards than WeCom lets through in a minute.
    made = Town(product, platform, campaign, sign_every=40 if FULL else 8)
    yield made
    made.over.set()
    product.close()
    platform.close()


@pytest.mark.campaign
@pytest.mark.timeout(3600 if FULL else 240)
def test_kill_9_of_any_part_or_all_loses_and_doubles_nothing(campaign: Campaign, town: Town) -> None:
    product, kills = town.product, campaign.size(200)
    product.start()
    town.wake_up()
    harm = [what for what, share in _SHARES.items() for _ in range(kills * share // 20)]
    campaign.dice.shuffle(harm)
    done: Counter[str] = Counter()
    restarts: list[float] = []
    for number, what in enumerate(harm):
        time.sleep(campaign.dice.uniform(0.1, 0.8))
        restarts += _strike(product, what, campaign)
        done[what] += 1
        if number == kills // 3:
            product.move(4 * 3600 + 1800)  # reminders of the waiting cards fall due at once, amid the kills
    town.fall_asleep()
    over = time.monotonic()
    store = product.open_store()
    while _waiting(store):
        assert time.monotonic() < over + RECOVERY_SECONDS, _waiting(store)
        time.sleep(0.2)
    recovery = time.monotonic() - over
    stopped = product.stop()
    facts = _check(store, town)
    store.close()
    assert stopped < 10
    campaign.found(
        kills=sum(done.values()), of_each_kind=dict(done), **facts, given_up_as_wecom_does=town.given_up,
        lost=0, doubled=0, slowest_acknowledged_seconds=round(max(town.seconds), 2),
        slowest_restart_seconds=round(max(restarts), 1), recovery_seconds=round(recovery, 1),
        stop_seconds=round(stopped, 1),
    )


def _strike(product: Product, what: str, campaign: Campaign) -> list[float]:
    """Kill something; a whole family that is dead is started again, as a service manager would do."""
    if what in ("parent", "everything"):
        if what == "everything":
            product.kill_all()
        else:
            family = product.family()
            os.kill(product.pid, signal.SIGKILL)
            product.bury(sorted(family))
        begun = time.monotonic()
        product.start()
        return [time.monotonic() - begun]
    part = {"web": "web", "clock": "clock-1", "worker": campaign.dice.choice(("worker-1", "worker-2"))}[what]
    pids: list[int] = []

    def found() -> bool:
        pid = product.pid_of(part)
        pids[:] = [] if pid is None else [pid]
        return bool(pids)

    eventually(found, seconds=20)  # the supervisor waits longer before each new start of a part that keeps dying
    if part == "web" and campaign.dice.random() < 0.5:
        pids = product.children_of(pids[0]) or pids  # the process that answers, below the one that keeps it
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    return []


def _waiting(store: Store) -> Counter[tuple[str, str]]:
    """Return what has not arrived: (recipient, state)."""
    statement = OUTBOX.select().with_only_columns(OUTBOX.c.recipient, OUTBOX.c.state)
    over = (DeliveryState.SENT.value, DeliveryState.CANCELLED.value)
    return Counter((row[0], row[1]) for row in store.read(lambda unit: unit.all(statement)) if row[1] not in over)


def _check(store: Store, town: Town) -> dict[str, object]:
    """Hold what was acknowledged and shown against the database; return the counts."""
    kept = ITEM.select().with_only_columns(ITEM.c.number, ITEM.c.title)
    items = store.read(lambda unit: unit.all(kept))
    by_title: dict[str, list[str]] = defaultdict(list)
    for number, title in items:
        by_title[title].append(number)
    assert set(by_title) <= town.asked
    assert {what: by_title.get(what) for what in town.numbers} == {what: [it] for what, it in town.numbers.items()}
    assert all(len(numbers) == 1 for numbers in by_title.values())
    doubled = {what: times for what, times in town.platform.shown.items() if times != 1}
    assert not doubled, doubled
    first_cards = Counter(card.number for card in town.platform.cards if card.userid.startswith("s"))
    assert set(first_cards) == {number for number, _ in items}
    signed = Counter(row[0] for row in store.read(lambda unit: unit.all(
        SIGNATURE.select().with_only_columns(SIGNATURE.c.number)
    )))
    assert set(town.tapped) <= set(signed)
    assert set(signed.values()) <= {1}
    assert {card.number for card in town.platform.cards if card.userid == "qian"} == set(signed)
    report = store.read(verify_audit)
    assert report.ok, report.findings
    return {
        "purchases_acknowledged": len(town.numbers), "purchases_kept": len(items), "taps_acknowledged":
        len(town.tapped), "signatures_kept": sum(signed.values()),
        "messages_shown": sum(town.platform.shown.values()),
        "second_copies_dropped_by_the_platform": sum(town.platform.received.values())
        - sum(town.platform.shown.values()),
        "audit_events_verified": report.events,
    }
