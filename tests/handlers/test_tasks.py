"""Decisions become tasks with one owner; promises are accepted, moved, kept or late, and counted (4.2c, 4.2d, 4.2e)."""

from __future__ import annotations

import pytest

from storage.queries import evidence, items, promises
from storage.queries.people import load_org, save_people
from tests.handlers.meeting_life import SALES, arranged, begun, ended, welcomed
from tests.handlers.office import Card, Office

TASK, DECISION = "RW-20261124-0001", "JY-20261124-0001"
DECIDE = f"决议 {SALES} 清理客户台账 责任人=许专员 截止=12月4日"


@pytest.fixture
def company(office: Office) -> Office:
    return welcomed(office)


def given(office: Office) -> None:
    """Let the sales meeting of the 24th give 许专员 the task, at 09:30."""
    begun(office, "su")
    assert office.say("lin", DECIDE).startswith(f"已登记决议 {DECISION}")


def facts(office: Office, act: str) -> list[dict[str, object]]:
    return [dict(event.facts) for event in office.ask(lambda unit: evidence.trail_of(unit, TASK)) if event.act == act]


def test_a_decision_becomes_a_task_that_is_accepted_done_with_proof_and_confirmed(office_everywhere: Office) -> None:
    office = welcomed(office_everywhere)
    begun(office, "su")
    assert office.say("lin", DECIDE) == (
        f"已登记决议 {DECISION}：清理客户台账\n责任人 许专员，截止 12月4日（周五）18:00。\n"
        f"任务 {TASK} 已交 许专员，请其在 11月25日 09:30 前答复。"
    )
    (card,) = [message for message in office.read("xu") if isinstance(message, Card) and "接受" in message.buttons]
    assert card.title == "清理客户台账"
    assert card.rows == {"编号": TASK, "来自": "销售月会决议", "交办": "林总监", "截止": "12月4日（周五）18:00"}
    assert card.buttons == ["接受", "改期", "有困难"]
    assert office.tap("xu", "接受").outcome == "已接受 · 许专员 · 11月24日 09:30\n办理中，现在在 许专员 处"
    assert office.read("xu") == [
        f'已接受 {TASK}，截止 12月4日（周五）18:00。办好请发"完成 {TASK} 说明"，可附图片。'
    ]
    assert office.read("lin") == [f'许专员 已接受任务 {TASK}"清理客户台账"。']
    assert office.picture("xu") == f'图片已附到 {TASK}（清理客户台账，共 1 个附件）。不是它请回复"不是"。'
    assert office.say("xu", f"完成 {TASK} 清理 120 户") == (
        f"{TASK} 已报完成，请 林总监 验收。10 分钟内发来的图片、文件会作为凭据附上。"
    )
    (check,) = office.read("lin")
    assert isinstance(check, Card)
    assert check.rows == {
        "编号": TASK, "责任人": "许专员", "截止": "12月4日（周五）18:00", "完成": "11月24日 09:30", "附件": "1 个",
    }
    assert check.outcome == "说明：清理 120 户"
    assert office.say("lin", f"退回 {TASK} 缺少验收单") == f"{TASK} 已退回 许专员 继续办理。"
    assert office.read("xu")[-1] == (
        f'任务 {TASK}"清理客户台账"林总监 退回：缺少验收单。办好请再发"完成 {TASK} 说明"。'
    )
    office.say("xu", f"完成 {TASK} 验收单已附")
    assert office.tap("lin", "确认完成").outcome == "已确认完成 · 林总监 · 11月24日 09:30\n按期完成"
    assert office.read("xu")[-1] == f'任务 {TASK}"清理客户台账"林总监 已确认完成（按期完成）。'
    (judged,) = facts(office, "task.judged")
    assert (judged["owner"], judged["department"], judged["outcome"], judged["late_seconds"]) == (
        "xu", "sales", "kept", 0,
    )
    assert office.ask(lambda unit: items.load_item(unit, DECISION)).state.value == "done"
    assert office.ask(lambda unit: items.open_work_on(unit, TASK)) == []


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("清理客户台账 截止=12月4日",
         "决议需要写明责任人（制度四（二）），尚未登记。请补上后发送：决议 {} 清理客户台账 责任人= 截止=12月4日"),
        ("清理客户台账 责任人=许专员",
         "决议需要写明截止日期，尚未登记。请补上后发送：决议 {} 清理客户台账 责任人=许专员 截止="),
        ("责任人=许专员 截止=12月4日", "请写明决议内容，尚未登记。例如：决议 {} 内容= 责任人=许专员 截止=12月4日"),
        ("清理 责任人=许专员、苏主管 截止=12月4日",
         '责任人只能写一个人（收到的是"许专员、苏主管"），尚未登记。多人分工请分成几条决议。'),
        ("清理 责任人=慕容复 截止=12月4日", '没有找到"慕容复"，没有登记。请核对姓名。'),
        ("清理 责任人=许专员 截止=11月20日",
         "截止日期 11月20日（周五）18:00 已经过去，尚未登记。"
         "请改成以后的日期：决议 {} 清理 责任人=许专员 截止=11月20日"),
        ("清理 责任人=许专员 截止=尽快",
         '没看懂截止日期"尽快"，尚未登记。日期例如 12月4日、下周三、月底：决议 {} 清理 责任人=许专员 截止=尽快'),
        (f"{'长' * 201} 责任人=许专员 截止=12月4日", "内容太长，最多 200 字，没有登记。请改短后再发。"),
    ],
)
def test_a_decision_that_lacks_something_is_refused_and_leaves_nothing(
    company: Office, typed: str, answer: str
) -> None:
    begun(company)
    before = {name: count for name, count in company.counts().items() if name not in ("inbox", "access")}
    assert company.say("lin", f"决议 {SALES} {typed}") == answer.format(SALES)
    assert {name: count for name, count in company.counts().items() if name not in ("inbox", "access")} == before


