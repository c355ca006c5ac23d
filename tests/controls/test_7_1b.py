"""7.1b: emergencies by phone: chat at once, then the call, then the next in line, until someone acknowledges."""

from __future__ import annotations

from storage.queries.calls import calls_of
from storage.queries.evidence import trail_of
from tests.controls.standing import greeted, in_force
from tests.handlers.office import Office

NUMBER = "GJ-20261123-0001"


def test_an_alarm_leaves_a_timeline_from_chat_to_acknowledgement(office_everywhere: Office) -> None:
    office = office_everywhere
    greeted(office)
    office.say("wei", "告警 数据库无法连接")
    in_force(
        office, "7.1b", "command 告警", "command 紧急", "command 收到", "command 撤回 GJ-…", "command 解除",
        "button alarm.acknowledge.1", "deadline alarm.step", "deadline alarm.wake", "deadline phone.unreached",
        "deadline alarm.freed",
    )
    office.move(minutes=7)
    office.tap("gao", "收到")
    in_force(office, "7.1b")

    trail = [event for event in office.ask(lambda unit: trail_of(unit, NUMBER)) if not event.act.startswith("deliv")]
    began = trail[0].at
    timeline = [
        (event.act, (event.at - began).total_seconds() / 60, event.facts.get("holder") or event.facts.get("callee"))
        for event in trail
    ]
    assert timeline == [
        ("alarm.raised", 0, None), ("alarm.moved", 3, "luo"), ("phone.placed", 3, "luo"), ("alarm.moved", 6, "gao"),
        ("phone.placed", 6, "gao"), ("alarm.acknowledged", 7, None),
    ]
    assert trail[-1].actor == "gao"
    calls = office.ask(lambda unit: calls_of(unit, NUMBER))
    assert [(call.userid, call.callid) for call in calls] == office.phones.calls


def test_phones_at_their_limits_leave_evidence_and_ring_as_soon_as_they_may(office_with: object) -> None:
    office = office_with(policy={"alarm_step_minutes": 1})  # type: ignore[operator]
    greeted(office)
    office.say("wei", "告警 数据库无法连接")
    office.move(minutes=12, seconds=30)
    # luo 10:01, 10:05, 10:09, the three others a minute behind one another: three times each until 10:12.
    assert [userid for userid, _ in office.phones.calls] == ["luo", "gao", "zhao", "yan"] * 3
    office.move(minutes=3, seconds=29, milliseconds=999)
    assert len(office.phones.calls) == 12
    office.move(milliseconds=1)
    assert [userid for userid, _ in office.phones.calls[12:]] == ["luo"]
    in_force(office, "7.1b")
    trail = office.ask(lambda unit: trail_of(unit, NUMBER))
    (full,) = [event for event in trail if event.act == "alarm.phones_full"]
    (resumed,) = [event for event in trail if event.act == "alarm.resumed"]
    assert full.facts["until"] == resumed.at.isoformat()
    assert (resumed.facts["holder"], resumed.facts["call"], resumed.facts["chat"]) == ("luo", True, False)


def test_the_steps_length_is_a_parameter_of_the_policy(office_with: object) -> None:
    office = office_with(policy={"alarm_step_minutes": 1})  # type: ignore[operator]
    greeted(office)
    office.say("wei", "告警 数据库无法连接")
    office.move(minutes=2)
    assert [userid for userid, _ in office.phones.calls] == ["luo", "gao"]


def test_the_sender_may_take_it_back(office: Office) -> None:
    greeted(office)
    office.say("wei", "告警 数据库无法连接")
    office.say("wei", f"撤回 {NUMBER}")
    office.move(hours=1)
    assert office.phones.calls == []
    assert office.acts(NUMBER)[-1] in ("alarm.withdrawn", "delivery.sent")
