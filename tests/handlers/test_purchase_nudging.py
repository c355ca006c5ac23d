"""催办, 加急, 问, 答 and the reminders of a card that waits (3.1a, 2.1a)."""

from __future__ import annotations

import pytest

from notifications import limits
from notifications.texts import purchases as texts
from tests.handlers.office import Card, Office

N = "CG-20261123-0001"


def filed(office: Office, text: str = "采购 服务器 3.5万 扩容") -> str:
    for each in ("xu", "su", "lin", "qian", "zhao"):
        office.enter(each)
    answer = office.say("xu", text)
    office.skip("lin", "xu", "su")
    return answer


def test_three_reminders_a_day_and_then_no_more(office: Office) -> None:
    filed(office)

    assert [office.say("xu", f"催办 {N}") for _ in range(4)] == [
        "已提醒 苏主管（今天第 1 次，还可提醒 2 次）。",
        "已提醒 苏主管（今天第 2 次，还可提醒 1 次）。",
        "已提醒 苏主管（今天第 3 次，今天的次数已用完）。",
        f'{N} 今天已提醒 3 次，请明天再提醒。急事请直接电话联系，或发"加急 {N}"。',
    ]
    assert office.read("su") == [
        f'许专员 提醒您审批 {N}（服务器，今天第 {time} 次）。卡片在上面，也可以发"待办"。' for time in (1, 2, 3)
    ]
    assert office.say("su", f"催办 {N}") == f"{N} 由 许专员 提交，这一步只能由申请人操作，没有改动。"
    office.until(office.at(9, 0, days=1))
    assert office.say("xu", f"催办 {N}") == "已提醒 苏主管（今天第 1 次，还可提醒 2 次）。"


def test_ten_reminders_a_day_for_one_signer_and_the_next_are_bundled(office: Office) -> None:
    filed(office)
    numbers = [N]
    for serial in range(2, 5):
        office.say("xu", f"采购 服务器{serial} 3万 扩容")
        numbers.append(f"CG-20261123-{serial:04d}")
    office.skip()

    answers = [office.say("xu", f"催办 {number}") for number in numbers for _ in range(3)]

    assert answers[10:] == ["苏主管 今天已收到很多提醒，您的提醒会和其他提醒合并，在明早一并送达。"] * 2
    assert len(office.read("su")) == 10
    office.until(office.at(8, 31, days=1))
    morning = [message for message in office.read("su") if isinstance(message, str)]
    assert len(morning) == 1
    assert "CG-20261123-0004" in morning[0]


def test_at_night_the_answer_says_when_it_arrives_and_urgency_does_not_wait(office: Office) -> None:
    office.until(office.at(22, 30))

    answer = filed(office)

    assert (
        f'现在是非工作时间，苏主管 会在 11月24日（周二）08:30 收到。急事请发"加急 {N}"。' in answer.splitlines()
    )
    assert office.read("su") == []
    assert office.say("xu", f"催办 {N}") == (
        "已提醒 苏主管（今天第 1 次，还可提醒 2 次）。\n苏主管 会在 11月24日（周二）08:30 收到您的提醒。"
    )
    assert office.say("xu", f"加急 {N}") == f"已加急 {N}，马上送到 苏主管。"
    (card,) = office.read("su")
    assert isinstance(card, Card)
    assert card.json["source"] == {"desc": "加急 · 采购 · 待您审批", "desc_color": 2}
    assert (card.title, card.json["main_title"]["desc"]) == ("服务器", "许专员 · 销售部 · 11月23日 22:30")
    assert card.rows == {
        "编号": N, "金额": "¥35,000.00", "大写": "叁万伍仟元整", "顺序": "您 → 钱总监 → 赵总",
        "依据": "制度三（一）、四（一）", "附件": "无",
    }
    assert card.outcome.startswith("事由：扩容")
    assert office.say("xu", f"加急 {N}") == f"{N} 已经加急过了，不重复打扰。"
    office.until(office.at(8, 31, days=1))
    assert [message for message in office.read("su") if isinstance(message, Card)] == []


