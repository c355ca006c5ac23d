"""The courier: what becomes of rows when calls succeed, fail, get lost, or their holder vanishes (design rule 5)."""

from __future__ import annotations

import threading
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from notifications.clock import RehearsalClock
from notifications.delivery import LEASE, Courier
from notifications.errors import (
    ConfigurationWrong,
    OutcomeUnknown,
    RecipientGone,
    RefusedForever,
    RetryLater,
    SendError,
)
from policy.terms import DeliveryKind, ItemState, Lane, Medium, Noun
from storage.moments import to_ms
from storage.queries import backlog, sending
from storage.queries import deliveries as rows
from storage.queries.deliveries import PARKED_MS, Delivery
from storage.queries.items import Item, add_attachment, add_item
from storage.store import Store
from storage.tables import ATTACHMENT, AUDIT
from storage.unit import Unit
from tests.notifications.house import House, PostOffice

NUMBER = "CG-20261123-0001"


def test_a_message_is_sent_once_with_its_stored_bytes_and_leaves_evidence(house: House) -> None:
    first = house.promise("su", "请审批", number=NUMBER)
    body = house.row(first)["body"]
    house.drain()
    house.drain()
    assert [arrival.body for arrival in house.platform.arrivals] == [body]
    row = house.row(first)
    assert (row["state"], row["msgid"], row["attempt"], row["error"]) == ("sent", "msg-0", 1, "")
    assert row["sent_at"] == to_ms(house.clock.machine)
    assert row["lease_token"] == ""
    assert house.acts(NUMBER) == ["delivery.sent"]


def test_after_a_jump_a_delivery_is_never_written_down_at_the_time_before_it(
    sqlite_store: Store, tmp_path: Path
) -> None:
    offset = tmp_path / "offset"
    office = PostOffice(sqlite_store, RehearsalClock(offset))
    office.promise("su", "请审批", number=NUMBER)
    before = office.clock.company_now()  # the file has just been read
    offset.write_text("3600")
    office.drain()
    (at,) = sqlite_store.read(lambda unit: unit.one(select(AUDIT.c.at).where(AUDIT.c.act == "delivery.sent"))) or (0,)
    assert at >= to_ms(before + timedelta(hours=1))
    office.close()


def test_a_message_about_no_item_leaves_no_audit_event(house: House) -> None:
    house.promise("su", "早上好")
    house.drain()
    assert house.acts("") == []


def test_messages_to_one_person_arrive_in_order(house: House) -> None:
    for index in range(12):
        house.promise("su", f"第 {index} 条")
        house.promise("xu", f"第 {index} 条")
    house.drain()
    assert house.platform.shown_to("Su") == [f"第 {index} 条" for index in range(12)]
    assert house.platform.shown_to("Xu") == [f"第 {index} 条" for index in range(12)]


def test_a_later_message_waits_while_an_earlier_one_to_the_same_person_is_in_flight(house: House) -> None:
    house.promise("su", "一")
    house.promise("su", "二")
    now = house.clock.machine

    def claim(token: str, unit: Unit) -> list[Delivery]:
        return rows.claim(unit, Lane.DEFAULT, token, now=now, until=now + LEASE, most=8, queued_before=now)

    first, second = (house.store.write(partial(claim, token)) for token in ("a", "b"))
    assert [delivery.summary for delivery in first] == ["一"]
    assert second == []


def test_a_row_that_waits_for_its_retry_keeps_its_recipients_later_ones_behind_it_three_times(house: House) -> None:
    house.promise("su", "一")
    house.promise("su", "二")
    house.platform.answers.extend([RetryLater(-1, "message/send", after_seconds=0) for _ in range(3)])
    house.drain()
    house.clock.move(seconds=2)
    house.drain()
    assert house.platform.shown_to("Su") == []
    house.clock.move(seconds=5)
    house.drain()
    assert house.platform.shown_to("Su") == ["二"]
    house.clock.move(seconds=20)
    house.drain()
    assert house.platform.shown_to("Su") == ["二", "一"]


