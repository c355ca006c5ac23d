"""Returns to earlier signers, 转交, 加签, 减签, 补充 while waiting, late files: as everyone reads them (3.1a, 4.1a)."""

from __future__ import annotations

from dataclasses import replace

from tests.handlers.company import change
from tests.handlers.office import Card, Office

N = "CG-20261123-0001"
EVERYONE = ("xu", "su", "lin", "qian", "zhao", "song", "luo", "wei", "yan", "he")


def filed(office: Office, amount: str = "3.5万") -> None:
    for each in EVERYONE:
        office.enter(each)
    assert office.say("xu", f"采购 服务器 {amount} 扩容").startswith("已提交采购")
    office.skip()


def sign(office: Office, *signers: str) -> None:
    for signer in signers:
        office.tap(signer, "同意")
    office.skip()


# --- 退回给前面签过的人 ----------------------------------------------------------------------------------------------


def test_a_return_to_an_earlier_signer_asks_only_that_one_again(office_everywhere: Office) -> None:
    office = office_everywhere
    filed(office, "50000")
    sign(office, "su", "lin", "qian")

    assert office.say("zhao", f"退回 {N} 苏主管 请核对数量") == (
        f"已把 {N} 退回给 苏主管 重新审批，签过后会直接回到您这里。"
    )
    assert office.read("xu") == [f"{N} 赵总 退回给 苏主管 重新审批，原因：请核对数量。您无需操作。"]
    told, card = sorted(office.read("su"), key=lambda one: isinstance(one, Card))
    assert told == f"赵总 把 {N} 退回给您重新审批，原因：请核对数量。您之前的签字不再算数，请看新的卡片。"
    assert isinstance(card, Card)
    assert card.rows["顺序"] == "您 → 林总监 → 钱总监 → 赵总"
    assert office.say("lin", f"同意 {N}") == f"{N} 现在由 苏主管 审批，您这次的操作没有生效。"
    office.skip()
    assert office.tap("su", "同意").outcome == "已同意 · 苏主管 · 11月23日 10:00\n现在由 赵总 审批"
    assert office.tap("zhao", "同意").outcome.endswith("已通过")
    signed = [act for act in office.acts(N) if act.startswith("approval.")]
    assert signed.count("approval.approved") == 5
    assert signed.count("approval.returned") == 1


def test_a_card_from_before_a_return_to_an_earlier_signer_is_void_and_says_why(office: Office) -> None:
    filed(office)
    sign(office, "su")
    old = office.card("qian", "同意")
    office.say("qian", f"退回 {N} 苏主管 请核价")
    office.skip()

    assert office.tap("qian", "同意", card=old).outcome == "已退回补充 · 钱总监 · 11月23日 10:00\n现在由 苏主管 审批"
    assert [one for one in office.read("qian") if isinstance(one, str)] == [
        f"{N} 已退回重新流转，这张卡片已作废（现在由 苏主管 处理），您这次的操作没有生效。请看最新的卡片。"
    ]


def test_a_return_goes_to_nobody_who_has_not_signed(office: Office) -> None:
    filed(office)
    sign(office, "su")

    assert office.say("qian", f"退回 {N} @赵总 请看") == (
        f"赵总 没有在您前面签过 {N}，没有退回。退回给申请人请发：退回 {N} 理由；"
        f"退回给前面签过的人请发：退回 {N} 人 理由"
    )
    assert office.say("qian", f"退回 {N} 许专员 请附报价") == f"已退回 {N}，等 许专员 补充。"


# --- 补充: who signs again ------------------------------------------------------------------------------------------


def test_who_is_not_concerned_by_what_changed_keeps_the_signature(office_everywhere: Office) -> None:
    office = office_everywhere
    filed(office)
    sign(office, "su")
    office.tap("qian", "退回补充", choose="依据不足")
    office.skip()

    answer = office.say("xu", f"补充 {N} 供应商=华东机械")

    assert answer.splitlines()[3:5] == ["签字顺序：苏主管 → 钱总监 → 赵总", "现在由 钱总监 审批。"]
    assert office.read("su") == [
        f"知会：{N}（服务器）改了供应商，与您签的部分无关，您的签字继续有效，无需操作。"
    ]
    sign(office, "qian", "zhao")
    assert office.acts(N).count("approval.approved") == 3


