"""通知 as its sender and its readers live it: preview, card, read confirmations, reminders, taking back (7.1a)."""

from __future__ import annotations

import json

import pytest

from tests.handlers.office import Card, Office

NUMBER = "TZ-20261123-0001"
WORDS = "明天14:00在三楼开会"


def nothing_more(office: Office) -> None:
    """Nothing was sent but the daily head of the audit chain."""
    office_read = {userid: office.read(userid) for userid in office.phones.chats}
    left = [text for fresh in office_read.values() for text in fresh if not str(text).startswith("留痕存证")]
    assert left == []


@pytest.fixture
def calm(office: Office) -> Office:
    """Return the company with everybody greeted."""
    for userid in office.phones.chats:
        office.enter(userid)
    office.skip()
    return office


def test_a_notice_to_a_department_is_one_call_with_read_confirmations(office_everywhere: Office) -> None:
    office = office_everywhere
    for userid in office.phones.chats:
        office.enter(userid)
    office.skip()
    assert office.say("lin", f"通知 对象=销售部、罗主管 {WORDS}") == (
        f"通知 {NUMBER} 已发给 销售部、罗主管（3 人）。\n"
        f'看谁已读请发"通知 {NUMBER}"，撤回请发"撤回 {NUMBER}"（24 小时内）。'
    )
    cards = {userid: office.read(userid) for userid in ("su", "xu", "luo")}
    office.silence()
    assert all(len(each) == 1 for each in cards.values())
    card = cards["su"][0]
    assert isinstance(card, Card)
    assert card.json["source"] == {"desc": "通知", "desc_color": 0}
    assert card.title == WORDS
    assert card.json["main_title"]["desc"] == "林总监 · 销售部 · 11月23日 10:00"
    assert card.rows == {"编号": NUMBER, "对象": "销售部、罗主管"}
    assert card.buttons == ["已读"]
    message = office.phones.chats["su"][-1]
    assert message.msgid == office.phones.chats["xu"][-1].msgid == office.phones.chats["luo"][-1].msgid
    assert message.body["touser"] == "su|xu|luo"

    office.move(minutes=5)
    assert office.tap("su", "已读").outcome == f"{WORDS}\n您已于 11月23日 10:05 确认已读"
    assert office.card("xu").buttons == ["已读"]
    assert office.say("luo", "收到") == f"已确认通知 {NUMBER}：{WORDS}"
    assert office.say("luo", f"收到 {NUMBER}") == f"您已于 11月23日 10:05 确认通知 {NUMBER}，不用再确认。"
    assert office.say("lin", f"通知 {NUMBER}") == (
        f"通知 {NUMBER}（11月23日 10:00）：{WORDS}\n已读 2/3\n未读：许专员"
    )
    assert office.say("xu", f"通知 {NUMBER}") == (
        f'通知 {NUMBER}（林总监，11月23日 10:00）：{WORDS}\n您还没有确认，请发"收到 {NUMBER}"'
    )
    assert office.acts(NUMBER)[:1] == ["notice.sent"]
    assert office.acts(NUMBER).count("notice.read") == 2


def test_who_has_not_read_is_reminded_after_4_working_hours_and_the_next_working_day_at_ten(calm: Office) -> None:
    calm.say("lin", f"通知 对象=销售部 {WORDS}")
    calm.tap("su", "已读")
    calm.skip()
    calm.move(hours=3, minutes=59)
    nothing_more(calm)
    calm.move(minutes=1)
    reminder = (
        f"提醒：林总监 11月23日 10:00 的通知您还没有确认已读。\n{WORDS}\n"
        f'请点那张卡片上的"已读"，或发"收到 {NUMBER}"。'
    )
    assert calm.read("xu") == [reminder]
    nothing_more(calm)
    calm.until(calm.at(9, 59, days=1))
    nothing_more(calm)
    calm.until(calm.at(10))
    assert calm.read("xu") == [reminder]
    assert calm.read("lin") == [f"通知 {NUMBER} 提醒两次后仍有 1 人未确认：许专员。"]
    calm.move(days=2)
    nothing_more(calm)


def test_nobody_is_reminded_once_all_have_read(calm: Office) -> None:
    calm.say("lin", f"通知 对象=许专员 {WORDS}")
    calm.say("xu", "收到")
    calm.skip()
    calm.move(days=2)
    nothing_more(calm)