def test_a_decision_before_the_meeting_or_by_somebody_else_is_refused(company: Office) -> None:
    arranged(company)
    assert company.say("lin", DECIDE) == f"{SALES} 还没有开始，没有改动。开会时请先发：会议开始 {SALES}"
    assert company.say("zhou", DECIDE) == f"{SALES} 还没有开始，没有改动。开会时请先发：会议开始 {SALES}"
    company.until(company.at(9, 30, days=1))
    company.tap("lin", "会议开始")
    assert company.say("zhou", DECIDE) == f"您不在 {SALES} 的参会名单里，没有登记。决议请由 林总监 登记。"


def test_a_task_nobody_accepts_is_told_after_24_hours_and_climbs_a_step_a_day(company: Office) -> None:
    given(company)
    company.until(company.at(9, 29, days=1))
    company.skip()
    company.move(minutes=1)
    assert company.read("xu") == [f'任务 {TASK}"清理客户台账"已满 24 小时未接受，已同步 林总监。']
    told = f'任务 {TASK}"清理客户台账"已满 24 小时，许专员 未接受。'
    assert told in company.read("lin")
    company.until(company.at(9, 30, days=1))
    assert told in company.read("su")
    company.until(company.at(9, 30, days=1))
    assert told in company.read("zhao")
    assert [each["superior"] for each in facts(company, "task.escalated")] == ["lin", "su", "zhao"]
    company.tap("xu", "接受")
    company.skip()