def test_a_new_reason_is_signed_again_by_the_department_and_a_rise_by_everyone(office: Office) -> None:
    filed(office)
    sign(office, "su")
    office.tap("qian", "退回补充", choose="依据不足")

    assert "现在由 苏主管 审批。" in office.say("xu", f"补充 {N} 事由=扩容，附报价")
    sign(office, "su")
    assert "现在由 苏主管 审批。" in office.say("xu", f"补充 {N} 金额=4万")


def test_a_fall_in_the_sum_is_a_notice_and_asks_only_who_has_not_signed(office: Office) -> None:
    filed(office)
    sign(office, "su")
    asked = office.card("qian", "同意")

    answer = office.say("xu", f"补充 {N} 金额=3万")

    assert "现在由 钱总监 审批。" in answer
    assert asked.outcome == "内容已更新 · 许专员 · 11月23日 10:00\n现在由 钱总监 审批"
    assert office.read("su") == [
        f"知会：{N}（服务器）改了金额（金额 ¥35,000.00 → ¥30,000.00），与您签的部分无关，"
        "您的签字继续有效，无需操作。"
    ]
    assert office.tap("qian", "同意", card=asked).buttons == []
    assert office.read("qian")[-1] == (
        f"{N} 的内容已更新，这张卡片已作废（现在由 钱总监 处理），您这次的操作没有生效。请看最新的卡片。"
    )
    assert office.card("qian", "同意").rows["金额"] == "¥30,000.00"


def test_a_rise_over_the_limit_brings_the_director_in(office: Office) -> None:
    filed(office)
    sign(office, "su")

    assert "签字顺序：苏主管 → 林总监 → 钱总监 → 赵总" in office.say("xu", f"补充 {N} 金额=6万")


def test_the_same_content_again_changes_nothing(office: Office) -> None:
    filed(office)
    assert office.say("xu", f"补充 {N} 金额=35000") == f"{N} 的内容已经是这样，没有改动，也不用重新签字。"
    assert office.counts()["revision"] == 1


def test_a_file_after_the_first_signature_is_a_new_revision(office: Office) -> None:
    filed(office)
    assert office.picture("xu") == f'图片已附到 {N}（服务器，共 1 个附件）。不是它请回复"不是"。'
    sign(office, "su")
    mark = office.card("qian", "同意").outcome

    assert office.picture("xu") == (
        f'图片已附到 {N}（服务器，共 2 个附件）。不是它请回复"不是"。\n'
        "已有人签过字，附件作为新的一版，请重新签字，现在由 苏主管 审批。"
    )
    card = office.card("su", "同意")
    assert card.rows["附件"] == "2 个"
    assert card.outcome != mark
    assert office.say("xu", "不是") == f"{N} 已有人签字或已办结，附件不能再取下，没有改动。"
    assert "approval.attached" in office.acts(N)


# --- 转交 -----------------------------------------------------------------------------------------------------------


def test_a_seat_is_forwarded_to_somebody_of_no_lower_authority(office_everywhere: Office) -> None:
    office = office_everywhere
    filed(office)
    old = office.card("su", "同意")

    assert office.say("su", f"转交 {N} 林总监 我不经手") == (
        f'已把 {N} 转交 林总监 审批，已告知申请人。您仍可以发"追溯 {N}"查看。'
    )
    assert old.outcome == "已转交 · 林总监 · 11月23日 10:00\n现在由 林总监 审批"
    assert office.read("xu") == [f"{N} 苏主管 已转交 林总监 审批，说明：我不经手。"]
    texts = [one for one in office.read("lin") if isinstance(one, str)]
    assert texts == [f'苏主管 把 {N} 转交给您审批，说明：我不经手。请看卡片，或发"待办"。']
    assert office.say("su", f"同意 {N}") == f"{N} 现在由 林总监 审批，您这次的操作没有生效。"
    assert office.tap("lin", "同意").outcome == "已同意 · 林总监 · 11月23日 10:00\n现在由 钱总监 审批"


