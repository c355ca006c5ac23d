"""退回补充, 驳回, 撤回, 重提 and second taps, as everyone concerned reads them (3.1a, P.3)."""

from __future__ import annotations

import pytest

from tests.handlers.office import Card, Office

N = "CG-20261123-0001"
UNDO = f'撤回请发"撤回 {N}"，提醒请发"催办 {N}"（每天最多 3 次）。'
RETURNED = (
    f'补好请发"补充 {N} 事由=…"（物品、金额、事由都可以改），会按新内容重新签字；不办了请发"撤回 {N}"。'
)


def filed(office: Office, text: str = "采购 服务器 3.5万 扩容") -> None:
    for each in ("xu", "su", "lin", "qian", "zhao"):
        office.enter(each)
    assert office.say("xu", text).startswith("已提交采购")
    office.skip("lin", "xu")


def test_a_return_with_the_reason_of_the_card_is_amended_and_signed_anew(office_everywhere: Office) -> None:
    office = office_everywhere
    filed(office)

    card = office.tap("su", "退回补充", choose="依据不足")

    assert card.outcome == "已退回补充 · 苏主管 · 11月23日 10:00\n等 许专员 补充"
    assert office.read("xu") == [f"{N} 苏主管 退回补充，原因：依据不足。\n{RETURNED}"]
    assert office.say("xu", "待办") == (
        f'等您处理的有 1 件：\n1. 采购 {N} 服务器 ¥35,000.00，待您补充（11月23日 10:00 送达）\n看某一条请发"待办 1"。'
    )
    assert office.say("xu", f"补充 {N} 金额=3.2万 事由=扩容，附报价") == (
        f"已补充并重新提交采购 {N}\n"
        "服务器 · ¥32,000.00（叁万贰仟元整）\n"
        "事由：扩容，附报价\n"
        "签字顺序：苏主管 → 钱总监 → 赵总\n"
        "现在由 苏主管 审批。\n"
        f"{UNDO}"
    )
    again = office.card("su", "同意")
    assert again.rows["金额"] == "¥32,000.00"
    assert office.tap("su", "同意", card=again).outcome == "已同意 · 苏主管 · 11月23日 10:00\n现在由 钱总监 审批"
    assert office.acts(N).count("approval.amended") == 1
    office.skip("su", "xu", "qian")
    office.silence()


def test_a_return_by_words_needs_them_and_tells_the_applicant(office: Office) -> None:
    filed(office)
    before = office.counts()["signature"]

    assert office.say("su", f"退回 {N}") == (
        f'请先在"原因"里选一项再点退回补充，或直接发：退回 {N} 理由'
    )
    assert office.counts()["signature"] == before
    assert office.say("su", f"退回 {N} 请附三家报价") == f"已退回 {N}，等 许专员 补充。"
    assert office.read("xu") == [f"{N} 苏主管 退回补充，原因：请附三家报价。\n{RETURNED}"]


def test_a_choice_that_says_nothing_changes_nothing_and_asks_for_the_reason(office: Office) -> None:
    filed(office)
    office.skip("su")

    for button, choice, word in (
        ("驳回", "", "驳回"), ("退回补充", "其他（发文字说明）", "退回"), ("驳回", "其他（发文字说明）", "驳回")
    ):
        card = office.tap("su", button, choose=choice)
        assert card.buttons == ["同意", "退回补充", "驳回"]
        assert office.read("su") == [f'请先在"原因"里选一项再点{button}，或直接发：{word} {N} 理由']
    assert office.counts()["signature"] == 0
    office.silence()


def test_a_reason_of_ten_thousand_characters_is_refused(office: Office) -> None:
    filed(office)
    office.skip("su")

    assert office.say("su", f"驳回 {N} " + "长" * 10_000) == "意见最多 500 字，没有签。请精简后再发。"
    assert office.counts()["signature"] == 0
    office.silence()