def test_another_date_is_settled_by_the_chair_and_the_old_one_holds_until_then(company: Office) -> None:
    given(company)
    company.skip()
    assert company.say("xu", f"改期 {TASK} 12月8日 客户周五才到") == (
        f"已请 林总监 定：{TASK} 改到 12月8日（周二）18:00。定之前按原期限办。"
    )
    (card,) = company.read("lin")
    assert isinstance(card, Card)
    assert card.rows == {
        "编号": TASK, "责任人": "许专员", "截止": "12月4日（周五）18:00", "改到": "12月8日（周二）18:00",
    }
    assert card.outcome == "理由：客户周五才到"
    assert card.buttons == ["同意改期", "维持原定", "改派", "取消任务"]
    company.move(hours=24)  # the chair says nothing for a day
    assert (
        f'任务 {TASK}"清理客户台账"等您决定已满 24 小时，已同步 赵总。'
        f"请发：裁定 {TASK} 同意，或：裁定 {TASK} 维持"
    ) in company.read("lin")
    assert f'任务 {TASK}"清理客户台账"的改期或困难已满 24 小时，林总监 未作决定。' in company.read("zhao")
    assert company.tap("lin", "同意改期").outcome.startswith("已同意改期 · 林总监 · 11月25日 09:30")
    assert company.read("xu")[-1] == f'任务 {TASK}"清理客户台账"林总监 已同意改期，截止 12月8日（周二）18:00。'
    promise = company.ask(lambda unit: promises.load_promise(unit, TASK))
    assert (promise.moves, promise.due_at > promise.first_due_at) == (1, True)


def test_a_difficulty_is_settled_by_keeping_giving_on_or_dropping(company: Office) -> None:
    given(company)
    company.say("xu", f"有困难 {TASK} 缺少仓库数据")
    company.tap("lin", "维持原定")
    assert company.read("xu")[-1] == f'任务 {TASK}"清理客户台账"林总监 维持原定，截止 12月4日（周五）18:00。'
    company.say("xu", f"有困难 {TASK} 还是没有数据")
    assert company.say("lin", f"改派 {TASK} 苏主管") == f"{TASK} 已改派 苏主管，请其在 24 小时内答复。"
    assert "接受" in company.card("su").buttons
    assert company.say("xu", f"接受 {TASK}") == f"{TASK} 由 苏主管 负责，没有改动。"
    company.say("su", f"有困难 {TASK} 人手不足")
    assert company.say("lin", f"裁定 {TASK} 取消 并入下季度").startswith(f"{TASK} 已取消")
    assert company.ask(lambda unit: items.load_item(unit, DECISION)).state.value == "cancelled"


@pytest.mark.parametrize(
    ("by", "typed", "answer"),
    [
        ("xu", "改期 {}", "请写新日期和理由，例如：改期 {} 12月8日 客户周五才到"),
        ("xu", "改期 {} 12月8日", "请写新日期和理由，例如：改期 {} 12月8日 客户周五才到"),
        ("xu", "改期 {} 回头 再说", '没看懂新日期"回头"，没有改动。例如：改期 {} 12月8日 客户周五才到'),
        ("xu", "改期 {} 11月2日 客户周五才到",
         "新日期（11月2日（周一）18:00）已经过去，没有改动。请改成以后的日期，例如：改期 {} 下周五 理由"),
        ("xu", "改期 {} 12月4日 客户周五才到", "{} 的期限就是 12月4日（周五）18:00，没有改动。"),
        ("xu", "有困难 {}", "请写明困难，例如：有困难 {} 缺少仓库数据"),
        ("su", "接受 {}", "{} 由 许专员 负责，没有改动。"),
        ("su", "确认完成 {}", "{} 由 林总监 交办，请其决定，没有改动。"),
        ("lin", "确认完成 {}", '{} 现在是"待接受"，不能这样处理，没有改动。'),
        ("lin", "裁定 {} 同意", '{} 现在是"待接受"，不能这样处理，没有改动。'),
        ("lin", "裁定 {} 随便", "请写明决定，例如：裁定 {} 同意，或：裁定 {} 维持，或：裁定 {} 取消。没有改动。"),
        ("lin", "改派 {} 许专员", "{} 本来就由 许专员 负责，没有改动。"),
        ("lin", "改派 {}", "请写明改派给谁，例如：改派 {} 许专员"),
        ("lin", "退回 {}", "退回要写理由，没有改动。例如：退回 {} 缺少验收单"),
        ("wei", "接受 {}", '没有找到 {}，或者它不在您可以查看的范围内。请核对编号，或发"查 关键词"。'),
    ],
)
def test_an_act_on_a_task_that_cannot_be_changes_nothing(company: Office, by: str, typed: str, answer: str) -> None:
    given(company)
    before = company.ask(lambda unit: promises.load_promise(unit, TASK))
    assert company.say(by, typed.format(TASK)) == answer.format(TASK, TASK, TASK)
    assert company.ask(lambda unit: promises.load_promise(unit, TASK)) == before


