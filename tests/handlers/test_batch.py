"""批量: one card for many small ones, each tick a signature of its own (3.1a, 4.1a)."""

from __future__ import annotations

from tests.handlers.office import Card, Office

THINGS = ("打印纸", "显示器", "键盘", "鼠标", "白板")


def filed(office: Office, *sums: int) -> None:
    for each in ("xu", "su", "lin", "qian", "zhao"):
        office.enter(each)
    for thing, yuan in zip(THINGS, sums, strict=False):
        assert office.say("xu", f"采购 {thing} {yuan} 日常").startswith("已提交采购")
    office.skip()


def test_each_tick_is_a_signature_of_its_own(office_everywhere: Office) -> None:
    office = office_everywhere
    filed(office, 300, 1200, 200, 6000)

    assert office.say("su", "批量") == (
        "可以批量签的有 3 单，合计 ¥1,700.00，请在卡片上逐单勾选：\n"
        "1. CG-20261123-0001 打印纸 ¥300.00（许专员）\n"
        "2. CG-20261123-0002 显示器 ¥1,200.00（许专员）\n"
        "3. CG-20261123-0003 键盘 ¥200.00（许专员）\n"
        "另有 1 单超过单笔 ¥5,000.00，请在各自的卡片上签。"
    )
    card = office.card("su", "同意所选")
    assert card.title == "待签采购 3 单"
    assert card.json["main_title"]["desc"] == "合计 ¥1,700.00 · 勾选的每一单各算一次签字"
    assert [one["text"] for one in card.json["checkbox"]["option_list"]] == [
        "请在下面逐单勾选", "1 打印纸 ¥300.00", "2 显示器 ¥1,200.00", "3 键盘 ¥200.00",
    ]
    office.skip()

    office.tap("su", "同意所选", card=card, choose="1 打印纸 ¥300.00|3 键盘 ¥200.00")

    assert card.title == "已同意 2 单"
    assert card.json["main_title"]["desc"] == "苏主管 · 11月23日 10:00"
    assert card.buttons == []
    assert office.counts()["signature"] == 2
    assert office.acts("CG-20261123-0001").count("approval.approved") == 1
    assert office.acts("CG-20261123-0002").count("approval.approved") == 0
    assert [message for message in office.read("xu") if isinstance(message, str)] == [
        f"CG-20261123-{serial} 苏主管 已同意（部门负责人，按四（一）代行），现在由 钱总监 审批（1/3）。"
        for serial in ("0001", "0003")
    ]


def test_nothing_ticked_signs_nothing(office: Office) -> None:
    filed(office, 300, 1200)
    office.say("su", "批量")
    office.skip()

    card = office.tap("su", "同意所选")

    assert card.buttons == ["同意所选"]
    assert office.read("su") == ['没有勾选任何单子，没有签字。请在卡片上勾选后再点"同意所选"。']
    assert office.counts()["signature"] == 0


def test_what_has_changed_since_is_told_and_not_signed(office: Office) -> None:
    filed(office, 300, 1200)
    office.say("su", "批量")
    card = office.card("su", "同意所选")
    office.say("xu", "补充 CG-20261123-0001 金额=400")
    office.say("su", "同意 CG-20261123-0002")
    office.skip()

    office.tap("su", "同意所选", card=card, choose="1 打印纸 ¥300.00|2 显示器 ¥1,200.00")

    assert card.title == "已同意 0 单，2 单没有签成"
    told = [message for message in office.read("su") if isinstance(message, str)]
    assert told == [
        "没有签成的：\n"
        "CG-20261123-0001：CG-20261123-0001 的内容已更新，这张卡片已作废（现在由 苏主管 处理），您这次的操作没有生效。"
        "请看最新的卡片。\n"
        "CG-20261123-0002：这张单已由 苏主管 于 11月23日 10:00 同意，无需再处理。"
    ]
    assert office.counts()["signature"] == 1


def test_who_has_many_small_ones_gets_one_card_in_the_morning(office: Office) -> None:
    filed(office, 300, 1200, 200, 100, 50)

    office.until(office.at(9, 31, days=1))

    (card,) = [one for one in office.read("su") if isinstance(one, Card) and "同意所选" in one.buttons]
    assert card.title == "待签采购 5 单"
    assert card.json["main_title"]["desc"].startswith("合计 ¥1,850.00")
    assert [one for one in office.read("qian") if isinstance(one, Card)] == []
    office.tap("su", "同意所选", card=card, choose="4 鼠标 ¥100.00|5 白板 ¥50.00")
    office.until(office.at(9, 31, days=1))
    assert [one for one in office.read("su") if isinstance(one, Card) and "同意所选" in one.buttons] == []


def test_with_nothing_small_it_says_so(office: Office) -> None:
    filed(office)
    assert office.say("su", "批量") == "现在没有可以批量签的单子。"
    office.say("xu", "采购 服务器 3.5万 扩容")
    assert office.say("su", "批量") == (
        "现在没有可以批量签的单子。另有 1 单超过单笔 ¥5,000.00，请在各自的卡片上签。"
    )
