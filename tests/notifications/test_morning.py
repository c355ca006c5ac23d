"""The end of quiet hours: held texts come as one message, cards as they are, nothing is lost (design rule 6)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from notifications.cards import Button, ButtonInteraction, MainTitle
from notifications.messages import plain_text
from notifications.morning import pack
from policy.terms import DeliveryKind, Lane
from storage.queries.backlog import Held
from storage.unit import Unit
from tests.notifications.hands import HandClock
from tests.notifications.house import House

NIGHT = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)  # 22:30 in Shanghai
MORNING = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)  # 08:30


def say(house: House, userid: str, content: str, key: str) -> None:
    def work(unit: Unit) -> None:
        house.post_for(unit, house.clock.company, house.clock.machine).text(userid, content, key=key)

    house.store.write(work)


def at_night(clock: HandClock) -> None:
    clock.company = clock.machine = NIGHT


def test_held_texts_of_one_person_become_one_message_in_order(house: House, clock: HandClock) -> None:
    at_night(clock)
    say(house, "su", "CG-20261123-0001 已退回\n请补充", "a")
    clock.move(minutes=10)
    say(house, "su", "CG-20261123-0002 已撤回", "b")
    say(house, "xu", "JL-20261123-0001 已登记", "c")
    house.drain()
    assert house.platform.arrivals == []
    clock.company = clock.machine = MORNING - timedelta(seconds=1)
    assert house.sweep.wake_held() == 0
    clock.move(seconds=1)
    assert house.sweep.wake_held() == 3
    house.drain()
    assert house.platform.shown_to("Su") == [
        "休息时段有 2 条消息，按时间先后：\n"
        "1. 11月23日 22:30 CG-20261123-0001 已退回\n请补充\n"
        "2. 11月23日 22:40 CG-20261123-0002 已撤回\n"
        "发\"待办\"看等您处理的事，发\"查 编号\"看详情。"
    ]
    assert house.platform.shown_to("Xu") == ["JL-20261123-0001 已登记"]


def test_the_originals_are_closed_with_a_pointer_to_the_summary(house: House, clock: HandClock) -> None:
    at_night(clock)
    say(house, "su", "一", "a")
    say(house, "su", "二", "b")
    clock.company = clock.machine = MORNING
    house.sweep.wake_held()
    assert [(house.row(each)["state"], house.row(each)["error"]) for each in (1, 2)] == [
        ("cancelled", "bundled:3"), ("cancelled", "bundled:3"),
    ]
    assert house.state(3) == "pending"
    assert house.sweep.wake_held() == 0


def test_cards_and_digests_leave_as_they_are(house: House, clock: HandClock) -> None:
    at_night(clock)
    say(house, "su", "一", "a")
    say(house, "su", "周一早上", "digest:2026-11-23:su")
    card = ButtonInteraction("task-1", MainTitle("服务器"), (Button("同意", "approve|1"),))
    house.store.write(
        lambda unit: house.post_for(unit, clock.company, clock.machine).card(
            "su", card, key="card", number="CG-20261123-0001", purpose="decide", summary="CG-20261123-0001 待您审批"
        )
    )
    clock.company = clock.machine = MORNING
    assert house.sweep.wake_held() == 3
    house.drain()
    assert len(house.platform.arrivals) == 3
    assert house.platform.shown_to("Su") == ["一", "周一早上"]


def test_urgent_messages_never_wait_for_the_morning(house: House, clock: HandClock) -> None:
    at_night(clock)
    house.store.write(
        lambda unit: house.post_for(unit, clock.company, clock.machine).text("su", "告警", key="a", lane=Lane.URGENT)
    )
    house.drain()
    assert house.platform.shown_to("Su") == ["告警"]


def test_a_rehearsals_jump_over_the_night_wakes_what_was_held(house: House, clock: HandClock) -> None:
    at_night(clock)
    say(house, "su", "一", "a")
    clock.jump(hours=11)
    assert house.sweep.wake_held() == 1
    house.drain()
    assert house.platform.shown_to("Su") == ["一"]


def held(index: int, content: str) -> Held:
    return Held(index, "su", "", Lane.DEFAULT, DeliveryKind.MESSAGE, f"k{index}", b"{}", content, NIGHT)


def test_too_much_for_one_message_comes_by_first_lines_in_as_many_as_it_takes() -> None:
    rows = [held(index, f"第 {index} 条" + "字" * 60 + "\n第二行") for index in range(40)]
    packed = pack(rows)
    assert len(packed) == 5
    assert sum(count for count, _ in packed) == 40
    assert all(f"第 {index} 条" in packed[index // 9][1] for index in (0, 9, 18))


@given(st.lists(st.text(min_size=1, max_size=400), min_size=2, max_size=60))
def test_every_held_text_is_in_exactly_one_message_that_wecom_will_not_cut(contents: list[str]) -> None:
    rows = [held(index, content) for index, content in enumerate(contents)]
    packed = pack(rows)
    assert sum(count for count, _ in packed) == len(rows)
    seen = 0
    for count, message in packed:
        assert len(plain_text(message).encode()) <= 2048
        for row in rows[seen : seen + count]:
            assert row.summary.partition("\n")[0] in message
        seen += count