def test_a_busy_platform_is_asked_again_later_and_nothing_counts_as_sent(house: House) -> None:
    row = house.promise("su", "请审批")
    house.platform.answers.append(RetryLater(45009, "message/send", after_seconds=60))
    house.drain()
    kept = house.row(row)
    assert (kept["state"], kept["attempt"], kept["first_sent_at"]) == ("pending", 1, None)
    assert kept["retry_at"] == to_ms(house.clock.machine + timedelta(seconds=60))
    house.clock.move(seconds=59)
    house.drain()
    assert house.state(row) == "pending"
    house.clock.move(seconds=1)
    house.drain()
    assert house.state(row) == "sent"


def test_after_the_last_try_a_row_has_failed_and_an_operator_is_told(house: House) -> None:
    row = house.promise("su", "请审批", number=NUMBER)
    house.platform.refused["Su"] = lambda: RetryLater(-1, "message/send", after_seconds=0)
    for _ in range(12):
        house.drain()
        house.clock.move(hours=2, minutes=5)
    kept = house.row(row)
    assert (kept["state"], kept["attempt"]) == ("failed", 12)
    assert house.acts(NUMBER) == ["delivery.failed"]
    house.sweep.wake_held()  # the last try was made at night
    house.drain()
    assert any("没有送达" in text and "苏主管" in text for text in house.platform.shown_to("Zhou"))


def test_a_lost_answer_is_sent_again_byte_for_byte_and_shown_once(house: House) -> None:
    row = house.promise("su", "请审批")
    house.platform.lose.append(True)
    house.drain()
    kept = house.row(row)
    assert (kept["state"], kept["sent_at"]) == ("unknown", None)
    assert kept["first_sent_at"] == to_ms(house.clock.machine)
    house.clock.move(seconds=2)
    house.drain()
    assert house.state(row) == "sent"
    assert len({arrival.body for arrival in house.platform.arrivals}) == 1
    assert [arrival.shown for arrival in house.platform.arrivals] == [True, False]


def test_a_lost_answer_outside_the_window_is_parked_and_announced_never_sent_again(house: House) -> None:
    row = house.promise("su", "请审批", number=NUMBER)
    house.platform.lose.append(True)
    house.drain()
    house.clock.move(hours=4)
    house.drain()
    house.drain()
    kept = house.row(row)
    assert (kept["state"], kept["retry_at"]) == ("unknown", PARKED_MS)
    assert house.platform.shown_to("Su") == ["请审批"]
    assert house.acts(NUMBER) == ["delivery.unknown"]
    assert any("没有得到确认" in text for text in house.platform.shown_to("Zhou"))
    undelivered = house.store.read(backlog.undelivered)
    assert [(one.id, one.state.value) for one in undelivered] == [(row, "unknown")]


def test_an_urgent_message_of_unknown_fate_is_always_sent_again(house: House) -> None:
    row = house.promise("su", "告警", lane=Lane.URGENT)
    house.platform.lose.append(True)
    house.drain()
    house.clock.move(hours=5)
    house.drain()
    assert house.state(row) == "sent"
    assert house.platform.shown_to("Su") == ["告警", "告警"]


def test_a_wrong_message_fails_at_once_is_announced_and_holds_up_nobody(house: House) -> None:
    bad = house.promise("su", "坏的", number=NUMBER)
    good = house.promise("su", "好的")
    house.platform.answers.append(RefusedForever(40058, "message/send"))
    house.drain()
    assert house.state(bad) == "failed"
    assert house.state(good) == "sent"
    house.clock.move(days=2)
    house.drain()
    assert house.state(bad) == "failed"
    assert sum("没有送达" in text for text in house.platform.shown_to("Zhou")) == 1


