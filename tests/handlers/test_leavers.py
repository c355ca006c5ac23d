"""停用, an import and the address book: rights end at once, what lies open goes on, everyone is told (4.1c)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.org_files import read_org
from bot.prepare import import_org
from policy.org import Person
from policy.terms import Post
from storage.queries import approvals, items
from storage.verify import verify_audit
from tests.handlers.at_once import say_at_once
from tests.handlers.office import ORG, Card, Office

NUMBER = "CG-20261123-0001"


@pytest.fixture(autouse=True)
def everyone_has_been_greeted(request: pytest.FixtureRequest) -> None:
    for name in ("office", "office_everywhere"):
        if name in request.fixturenames:
            made: Office = request.getfixturevalue(name)
            for userid in made.phones.chats:
                made.enter(userid)
            made.skip()


def test_a_leavers_rights_end_and_the_open_step_goes_to_the_superior(office_everywhere: Office) -> None:
    office = office_everywhere
    office.say("xu", "采购 服务器 3.5万 扩容")
    theirs = office.card("su", "同意")
    office.skip()

    answer = office.say("jia", "停用 苏主管 离职")

    assert answer == (
        "已停用 苏主管（QX-20261123-0001），权限即时终止，以往签字保留原姓名、职务。\n"
        "手上的 1 单待签已转给接手人并告知有关的人。"
    )
    assert theirs.outcome == "已改由他人审批 · 林总监 · 11月23日 10:00\n现在由 林总监 审批"
    assert office.read("xu") == [f"{NUMBER} 原签字人 苏主管 已不在岗，改由 林总监 审批。"]
    (card,) = office.read("lin")
    assert isinstance(card, Card)
    assert card.buttons == ["同意", "退回补充", "驳回"]
    assert office.read("jia") == ["苏主管 离岗后，许专员 的上级须重新指定；指定之前由再上一级负责。"]
    assert office.say("su", f"同意 {NUMBER}") == (
        "您的使用权限已停用，这条消息没有处理。如有疑问请联系人力资源部。"
    )
    office.tap("su", "同意", card=theirs)
    assert "approval.approved" not in office.acts(NUMBER)
    office.silence()
    assert office.ask(lambda unit: verify_audit(unit)).findings == []


def test_past_signatures_keep_the_name_they_were_signed_with(office: Office) -> None:
    office.say("xu", "采购 服务器 3.5万 扩容")
    office.tap("su", "同意")
    office.say("jia", "停用 苏主管 离职")
    (signed,) = office.ask(lambda unit: approvals.signatures_of(unit, NUMBER))
    assert (signed.actor, signed.actor_name) == ("su", "苏主管")
    assert "苏主管 同意（部门负责人，按四（一）代行）" in office.say("xu", f"追溯 {NUMBER}")


def test_an_empty_post_is_told_to_who_can_fill_it_and_filing_is_refused_until_then(office: Office) -> None:
    office.say("xu", "采购 服务器 3.5万 扩容")
    office.tap("su", "同意")
    office.skip()
    assert "现在空缺：财务审批人、财务部负责人，请尽快补上。" in office.say("jia", "停用 钱总监")
    assert office.read("zhou") == [
        "钱总监 离岗后空缺：财务审批人、财务部负责人。补上之前，需要该岗签字的单子不能提交。"
        "请办理：权限 申请 人 岗位="
    ]
    assert office.read("xu") == [f"{NUMBER} 原签字人 钱总监 已不在岗，改由 严副总 审批。"]
    assert "现在没有人能签\"财务\"这一步（制度四（一））。请联系 周总监 补上" in office.say("xu", "采购 纸 300 打印")


def test_above_the_limit_the_step_never_falls_to_a_signer_of_the_same_item(office: Office) -> None:
    office.say("xu", "采购 服务器 6万 扩容")
    office.tap("su", "同意")
    office.tap("lin", "同意")
    office.say("jia", "停用 钱总监")
    assert [work.userid for work in office.ask(lambda unit: items.open_work_on(unit, NUMBER))] == ["yan"]


def test_the_declared_ways_are_gone_down_until_somebody_fits_and_nothing_passes_by_itself(office: Office) -> None:
    office.say("xu", "采购 服务器 6万 扩容")
    office.say("jia", "停用 严副总")
    office.tap("su", "同意")
    office.tap("lin", "同意")
    office.skip()
    office.say("jia", "停用 钱总监")
    assert office.read("xu") == [f"{NUMBER} 原签字人 钱总监 已不在岗，改由 周总监 审批。"]
    office.move(days=3)
    assert office.acts(NUMBER).count("approval.approved") == 2


def test_tasks_go_on_along_the_line_with_their_giver_told(office: Office) -> None:
    office.say("xu", "采购 服务器 3.5万 扩容")
    for signer in ("su", "qian", "zhao"):
        office.tap(signer, "同意")
    office.skip()
    assert "手上的 1 件事项已转给接手人" in office.say("jia", "停用 何总监")
    assert office.read("zhao") == [
        "何总监 已离岗，以下 1 件转由您负责：\n1. RW-20261123-0001 采购 服务器"
    ]
    assert office.read("xu") == ["RW-20261123-0001 原负责人 何总监 已离岗，改由 赵总 负责。"]
    office.say("zhao", "完成 RW-20261123-0001 已到货")
    assert "task.done" in office.acts("RW-20261123-0001")


def test_a_delegation_ends_with_its_giver_and_with_its_stand_in(office: Office) -> None:
    office.say("su", "委托 罗主管 今天 周五")
    office.say("qian", "委托 潘主管 今天 周五")
    office.say("xu", "采购 服务器 3.5万 扩容")
    office.skip()
    office.say("jia", "停用 罗主管")
    assert "您的代签人 罗主管 已离岗，QX-20261123-0001 已结束，等您审批的单子回到您这里。要另请他人请重新登记。" in (
        office.read("su")
    )
    assert office.card("su", "同意").rows["顺序"] == "您 → 钱总监 → 赵总"
    office.say("jia", "停用 钱总监")
    assert office.read("pan") == ["钱总监 已离岗，QX-20261123-0002 已结束，不再需要您代签。"]
    office.move(days=6)
    assert office.acts().count("absence.ended") == 2


def test_the_address_book_ends_rights_as_well(office: Office) -> None:
    office.say("xu", "采购 服务器 3.5万 扩容")
    for change in ({"ChangeType": "update_user", "Status": "1"}, {"ChangeType": "delete_user"}):
        office.event("sys", MsgType="event", Event="change_contact", UserID="SU", **change)
    assert [work.userid for work in office.ask(lambda unit: items.open_work_on(unit, NUMBER))] == ["lin"]
    assert office.acts().count("person.left") == 1
    office.event("sys", MsgType="event", Event="change_contact", UserID="nobody", ChangeType="delete_user")
    assert office.acts().count("person.left") == 1


def _import(office: Office, change: Callable[[Person], Person | None]) -> None:
    departments, people = read_org(ORG)
    kept = [changed for person in people if (changed := change(person)) is not None]
    import_org(office, departments, kept, office.clock.company_now())
    office.run()


def test_an_import_without_somebody_sees_them_off(office: Office) -> None:
    office.say("xu", "采购 服务器 3.5万 扩容")
    office.skip()
    _import(office, lambda person: None if person.userid == "su" else person)
    assert office.read("xu") == [f"{NUMBER} 原签字人 苏主管 已不在岗，改由 林总监 审批。"]
    assert office.card("lin", "同意").rows["顺序"] == "您 → 钱总监 → 赵总"
    assert office.read("jia") == ["苏主管 离岗后，许专员 的上级须重新指定；指定之前由再上一级负责。"]


def test_who_changes_department_midway_keeps_the_open_steps_and_is_told(office: Office) -> None:
    office.say("xu", "采购 服务器 3.5万 扩容")
    office.skip()
    _import(office, lambda one: replace(one, department="rd", manager="gao") if one.userid == "su" else one)
    assert office.read("su") == [f"您的部门、上级已变更。\n在途的 {NUMBER} 仍由您签字，之后的按新安排。"]
    assert office.tap("su", "同意").outcome.startswith("已同意 · 苏主管 · ")
    _import(office, lambda one: replace(one, department="rd", manager="luo") if one.userid == "xu" else one)
    assert f"您提交的在途单子 {NUMBER} 按原签字顺序继续。" in str(office.read("xu")[-1])


def test_a_post_that_goes_to_another_takes_the_open_steps_along(office: Office) -> None:
    office.say("xu", "采购 服务器 3.5万 扩容")
    office.tap("su", "同意")
    office.skip()
    finance = frozenset({Post.FINANCE_APPROVER})

    def handed(one: Person) -> Person:
        if one.userid == "qian":
            return replace(one, posts=frozenset())
        return replace(one, posts=finance) if one.userid == "song" else one

    _import(office, handed)
    assert office.read("xu") == [
        f"{NUMBER} 人员或部门有变动，这一步由原来的 钱总监 改为 宋主管 审批（按现在的隶属关系，制度二（一））。"
    ]
    assert office.card("song", "同意").rows["顺序"] == "苏主管✓ → 您 → 赵总"


WRONG = [
    ("xu", "停用 苏主管",
     "停用只能由人力资源部主管以上或业务记录部总监办理（制度四（一）），没有停用。请联系 贾主管。"),
    ("jia", "停用", "请写明停用谁，没有停用。例如：停用 许专员 离职"),
    ("jia", "停用 老王", "没有找到\"老王\"，没有停用。请写姓名或 @姓名。"),
    ("jia", "停用 贾主管", "不能停用您本人，没有停用。请由其他有权的人办理。"),
]


@pytest.mark.parametrize(("who", "typed", "answer"), WRONG)
def test_wrong_input_gets_one_sentence_and_leaves_nothing_behind(
    office: Office, who: str, typed: str, answer: str
) -> None:
    before = office.counts()
    assert office.say(who, typed) == answer
    after = office.counts()
    assert {name for name in after if after[name] != before[name]} == {"inbox"}
    office.silence()


def test_a_leaver_and_a_signature_at_once_give_one_decision_or_one_handover(office_everywhere: Office) -> None:
    office = office_everywhere
    office.say("xu", "采购 服务器 3.5万 扩容")
    say_at_once(office, [("su", f"同意 {NUMBER}"), ("jia", "停用 苏主管")])
    approval = office.ask(lambda unit: approvals.load_approval(unit, NUMBER))
    assert (approval.position, approval.open_step.signer) in ((1, "qian"), (0, "lin"))
    assert office.acts().count("person.left") == 1
    assert office.ask(lambda unit: verify_audit(unit)).findings == []