def test_what_is_hastened_says_its_kind_on_every_card_and_reminder(office: Office) -> None:
    for each in ("xu", "su"):
        office.enter(each)
    office.say("xu", "申请 用章 劳动合同2份")
    office.say("xu", "加急 SP-20261123-0001")
    office.skip()
    office.until(office.at(10, 1, days=1))
    reminders = [message.json["source"] for message in office.read("su") if isinstance(message, Card)]
    assert reminders == [{"desc": "加急 · 用章 · 提醒：待您审批", "desc_color": 2}] * 2


@pytest.mark.parametrize(
    ("kind", "rehearsal", "urgent", "again", "line"),
    [
        ("采购", False, False, False, "采购 · 待您审批"), ("采购", False, True, False, "加急 · 采购 · 待您审批"),
        ("采购", False, True, True, "加急 · 采购 · 提醒：待您审批"),
        ("采购", True, False, True, "演练 · 采购 · 提醒：待您审批"),
        ("采购", True, True, True, "演练 · 加急 · 采购 · 待您审批"),
        ("补办审批", False, True, True, "加急 · 补办审批 · 提醒：待您审批"),
        ("补办审批", True, True, True, "演练 · 加急 · 补办审批 · 待审批"),
        ("战略合作框架协议变更", False, False, False, "战略合作框架协议变更 · 待您审批"),
        ("战略合作框架协议变更", False, True, False, "加急 · 战略合作框架协议… · 待审批"),
    ],
)
def test_the_line_above_a_card_keeps_the_kind_and_the_platforms_limit(
    kind: str, rehearsal: bool, urgent: bool, again: bool, line: str
) -> None:
    assert texts.card_source(kind, rehearsal, urgent=urgent, again=again) == line
    assert max(len(line), len(texts.card_source_done(kind * 3, rehearsal))) <= limits.SOURCE_DESC


def test_on_a_rest_day_the_answer_says_so(office: Office) -> None:
    office.until(office.at(10, 0, days=5))  # Saturday 28 November
    assert (
        '今天是休息日，苏主管 会在 11月30日（周一）08:30 收到。急事请发"加急 CG-20261128-0001"。'
        in filed(office).splitlines()
    )


def test_a_question_stops_the_reminders_until_it_is_answered(office: Office) -> None:
    filed(office)

    assert office.say("su", f"问 {N}") == f"请写上内容，没有发出。例如：问 {N} 报价单有几家"
    assert office.say("su", f"问 {N} 报价单有几家") == (
        f"已转给 许专员，答复后会告诉您。这期间不再提醒您审批 {N}。"
    )
    assert office.read("xu") == [f'苏主管 问 {N}：报价单有几家\n请发"答 {N} 内容"答复。']
    office.until(office.at(9, 59, days=3))
    assert office.read("su") == []
    assert office.say("xu", f"答 {N}") == f"请写上内容，没有发出。例如：答 {N} 三家，已附上"
    assert office.say("xu", f"答 {N} 三家") == f"已答复 苏主管（{N}）。"
    assert office.say("xu", f"答 {N} 三家") == f"{N} 现在没有等您答复的提问。"
    assert office.read("su") == [
        f"许专员 答复 {N}：三家\n请继续审批：同意 {N}，或驳回 {N} 理由。"
    ]
    office.until(office.at(10, 1))
    (card,) = office.read("su")
    assert isinstance(card, Card)
    assert card.json["source"]["desc"] == "采购 · 提醒：待您审批"
    assert office.say("qian", f"问 {N} 谁买").endswith(f"{N} 现在由 苏主管 审批，您这次的操作没有生效。")


def test_a_card_that_waits_is_sent_again_and_after_three_the_superior_is_told(office: Office) -> None:
    filed(office)
    reminded: list[str] = []
    for _ in range(16):
        office.move(hours=6)
        at = f"{office.house.calendar.local(office.clock.company_now()):%m-%d %H:%M}"
        reminded += [at for message in office.read("su") if isinstance(message, Card)]

    assert office.read("lin") == [
        f"苏主管 的审批已等待多日：{N}（服务器），11月23日 10:00 送达，已提醒 3 次。请协助安排处理。"
    ]
    assert reminded == ["11-23 16:00", "11-24 10:00", "11-25 10:00", "11-26 10:00", "11-27 10:00"]
    assert office.acts(N).count("approval.reminded") == 5
    office.tap("su", "同意")
    office.skip()
    office.move(days=1)
    assert office.read("su") == []