def test_a_recipient_who_is_gone_is_told_to_the_items_author(house: House) -> None:
    item = Item(
        NUMBER, Noun.PURCHASE, "purchase", "服务器", "xu", "sales", "hq", "su", house.org.people["su"].grade,
        ItemState.PENDING, Medium.DIGITAL, 1, 1, 1, None, house.clock.company, house.clock.company,
    )

    def file(unit: Unit) -> None:
        add_item(unit, item, {}, "", "salt")
        unit.audit(house.clock.company, "xu", "filed", NUMBER)

    house.store.write(file)
    house.promise("su", "请审批", number=NUMBER)
    house.platform.refused["Su"] = lambda: RecipientGone(81013, "message/send")
    house.drain()
    house.drain()
    assert any(NUMBER in text and "苏主管" in text for text in house.platform.shown_to("Xu"))
    assert any("苏主管" in text for text in house.platform.shown_to("Zhou"))


def test_an_announcement_that_fails_is_not_announced_again(house: House) -> None:
    house.promise("su", "请审批")
    for shown in ("Su", "Zhou"):
        house.platform.refused[shown] = lambda: RefusedForever(40058, "message/send")
    for _ in range(3):
        house.drain()
    assert house.states() == {"failed": 2}


def test_a_wrong_configuration_opens_the_circuit_for_every_lane_and_no_try_is_counted(house: House) -> None:
    first = house.promise("su", "一")
    house.promise("xu", "二", lane=Lane.URGENT)
    house.platform.answers.append(ConfigurationWrong(60020, "message/send", "from ip"))
    house.drain(Lane.DEFAULT)
    house.drain()
    assert house.platform.arrivals == []
    kept = house.row(first)
    assert (kept["state"], kept["attempt"], kept["first_sent_at"]) == ("pending", 0, None)
    pause = house.store.read(lambda unit: sending.pause_of(unit, house.clock.machine))
    assert pause is not None
    assert pause.until == house.clock.machine + timedelta(seconds=30)
    assert "60020" in pause.reason


def test_an_open_circuit_is_probed_by_one_row_and_closes_with_the_first_answer(house: House) -> None:
    for index in range(5):
        house.promise("su", f"给苏 {index}")
        house.promise("xu", f"给许 {index}")
    wrong = [ConfigurationWrong(60020, "message/send") for _ in range(3)]
    house.platform.answers.extend(wrong)
    house.drain()
    assert len(house.platform.answers) <= 1  # a batch of two was on its way when it opened
    house.platform.answers.clear()
    house.platform.answers.append(ConfigurationWrong(60020, "message/send"))
    house.clock.move(seconds=31)
    house.drain()
    assert len(house.platform.answers) == 0
    assert house.platform.arrivals == []
    house.clock.move(seconds=59)
    house.drain()
    assert house.platform.arrivals == []
    house.clock.move(seconds=2)
    house.drain()
    assert house.states() == {"sent": 10}
    assert house.store.read(lambda unit: sending.circuit_failures(unit)) == 0


def test_a_hold_after_a_restore_lets_nothing_leave_until_it_is_released(house: House) -> None:
    house.promise("su", "旧的", lane=Lane.URGENT)
    house.store.write(lambda unit: sending.hold_sending(unit, "restored"))
    house.drain()
    house.clock.move(days=3)
    house.drain()
    assert house.platform.arrivals == []
    assert house.store.write(sending.release_sending)
    house.drain()
    assert house.platform.shown_to("Su") == ["旧的"]


