"""
The queue in virtual time: lost answers, stale holders, poison, quotas, many tickers.

RP-1.3, RP-2.4, RP-2.5, RP-2.6, RP-2.9 of the reliability notes; figures are theirs in full.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from notifications.errors import RecipientGone, RefusedForever, RetryLater
from notifications.ticker import FiringKind, Ticker
from policy.deadlines import Due
from policy.terms import Lane, Lateness
from storage.queries.backlog import undelivered
from storage.tables import CONVERSATION, DEADLINE
from storage.unit import Unit
from tests.campaigns.scale import FULL, Campaign
from tests.notifications.house import House

pytestmark = [pytest.mark.campaign, pytest.mark.timeout(1800 if FULL else 240)]


def test_lost_answers_lose_nothing_and_show_nothing_twice(campaign: Campaign, quiet_house: House) -> None:
    house, dice, count = quiet_house, campaign.dice, campaign.size(500)
    rows = [house.promise(f"member{index}", f"第 {index} 条") for index in range(count)]
    # Each is executed and its answer lost, once or several times; some processes are then down for hours.
    house.platform.lose.extend(True for _ in range(count + dice.randrange(count)))
    house.drain()
    assert house.states() == {"unknown": count}
    hours = dice.choice((0, 1, 3))
    house.clock.move(hours=hours)
    for _ in range(12):
        house.clock.move(minutes=5)
        house.drain()
    assert {house.state(row) for row in rows} == {"sent"}
    assert Counter(text for index in range(count) for text in house.platform.shown_to(f"member{index}")) == Counter(
        f"第 {index} 条" for index in range(count)
    )
    bodies = Counter(arrival.body for arrival in house.platform.arrivals)
    assert len(bodies) == count
    campaign.found(messages=count, hours_down=hours, calls=sum(bodies.values()), lost=0, doubled=0)


def test_lost_answers_outside_the_window_are_all_parked_and_flagged(campaign: Campaign, quiet_house: House) -> None:
    house, count = quiet_house, campaign.size(500)
    rows = {house.promise(f"member{index}", f"第 {index} 条") for index in range(count)}
    house.platform.lose.extend(True for _ in range(count))
    house.drain()
    house.clock.move(hours=3, minutes=50 + campaign.dice.randrange(60))
    house.drain(Lane.DEFAULT)
    flagged = house.store.read(lambda unit: undelivered(unit, 10_000))
    assert {one.id for one in flagged} == rows
    assert {one.state.value for one in flagged} == {"unknown"}
    assert sum(text.startswith("第") for index in range(count) for text in house.platform.shown_to(f"member{index}")) \
        == count
    announced = house.platform.shown_to("Zhou")
    assert sum(int(text.split("有 ")[1].split(" 条")[0]) for text in announced) + _not_yet_sent(house) >= count
    campaign.found(messages=count, parked=len(flagged), doubled=0)


def _not_yet_sent(house: House) -> int:
    """Return how many rows are told of in announcements that still wait for their minute."""
    told = 0
    for row in range(1, 100_000):
        try:
            kept = house.row(row)
        except AssertionError:
            return told
        if kept["dedupe_key"].startswith("undelivered:") and kept["state"] in ("pending", "held"):
            told += int(kept["summary"].split("有 ")[1].split(" 条")[0])
    return told


def test_stale_holders_never_overwrite(campaign: Campaign, quiet_house: House) -> None:
    house, dice, count = quiet_house, campaign.dice, campaign.size(200)
    other = house.new_courier()
    for index in range(count):
        row = house.promise(f"member{index}", f"第 {index} 条")
        second_answers = dice.random() < 0.7

        def sleep_past_the_lease(body: bytes, second: bool = second_answers) -> None:
            house.platform.before = lambda body: None
            house.clock.move(seconds=dice.randrange(31, 90))
            house.sweep.release_expired()
            if second:
                other.deliver(Lane.DEFAULT)

        house.platform.before = sleep_past_the_lease
        house.courier.deliver(Lane.DEFAULT)
        after = house.row(row)
        assert after["state"] == ("sent" if second_answers else "unknown")
        house.clock.move(minutes=1)
        house.drain()
        assert house.state(row) == "sent"
        assert not second_answers or house.row(row)["msgid"] == after["msgid"]
    other.close()
    assert house.tally["stale holder", "default"] == count
    assert all(len(house.platform.shown_to(f"member{index}")) == 1 for index in range(count))
    campaign.found(paused=count, overwritten=0, doubled=0)


def test_poison_among_good_ones_delays_nobody(campaign: Campaign, quiet_house: House) -> None:
    house, dice, count = quiet_house, campaign.dice, campaign.size(1000)
    poison = set(dice.sample(range(count), count // 10))
    kinds = (
        lambda: RefusedForever(40058, "message/send"), lambda: RecipientGone(81013, "message/send"),
        lambda: RetryLater(-1, "message/send", after_seconds=0),
    )
    for index in sorted(poison):
        house.platform.refused[f"member{index}"] = dice.choice(kinds)
    begun = house.clock.machine
    good = [house.promise(f"member{index}", f"第 {index} 条") for index in range(count) if index not in poison]
    bad = [house.promise(f"member{index}", f"第 {index} 条") for index in sorted(poison)]
    house.drain()
    assert {house.state(row) for row in good} == {"sent"}
    assert house.clock.machine == begun  # all of them within the first pass
    for _ in range(14):
        house.clock.move(hours=2)
        house.sweep.wake_held()
        house.drain()
    assert {house.state(row) for row in bad} == {"failed"}
    calls = Counter(arrival.json["touser"] for arrival in house.platform.arrivals)
    assert all(calls[f"member{index}"] == 1 for index in range(count) if index not in poison)
    campaign.found(good=len(good), failed=len(bad), delayed=0)


def test_no_member_gets_more_than_25_in_any_minute_and_urgent_ones_overtake(
    campaign: Campaign, quiet_house: House
) -> None:
    house, dice, count = quiet_house, campaign.dice, campaign.size(5000)
    members = [f"member{index}" for index in range(max(4, count // 250))]
    for index in range(count):
        house.promise(dice.choice(members), f"第 {index} 条", lane=dice.choice((Lane.DEFAULT, Lane.BULK)))
    waits: list[float] = []
    urgent: dict[int, float] = {}
    seconds = 0
    while house.states()["pending"]:
        if seconds % 20 == 0 and seconds < 400:
            row = house.promise(dice.choice(members), f"告警 {seconds}", lane=Lane.URGENT)
            urgent[row] = house.clock.machine.timestamp()
        house.drain()
        for row in [row for row in urgent if house.state(row) == "sent"]:
            waits.append(house.clock.machine.timestamp() - urgent.pop(row))
        house.clock.move(seconds=5)
        seconds += 5
        assert seconds < 4 * 3600
    times: dict[str, list[float]] = {}
    for arrival in house.platform.arrivals:
        times.setdefault(arrival.json["touser"], []).append(arrival.at.timestamp())
    most = 0
    for instants in times.values():
        for start in instants:
            most = max(most, sum(start <= at < start + 60 for at in instants))
    assert most <= 25
    assert max(waits) < 10
    assert sum(arrival.shown for arrival in house.platform.arrivals) == count + min(20, len(waits))
    campaign.found(messages=count, members=len(members), most_in_a_minute=most, urgent_waited_at_most=max(waits))


def test_two_tickers_for_thousands_of_virtual_minutes_fire_everything_once(
    campaign: Campaign, quiet_house: House
) -> None:
    house, dice, minutes = quiet_house, campaign.dice, campaign.size(10_000)
    fired: Counter[str] = Counter()

    def every_minute(unit: Unit, due: Due, now: datetime) -> tuple[datetime, int]:
        ordinal = int(now.timestamp() // 60) + 1
        return datetime.fromtimestamp(ordinal * 60, UTC), ordinal

    def fire(unit: Unit, due: Due) -> None:
        unit.insert(
            CONVERSATION, {"userid": f"{due.kind}-{due.generation}", "purpose": due.subject, "until": 0, "state": ""}
        )
        fired[due.kind] += 1

    kinds = {"minute": FiringKind(Lateness.LATEST, fire, every_minute)}
    tickers = [Ticker(house.store, kinds, house.clock) for _ in range(2)]
    house.store.write(lambda unit: tickers[0].ensure_rhythms(unit, house.clock.company))
    passed = 0
    while passed < minutes:
        step = dice.choice((1, 1, 1, 1, 5))
        house.clock.move(seconds=60 * step)
        passed += step
        for ticker in dice.sample(tickers, 2):
            ticker.tick()
    rows = house.store.read(
        lambda unit: unit.all(DEADLINE.select().with_only_columns(DEADLINE.c.state, DEADLINE.c.generation))
    )
    states = Counter(row[0] for row in rows)
    generations = sorted(row[1] for row in rows)
    assert generations == list(range(generations[0], generations[0] + len(generations)))
    assert states["fired"] == fired["minute"]
    assert states["fired"] + states["superseded"] == passed
    assert states["pending"] == 1
    campaign.found(minutes=passed, fired=states["fired"], superseded=states["superseded"], doubled=0)
