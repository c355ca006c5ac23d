"""紧急先办 and 补办 as everyone concerned reads them (4.1b)."""

from __future__ import annotations

import pytest

from policy.emergencies import EmergencyState
from storage.queries import emergencies, items
from storage.verify import verify_audit
from tests.handlers.at_once import say_at_once
from tests.handlers.office import Card, Office

ORDER = "紧急 机房漏水抢修 小组=魏工、罗主管 金额=2万"
NUMBER, RATIFICATION = "JJ-20261124-0001", "SP-20261124-0001"


@pytest.fixture(autouse=True)
def everyone_has_been_greeted(request: pytest.FixtureRequest) -> None:
    for name in ("office", "office_everywhere"):
        if name in request.fixturenames:
            made: Office = request.getfixturevalue(name)
            for userid in made.phones.chats:
                made.enter(userid)
            made.until(made.at(2, 30, days=1))
            made.skip()


def texts(office: Office, userid: str) -> list[str]:
    return [each for each in office.read(userid) if isinstance(each, str) and not each.startswith("留痕存证")]


def test_an_order_takes_effect_at_once_and_the_chain_hears_of_it_at_night(office_everywhere: Office) -> None:
    office = office_everywhere
    assert office.say("wei", ORDER) == (
        "紧急单 JJ-20261124-0001 已生效，可以马上执行，金额 ¥20,000.00 以内。小组：魏工、罗主管。"
        '请在 11月27日 02:30 前补办审批（发"补办 JJ-20261124-0001"），逾期将逐级上报。'
        "已告知 高总监、钱总监、赵总。"
    )
    for userid in ("gao", "qian", "zhao"):
        assert office.read(userid) == [
            "紧急先办 JJ-20261124-0001：魏工，机房漏水抢修，金额 ¥20,000.00 以内，小组 魏工、罗主管。"
            "已按制度四（一）立即执行，11月27日 02:30 前补办审批。"
        ]
    assert office.read("luo") == [
        "魏工 下达紧急单 JJ-20261124-0001，您在小组中：机房漏水抢修。请马上执行，金额 ¥20,000.00 以内；"
        "11月27日 02:30 前须补办审批。"
    ]
    office.silence()
    (work,) = office.ask(lambda unit: items.open_work_of(unit, "wei"))
    assert (work.number, work.what, work.due_at) == (NUMBER, "ratify", office.at(2, 30, days=3))


def test_a_ratification_runs_along_the_purchase_chain_with_the_true_times_apart(office_everywhere: Office) -> None:
    office = office_everywhere
    office.say("wei", ORDER)
    office.until(office.at(9))
    answer = office.say("wei", f"补办 {NUMBER} 金额=1.8万 执行=今天03:20 水泵已更换")
    assert answer == (
        f"已为 {NUMBER} 补办审批 {RATIFICATION}\n"
        "¥18,000.00，11月24日 02:30 生效，11月24日 03:20 执行，现在补报\n"
        "签字顺序：罗主管 → 钱总监 → 赵总\n"
        "现在由 罗主管 审批。"
    )
    card = office.card("luo", "同意")
    assert card.rows["紧急单"] == NUMBER
    assert card.rows["先行执行"] == "11月24日 03:20 执行"
    assert card.outcome.startswith("事由：机房漏水抢修\n水泵已更换")
    assert office.say("wei", f"补办 {NUMBER}") == (
        f"{NUMBER} 的补办审批 {RATIFICATION} 正在进行，现在由 罗主管 审批，不用重复发起。"
    )
    for signer in ("luo", "qian", "zhao"):
        office.move(minutes=10)
        office.tap(signer, "同意")
    assert f"紧急单 {NUMBER} 已补批（{RATIFICATION}），了结。" in texts(office, "wei")
    assert office.ask(lambda unit: items.open_work_of(unit, "wei")) == []
    assert office.ask(lambda unit: items.open_work_of(unit, "he")) == []  # nothing is bought a second time
    order = office.ask(lambda unit: emergencies.load_emergency(unit, NUMBER))
    assert order.state is EmergencyState.RATIFIED
    assert (order.effective_at, order.executed_at, order.filed_at, order.settled_at) == (
        office.at(2, 30), office.at(3, 20), office.at(9), office.at(9, 30)
    )
    office.skip()
    office.move(days=6)
    assert "emergency.overdue" not in office.acts(NUMBER)
    assert office.ask(lambda unit: verify_audit(unit)).findings == []