def test_a_holder_that_vanished_leaves_an_unknown_row_that_is_sent_again(house: House) -> None:
    row = house.promise("su", "请审批")
    now = house.clock.machine

    def claim_and_vanish(unit: Unit) -> None:
        rows.claim(unit, Lane.DEFAULT, "dead", now=now, until=now + LEASE, most=8, queued_before=now)
        rows.mark_leaving(unit, Lane.DEFAULT, "dead", now)

    house.store.write(claim_and_vanish)
    assert house.state(row) == "leased"
    assert house.row(row)["first_sent_at"] == to_ms(now)
    house.clock.move(seconds=29)
    assert house.sweep.release_expired() == 0
    house.clock.move(seconds=2)
    assert house.sweep.release_expired() == 1
    assert house.state(row) == "unknown"
    house.drain()
    kept = house.row(row)
    assert (kept["state"], kept["attempt"]) == ("sent", 2)
    assert kept["first_sent_at"] == to_ms(now)


def test_a_paused_holder_that_wakes_up_late_overwrites_nothing(house: House) -> None:
    row = house.promise("su", "请审批", number=NUMBER)
    other = house.new_courier()

    def sleep_past_the_lease(body: bytes) -> None:
        house.platform.before = lambda body: None
        house.clock.move(seconds=31)
        house.sweep.release_expired()
        other.deliver(Lane.DEFAULT)

    house.platform.before = sleep_past_the_lease
    house.courier.deliver(Lane.DEFAULT)
    other.close()
    kept = house.row(row)
    assert (kept["state"], kept["msgid"]) == ("sent", "msg-0")
    assert house.tally["stale holder", "default"] == 1
    assert house.acts(NUMBER) == ["delivery.sent"]
    assert len(house.platform.shown_to("Su")) == 1


def test_a_stop_before_the_call_gives_the_row_back_untouched(house: House) -> None:
    row = house.promise("su", "请审批")
    answers = iter([True])
    house.courier.deliver(Lane.DEFAULT, stop=lambda: next(answers, True))
    kept = house.row(row)
    assert (kept["state"], kept["attempt"], kept["first_sent_at"]) == ("pending", 0, None)
    assert house.platform.arrivals == []


def test_the_limiter_keeps_25_a_minute_and_everything_arrives(house: House) -> None:
    for index in range(70):
        house.promise("su", f"第 {index} 条")
    for _ in range(300):
        house.drain()
        house.clock.move(seconds=1)
    times = [arrival.at for arrival in house.platform.arrivals]
    assert len(house.platform.shown_to("Su")) == 70
    assert house.platform.shown_to("Su") == [f"第 {index} 条" for index in range(70)]
    for start in times:
        assert sum(start <= at < start + timedelta(minutes=1) for at in times) <= 25


def test_urgent_messages_overtake_a_full_lane(house: House) -> None:
    for index in range(40):
        house.promise("su", f"第 {index} 条")
    house.drain()
    house.promise("su", "告警", lane=Lane.URGENT)
    house.drain()
    assert house.platform.shown_to("Su")[-1] == "告警"
    assert len(house.platform.shown_to("Su")) == 21


def test_bulk_waits_out_the_crowded_minute_and_digests_do_not(house: House) -> None:
    house.clock.move(minutes=30)
    slow = house.promise("su", "通知", lane=Lane.BULK)
    digest = house.promise("xu", "周一", lane=Lane.BULK, key="digest:2026-11-23:xu")
    house.drain()
    assert (house.state(slow), house.state(digest)) == ("pending", "sent")
    house.clock.move(minutes=1)
    house.drain()
    assert house.state(slow) == "sent"


@pytest.mark.parametrize("error", [OutcomeUnknown(0, "media/get"), RetryLater(45033, "media/get", after_seconds=1)])
def test_a_download_is_tried_again_and_lands_in_the_vault_with_evidence(house: House, error: SendError) -> None:
    def attach(unit: Unit) -> int:
        made = add_attachment(unit, NUMBER, "xu", "image", "MEDIA", "photo.jpg", house.clock.company)
        unit.audit(house.clock.company, "xu", "attachment.added", NUMBER)
        return made

    attachment = house.store.write(attach)
    house.platform.files["MEDIA"] = b"picture"
    house.platform.answers.append(error)
    row = house.promise("xu", "", kind=DeliveryKind.DOWNLOAD, number=NUMBER, body=b"MEDIA", key="fetch:1")
    house.drain()
    house.clock.move(seconds=10)
    house.drain()
    assert house.state(row) == "sent"
    assert house.cabinet.kept == {f"attachment:{attachment}": b"picture"}
    kept = house.store.read(
        lambda unit: unit.one(ATTACHMENT.select().with_only_columns(ATTACHMENT.c.state, ATTACHMENT.c.size))
    )
    assert kept == ("stored", 7)
    assert house.acts(NUMBER) == ["attachment.added", "attachment.stored", "delivery.sent"]


