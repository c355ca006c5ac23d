"""委托 and 休假 as everyone concerned reads them (4.1c)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.org_files import read_org
from bot.prepare import import_org
from storage.queries import items
from storage.queries.people import load_org
from tests.handlers.at_once import say_at_once
from tests.handlers.office import ORG, Card, Office

NUMBER = "CG-20261123-0001"


@pytest.fixture(autouse=True)
def everyone_has_been_greeted(request: pytest.FixtureRequest) -> None:
    for name in ("office", "office_everywhere"):
        if name in request.fixturenames:
            greet(request.getfixturevalue(name))


def greet(office: Office) -> None:
    for userid in office.phones.chats:
        office.enter(userid)
    office.skip()


def texts(office: Office, userid: str) -> list[str]:
    """What somebody read, the daily anchor left out."""
    return [each for each in office.read(userid) if isinstance(each, str) and not each.startswith("留痕存证")]


def test_a_delegation_moves_open_cards_at_once_and_the_signature_says_for_whom(office_everywhere: Office) -> None:
    office = office_everywhere
    office.say("xu", "采购 服务器 3.5万 扩容")
    office.skip()
    mine = office.card("su", "同意")

    answer = office.say("su", "委托 罗主管 今天 周三")

    assert answer == (
        "委托已登记 QX-20261123-0001：11月23日 10:00 至 11月25日（周三），由 罗主管 代您审批，签字注明代签。\n"
        "现有 1 单已转给 罗主管，已告知申请人。\n"
        '到期自动结束；要提前结束请发"委托 取消"。'
    )
    assert (mine.buttons, mine.outcome) == (
        [], "已转交 · 罗主管（代 苏主管） · 11月23日 10:00\n现在由 罗主管（代 苏主管） 审批"
    )
    assert office.read("xu") == [
        f"{NUMBER} 苏主管 已委托他人代签（QX-20261123-0001），现在由 罗主管（代 苏主管） 审批。"
    ]
    assert office.read("lin") == [
        "苏主管 已委托 罗主管 代为审批：11月23日 10:00 至 11月25日（周三）（QX-20261123-0001）。"
    ]
    card, told = office.read("luo")
    assert isinstance(card, Card)
    assert card.rows["顺序"] == "您（代 苏主管） → 钱总监 → 赵总"
    assert told == (
        "苏主管 委托您代为审批：11月23日 10:00 至 11月25日（周三）（QX-20261123-0001）。"
        '期间等 苏主管 签的单子直接送到您这里，卡片注明"代 苏主管"；您自己提交的不会由您签。'
    )
    assert [work.number for work in office.ask(lambda unit: items.open_work_of(unit, "luo"))] == [NUMBER]
    assert office.ask(lambda unit: items.open_work_of(unit, "su")) == []

    office.move(minutes=7)
    assert office.tap("luo", "同意").outcome == "已同意 · 罗主管（代 苏主管） · 11月23日 10:07\n现在由 钱总监 审批"
    assert office.read("xu") == [
        f"{NUMBER} 罗主管（代 苏主管） 已同意（部门负责人，按四（一）代行），现在由 钱总监 审批（1/3）。"
    ]
    assert (
        "2026-11-23 10:07:00 罗主管（代 苏主管） 同意（部门负责人，按四（一）代行）；签于内容 "
        in office.say("xu", f"追溯 {NUMBER}")
    )
    assert office.say("su", f"同意 {NUMBER}") == f"{NUMBER} 现在由 钱总监 审批，您这次的操作没有生效。"
    office.tap("qian", "同意")
    office.tap("zhao", "同意")
    assert "11月23日：罗主管（代 苏主管） 10:07、钱总监 10:07、赵总 10:07。" in texts(office, "xu")[-1]


def test_a_delegation_ends_by_itself_and_what_is_open_comes_back(office: Office) -> None:
    office.say("su", "委托 罗主管 今天 今天")
    office.say("xu", "采购 服务器 3.5万 扩容")
    theirs = office.card("luo", "同意")
    office.skip()

    office.until(datetime(2026, 11, 24, 1, 0, tzinfo=UTC))

    assert theirs.outcome == "已转交 · 苏主管 · 11月24日 00:00\n现在由 苏主管 审批"
    card, told = (each for each in office.read("su"))
    assert isinstance(card, Card)
    assert card.buttons == ["同意", "退回补充", "驳回"]
    assert told == '委托 QX-20261123-0001 已到期结束，1 单待签已回到您这里，发"待办"看全部。'
    assert "您为 苏主管 代签的 QX-20261123-0001 已到期结束，之后的单子回到 苏主管。" in texts(office, "luo")
    assert texts(office, "xu") == [f"{NUMBER} 苏主管 的代签已结束，现在由 苏主管 审批。"]
    assert office.acts("QX-20261123-0001").count("absence.ended") == 1


def test_a_delegation_from_a_later_day_moves_nothing_before_and_all_then(office: Office) -> None:
    office.say("xu", "采购 服务器 3.5万 扩容")
    assert "现有" not in office.say("su", "委托 罗主管 明天 周三")
    assert office.card("su", "同意").buttons
    office.skip()
    office.until(office.at(9, 0, days=1))
    assert isinstance(office.read("luo")[0], Card)
    assert texts(office, "xu") == [
        f"{NUMBER} 苏主管 已委托他人代签（QX-20261123-0001），现在由 罗主管（代 苏主管） 审批。"
    ]


def test_the_giver_may_still_sign_and_the_first_decision_counts(office: Office) -> None:
    office.say("su", "委托 罗主管 今天 周三")
    office.say("xu", "采购 服务器 3.5万 扩容")
    theirs = office.card("luo", "同意")
    assert office.say("su", f"同意 {NUMBER}").startswith(f"已同意 {NUMBER}，现在由 钱总监 审批。")
    assert theirs.outcome == "已同意 · 苏主管 · 11月23日 10:00\n现在由 钱总监 审批"
    late = office.tap("luo", "同意", card=theirs)
    assert late.outcome == "已同意 · 苏主管 · 11月23日 10:00\n现在由 钱总监 审批"
    assert texts(office, "luo")[-1] == "这张单已由 苏主管 于 11月23日 10:00 同意，无需再处理。"
    assert office.acts(NUMBER).count("approval.approved") == 1


def test_a_delegate_never_signs_the_own_purchase_nor_above_the_own_limit(office: Office) -> None:
    office.say("gao", "委托 罗主管 今天 周三")
    office.say("luo", "采购 网线 6000 更换")
    office.say("wei", "采购 服务器 6万 扩容")
    own, large = "CG-20261123-0001", "CG-20261123-0002"
    assert [work.number for work in office.ask(lambda unit: items.open_work_of(unit, "gao"))] == [own]
    assert "现在由 高总监 审批" in office.say("luo", f"同意 {own}")
    office.say("luo", f"同意 {large}")  # as wei's supervisor, in person
    assert large in [work.number for work in office.ask(lambda unit: items.open_work_of(unit, "gao"))]


def test_taking_a_delegation_back_brings_the_cards_back_and_tells_those_it_touched(office: Office) -> None:
    office.say("su", "委托 罗主管 今天 周三")
    office.say("xu", "采购 服务器 3.5万 扩容")
    office.skip()
    assert office.say("su", "委托 取消") == "委托 QX-20261123-0001 已提前结束，1 单待签已回到您这里。"
    assert isinstance(office.read("su")[0], Card)
    assert texts(office, "luo") == ["您为 苏主管 代签的 QX-20261123-0001 已提前结束，之后的单子回到 苏主管。"]
    assert texts(office, "lin") == ["苏主管 的委托 QX-20261123-0001 已提前结束。"]
    assert texts(office, "xu") == [f"{NUMBER} 苏主管 的代签已结束，现在由 苏主管 审批。"]
    assert office.say("su", "委托 取消") == "您现在没有委托，没有改动。"
    office.move(days=4)
    assert office.acts("QX-20261123-0001").count("absence.ended") == 1


def test_a_leave_takes_the_deputy_of_the_list_and_reminders_follow(office: Office) -> None:
    answer = office.say("qian", "休假 今天 周五")
    assert answer == (
        "休假已登记 QX-20261123-0001：11月23日 10:00 至 11月27日（周五）。\n"
        "期间由 宋主管 代您审批，签字注明代签。\n"
        "现在没有等您审批的单子。\n"
        "¥50,000.00 及以上的单子须总监签字（制度四（一）），代理人不能代签；满 8 个工作小时会同时请上级代签。\n"
        '到期自动结束；提前回来请发"休假 结束"。'
    )
    office.say("xu", "采购 服务器 3.5万 扩容")
    office.tap("su", "同意")
    assert office.card("song", "同意").rows["顺序"] == "苏主管✓ → 您（代 钱总监） → 赵总"
    office.skip()
    office.move(hours=5)
    assert [isinstance(each, Card) for each in office.read("song")] == [True]  # the reminder
    assert office.read("qian") == []
    assert office.say("xu", f"催办 {NUMBER}").startswith("已提醒 宋主管（代 钱总监）（今天第 1 次")


def test_back_early_from_leave(office: Office) -> None:
    office.say("qian", "休假 今天 周五")
    office.say("xu", "采购 服务器 3.5万 扩容")
    office.tap("su", "同意")
    office.skip()
    assert office.say("qian", "休假 结束") == "休假 QX-20261123-0001 已提前结束，1 单待签已回到您这里。"
    assert office.card("qian", "同意").rows["顺序"] == "苏主管✓ → 您 → 赵总"
    assert office.say("xu", f"催办 {NUMBER}").startswith("已提醒 钱总监（")


def test_without_a_deputy_the_superior_is_asked_too_after_eight_working_hours_and_nothing_passes_by_itself(
    office_everywhere: Office,
) -> None:
    office = office_everywhere
    office.say("xu", "采购 服务器 3.5万 扩容")
    answer = office.say("su", "休假 今天 周五")
    assert answer == (
        "休假已登记 QX-20261123-0001：11月23日 10:00 至 11月27日（周五）。\n"
        "没有代理人：等您审批的单子满 8 个工作小时未处理，会同时请 林总监 代签，不会自动通过。\n"
        '到期自动结束；提前回来请发"休假 结束"。'
    )
    office.skip()
    office.move(hours=7, minutes=59)
    assert [each for each in office.read("lin") if isinstance(each, Card)] == []
    office.skip()
    office.move(minutes=1)
    (card,) = office.read("lin")
    assert isinstance(card, Card)
    assert card.rows["顺序"] == "您（代 苏主管） → 钱总监 → 赵总"
    assert texts(office, "xu") == [f"{NUMBER} 苏主管 休假，已同时请 林总监 代签（制度四（一））。"]
    office.move(days=2)
    assert "approval.approved" not in office.acts(NUMBER)
    assert office.tap("lin", "同意", card=card).outcome.startswith("已同意 · 林总监（代 苏主管） · 11月25日")
    assert office.card("su").outcome.startswith("已同意 · 林总监（代 苏主管） · 11月25日")


def test_above_the_deputys_limit_the_line_above_is_asked_after_the_working_hours(office: Office) -> None:
    office.say("qian", "休假 今天 周五")
    office.say("xu", "采购 服务器 6万 扩容")
    office.tap("su", "同意")
    office.tap("lin", "同意")
    assert [work.userid for work in office.ask(lambda unit: items.open_work_on(unit, NUMBER))] == ["qian"]
    office.move(hours=8)
    asked = {work.userid for work in office.ask(lambda unit: items.open_work_on(unit, NUMBER))}
    assert asked == {"qian", "yan"}  # the CEO signs the next step himself
    assert office.tap("yan", "同意").outcome.startswith("已同意 · 严副总（代 钱总监） · ")


WRONG = [
    ("委托 苏主管 明天 周五", "代签人不能是您本人，没有登记。请换一位，例如：委托 罗主管 12月1日 12月3日"),
    ("委托 老王 明天 周五", "没有找到\"老王\"，没有登记。请写姓名或 @姓名。"),
    ("委托 许专员 明天 周五",
     "许专员 的级别没有审批权限，不能代签（制度四（一）），没有登记。请换一位主管以上人员。"),
    ("委托 罗主管 11月1日 11月5日", "11月1日（周日） 已经过去，没有登记。请写今天或以后的日期。"),
    ("委托 罗主管 昨天 今天", "11月22日（周日） 已经过去，没有登记。请写今天或以后的日期。"),
    ("委托 罗主管 明天 2027-05-01", "一次委托最多 60 天，没有登记。请写明较近的结束日期，到期可再登记。"),
    ("委托 罗主管 长期", "\"长期\"看不出起止日期，没有登记。请写成例如：12月1日 12月3日"),
    ("委托 罗主管", "委托要写明起止日期，没有登记。请补上后发送：委托 罗主管 起 止，例如：明天 周五"),
    ("委托 罗主管 周五 明天", "\"周五 明天\"的结束早于开始，没有登记。请写成例如：12月1日 12月3日"),
    ("委托 罗主管 2月30日 3月1日", "没有\"2月30日 3月1日\"这样的日期，没有登记。请写成例如：12月1日 12月3日"),
    ("委托 取消", "您现在没有委托，没有改动。"),
    ("休假 结束", "您现在没有休假，没有改动。"),
    ("休假 代理=罗主管", "休假要写明起止日期，没有登记。例如：休假 12月1日 12月5日"),
    ("休假 明天 后天 代理=苏主管", "代签人不能是您本人，没有登记。请换一位，例如：休假 下周 代理=罗主管"),
    ("休假 明天 2027-12-01", "一次休假最多 180 天，没有登记。请写明较近的结束日期，到期可再登记。"),
    ("委托", "您现在没有委托。要登记请发，例如：委托 罗主管 12月1日 12月3日"),
]


@pytest.mark.parametrize(("typed", "answer"), WRONG, ids=[typed for typed, _ in WRONG])
def test_wrong_input_gets_one_sentence_and_leaves_nothing_behind(office: Office, typed: str, answer: str) -> None:
    before = office.counts()
    assert office.say("su", typed) == answer
    after = office.counts()
    assert {name for name in after if after[name] != before[name]} == {"inbox"}
    office.silence()


def test_overlapping_periods_and_a_deputy_who_is_away_are_refused(office: Office) -> None:
    office.say("luo", "休假 周三 周四")
    assert office.say("su", "委托 罗主管 明天 周五") == (
        "罗主管 在 11月25日（周三） 至 11月26日（周四） 休假，不能代签，没有登记。请换一位或换时间。"
    )
    office.say("su", "委托 潘主管 明天 周五")
    assert office.say("su", "休假 周五 周六") == (
        "这段时间您已有 QX-20261123-0002（11月24日（周二） 至 11月27日（周五）），没有登记。要改请先结束它，再重新发。"
    )


def test_who_stands_in_forwards_to_nobody_of_lower_authority_and_signs_none_of_it_in_a_batch(office: Office) -> None:
    office.say("lin", "委托 高总监 今天 周三")
    for at in range(6):
        office.say("su", f"采购 打印纸{at} 300 打印")
    assert [work.userid for work in office.ask(lambda unit: items.open_work_on(unit, NUMBER))] == ["gao"]
    refused = office.say("gao", f"转交 {NUMBER} 潘主管")
    assert "潘主管" in refused
    assert "approval.forwarded" not in office.acts(NUMBER), refused
    office.skip()
    office.say("gao", "批量")
    assert [each for each in office.read("gao") if isinstance(each, Card)] == []


def test_the_giver_and_the_stand_in_at_once_make_one_decision(office_everywhere: Office) -> None:
    office = office_everywhere
    office.say("su", "委托 罗主管 今天 周三")
    office.say("xu", "采购 服务器 3.5万 扩容")
    answers = say_at_once(office, [("su", f"同意 {NUMBER}"), ("luo", f"驳回 {NUMBER} 价格偏高")])
    acts = office.acts(NUMBER)
    assert acts.count("approval.approved") + acts.count("approval.rejected") == 1
    assert sum("无需再处理" in answer or "没有生效" in answer for answer in answers) == 1


def test_of_two_people_of_one_name_a_card_asks_which(office: Office) -> None:
    departments, people = read_org(ORG)
    renamed = [replace(one, name="罗主管") if one.userid == "pan" else one for one in people]
    import_org(office, departments, renamed, office.clock.company_now())
    office.skip()
    office.say("su", "委托 罗主管 明天 周五")
    assert office.acts("QX-20261123-0001") == []
    office.tap("su", "采购部罗主管")
    assert office.ask(load_org).absences[0].by == "pan"


def test_two_of_one_persons_commands_at_once_make_one_period(office_everywhere: Office) -> None:
    answers = say_at_once(office_everywhere, [("su", "委托 罗主管 明天 周五"), ("su", "委托 潘主管 明天 周五")])
    assert sorted(answer.startswith("委托已登记") for answer in answers) == [False, True]
    assert sum("没有登记" in answer for answer in answers) == 1