def test_a_refused_ratification_opens_a_rectification_and_rewrites_nothing(office: Office) -> None:
    office.say("wei", ORDER)
    office.until(office.at(9))
    office.say("wei", f"补办 {NUMBER}")
    office.tap("luo", "同意")
    office.skip()
    office.say("qian", f"驳回 {RATIFICATION} 价格明显偏高")
    assert texts(office, "wei") == [
        f"{RATIFICATION} 未通过：钱总监 驳回，原因：价格明显偏高。\n"
        f'修改后可重新提交，发"重提 {RATIFICATION}"，原内容已保留。',
        f"紧急单 {NUMBER} 不予补批（{RATIFICATION}）。已执行的事实照实保留，请整改 ZG-20261124-0001，"
        '12月1日 09:00 前办好，发"完成 ZG-20261124-0001 说明"。',
    ]
    assert texts(office, "zhou") == [
        f"整改 ZG-20261124-0001：魏工 的紧急单 {NUMBER}（¥20,000.00）不予补批，已转整改，请督促。"
    ]
    order = office.ask(lambda unit: emergencies.load_emergency(unit, NUMBER))
    assert (order.state, order.fen, order.effective_at) == (EmergencyState.REFUSED, 2_000_000, office.at(2, 30))
    assert office.say("wei", "完成 ZG-20261124-0001") == (
        "请写明怎样整改的，例如：完成 ZG-20261124-0001 已退回多付款项并补签合同。没有改动。"
    )
    assert office.say("wei", "完成 ZG-20261124-0001 已退差价") == "ZG-20261124-0001 已办结，已告知业务记录部总监。"
    assert texts(office, "zhou") == ["ZG-20261124-0001 魏工 已整改：已退差价"]


def test_an_unratified_order_climbs_to_the_top_and_stands_in_the_digest(office: Office) -> None:
    office.say("wei", ORDER)
    office.skip()
    office.until(office.at(9, days=2))
    assert texts(office, "wei") == [f'紧急单 {NUMBER} 须在 11月27日 02:30 前补批，请发"补办 {NUMBER}"。']
    office.until(office.at(9, days=1))
    assert texts(office, "wei") == [
        f'紧急单 {NUMBER} 已逾期未补批（11月27日 02:30），请尽快发"补办 {NUMBER}"或跟进审批。'
        "按制度四（一）已同步 罗主管。"
    ]
    overdue = (
        f"紧急单 {NUMBER}（机房漏水抢修，¥20,000.00）逾期未补批，魏工 下达，应于 11月27日 02:30 前补批，"
        "尚未发起补办。请督促。"
    )
    assert texts(office, "luo") == [overdue]
    office.until(office.at(10, days=3))  # Monday
    assert overdue in "".join(texts(office, "gao"))
    assert f"逾期：紧急单 {NUMBER} 机房漏水抢修（魏工，应于 11月27日 周五 完成）" in "".join(texts(office, "zhao"))
    assert office.acts(NUMBER).count("emergency.climbed") == 3
    late = office.say("wei", f"补办 {NUMBER}")
    assert late.endswith("比时限晚 3 天 7 小时，已按制度四（一）记录。")


def test_on_two_open_debts_the_next_order_takes_effect_and_alarms_the_executives(office_everywhere: Office) -> None:
    office = office_everywhere
    for at in range(2):
        office.say("luo", f"先办 抢修{at} 小组=罗主管 金额=8000")
    office.skip()
    answer = office.say("luo", "先办 抢修2 小组=罗主管 金额=8000")
    assert answer.startswith("紧急单 JJ-20261124-0003 已生效，可以马上执行")
    assert answer.endswith("您还有 2 张紧急单没有补办，已同时报告高管，由业务记录部总监督办清理。")
    alarms = [said for who in ("zhao", "yan") for said in office.read(who) if isinstance(said, Card)]
    assert [card.json["source"]["desc"] for card in alarms] == ["紧急告警"]
    assert alarms[0].rows["编号"] == "GJ-20261124-0001"
    assert alarms[0].title.startswith("罗主管 又下达紧急单 JJ-20261124-0003（¥8,000.")
    assert alarms[0].rows["下一位"] == "严副总 02:36"
    assert office.read("zhou") == [
        "任务 RW-20261124-0001：罗主管 有 3 张紧急单没有补办审批："
        "JJ-20261124-0001、JJ-20261124-0002、JJ-20261124-0003。请督促补办或查明原因。"
        '办好请发"完成 RW-20261124-0001 说明"。'
    ]
    office.move(minutes=6, seconds=5)
    climbed = [said for who in ("zhao", "yan") for said in office.read(who) if isinstance(said, Card)]
    assert [card.rows["编号"] for card in climbed] == ["GJ-20261124-0001"]
    assert len(office.phones.calls) == 2