def test_buttons_that_need_words_say_how_and_keep_their_card(company: Office) -> None:
    given(company)
    company.skip()
    for button, hint in (
        ("改期", f"请写新日期和理由，例如：改期 {TASK} 12月8日 客户周五才到"),
        ("有困难", f"请写明困难，例如：有困难 {TASK} 缺少仓库数据"),
    ):
        card = company.tap("xu", button)
        assert company.read("xu") == [hint]
        assert card.buttons == ["接受", "改期", "有困难"]


def test_the_date_is_reminded_of_and_an_overdue_task_climbs_and_is_judged_late(company: Office) -> None:
    given(company)
    company.tap("xu", "接受")
    company.until(company.at(9, 59, days=9))  # 3 December
    company.skip()
    company.move(minutes=1)
    remind = f'提醒：任务 {TASK}"清理客户台账"12月4日（周五）18:00 到期。办好请发"完成 {TASK} 说明"。'
    assert company.read("xu") == [remind]
    company.until(company.at(16, 0, days=1))
    assert company.read("xu") == [remind]
    company.until(company.at(18, 0))
    assert company.read("xu") == [
        f'任务 {TASK}"清理客户台账"已逾期（12月4日（周五）18:00），已同步 林总监。办好请发"完成 {TASK} 说明"。'
    ]
    told = f'任务 {TASK}"清理客户台账"逾期未完成，责任人 许专员，应于 12月4日（周五）18:00 前完成。'
    assert told in company.read("lin")
    company.until(company.at(8, 30, days=3))  # the next step fell on Saturday: told on Monday morning
    assert any(isinstance(said, str) and told in said for said in company.read("su"))
    assert "逾期未完成 1" in company.say("xu", "履约")
    company.say("xu", f"完成 {TASK} 已清理")
    company.say("lin", f"确认完成 {TASK}")
    (judged,) = facts(company, "task.judged")
    assert (judged["outcome"], judged["late_seconds"]) == ("late", (62 * 60 + 30) * 60)
    assert company.say("xu", "履约") == (
        "许专员 2026年第4季度履约：按期完成 0.0%\n按期 0，逾期完成 1，逾期未完成 0；改过期 0，未到期 0"
    )


def test_nobody_confirms_their_own_task(company: Office) -> None:
    begun(company)
    company.say("lin", f"决议 {SALES} 写总结 责任人=林总监 截止=12月4日")
    company.tap("lin", "接受")
    assert company.say("lin", f"完成 {TASK} 已写") == (
        f"{TASK} 已报完成，请 赵总 验收。10 分钟内发来的图片、文件会作为凭据附上。"
    )
    assert company.say("lin", f"确认完成 {TASK}") == f"{TASK} 由 赵总 交办，请其决定，没有改动。"
    assert company.tap("zhao", "确认完成").outcome.endswith("按期完成")


def test_two_who_accept_at_once_are_one_acceptance(office_everywhere: Office) -> None:
    office = welcomed(office_everywhere)
    begun(office, "su")
    office.say("lin", DECIDE)
    card = office.card("xu", "接受")
    assert office.say("xu", f"接受 {TASK}").startswith(f"已接受 {TASK}")
    office.skip()
    again = office.tap("xu", "接受", card=card)
    assert again.outcome == "办理中\n办理中，现在在 许专员 处"
    assert office.read("xu") == [f'{TASK} 现在已是"办理中"，无需再处理。']
    assert office.acts(TASK).count("task.accepted") == 1