def test_a_rejection_ends_it_and_the_content_can_be_filed_again(office: Office) -> None:
    filed(office)
    office.tap("su", "同意")
    office.skip()

    assert office.say("qian", f"驳回 {N} 不在预算内") == f"已驳回 {N}，已告知 许专员。"
    assert office.read("xu") == [
        f'{N} 未通过：钱总监 驳回，原因：不在预算内。\n修改后可重新提交，发"重提 {N}"，原内容已保留。'
    ]
    assert office.say("qian", f"同意 {N}") == "这张单已由 钱总监 于 11月23日 10:00 驳回，无需再处理。"
    assert office.say("xu", f"撤回 {N}") == "这张单已由 钱总监 于 11月23日 10:00 驳回，无需再处理。"
    assert office.say("su", f"重提 {N}") == f"{N} 由 许专员 提交，这一步只能由申请人操作，没有改动。"
    assert office.say("xu", f"重提 {N} 金额=3万") == (
        f"已按 {N} 的内容重新提交采购 CG-20261123-0002\n"
        "服务器 · ¥30,000.00（叁万元整）\n"
        "事由：扩容\n"
        "签字顺序：苏主管 → 钱总监 → 赵总\n"
        "现在由 苏主管 审批。\n"
        '撤回请发"撤回 CG-20261123-0002"，提醒请发"催办 CG-20261123-0002"（每天最多 3 次）。'
    )
    assert office.say("xu", f"催办 {N}") == "这张单已由 钱总监 于 11月23日 10:00 驳回，无需再处理。"


def test_what_was_filed_again_is_not_filed_twice_while_it_still_counts(office: Office) -> None:
    filed(office)
    office.say("xu", f"撤回 {N}")
    office.say("xu", f"重提 {N}")
    office.skip()

    assert office.say("xu", f"重提 {N} 金额=3万") == (
        f'{N} 已重新提交为 CG-20261123-0002（审批中），没有再次提交。要看经过请发"追溯 CG-20261123-0002"。'
    )
    office.silence()
    office.say("xu", "撤回 CG-20261123-0002")
    assert office.say("xu", f"重提 {N}").startswith(f"已按 {N} 的内容重新提交采购 CG-20261123-0003\n")


@pytest.mark.parametrize("typed", ["重提", "催办", "加急"])
def test_an_applicant_is_told_that_a_returned_purchase_waits_for_them(office: Office, typed: str) -> None:
    filed(office)
    office.say("su", f"退回 {N} 请附报价单")
    before = office.counts()

    assert office.say("xu", f"{typed} {N}") == (
        f"{N} 已由 苏主管 于 11月23日 10:00 退回，正等您补充，没有改动。\n"
        f'补好请发"补充 {N} 事由=…"；不办了请发"撤回 {N}"。'
    )
    assert office.say("su", f"同意 {N}") == "这张单已由 苏主管 于 11月23日 10:00 退回补充，无需再处理。"
    assert {name for name, rows in office.counts().items() if rows != before[name]} == {"inbox"}


def test_the_applicant_withdraws_and_every_open_card_says_so(office: Office) -> None:
    filed(office)
    card = office.card("su", "同意")

    assert office.say("xu", f"撤回 {N}") == f'{N} 已撤回，内容已保留。要再提交请发"重提 {N}"。'
    assert card.outcome == "已撤回 · 许专员 · 11月23日 10:00"
    assert office.say("xu", f"撤回 {N}") == f"{N} 已撤回，这个操作现在不适用，没有改动。"
    office.skip()
    office.move(days=4)
    assert [message for message in office.read("su") if message] == []


def test_a_signer_takes_the_own_signature_back_within_ten_minutes(office: Office) -> None:
    filed(office)
    office.tap("su", "同意")
    office.skip()
    asked = office.card("qian", "同意")

    office.move(minutes=10)
    assert office.say("su", f"撤回 {N}") == (
        f'已撤回您对 {N} 的签字，现在重新由您审批。请看新的卡片，或发"同意 {N}""驳回 {N} 理由"。'
    )
    assert office.read("xu") == [f"{N} 苏主管 撤回了刚才的签字，现在重新由 苏主管 审批。"]
    assert asked.outcome == "已撤回决定 · 苏主管 · 11月23日 10:10\n现在由 苏主管 审批"
    assert office.tap("qian", "同意", card=asked).buttons == []
    assert office.read("qian")[-1] == f"{N} 现在由 苏主管 审批，您这次的操作没有生效。"
    assert office.tap("su", "同意").outcome == "已同意 · 苏主管 · 11月23日 10:10\n现在由 钱总监 审批"


def test_after_ten_minutes_or_the_next_signature_it_is_too_late(office: Office) -> None:
    filed(office)
    office.tap("su", "同意")
    office.move(minutes=11)

    assert office.say("su", f"撤回 {N}") == (
        f"{N} 签字已超过 10 分钟，不能撤回。如有问题请联系下一位签字人驳回或退回。"
    )
    office.tap("qian", "同意")
    assert office.say("su", f"撤回 {N}") == f"{N} 没有可以撤回的签字：只能撤回自己刚签、下一位还没处理的。"