def test_a_file_that_is_gone_is_told_to_its_sender(house: House) -> None:
    def attach(unit: Unit) -> None:
        add_attachment(unit, NUMBER, "xu", "image", "MEDIA", "photo.jpg", house.clock.company)
        unit.audit(house.clock.company, "xu", "attachment.added", NUMBER)

    house.store.write(attach)
    house.platform.answers.append(RefusedForever(40007, "media/get"))
    house.promise("xu", "", kind=DeliveryKind.DOWNLOAD, number=NUMBER, body=b"MEDIA", key="fetch:1")
    house.drain()
    house.drain()
    assert house.acts(NUMBER)[:3] == ["attachment.added", "attachment.failed", "delivery.failed"]
    assert any("重新发送" in text for text in house.platform.shown_to("Xu"))


def test_an_operator_sends_a_failed_row_again_and_drops_another(house: House) -> None:
    first = house.promise("su", "一")
    second = house.promise("xu", "二")
    house.platform.refused = {
        "Su": lambda: RefusedForever(40058, "message/send"), "Xu": lambda: RefusedForever(40058, "message/send"),
    }
    house.drain()
    house.platform.refused = {}
    assert house.store.write(lambda unit: backlog.retry_by_hand(unit, first, house.clock.machine))
    assert house.store.write(lambda unit: backlog.drop_by_hand(unit, second))
    house.drain()
    assert (house.state(first), house.state(second)) == ("sent", "cancelled")
    assert not house.store.write(lambda unit: backlog.retry_by_hand(unit, second, house.clock.machine))
    assert not house.store.write(lambda unit: backlog.drop_by_hand(unit, first))


def test_many_couriers_at_once_deliver_each_row_once_and_in_order_per_person(house: House) -> None:
    for index in range(120):
        house.promise(f"member{index % 15}", f"第 {index:03} 条")
    couriers = [house.new_courier() for _ in range(4)]

    def work(courier: Courier) -> None:
        while house.states()["pending"]:
            courier.deliver(Lane.DEFAULT)

    threads = [threading.Thread(target=work, args=(courier,)) for courier in couriers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
        assert not thread.is_alive()
    for courier in couriers:
        courier.close()
    assert house.states() == {"sent": 120}
    assert len(house.platform.arrivals) == 120
    for member in range(15):
        assert house.platform.shown_to(f"member{member}") == [f"第 {index:03} 条" for index in range(member, 120, 15)]


def test_a_stale_holder_records_nothing_on_a_row_that_another_holds_at_that_moment(house: House) -> None:
    row = house.promise("su", "请审批")

    def taken_by_another(body: bytes) -> None:
        house.clock.move(seconds=31)
        house.sweep.release_expired()
        now = house.clock.machine

        def claim(unit: Unit) -> None:
            rows.claim(unit, Lane.DEFAULT, "other", now=now, until=now + LEASE, most=8, queued_before=now)
            rows.mark_leaving(unit, Lane.DEFAULT, "other", now)

        house.store.write(claim)

    house.platform.before = taken_by_another
    house.courier.deliver(Lane.DEFAULT)
    kept = house.row(row)
    assert (kept["state"], kept["lease_token"], kept["msgid"]) == ("leased", "other", "")