def test_a_seat_is_never_forwarded_down_to_the_applicant_or_to_who_signs_already(office: Office) -> None:
    filed(office)

    assert office.say("su", f"转交 {N} 许专员") == (
        f"{N} 是 许专员 提交的，按制度四（一）不能由本人签字，没有改动。请换一位。"
    )
    assert office.say("su", f"转交 {N} 魏工") == (
        f'魏工 的权限不够签 {N} 的"部门负责人，按四（一）代行"这一步（制度四（一）），没有改动。请换一位同级或以上的。'
    )
    assert office.say("su", f"转交 {N} 钱总监") == (
        f'钱总监 已经在 {N} 的签字顺序里，没有改动。请换一位，或发"追溯 {N}"看顺序。'
    )
    assert office.say("su", f"转交 {N}") == f"请写明人，例如：转交 {N} 林总监。没有改动。"
    assert office.say("su", f"转交 {N} 王五六 我不经手") == (
        f'没有找到"王五六"，没有改动。请写姓名或 @姓名。例如：转交 {N} 林总监 我不经手'
    )
    assert office.say("lin", f"转交 {N} 罗主管") == f"{N} 现在由 苏主管 审批，您这次的操作没有生效。"
    sign(office, "su")
    assert office.say("qian", f"转交 {N} 罗主管").startswith(f'罗主管 的权限不够签 {N} 的"财务"')
    assert office.say("qian", f"转交 {N} 宋主管").startswith(f"已把 {N} 转交 宋主管 审批")


# --- 加签, 减签 ------------------------------------------------------------------------------------------------------


def test_somebody_is_asked_to_sign_first(office_everywhere: Office) -> None:
    office = office_everywhere
    filed(office)
    own = office.card("su", "同意")

    assert office.say("su", f"加签 {N} 罗主管 前 请看技术参数") == (
        f'已加签 罗主管（在前面先签），现在的签字顺序：罗主管 → 苏主管 → 钱总监 → 赵总。不需要了请发"减签 {N} 罗主管"。'
    )
    assert own.buttons == []
    assert office.read("xu") == [
        f"{N} 苏主管 加签 罗主管（在前面先签），现在的签字顺序：罗主管 → 苏主管 → 钱总监 → 赵总。"
    ]
    assert office.say("su", f"同意 {N}") == f"{N} 现在由 罗主管 审批，您这次的操作没有生效。"
    assert office.tap("luo", "同意").outcome == "已同意 · 罗主管 · 11月23日 10:00\n现在由 苏主管 审批"
    assert office.tap("su", "同意").outcome.endswith("现在由 钱总监 审批")
    assert office.tap("qian", "同意").outcome.endswith("现在由 赵总 审批")


def test_somebody_signs_alongside_and_both_must_agree(office_everywhere: Office) -> None:
    office = office_everywhere
    filed(office)

    assert office.say("su", f"加签 {N} 罗主管 并") == (
        f"已加签 罗主管（一起会签），现在的签字顺序：苏主管、罗主管（会签） → 钱总监 → 赵总。"
        f'不需要了请发"减签 {N} 罗主管"。'
    )
    office.skip()
    assert office.tap("su", "同意").outcome == "已同意 · 苏主管 · 11月23日 10:00\n现在由 罗主管 审批"
    assert office.read("xu") == [
        f"{N} 苏主管 已同意（部门负责人，按四（一）代行），还在等 罗主管（1/2）。"
    ]
    assert office.card("luo", "同意").rows["顺序"] == "苏主管、您（会签） → 钱总监 → 赵总"
    assert office.tap("luo", "同意").outcome.endswith("现在由 钱总监 审批")
    assert office.read("xu") == [f"{N} 罗主管 已同意（加签），现在由 钱总监 审批（1/3）。"]


def test_one_who_signs_alongside_can_reject_the_whole(office: Office) -> None:
    filed(office)
    office.say("su", f"加签 {N} 罗主管 并")
    other = office.card("su", "同意")

    office.say("luo", f"驳回 {N} 型号不对")

    assert other.outcome == "已驳回 · 罗主管 · 11月23日 10:00"
    assert office.say("su", f"同意 {N}") == "这张单已由 罗主管 于 11月23日 10:00 驳回，无需再处理。"


