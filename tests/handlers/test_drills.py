"""告警演练: every month a harmless message and call to each manager, and a record of who was not reached (7.1b)."""

from __future__ import annotations

import pytest

from tests.handlers.office import Card, Office

NUMBER = "YL-20261215-0001"


@pytest.fixture
def at_drill(office: Office) -> Office:
    """Return the company on Tuesday 15 December 2026, 10:00, everything before read."""
    for userid in office.phones.chats:
        office.enter(userid)
    office.until(office.at(10, days=22))
    fresh = {userid: office.read(userid) for userid in office.phones.chats}
    drills = {userid: [one for one in got if _is_drill(one)] for userid, got in fresh.items()}
    office.got = drills  # type: ignore[attr-defined]
    return office


def _is_drill(one: object) -> bool:
    return isinstance(one, Card) and one.title == "2026年12月告警演练"


def test_every_manager_gets_one_message_and_one_call_and_the_result_is_kept(at_drill: Office) -> None:
    office = at_drill
    got = office.got  # type: ignore[attr-defined]
    managers = {userid for userid, cards in got.items() if cards}
    assert managers == set(office.phones.chats) - {"xu", "zheng", "tang", "wei", "tao"}
    (card,) = got["su"]
    assert card.json["source"] == {"desc": "演练 · 不是真的告警", "desc_color": 0}
    assert card.json["main_title"]["desc"] == "请点收到；3 分钟后会打一次电话，接听即可"
    assert len({office.phones.chats[userid][-1].msgid for userid in managers}) == 1

    assert office.tap("su", "收到", card=card).json["replace_text"] == "已应答"
    assert office.say("lin", f"收到 {NUMBER}") == f"已收到您对演练 {NUMBER} 的应答。稍后的电话接听即可，不用再回复。"
    assert office.say("lin", f"收到 {NUMBER}") == f"演练 {NUMBER} 已记录，不用再回复。"
    assert office.say("xu", f"收到 {NUMBER}").startswith(f"没有找到 {NUMBER}")
    office.move(minutes=3)
    assert sorted(userid for userid, _ in office.phones.calls) == sorted(managers)
    for userid in managers - {"he", "lin"}:
        office.phones.ends(userid, 0, answered=True)
    office.phones.ends("he", 8)
    office.phones.ends("lin", 12)
    office.skip()
    office.move(minutes=27)
    (told,) = [text for text in office.read("zhou") if str(text).startswith("2026年12月告警演练")]
    lines = str(told).split("\n")
    assert lines[0] == f"2026年12月告警演练（{NUMBER}）已结束，参加 14 人。"
    assert lines[1] == "消息和电话都没有通知到：何总监。请核对联系方式，并安排备用人选。"
    assert lines[2].startswith("消息没有应答：")
    assert "苏主管" not in lines[2]
    assert lines[3] == "电话没有接听：何总监、林总监。"
    assert "drill.closed" in office.acts(NUMBER)
    story = office.say("zhou", f"追溯 {NUMBER}")
    assert "开始演练，14 人参加" in story
    assert "演练结束：14 人参加，1 人没有通知到" in office.say("zhou", f"追溯 {NUMBER} 2")


def test_all_reached_is_said(at_drill: Office) -> None:
    office = at_drill
    for userid, cards in office.got.items():  # type: ignore[attr-defined]
        if cards:
            office.say(userid, f"收到 {NUMBER}")
    office.move(minutes=3)
    for userid, _ in list(office.phones.calls):
        office.phones.ends(userid, 0, answered=True)
    office.skip()
    office.move(minutes=27)
    assert f"2026年12月告警演练（{NUMBER}）已结束，参加 14 人。\n消息和电话全部通知到。" in office.read("zhou")


def test_a_drill_never_climbs_and_ends_by_itself(at_drill: Office) -> None:
    office = at_drill
    office.phones.call_refusals = dict.fromkeys(office.phones.chats, 60111)
    office.move(hours=2)
    assert office.phones.calls == []
    assert office.say("su", f"收到 {NUMBER}") == f"演练 {NUMBER} 已记录，不用再回复。"
    told = [str(text) for text in office.read("zhou") if "已结束" in str(text)]
    assert len(told) == 1
    assert "电话没有接听：" in told[0]
    assert told[0].endswith("（电话没有打出去（60111））。")