def test_a_settlement_on_an_old_card_changes_nothing_and_says_what_happened(company: Office) -> None:
    given(company)
    company.say("xu", f"改期 {TASK} 12月8日 客户周五才到")
    old = company.card("lin", "同意改期")
    company.say("lin", f"裁定 {TASK} 维持")
    company.say("xu", f"改期 {TASK} 12月30日 客户年底才到")
    company.skip()
    company.tap("lin", "同意改期", card=old)
    assert company.read("lin") == [f'{TASK} 现在是"请求改期"，不能这样处理，没有改动。']
    assert company.ask(lambda unit: promises.load_promise(unit, TASK)).moves == 0


def test_the_next_meeting_of_a_series_opens_with_what_was_promised(company: Office) -> None:
    company.say("lin", "会议 销售周会 每周二 10:00 参会=苏主管、许专员")
    company.until(company.at(10, 0, days=1))
    company.say("lin", f"会议开始 {SALES}")
    for what, owner, due in (
        ("盘点", "许专员", "11月27日"), ("报价", "苏主管", "11月26日"), ("催款", "许专员", "12月20日"),
    ):
        company.say("lin", f"决议 {SALES} {what} 责任人={owner} 截止={due}")
    company.say("lin", f"会议结束 {SALES}")
    company.say("lin", f"纪要 {SALES} 三件事")
    for number in (1, 3):
        company.say("xu", f"接受 RW-20261124-000{number}")
    company.say("su", "接受 RW-20261124-0002")
    company.say("xu", "完成 RW-20261124-0001 已盘点")
    company.say("lin", "确认完成 RW-20261124-0001")
    company.until(company.at(10, 0, days=7))
    company.skip()
    number = company.card("lin", "会议开始").rows["编号"]
    company.say("lin", f"会议开始 {number}")
    (said,) = [message for message in company.read("su") if isinstance(message, str)]
    assert said == (
        "销售周会：上次以来答应的事，按期完成 1，逾期完成 0，改过期 0，未完成 2。\n"
        "· RW-20261124-0002 报价（苏主管，11月26日（周四）18:00）办理中，已逾期\n"
        "· RW-20261124-0003 催款（许专员，12月20日（周日）18:00）办理中\n"
        "· RW-20261124-0001 盘点（许专员，11月27日（周五）18:00）按期完成"
    )


@pytest.mark.parametrize(
    ("by", "typed", "begins"),
    [
        ("xu", "履约", "许专员 2026年第4季度履约：还没有到期的任务"),
        ("su", "履约 许专员 12月", "许专员 2026年12月履约："),
        ("lin", "履约 销售部 本月", "销售部 2026年11月履约："),
        ("zhou", "履约 研发部", "研发部 2026年第4季度履约："),
        ("zhao", "履约 销售部", "销售部 2026年第4季度履约："),
        ("xu", "履约 苏主管", "苏主管 的履约情况只有本人、上级和业务记录部可以看（制度二（一））。您的请发：履约"),
        ("su", "履约 财务部", "财务部 的履约情况只有本人、上级和业务记录部可以看（制度二（一））。您的请发：履约"),
        ("xu", "履约 火星", '没看懂"火星"。例如：履约、履约 销售部、履约 许专员 11月'),
    ],
)
def test_a_rate_is_shown_to_oneself_and_those_above(company: Office, by: str, typed: str, begins: str) -> None:
    given(company)
    assert company.say(by, typed).startswith(begins)


def test_a_task_whose_owner_has_left_goes_back_to_the_assigner(company: Office) -> None:
    given(company)
    org = company.ask(load_org)
    stay = [person for person in org.people.values() if person.userid != "xu"]
    company.store.write(
        lambda unit: save_people(
            unit, org.departments.values(), stay, at=company.clock.company_now(), actor="system"
        )
    )
    company.until(company.at(9, 30, days=1))
    assert f'任务 {TASK}"清理客户台账"的责任人 许专员 已离职，请改派：改派 {TASK} 人' in company.read("lin")


def test_ended_meetings_still_take_decisions(company: Office) -> None:
    ended(company, "su")
    assert company.say("su", DECIDE).startswith(f"已登记决议 {DECISION}")