def test_somebody_signs_after(office: Office) -> None:
    filed(office)
    assert "苏主管 → 罗主管 → 钱总监 → 赵总" in office.say("su", f"加签 {N} 罗主管 后")
    assert office.tap("su", "同意").outcome.endswith("现在由 罗主管 审批")
    assert office.tap("luo", "同意").outcome.endswith("现在由 钱总监 审批")


def test_only_who_added_removes_and_only_before_the_signature(office: Office) -> None:
    filed(office)
    office.say("su", f"加签 {N} 罗主管 前")
    office.skip()

    assert office.say("luo", f"减签 {N} 罗主管") == "罗主管 是 苏主管 加签的，只能由 苏主管 取消，没有改动。"
    assert office.say("su", f"减签 {N} 钱总监") == (
        f"钱总监 不是 {N} 加签的人，没有改动。减签只能取消自己加签、还没签的人。"
    )
    assert office.say("su", f"减签 {N} 罗主管") == "已取消 罗主管 的加签，现在的签字顺序：苏主管 → 钱总监 → 赵总。"
    assert office.read("luo")[-1] == f"苏主管 已取消请您加签 {N}，无需操作。"
    assert office.tap("su", "同意").outcome.endswith("现在由 钱总监 审批")
    office.say("qian", f"加签 {N} 罗主管 前")
    sign(office, "luo")
    assert office.say("qian", f"减签 {N} 罗主管") == "这张单已由 罗主管 于 11月23日 10:00 同意，无需再处理。"


def test_nothing_passes_by_a_removal(office: Office) -> None:
    filed(office)
    sign(office, "su", "qian")
    office.say("zhao", f"加签 {N} 严副总 后")
    office.tap("zhao", "同意")

    assert office.say("zhao", f"减签 {N} 严副总") == (
        f"减签后 {N} 会没有人再签就通过，没有改动。请等 严副总 签字，或先撤回自己的签字再减签。"
    )
    assert office.tap("yan", "同意").outcome.endswith("已通过")


def test_the_applicant_and_who_signs_already_cannot_be_added(office: Office) -> None:
    filed(office)
    assert office.say("su", f"加签 {N} 许专员 前").startswith(f"{N} 是 许专员 提交的，按制度四（一）不能由本人签字")
    assert office.say("su", f"加签 {N} 赵总 并").startswith(f"赵总 已经在 {N} 的签字顺序里")
    assert office.say("su", f"加签 {N}") == f"请写明人，例如：加签 {N} 林总监 前。没有改动。"


def test_of_two_people_of_one_name_a_card_asks_which(office: Office) -> None:
    filed(office)
    change(office, lambda person: replace(person, name="罗主管") if person.userid == "pan" else person)
    office.skip()

    answer = office.say("su", f"加签 {N} 罗主管 前")
    assert "approval.added" not in office.acts(N)
    assert answer
    card = office.card("su")
    office.tap("su", card.buttons[0], card=card)
    assert office.acts(N).count("approval.added") == 1


def test_who_has_signed_hears_of_a_withdrawal(office: Office) -> None:
    filed(office)
    sign(office, "su")
    office.say("xu", f"撤回 {N}")
    assert office.read("su") == [f"{N}（服务器）已由 许专员 撤回，您之前的签字随之作废，无需操作。"]


def test_a_return_is_taken_back_before_the_applicant_acts(office: Office) -> None:
    filed(office)
    office.say("su", f"退回 {N} 请附报价")
    office.skip()

    assert office.say("su", f"撤回 {N}").startswith(f"已撤回您对 {N} 的签字")
    assert "待您审批" in office.say("su", "待办")
    assert office.tap("su", "同意").outcome.endswith("现在由 钱总监 审批")


def test_the_trail_tells_who_was_added_and_forwarded(office: Office) -> None:
    filed(office)
    office.say("su", f"加签 {N} 罗主管 前")
    office.say("luo", f"转交 {N} 高总监")

    story = office.say("xu", f"追溯 {N}")

    assert "苏主管 加签 罗主管（前）" in story
    assert "罗主管 转交 高总监 审批" in story
    assert "待签：高总监（加签），现在在这里" in story