def test_four_working_hours_count_from_when_it_left(calm: Office) -> None:
    calm.until(calm.at(22, 30))
    calm.skip()
    assert calm.say("lin", f"通知 对象=许专员 {WORDS}") == (
        f"通知 {NUMBER} 已发给 许专员（1 人）。现在是休息时间，11月24日（周二）08:30 送达。\n"
        f'看谁已读请发"通知 {NUMBER}"，撤回请发"撤回 {NUMBER}"（24 小时内）。'
    )
    nothing_more(calm)
    calm.until(calm.at(8, 30, days=1))
    assert isinstance(calm.read("xu")[0], Card)
    calm.until(calm.at(12, 59))
    nothing_more(calm)
    calm.until(calm.at(13))
    assert len(calm.read("xu")) == 1


def test_more_than_twenty_are_shown_first(office_with: object) -> None:
    calm = office_with(policy={"small_group": 3})  # type: ignore[operator]
    for userid in calm.phones.chats:
        calm.enter(userid)
    calm.skip()
    assert calm.say("zhao", "通知 重要 对象=全员 周五18:00机房停电") == (
        "请确认：重要通知将发给 全员，共 18 人，还没有发出。\n内容：周五18:00机房停电\n"
        '确认请发"确认发送"，要改请发"修改"。'
    )
    nothing_more(calm)
    assert calm.say("zhao", "确认发送").startswith(f"通知 {NUMBER} 已发给 全员（18 人）。")
    calm.move(minutes=1)  # bulk leaves no message in minutes 0 and 30
    card = calm.card("tao", "已读")
    assert card.json["source"] == {"desc": "重要通知", "desc_color": 2}
    assert len({calm.phones.chats[userid][-1].msgid for userid in calm.phones.chats if userid != "zhao"}) == 1
    assert calm.say("zhao", "确认发送") == "现在没有等您确认的内容。"


def test_a_long_notice_follows_whole(calm: Office) -> None:
    words = "请于周五前完成客户台账清理，" * 20
    calm.say("lin", f"通知 对象=许专员 {words}")
    card, whole = calm.read("xu")
    assert isinstance(card, Card)
    assert whole == f"通知 {NUMBER} 全文：\n{words}".rstrip()


@pytest.mark.parametrize(
    ("sender", "typed", "answer"),
    [
        ("lin", "通知", "还缺对象、内容，没有发出。请补上后发送：\n通知 对象="),
        ("lin", "通知 对象=销售部", "还缺内容，没有发出。请补上后发送：\n通知 对象=销售部"),
        ("lin", "通知 明天开会", "还缺对象，没有发出。请补上后发送：\n通知 对象= 明天开会"),
        (
            "lin", "通知 对象=火星部 开会",
            '没有认出对象"火星部"，没有发出。对象可以写部门、姓名、专员、主管、总监、高管、全员，用顿号隔开。',
        ),
        ("lin", "通知 对象=林总监 开会", '"林总监"里除您以外没有其他人，没有发出。'),
        (
            "xu", "通知 对象=全员 开会",
            "向全员发通知须总监及以上，或由业务记录部发出（制度七（一）），没有发出。"
            "请改为发给部门：通知 对象=部门 内容",
        ),
        (
            "xu", "通知 重要 对象=销售部 开会",
            '重要通知须主管及以上发出（制度七（一）），没有发出。去掉"重要"可以作为一般通知发送。',
        ),
        (
            "lin", "通知 对象=销售部 " + "火" * 601,
            "通知最多 600 字（收到 601 字），没有发出。请精简，或把全文作为文件发送。",
        ),
    ],
)
def test_what_cannot_be_sent_is_said_and_leaves_nothing(calm: Office, sender: str, typed: str, answer: str) -> None:
    assert calm.say(sender, typed) == answer
    nothing_more(calm)
    assert calm.counts()["notice"] == calm.counts()["notice_reader"] == calm.counts()["outbox_member"] == 0


