"""Messages to many in as few calls as the platform allows, within everybody's limits, each holder's card their own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import count

import pytest

from notifications import throttle
from notifications.cards import Button, ButtonInteraction, MainTitle, TemplateCard
from notifications.messages import card_update_body
from notifications.throttle import Candidate, plan
from policy.org import Org, Person
from policy.terms import DeliveryKind, DeliveryState, Grade, Lane
from storage.queries.cards import keep_tap_code
from storage.queries.deliveries import members_of, recent_sends
from storage.queries.outbox import Promise, put_promise
from storage.store import Store
from tests.notifications.hands import START, HandClock
from tests.notifications.house import AGENT, House

MEMBERS = [f"m{at}" for at in range(2500)]


@pytest.fixture
def crowd(store: Store) -> Iterator[House]:
    """Return a house whose company has 2,500 people, on both databases."""
    made = House(store, HandClock())
    made.org = Org.of(1, (), [Person(userid, userid, "all", Grade.SPECIALIST, userid.upper()) for userid in MEMBERS])
    yield made
    made.close()


def card(task_id: str) -> TemplateCard:
    buttons = (Button("已读", "read", style=1),)
    return ButtonInteraction(task_id=task_id, main_title=MainTitle("停电", ""), buttons=buttons)


def send_card(house: House, userids: list[str], key: str = "notice") -> None:
    serial = count(1)
    clock = house.clock
    house.store.write(
        lambda unit: house.post_for(unit, clock.company, clock.machine).card_to_many(
            userids, card, lambda: f"{key}-task-{next(serial)}", key=key, number="TZ-20261123-0001", purpose="notice",
            lane=Lane.DEFAULT,
        )
    )


def test_2500_people_are_three_calls_each_with_a_card_of_its_own(crowd: House) -> None:
    send_card(crowd, MEMBERS)
    crowd.drain()
    said = [arrival.json for arrival in crowd.platform.arrivals]
    assert [len(one["touser"].split("|")) for one in said] == [1000, 1000, 500]
    assert "|".join(one["touser"] for one in said) == "|".join(userid.upper() for userid in MEMBERS)
    assert [one["template_card"]["task_id"] for one in said] == [f"notice-task-{at}" for at in (1, 2, 3)]
    assert crowd.states() == {"sent": 3}


def test_what_went_to_many_counts_for_each_of_them(crowd: House) -> None:
    send_card(crowd, MEMBERS[:30])
    crowd.drain()
    sent = crowd.store.read(
        lambda unit: recent_sends(unit, ["m3", "m29", "m30"], crowd.clock.machine - timedelta(hours=1))
    )
    assert {userid: len(times) for userid, times in sent.items()} == {"m3": 1, "m29": 1}


def test_a_message_to_many_waits_for_the_one_whose_minute_is_full(crowd: House) -> None:
    for at in range(20):
        crowd.promise("m5", f"第 {at} 条")
    crowd.drain()
    send_card(crowd, MEMBERS[:10])
    crowd.drain()
    assert crowd.states() == {"sent": 20, "pending": 1}
    crowd.clock.move(seconds=61)
    crowd.drain()
    assert crowd.states() == {"sent": 21}


def test_the_plan_counts_every_member_of_a_call() -> None:
    full = {"a": [START] * 20, "b": []}
    many = Candidate(1, "", Lane.DEFAULT, DeliveryKind.MESSAGE, members=("a", "b"))
    single = Candidate(2, "b", Lane.DEFAULT, DeliveryKind.MESSAGE)
    planned = plan([many, single], full, 0, START)
    assert planned.leave == (2,)
    assert planned.later[1] == START + throttle.MINUTE + timedelta(milliseconds=1)
    # Urgent ones have a part of the quota to themselves.
    urgent = Candidate(1, "", Lane.URGENT, DeliveryKind.MESSAGE, members=("a", "b"))
    assert plan([urgent], full, 0, START).leave == (1,)


def test_a_tappers_own_code_changes_the_own_copy_and_the_sends_code_is_kept_for_all(crowd: House) -> None:
    send_card(crowd, MEMBERS[:3])
    crowd.drain()
    crowd.platform.good_codes |= {"tap-m1", "tap-m2"}
    for userid in ("m1", "m2"):
        crowd.store.write(lambda unit, userid=userid: keep_tap_code(unit, "notice-task-1", f"tap-{userid}", 1, userid))
    for userid in ("m1", "m2"):
        body = card_update_body([userid], AGENT, card("notice-task-1"), "notice-task-1")
        crowd.promise(userid, "", key=f"face:{userid}", kind=DeliveryKind.CARD_UPDATE, body=body)
    crowd.drain()
    updates = [json.loads(one.body) for one in crowd.platform.arrivals if "update" in one.path]
    assert {(one["response_code"], *one["userids"]) for one in updates} == {("tap-m1", "m1"), ("tap-m2", "m2")}
    assert "code-0" in crowd.platform.good_codes


def test_taking_back_cancels_what_waits_and_recalls_what_left(crowd: House) -> None:
    send_card(crowd, MEMBERS[:5])
    crowd.drain()
    send_card(crowd, MEMBERS[5:9], "second")
    clock = crowd.clock
    taken = crowd.store.write(
        lambda unit: crowd.post_for(unit, clock.company, clock.machine).take_back("TZ-20261123-0001")
    )
    assert taken == 2
    crowd.drain()
    assert [one.body for one in crowd.platform.arrivals if one.path == "message/recall"] == [b"msg-0"]
    assert crowd.state(2) == DeliveryState.CANCELLED.value


def test_a_row_to_several_keeps_who_they_are(crowd: House) -> None:
    promise = Promise("k", DeliveryKind.MESSAGE, Lane.BULK, "", "", b"{}", "", START, ("b", "a"))
    row = crowd.store.write(lambda unit: put_promise(unit, promise, now=START, machine_now=START))
    assert crowd.store.read(lambda unit: members_of(unit, [row])) == {row: ("a", "b")}