def test_without_team_and_amount_it_is_an_alarm_at_once(office: Office) -> None:
    assert office.say("wei", "紧急 机房漏水").startswith("告警 GJ-20261124-0001 已发出：机房漏水。")
    assert isinstance(office.read("luo")[0], Card)
    assert office.acts("JJ-20261124-0001") == []


WRONG = [
    ("wei", "紧急 抢修 小组=魏工 金额=2万",
     "紧急单须由主管以上下达，或小组中有主管以上人员（制度四（一）），没有生效。请在 小组= 里加上一位主管。"),
    ("luo", "紧急 抢修 小组=魏工 金额=50000.01",
     "¥50,000.01 超过 ¥50,000.00，小组中须有一位高管（制度四（一）），紧急单没有生效。"
     "请在 小组= 里加上高管，或改小金额。"),
    ("luo", "先办 抢修",
     "还缺小组、金额，紧急单没有生效。请补上后发送：\n先办 抢修 小组= 金额=\n要马上叫人请发：告警 内容"),
    ("luo", "紧急 抢修 金额=3",
     "还缺小组，紧急单没有生效。请补上后发送：\n紧急 抢修 小组= 金额=3\n要马上叫人请发：告警 内容"),
    ("luo", "紧急 抢修 小组=老王 金额=3", '没有找到"老王"，紧急单没有生效。请写姓名或 @姓名。'),
    ("luo", "紧急 抢修 小组=魏工 金额=-3",
     '金额"-3"须是大于 0 的数，紧急单没有生效。请改为例如：紧急 事由 小组=… 金额=2万'),
    ("luo", "紧急 抢修 小组=魏工 金额=若干",
     '金额"若干"须是大于 0 的数，紧急单没有生效。请改为例如：紧急 事由 小组=… 金额=2万'),
    ("luo", f"紧急 {'漏' * 501} 小组=魏工 金额=3", "事由最多 500 字，没有改动。请精简后再发，细节可以发文件附上。"),
    ("luo", "补办", "请写明编号，例如：补办 CG-20261123-0001。没有改动。"),
]


@pytest.mark.parametrize(("who", "typed", "answer"), WRONG, ids=[typed[:20] for _, typed, _ in WRONG])
def test_wrong_input_gets_one_sentence_and_leaves_nothing_behind(
    office: Office, who: str, typed: str, answer: str
) -> None:
    before = office.counts()
    assert office.say(who, typed) == answer
    after = office.counts()
    assert {name for name in after if after[name] != before[name]} == {"inbox"}
    office.silence()


def test_only_its_people_ratify_and_an_order_is_not_withdrawn(office: Office) -> None:
    office.say("wei", ORDER)
    assert office.say("gao", f"补办 {NUMBER}") == (
        f"{NUMBER} 由 魏工 下达，补办由本人或小组成员发起，没有改动。请联系 魏工。"
    )
    assert office.say("wei", f"撤回 {NUMBER}") == (
        f'{NUMBER} 已生效并执行，不能撤回（制度四（一））。请发"补办 {NUMBER}"，说明实际情况。'
    )
    assert "要写已经发生的日期和时间" in office.say("wei", f"补办 {NUMBER} 执行=明天 10:00")
    office.until(office.at(9))
    office.say("wei", f"补办 {NUMBER} 金额=6万")
    assert "金额说明：超出紧急单 ¥20,000.00" in office.card("luo").outcome


def test_two_who_ratify_at_once_file_one_approval(office_everywhere: Office) -> None:
    office = office_everywhere
    office.say("wei", ORDER)
    answers = say_at_once(office, [("wei", f"补办 {NUMBER}"), ("luo", f"补办 {NUMBER}")])
    assert sorted(answer.startswith("已为") for answer in answers) == [False, True]
    assert office.acts(NUMBER).count("emergency.filed") == 1