def test_a_second_tap_shows_what_was_decided_and_another_verb_is_told_so(office: Office) -> None:
    filed(office)
    card = office.tap("su", "同意")
    office.skip()

    assert office.tap("su", "同意", card=card).outcome == "已同意 · 苏主管 · 11月23日 10:00\n现在由 钱总监 审批"
    assert office.read("su") == []
    assert office.tap("su", "驳回", card=card, choose="金额有误").outcome.startswith("已同意 · 苏主管")
    assert office.read("su") == ["这张单已由 苏主管 于 11月23日 10:00 同意，无需再处理。"]
    assert office.counts()["signature"] == 1


def test_a_tap_eighty_hours_later_answers_from_the_database(office: Office) -> None:
    filed(office)
    card = office.card("su", "同意")
    office.move(hours=80)
    office.phones.codes.clear()  # the card can no longer be changed by a code of ours

    assert office.tap("su", "同意", card=card).outcome == "已同意 · 苏主管 · 11月26日 18:00\n现在由 钱总监 审批"
    office.skip()
    office.move(hours=80)
    assert office.tap("su", "驳回", card=card, choose="金额有误").outcome == (
        "已同意 · 苏主管 · 11月26日 18:00\n现在由 钱总监 审批"
    )
    assert office.read("su") == ["这张单已由 苏主管 于 11月26日 18:00 同意，无需再处理。"]


def test_a_card_of_an_older_round_is_void_and_says_what_holds_now(office: Office) -> None:
    filed(office)
    old = office.card("su", "同意")
    office.say("su", f"退回 {N} 请附报价")
    office.say("xu", f"补充 {N} 附三家报价")
    office.skip()

    assert office.tap("su", "同意", card=old).outcome == "内容已更新 · 许专员 · 11月23日 10:00\n现在由 苏主管 审批"
    assert office.read("su") == [
        f"{N} 的内容已更新，这张卡片已作废（现在由 苏主管 处理），您这次的操作没有生效。请看最新的卡片。"
    ]
    assert office.counts()["signature"] == 1


def test_who_is_not_asked_now_who_is_a_stranger_and_what_does_not_exist(office: Office) -> None:
    filed(office)
    for each in ("qian", "tang"):
        office.enter(each)
    gone = '没有找到 {}，或者它不在您可以查看的范围内。请核对编号，或发"查 关键词"。'

    assert office.say("qian", f"同意 {N}") == f"{N} 现在由 苏主管 审批，您这次的操作没有生效。"
    assert office.say("tang", f"同意 {N}") == gone.format(N)
    assert office.say("qian", "同意 CG-20261123-0099") == gone.format("CG-20261123-0099")
    assert office.say("qian", f"撤回 {N}") == f"{N} 没有可以撤回的签字：只能撤回自己刚签、下一位还没处理的。"
    assert office.counts()["signature"] == 0


def test_a_bare_word_never_decides(office: Office) -> None:
    office.enter("su")
    assert office.say("su", "同意") == '"同意"要带编号才算数。现在没有等您处理的单子。'
    filed(office)
    assert office.say("su", "同意") == f'"同意"要带编号才算数，请发其中一条：\n同意 {N}（服务器）'
    office.say("xu", "采购 显示器 8000 新员工")
    assert office.say("su", "同意") == (
        f'"同意"要带编号才算数，请发其中一条：\n同意 {N}（服务器）\n同意 CG-20261123-0002（显示器）'
    )
    assert office.counts()["signature"] == 0


def test_pictures_sent_after_filing_are_counted_on_the_next_card(office: Office) -> None:
    filed(office)

    assert office.picture("xu") == f'图片已附到 {N}（服务器，共 1 个附件）。不是它请回复"不是"。'
    office.tap("su", "同意")
    assert office.card("qian", "同意").rows["附件"] == "1 个"


def test_what_is_settled_before_it_could_leave_does_not_ring_in_the_morning(office: Office) -> None:
    office.until(office.at(22, 30))
    filed(office)
    office.say("xu", f"加急 {N}")
    office.tap("su", "同意")
    office.say("xu", "采购 电脑 3.5万 扩容")
    office.say("xu", "撤回 CG-20261123-0002")
    office.skip()

    office.until(office.at(8, 31, days=1))

    assert [message for message in office.read("su") if isinstance(message, Card)] == []
