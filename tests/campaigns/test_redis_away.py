"""
Redis gone for ten minutes: killed, then there but mute; in `make test` for eight seconds.

Callbacks are still answered in time, messages still arrive within seconds because workers and clock look into the
database, and everything is quick again once Redis is back (RP-3.5).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.valkey import Valkey
from tests.bot.waiting import eventually
from tests.campaigns.product import Product
from tests.campaigns.scale import FULL, Campaign
from tests.campaigns.town import Town
from tests.campaigns.wecom_http import HttpPlatform

AWAY_SECONDS = 600 if FULL else 8
BACK_SECONDS = 30 if FULL else 4


@pytest.fixture
def valkey() -> Iterator[Valkey]:
    made = Valkey()
    made.start()
    yield made
    made.close()


@pytest.fixture
def town(tmp_path: Path, campaign: Campaign, valkey: Valkey) -> Iterator[Town]:
    platform = HttpPlatform(campaign.dice)
    product = Product(tmp_path, platform.url, redis_url=valkey.url)
    made = Town(product, platform, campaign, time.monotonic, sign_every=30, pace=3 if FULL else 1)
    yield made
    made.over.set()
    product.close()
    platform.close()


@pytest.mark.campaign
@pytest.mark.timeout(1800 if FULL else 240)
def test_without_redis_callbacks_are_answered_in_time_and_messages_arrive(
    campaign: Campaign, town: Town, valkey: Valkey
) -> None:
    town.product.start()
    town.wake_up()
    time.sleep(BACK_SECONDS)
    there = _facts(town)
    valkey.kill()
    time.sleep(AWAY_SECONDS / 2)
    killed = _facts(town)
    valkey.start()
    time.sleep(1)
    valkey.freeze(True)  # connections are taken and nothing is answered
    time.sleep(AWAY_SECONDS / 2)
    mute = _facts(town)
    valkey.freeze(False)
    time.sleep(BACK_SECONDS)
    town.fall_asleep()
    back = _facts(town)
    assert town.given_up == 0
    for part in (there, killed, mute, back):
        assert part["p99"] < 1, part
        assert part["slowest"] < 4.5, part
        assert part["latest_message"] < 15, part
    assert max(town.platform.shown.values()) == 1
    assert town.product.stop() < 10
    campaign.found(
        seconds_away=AWAY_SECONDS, there=there, killed=killed, mute=mute, back=back, unanswered=0, lost=0, doubled=0
    )


def _facts(town: Town) -> dict[str, float]:
    """Return what happened since the last call: exchanges in seconds, and how late superiors had their cards."""
    took = sorted(town.seconds)
    numbers = dict(town.marks)
    town.seconds.clear()
    town.marks.clear()
    cards = town.platform.cards

    def shown() -> dict[str, float]:
        return {card.number: card.at for card in reversed(list(cards)) if card.userid.startswith("s")}

    eventually(lambda: set(numbers) <= set(shown()), seconds=30)
    arrived = shown()
    delays = sorted(arrived[number] - at for number, at in numbers.items())
    return {
        "callbacks": len(took), "p50": round(took[len(took) // 2], 4), "p99": round(took[int(len(took) * 0.99)], 4),
        "slowest": round(took[-1], 4), "messages": len(delays), "p50_message": round(delays[len(delays) // 2], 3),
        "latest_message": round(delays[-1], 3),
    }