@pytest.mark.parametrize(
    ("typed", "readers"),
    [
        (f"通知 对象=销售部 {WORDS}", "xu|su"),
        (f"通知 销售部 {WORDS}", "xu|su"),
        (f"通知 {WORDS} 对象=销售", "xu|su"),
        (f"通知 对象=苏主管，许专员 内容={WORDS}", "su|xu"),
        (f"通知 对象=主管 {WORDS}", "jia|luo|pan|song|su|wu"),
        (f"通知 对象=许专员、销售部 {WORDS}", "xu|su"),
    ],
)
def test_the_audience_is_read_in_every_order(calm: Office, typed: str, readers: str) -> None:
    calm.say("lin", typed)
    sent = [json.loads(row[0]) for row in calm.ask(_bodies)]
    assert sorted(sent[-1]["touser"].split("|")) == sorted(readers.split("|"))
    assert sent[-1]["template_card"]["main_title"]["title"] == WORDS


def _bodies(unit: object) -> list[tuple[bytes]]:
    from storage.tables import OUTBOX

    return unit.all(OUTBOX.select().with_only_columns(OUTBOX.c.body).where(OUTBOX.c.recipient == ""))  # type: ignore


def test_taken_back_it_disappears_from_every_phone(calm: Office) -> None:
    calm.say("lin", f"通知 对象=销售部 {WORDS}")
    calm.tap("su", "已读")
    calm.move(hours=5)
    calm.skip()
    assert calm.say("su", f"撤回 {NUMBER}") == f"通知 {NUMBER} 由 林总监 发出，只能由本人撤回，没有改动。"
    assert calm.say("lin", f"撤回 {NUMBER}") == f"通知 {NUMBER} 已撤回，不再提醒。撤回前已有 1 人确认已读。"
    assert all(message.recalled for message in calm.phones.chats["xu"][-2:])  # the card and its reminder
    calm.move(days=2)
    nothing_more(calm)
    assert calm.say("xu", f"收到 {NUMBER}") == f"通知 {NUMBER} 已撤回，不用再确认。"
    assert calm.say("xu", "收到") == "好的。"
    assert calm.say("lin", f"撤回 {NUMBER}") == f"通知 {NUMBER} 已撤回，不用再确认。"
    assert calm.say("lin", f"通知 {NUMBER}").startswith(f"（已撤回）通知 {NUMBER}")


def test_taken_back_before_the_morning_it_never_leaves(calm: Office) -> None:
    calm.until(calm.at(22, 30))
    calm.skip()
    calm.say("lin", f"通知 对象=销售部 {WORDS}")
    calm.say("lin", f"撤回 {NUMBER}")
    calm.move(days=2)
    nothing_more(calm)


def test_after_a_day_it_is_too_late_to_take_it_back(calm: Office) -> None:
    calm.say("lin", f"通知 对象=销售部 {WORDS}")
    calm.move(hours=24, minutes=1)
    assert calm.say("lin", f"撤回 {NUMBER}") == (
        f"通知 {NUMBER} 发出已超过 24 小时，不能撤回。请另发一条更正：通知 对象= 内容"
    )


def test_whom_the_platform_does_not_take_is_told_to_the_sender(calm: Office) -> None:
    del calm.phones.chats["xu"]
    calm.say("lin", f"通知 对象=销售部 {WORDS}")
    assert calm.read("lin") == [
        f"通知 {NUMBER} 有 1 人没有送到：许专员（不在应用可见范围内，或已离职）。请另行告知，并请管理员核对。"
    ]
    assert calm.say("lin", f"通知 {NUMBER}").endswith("已读 0/2\n未读：苏主管\n没有送到：许专员")


def test_a_tap_on_the_same_card_twice_confirms_once(calm: Office) -> None:
    calm.say("lin", f"通知 对象=许专员 {WORDS}")
    card = calm.tap("xu", "已读")
    calm.move(minutes=3)
    card.json = card.faces[0]
    assert calm.tap("xu", "已读", card=card).outcome == f"{WORDS}\n您已于 11月23日 10:00 确认已读"
    assert calm.acts(NUMBER).count("notice.read") == 1


def test_somebody_it_is_not_for_sees_nothing_of_it(calm: Office) -> None:
    calm.say("lin", f"通知 对象=许专员 {WORDS}")
    gone = f"没有找到 {NUMBER}，或者它不在您可以查看的范围内。"
    assert calm.say("tao", f"通知 {NUMBER}").startswith(gone)
    assert calm.say("tao", f"收到 {NUMBER}").startswith(gone)
