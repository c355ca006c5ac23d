"""
An alarm on a loaded system: `up` with thousands of bulk messages waiting, with Redis and without it (7.1b).

The alarm's card is on the superior's phone within 3 seconds of the callback's delivery.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from notifications.clock import SystemClock
from notifications.messages import text_body
from notifications.throttle import CROWDED_MINUTES
from policy.terms import DeliveryKind, Lane
from storage.queries.outbox import Promise, put_promise
from storage.unit import Unit
from tests.bot.valkey import Valkey
from tests.bot.waiting import eventually
from tests.campaigns.product import AGENT, Product
from tests.campaigns.scale import FULL, Campaign
from tests.campaigns.wecom_http import HttpPlatform

ALARMS = 10 if FULL else 3
WITHIN = 3.0


@pytest.fixture
def platform(campaign: Campaign) -> Iterator[HttpPlatform]:
    made = HttpPlatform(campaign.dice)
    yield made
    made.close()


@pytest.mark.campaign
@pytest.mark.timeout(900 if FULL else 240)
@pytest.mark.parametrize("redis", ["there", "gone"])
def test_an_alarm_overtakes_thousands_of_bulk_messages(
    campaign: Campaign, platform: HttpPlatform, tmp_path: Path, redis: str
) -> None:
    valkey = Valkey()
    valkey.start()
    product = Product(tmp_path, platform.url, redis_url=valkey.url)
    try:
        product.start()
        if redis == "gone":
            valkey.kill()
        count = campaign.size(5000)
        _promise_bulk(product, count)
        if SystemClock().machine_now().minute not in CROWDED_MINUTES:  # no bulk leaves then
            eventually(lambda: any(shown.startswith("bulk") for shown in list(platform.shown)), seconds=20)
        waits = []
        for at in range(ALARMS):
            begun = time.monotonic()
            delivered = product.deliver(product.text(f"e{at}", f"告警 第 {at} 件急事"))
            assert delivered.answer is not None
            assert "已发出" in delivered.answer
            eventually(lambda at=at: any(card.userid == f"s{at}" for card in platform.cards), seconds=20)
            card = next(card for card in platform.cards if card.userid == f"s{at}")
            waits.append(card.at - begun)
        left = sum(userid.startswith("bulk") for userid in platform.shown)
        assert max(waits) < WITHIN, waits
        campaign.found(
            bulk=count, bulk_that_had_left_before_the_last_alarm=left, alarms=ALARMS,
            slowest_card_seconds=round(max(waits), 3), median_card_seconds=round(sorted(waits)[len(waits) // 2], 3),
        )
        assert product.stop() < 10
    finally:
        product.close()
        valkey.close()


def _promise_bulk(product: Product, count: int) -> None:
    """Fill the bulk lane as a notice to thousands of single members would."""
    store = product.open_store()
    now = SystemClock().machine_now()

    def fill(unit: Unit) -> None:
        for serial in range(count):
            userid = f"bulk{serial}"
            promise = Promise(
                f"campaign:{userid}", DeliveryKind.MESSAGE, Lane.BULK, userid, "",
                text_body(userid, AGENT, f"第 {serial} 条"), "", now,
            )
            put_promise(unit, promise, now=now, machine_now=now)

    store.write(fill)
    store.close()
